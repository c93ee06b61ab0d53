#include "built.h"

enum { A = 900001, R = 900004 };

static const struct timeline_census *
row(const struct timeline *t, int32_t year, enum term term)
{
    uint32_t i = timeline_census_of(t, timeline_person_find(t, 7), year, term);

    assert_int_not_equal(i, TIMELINE_NONE);
    return &t->census[i];
}

static void
ethnicity_is_carried_forward_and_not_obtained_replaces_nothing(void **state)
{
    struct facts f = facts_of(state);
    static const char *const given[] = {"WBRI", "MWBC", NULL, "NOBT"};
    const struct timeline *t;

    for (int i = 0; i < 4; i++) {
        facts_batch(&f, 2020 + i, TERM_SPRING);
        facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .ethnicity = given[i]});
        facts_pupil(&f, (struct facts_pupil){.person = 8, .urn = A});
    }
    t = built(&f);
    assert_string_equal(t->person[timeline_person_find(t, 7)].ethnicity, "MWBC");
    assert_string_equal(t->person[timeline_person_find(t, 8)].ethnicity, "");
}

static void
a_home_has_the_decile_of_the_index_of_its_time(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_postcode(&f, "CH1 1AA", "E01000001", 3); /* 4 in the index of 2025 */
    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .postcode = "CH1 1AA"});
    facts_batch(&f, 2023, TERM_SUMMER);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .postcode = "ZZ9 9ZZ"});
    facts_batch(&f, 2024, TERM_AUTUMN);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A});
    facts_batch(&f, 2025, TERM_AUTUMN);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .postcode = "CH1 1AA"});
    t = built_as(&f, (struct timeline_order){.as_of = day(2025, 12, 1),
                                             .known_at = f.clock, .threads = 1});
    assert_int_equal(row(t, 2023, TERM_SPRING)->idaci, 3);
    assert_int_equal(row(t, 2023, TERM_SPRING)->edition, 19);
    assert_string_equal(t->district[row(t, 2023, TERM_SPRING)->district - 1].name, "North");
    assert_int_equal(row(t, 2025, TERM_AUTUMN)->idaci, 4);
    assert_int_equal(row(t, 2025, TERM_AUTUMN)->edition, 25);
    assert_int_equal(row(t, 2023, TERM_SUMMER)->idaci, 0); /* not in the lookup */
    assert_int_not_equal(row(t, 2023, TERM_SUMMER)->place, row(t, 2023, TERM_SPRING)->place);
    assert_int_equal(row(t, 2024, TERM_AUTUMN)->place, TIMELINE_NONE);
    assert_int_equal(row(t, 2025, TERM_AUTUMN)->place, row(t, 2023, TERM_SPRING)->place);
}

/* Each index is looked up by the area of its own census, though a code may be in both. */
static void
an_area_of_one_census_has_no_decile_of_the_others_index(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_postcode(&f, "CH1 1AA", "E01000001", 3);
    assert_ok(f.j, db_run(f.j, "UPDATE postcode_row SET lsoa21 = lsoa11, lsoa11 = lsoa21",
                          NO_ARGS, NULL));
    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .postcode = "CH1 1AA"});
    facts_batch(&f, 2025, TERM_AUTUMN);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .postcode = "CH1 1AA"});
    t = built_as(&f, (struct timeline_order){.as_of = day(2025, 12, 1),
                                             .known_at = f.clock, .threads = 1});
    assert_int_equal(row(t, 2023, TERM_SPRING)->idaci, 0);
    assert_int_equal(row(t, 2023, TERM_SPRING)->edition, 0);
    assert_int_equal(row(t, 2025, TERM_AUTUMN)->idaci, 0);
}

static void
age_is_on_31_august_and_old_sen_codes_become_the_new(void **state)
{
    struct facts f = facts_of(state);
    static const char *const given[] = {"N", "A", "P", "K", "S", "E"};
    const struct timeline *t;

    facts_batch(&f, 2022, TERM_SPRING);
    for (int i = 0; i < 6; i++) {
        facts_identity(&f, (struct facts_identity){.identity = 100 + i, .person = 7 + i,
                                                   .born = day(2010, 8, 31) + i % 2});
        facts_pupil(&f, (struct facts_pupil){.person = 7 + i, .identity = 100 + i, .urn = A,
                                             .sen = given[i], .part_time = i == 3});
    }
    t = built(&f);
    for (uint32_t i = 0; i < 6; i++) {
        assert_int_equal(t->census[i].sen, "NKKKEE"[i]);
        assert_int_equal(t->census[i].age, i % 2 ? 11 : 12);
        assert_int_equal(!!(t->census[i].flags & CENSUS_PART_TIME), i == 3);
    }
}

static void
schools_are_what_gias_says(void **state)
{
    struct facts f = facts_of(state);
    static const struct {
        struct facts_school school;
        enum timeline_class kind;
        bool state_funded, local;
    } v[] = {
        {{.urn = 1001}, SCHOOL_MAINSTREAM, true, true},
        {{.urn = 1002, .phase = "special", .type = 44}, SCHOOL_SPECIAL, true, true},
        {{.urn = 1003, .phase = "other", .type = 14}, SCHOOL_AP, true, true},
        {{.urn = 1004, .phase = "other", .type = 11}, SCHOOL_OTHER, false, true},
        {{.urn = 1005, .la = 896}, SCHOOL_MAINSTREAM, true, false},
    };
    const struct timeline *t;
    const struct timeline_school *s;

    facts_batch(&f, 2022, TERM_SPRING);
    for (int i = 0; i < 5; i++) {
        facts_school(&f, v[i].school);
        facts_pupil(&f, (struct facts_pupil){.person = i + 1, .urn = v[i].school.urn});
    }
    facts_pupil(&f, (struct facts_pupil){.person = 9, .urn = 2000, .year_group = 4});
    t = built(&f);
    for (int i = 0; i < 5; i++) {
        s = &t->school[timeline_school_find(t, v[i].school.urn)];
        assert_int_equal(s->kind, v[i].kind);
        assert_int_equal(s->state_funded, v[i].state_funded);
        assert_int_equal(s->local, v[i].local);
        assert_int_equal(s->low_year, 7);
        assert_int_equal(s->high_year, 11);
    }
    s = &t->school[timeline_school_find(t, 2000)]; /* not in GIAS: as its returns show */
    assert_int_equal(s->low_year, 4);
    assert_int_equal(s->high_year, 4);
    assert_int_equal(s->local, 1);
}

/* ---- alternative provision ---- */

static const struct timeline_placement *
placement(const struct timeline *t, uint32_t at, uint32_t of)
{
    struct timeline_range r = rows_of(t, TIMELINE_PLACEMENT, 7);

    assert_int_equal(r.to - r.from, of);
    return &t->placement[r.from + at];
}

static void
a_placement_told_in_two_censuses_is_one_and_the_later_stands(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A});
    facts_placement(&f, (struct facts_placement){.person = 7, .urn = A, .provider = R,
                                                 .reason = "EXR", .entered = day(2023, 11, 6)});
    facts_batch(&f, 2023, TERM_SUMMER);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 1)});
    facts_placement(&f, (struct facts_placement){.person = 7, .urn = A, .provider = R,
                                                 .reason = "BHS", .entered = day(2023, 11, 6),
                                                 .left = day(2024, 3, 1)});
    t = built(&f);
    assert_int_equal(placement(t, 0, 1)->start, day(2023, 11, 6));
    assert_int_equal(placement(t, 0, 1)->end, day(2024, 3, 2));
    assert_string_equal(placement(t, 0, 1)->reason, "BHS");
    assert_int_equal(urn_of(t, placement(t, 0, 1)->provider), R);
    assert_int_equal(placement(t, 0, 1)->by_authority, 0);
    assert_int_equal(placement(t, 0, 1)->flags, 0);
}

static void
a_placement_without_dates_has_those_of_the_roll(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = R, .entered = day(2023, 10, 2)});
    facts_placement(&f, (struct facts_placement){.person = 7, .urn = R, .kind = "authority",
                                                 .reason = "PEX"});
    facts_batch(&f, 2023, TERM_SUMMER);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = R, .entered = day(2023, 10, 2),
                                         .left = day(2024, 3, 1), .left_roll = true});
    t = built(&f);
    assert_int_equal(placement(t, 0, 1)->start, day(2023, 10, 2));
    assert_int_equal(placement(t, 0, 1)->end, day(2024, 3, 2));
    assert_int_equal(placement(t, 0, 1)->by_authority, 1);
    assert_int_equal(placement(t, 0, 1)->flags, PLACEMENT_DATES_ASSUMED);
    assert_int_equal(placement(t, 0, 1)->provider, TIMELINE_NONE);
}

static void
a_placement_that_the_next_return_lacks_has_ended(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A});
    facts_placement(&f, (struct facts_placement){.person = 7, .urn = A, .provider = R,
                                                 .entered = day(2023, 11, 6)});
    t = built(&f);
    assert_int_equal(placement(t, 0, 1)->end, DATE_OPEN);
    facts_batch(&f, 2023, TERM_SUMMER);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 1)});
    t = built(&f);
    assert_int_equal(placement(t, 0, 1)->end, timeline_census_day(2023, TERM_SPRING) + 1);
}

static void
census_days_and_terms_are_dfes(void **state)
{
    (void)state;
    assert_int_equal(timeline_census_day(2024, TERM_AUTUMN), day(2024, 10, 3));
    assert_int_equal(timeline_census_day(2024, TERM_SPRING), day(2025, 1, 16));
    assert_int_equal(timeline_census_day(2024, TERM_SUMMER), day(2025, 5, 15));
    assert_int_equal(timeline_term_start(2024, TERM_AUTUMN), day(2024, 8, 1));
    assert_int_equal(timeline_term_end(2024, TERM_AUTUMN), day(2025, 1, 1));
    assert_int_equal(timeline_term_end(2024, TERM_SPRING), day(2025, 4, 21)); /* Easter Monday */
    assert_int_equal(timeline_term_end(2024, TERM_SUMMER), day(2025, 8, 1));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(ethnicity_is_carried_forward_and_not_obtained_replaces_nothing),
        SUPPORT_TEST(a_home_has_the_decile_of_the_index_of_its_time),
        SUPPORT_TEST(an_area_of_one_census_has_no_decile_of_the_others_index),
        SUPPORT_TEST(age_is_on_31_august_and_old_sen_codes_become_the_new),
        SUPPORT_TEST(schools_are_what_gias_says),
        SUPPORT_TEST(a_placement_told_in_two_censuses_is_one_and_the_later_stands),
        SUPPORT_TEST(a_placement_without_dates_has_those_of_the_roll),
        SUPPORT_TEST(a_placement_that_the_next_return_lacks_has_ended),
        SUPPORT_TEST(census_days_and_terms_are_dfes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
