/* docs/formats.md says what the tables say. */
#include "returns/describe.h"
#include "returns/fields.h"
#include "support/dump.h"

static void
the_page_of_formats_is_what_the_program_prints(void **state)
{
    struct job *j = support_job(state);
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);

    assert_non_null(f);
    returns_describe(f);
    assert_int_equal(fclose(f), 0);
    dump_golden(j, "docs/formats.md", text);
    free(text);
}

/* What a school census of a year and term carries, as a file of that year calls it. */
static void
columns_have_the_names_of_their_year(void **state)
{
    const struct layout *pupil = layout_find("census-pupilonroll");
    const struct layout *sessions = layout_find("census-termlysessiondetailsoffroll");
    char name[LAYOUT_NAME];

    (void)state;
    assert_string_equal(layout_column(pupil, &pupil->fields[CENSUS_PUPIL_SEX], 2022, name),
                        "gender");
    assert_string_equal(layout_column(pupil, &pupil->fields[CENSUS_PUPIL_SEX], 2023, name),
                        "sex");
    assert_string_equal(layout_column(pupil, &pupil->fields[CENSUS_PUPIL_PLAA], 2015, name),
                        "adoptedfromcare");
    assert_string_equal(
        layout_column(sessions, &sessions->fields[CENSUS_SESSIONS_COUNT], 2019, name),
        "absencesessions");
    assert_string_equal(
        layout_column(sessions, &sessions->fields[CENSUS_SESSIONS_PUPIL], 2019, name),
        "pupilnolongeronrolltableid");
    assert_string_equal(
        layout_column(sessions, &sessions->fields[CENSUS_SESSIONS_KEY], 2019, name),
        "termlysessiondetailsoffrolltableid");
}

static void
fields_belong_to_their_years_terms_and_tables(void **state)
{
    const struct layout *on = layout_find("census-pupilonroll");
    const struct layout *off = layout_find("census-pupilnolongeronroll");
    const struct layout *exclusions = layout_find("census-termlyexclusionsonroll");
    enum { AUTUMN = 1, SPRING, SUMMER };

    (void)state;
    assert_true(layout_carries(on, &on->fields[CENSUS_PUPIL_ETHNICITY], 2024, SPRING));
    assert_false(layout_carries(on, &on->fields[CENSUS_PUPIL_ETHNICITY], 2024, AUTUMN));
    assert_true(layout_carries(on, &on->fields[CENSUS_PUPIL_YOUNG_CARER], 2022, SPRING));
    assert_false(layout_carries(on, &on->fields[CENSUS_PUPIL_YOUNG_CARER], 2021, SPRING));
    assert_false(layout_carries(off, &off->fields[CENSUS_PUPIL_SEN], 2024, SPRING));
    assert_false(layout_carries(on, &on->fields[CENSUS_PUPIL_LEFT], 2024, SPRING));
    assert_true(layout_carries(off, &off->fields[CENSUS_PUPIL_YEAR_LEAVING], 2024, AUTUMN));
    assert_false(layout_carries(off, &off->fields[CENSUS_PUPIL_YEAR_LEAVING], 2024, SUMMER));
    assert_false(
        layout_carries(exclusions, &exclusions->fields[CENSUS_EXCLUSION_REASON2], 2019, SUMMER));
    assert_true(
        layout_carries(exclusions, &exclusions->fields[CENSUS_EXCLUSION_REASON2], 2020, SPRING));
    assert_true(
        layout_carries(exclusions, &exclusions->fields[CENSUS_EXCLUSION_REVIEW_DATE], 2019, 2));
    assert_false(
        layout_carries(exclusions, &exclusions->fields[CENSUS_EXCLUSION_REVIEW_DATE], 2019, 1));
    assert_true(layout_exists_in(layout_find("census-fsmperiodsonroll"), 2024, AUTUMN));
    assert_false(layout_exists_in(layout_find("census-fsmperiodsonroll"), 2024, SPRING));
    assert_false(layout_exists_in(layout_find("census-approvisiondetailonroll"), 2020, SPRING));
    assert_true(layout_exists_in(layout_find("census-approvisiondetailonroll"), 0, 0));
}

/* The tables hold together. */
static void
every_layout_is_sound(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_layouts; i++) {
        const struct layout *l = &layouts[i];
        size_t marks = l->prefix != NULL;
        assert_ptr_equal(layout_find(l->name), l);
        assert_true(l->csv || l->element);
        assert_true(l->skip || l->n_fields > 0);
        assert_true(l->order > 0);
        for (size_t k = 0; k < l->n_fields; k++) {
            const struct field *f = &l->fields[k];
            marks += (f->rules & FIELD_MARKS) != 0;
            assert_non_null(f->name);
            assert_non_null(f->about);
            assert_int_equal(f->type == FIELD_CODE, f->set != CODE_NONE);
            assert_true(f->first == 0 || f->last == 0 || f->first <= f->last);
            assert_true(f->type != FIELD_PARENT || l->parent);
        }
        assert_true(!l->csv || marks > 0);
        for (size_t k = 0; l->parent && !l->skip && k < n_layouts; k++) {
            if (layouts[k].prefix && strcmp(layouts[k].prefix, l->parent) == 0)
                break;
            assert_true(k + 1 < n_layouts);
        }
    }
}

/* What was never held beside a real file says so wherever it is listed. */
static void
a_layout_says_what_was_not_checked_against_a_real_file(void **state)
{
    const struct layout *l = layout_find("b2b-student");
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);

    (void)state;
    assert_non_null(f);
    returns_describe_layout(f, l);
    assert_int_equal(fclose(f), 0);
    assert_non_null(strstr(text, "`B2BStudent`; not checked against a real file\n"));
    assert_non_null(strstr(text, "| unique pupil number; not checked against a real file |"));
    free(text);
    assert_false(layout_find("b2b-exclusion")->unverified);
    assert_true(code_find(CODE_ETHNICITY, span_of("WCOR"))->unverified);
    assert_false(code_find(CODE_ETHNICITY, span_of("WBRI"))->unverified);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_page_of_formats_is_what_the_program_prints),
        cmocka_unit_test(columns_have_the_names_of_their_year),
        cmocka_unit_test(fields_belong_to_their_years_terms_and_tables),
        cmocka_unit_test(every_layout_is_sound),
        cmocka_unit_test(a_layout_says_what_was_not_checked_against_a_real_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
