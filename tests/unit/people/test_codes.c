#include "people/codes.h"
#include "people/attendance.h"
#include "support/support.h"

static void
a_fixed_term_exclusion_is_stored_as_a_suspension(void **state)
{
    const struct code *c = code_find(CODE_EXCLUSION_CATEGORY, SPAN(" fixd "));

    (void)state;
    assert_non_null(c);
    assert_string_equal(code_stored(c), "SUSP");
    assert_true(code_valid_in(c, 2019));
    assert_false(code_valid_in(c, 2020));
    assert_true(code_valid_in(c, 0));
}

static void
the_lunchtime_code_is_lnch(void **state)
{
    (void)state;
    assert_non_null(code_find(CODE_EXCLUSION_CATEGORY, SPAN("LNCH")));
    assert_null(code_find(CODE_EXCLUSION_CATEGORY, SPAN("LUNC")));
    assert_null(code_find(CODE_EXCLUSION_REASON, SPAN("PR")));
}

static void
one_code_means_different_things_in_different_sets(void **state)
{
    (void)state;
    assert_string_equal(code_label(CODE_EXCLUSION_REASON, "DS"), "abuse relating to disability");
    assert_string_equal(code_label(CODE_SEN_TYPE, "DS"), "Down syndrome");
    assert_null(code_find(CODE_ETHNICITY, SPAN("T")));
    assert_int_equal(attendance_class(attendance_code(SPAN("T")), 0), ATT_AUTHORISED);
}

static void
reasons_belong_to_their_years(void **state)
{
    size_t in_2024 = 0;

    (void)state;
    for (const struct code *c = code_all(); c->code; c++)
        in_2024 += c->set == CODE_EXCLUSION_REASON && code_valid_in(c, 2024);
    assert_int_equal(in_2024, 16);
    assert_true(code_valid_in(code_find(CODE_EXCLUSION_REASON, SPAN("OT")), 2019));
    assert_false(code_valid_in(code_find(CODE_EXCLUSION_REASON, SPAN("OT")), 2020));
    assert_false(code_valid_in(code_find(CODE_EXCLUSION_REASON, SPAN("PH")), 2019));
    assert_false(code_valid_in(code_find(CODE_EXCLUSION_REASON, SPAN("TB")), 2025));
}

static void
few_withdrawn_codes_are_still_taken(void **state)
{
    size_t n = 0;

    (void)state;
    for (const struct code *c = code_all(); c->code; c++) {
        n += code_tolerated(c);
        if (code_tolerated(c))
            assert_true(c->last > 0);
    }
    assert_int_equal(n, 4);
    assert_true(code_tolerated(code_find(CODE_ATTENDANCE, SPAN("H"))));
    assert_false(code_tolerated(code_find(CODE_ATTENDANCE, SPAN("F"))));
}

static void
extended_ethnic_groups_roll_up_but_travellers_and_roma_stay_apart(void **state)
{
    size_t main_groups = 0;

    (void)state;
    for (const struct code *c = code_all(); c->code; c++)
        main_groups += c->set == CODE_ETHNICITY && !c->becomes;
    assert_int_equal(main_groups, 24);
    assert_string_equal(code_stored(code_find(CODE_ETHNICITY, SPAN("BSOM"))), "BAFR");
    assert_string_equal(code_stored(code_find(CODE_ETHNICITY, SPAN("WROR"))), "WROM");
    assert_string_equal(code_stored(code_find(CODE_ETHNICITY, SPAN("WIRT"))), "WIRT");
}

static void
a_code_without_a_label_is_shown_as_it_is(void **state)
{
    (void)state;
    assert_string_equal(code_label(CODE_SEN_TYPE, "ZZZ"), "ZZZ");
    assert_null(code_label(CODE_SEN_TYPE, NULL));
}

/* The table holds together: sets stand together, codes are unique in a set, upper case,
 * years in order, and what a code becomes is a code of the set or the word itself. */
static void
every_row_of_the_table_is_sound(void **state)
{
    bool seen[CODE_SETS] = {false};
    enum code_set before = CODE_NONE;

    (void)state;
    for (const struct code *c = code_all(); c->code; c++) {
        assert_true(c->set > CODE_NONE && c->set < CODE_SETS);
        if (c->set != before)
            assert_false(seen[c->set]);
        seen[c->set] = true;
        before = c->set;
        assert_ptr_equal(code_find(c->set, span_of(c->code)), c);
        assert_true(c->first == 0 || c->last == 0 || c->first <= c->last);
        assert_true(strlen(c->label) > 0);
        for (const char *p = c->code; *p; p++)
            assert_false(*p >= 'a' && *p <= 'z');
        assert_non_null(code_find(c->set, span_of(code_stored(c))));
    }
    for (int set = CODE_NONE + 1; set < CODE_SETS; set++) {
        assert_true(seen[set]);
        assert_non_null(code_set_name((enum code_set)set));
    }
}

static void
the_fast_lookup_finds_what_the_slow_one_finds(void **state)
{
    struct job *j = support_job(state);
    struct code_index *index[CODE_SETS];

    for (int set = 0; set < CODE_SETS; set++)
        index[set] = code_index(j, (enum code_set)set);
    for (const struct code *c = code_all(); c->code; c++) {
        const struct code_entry *e = code_lookup(index[c->set], span_of(c->code));
        assert_non_null(e);
        assert_ptr_equal(e->code, c);
        assert_string_equal(e->stored, code_stored(c));
        assert_int_equal(e->n_stored, strlen(e->stored));
    }
    assert_null(code_lookup(index[CODE_SEN_TYPE], SPAN("PP")));
    assert_null(code_lookup(index[CODE_NONE], SPAN("PP")));
    assert_null(code_lookup(index[CODE_SEN_TYPE], SPAN("")));
    assert_non_null(code_lookup(index[CODE_SEN_TYPE], SPAN("semh")));
    assert_int_equal(code_lookup(index[CODE_ATTENDANCE], SPAN("C2"))->position,
                     attendance_code(SPAN("C2")));
    assert_int_equal(code_lookup(index[CODE_EXCLUSION_CATEGORY], SPAN("FIXD"))->position,
                     code_lookup(index[CODE_EXCLUSION_CATEGORY], SPAN("SUSP"))->position);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_withdrawn_codes_are_still_taken),
        cmocka_unit_test(a_fixed_term_exclusion_is_stored_as_a_suspension),
        cmocka_unit_test(the_lunchtime_code_is_lnch),
        cmocka_unit_test(one_code_means_different_things_in_different_sets),
        cmocka_unit_test(reasons_belong_to_their_years),
        cmocka_unit_test(extended_ethnic_groups_roll_up_but_travellers_and_roma_stay_apart),
        cmocka_unit_test(a_code_without_a_label_is_shown_as_it_is),
        cmocka_unit_test(every_row_of_the_table_is_sound),
        SUPPORT_TEST(the_fast_lookup_finds_what_the_slow_one_finds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
