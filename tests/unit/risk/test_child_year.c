#include "support/support.h"
#include "risk/child_year.h"
#include "support/small_timeline.h"

/* The row of the first child in a school year. */
static struct child_year
row_in(struct job *j, struct small *s, uint32_t p, int32_t year)
{
    struct child_year rows[RISK_YEARS];
    struct years y;
    size_t n;

    assert_ok(j, years_of(j, small_done(s), NULL, &y));
    n = child_year_of(&y, p, rows);
    for (size_t i = 0; i < n; i++)
        if (rows[i].year == year)
            return rows[i];
    fail_msg("the child has no row in %d", (int)year);
    return (struct child_year){0};
}

static const struct timeline_event two_days = {.started = 19000 /* 8 January 2022 */,
                                               .sessions = 4};

static void
a_quiet_child_meets_nothing_and_counts_in_the_base(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct child_year r;

    small_child(s, 'F');
    r = row_in(j, s, 0, 2022);
    assert_int_equal(r.met, 0);
    assert_true(r.base & BIT(M_ANY));
    assert_true(r.base & BIT(M_SUSP));
    assert_false(r.base & BIT(M_PA)); /* no sessions at all */
    assert_true(r.flags & BIT(F_GIRL));
    assert_true(r.flags & BIT(F_HEADCOUNT));
    assert_int_equal(r.year_group, 9);
}

static void
one_suspension_is_once_and_two_are_twice(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct timeline_event later = two_days;
    struct child_year r;

    small_child(s, 'M');
    small_event(s, &two_days);
    r = row_in(j, s, 0, 2021);
    assert_int_equal(r.met & (BIT(M_SUSP) | BIT(M_SUSP2)), BIT(M_SUSP));
    assert_true(r.met & BIT(M_ANY));
    assert_false(r.met & BIT(M_BEYOND));
    later.started += 30;
    small_event(s, &later);
    r = row_in(j, s, 0, 2021);
    assert_true(r.met & BIT(M_SUSP2));
    assert_int_equal(r.suspensions, 2);
    assert_int_equal(r.suspended, 8);
}

static void
forty_five_days_is_the_limit_over_two_schools(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct timeline_event here = {.started = 19000, .sessions = 50};
    struct timeline_event there = {.started = 19060, .sessions = 40, .school = 1};

    small_child(s, 'M');
    small_event(s, &here);
    small_event(s, &there);
    assert_false(row_in(j, s, 0, 2021).met & BIT(M_SUSP45)); /* 90 sessions: just legal */
    there.started += 40;
    there.sessions = 1;
    small_event(s, &there);
    assert_true(row_in(j, s, 0, 2021).met & BIT(M_SUSP45));
}

static void
a_lunchtime_is_never_a_suspension(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct timeline_event lunch = {.started = 19000, .sessions = 1,
                                   .category = CATEGORY_LUNCHTIME};
    struct child_year r;

    small_child(s, 'M');
    small_event(s, &lunch);
    r = row_in(j, s, 0, 2021);
    assert_int_equal(r.met, BIT(M_LNCH));
}

static void
ten_per_cent_is_persistent_and_fifty_severe(void **state)
{
    static const struct { uint16_t possible, absent; uint32_t met; bool base; } cases[] = {
        {300, 29, 0, true}, {300, 30, BIT(M_PA), true}, {299, 30, BIT(M_PA), true},
        {301, 30, 0, true}, {300, 149, BIT(M_PA), true},
        {300, 150, BIT(M_PA) | BIT(M_SA), true}, {19, 19, 0, false},
        {20, 2, BIT(M_PA), true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct job *j = support_job(state);
        struct small *s = small_new(j);
        struct child_year r;
        small_child(s, 'F');
        small_absence(s, 2022, cases[i].possible, cases[i].absent);
        r = row_in(j, s, 0, 2022);
        assert_int_equal(r.met & (BIT(M_PA) | BIT(M_SA)), cases[i].met);
        assert_int_equal(!!(r.base & BIT(M_PA)), cases[i].base);
    }
}

static void
a_year_that_is_not_over_has_no_absence_and_no_any(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct child_year r;

    small_child(s, 'F');
    small_absence(s, 2024, 100, 60);
    r = row_in(j, s, 0, 2024);
    assert_int_equal(r.met & (BIT(M_PA) | BIT(M_SA) | BIT(M_ANY)), 0);
    assert_int_equal(r.base & (BIT(M_PA) | BIT(M_ANY) | BIT(M_EHE)), 0);
}

static void
an_exit_is_unexplained_and_beyond_the_headline(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct child_year r;

    small_child(s, 'F');
    small_move(s, MOVE_EXIT, 2022, date_from_ymd(2023, 2, 1));
    r = row_in(j, s, 0, 2022);
    assert_int_equal(r.met, BIT(M_EXIT) | BIT(M_UNEXPLAINED) | BIT(M_ANY) | BIT(M_BEYOND));
}

/* SEN support, free meals and one suspension the year before: three needs. */
static void
near_the_edge(struct small *s, uint16_t flags)
{
    small_child(s, 'M');
    small_traits(s, 'K', flags, 6);
    small_event(s, &two_days);
}

static void
three_needs_with_a_signal_are_near_the_edge(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct child_year r;

    near_the_edge(s, CENSUS_FSM);
    r = row_in(j, s, 0, 2022);
    assert_int_equal(r.needs, BIT(N1) | BIT(N3) | BIT(N5));
    assert_true(r.met & BIT(M_CLIFF));
    assert_true(cliff_is(&r, 2));
    assert_false(cliff_is(&r, 4));
}

static void
needs_of_place_and_poverty_alone_are_never_near_the_edge(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct child_year r;

    small_child(s, 'M');
    small_traits(s, 'K', CENSUS_FSM, 1);
    r = row_in(j, s, 0, 2022);
    assert_int_equal(r.needs, BIT(N1) | BIT(N3) | BIT(N4));
    assert_false(r.met & BIT(M_CLIFF));
    assert_true(r.base & BIT(M_CLIFF));
}

static void
a_threshold_met_is_somebodys_duty_already(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct child_year r;

    near_the_edge(s, CENSUS_FSM);
    small_spell(s, SPELL_SEN_NEED, date_from_ymd(2022, 1, 1), DATE_OPEN);
    r = row_in(j, s, 0, 2022);
    assert_int_equal(r.thresholds, BIT(T_SEMH));
    assert_false(r.met & BIT(M_CLIFF));
}

/* The autumn census of 2022/23 is on 6 October 2022. */
static unsigned
needs_with(struct job *j, enum timeline_kind kind, int32_t start, int32_t end)
{
    struct small *s = small_new(j);

    small_child(s, 'F');
    small_spell(s, kind, start, end);
    return row_in(j, s, 0, 2022).needs;
}

static void
early_help_that_ended_is_a_need_and_open_help_is_none(void **state)
{
    struct job *j = support_job(state);

    assert_int_equal(needs_with(j, SPELL_EARLY_HELP, date_from_ymd(2020, 1, 1),
                                date_from_ymd(2020, 6, 1)), BIT(N2));
    assert_int_equal(needs_with(j, SPELL_EARLY_HELP, date_from_ymd(2022, 1, 1), DATE_OPEN), 0);
    assert_int_equal(needs_with(j, SPELL_EARLY_HELP, date_from_ymd(2014, 1, 1),
                                date_from_ymd(2015, 6, 1)), 0); /* over six years ago */
    assert_int_equal(needs_with(j, SPELL_EARLY_HELP, date_from_ymd(2022, 11, 1),
                                date_from_ymd(2022, 12, 1)), 0); /* not begun that day */
}

static void
a_case_still_open_where_the_data_end_is_a_threshold(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);

    small_child(s, 'F');
    small_spell(s, SPELL_NEED, date_from_ymd(2021, 1, 1), date_from_ymd(2022, 4, 1));
    assert_int_equal(row_in(j, s, 0, 2022).needs, BIT(N2));
    s->spell[0].flags = SPELL_OPEN;
    assert_int_equal(row_in(j, s, 0, 2022).needs, 0);
    assert_int_equal(row_in(j, s, 0, 2022).thresholds, BIT(T_CARE));
}

static void
a_refused_request_is_a_need_for_two_years_and_a_plan_a_threshold(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);

    small_child(s, 'F');
    small_spell(s, SPELL_EHC_REFUSED, date_from_ymd(2022, 6, 10), date_from_ymd(2022, 6, 11));
    assert_int_equal(row_in(j, s, 0, 2022).needs, BIT(N9));
    s = small_new(j);
    small_child(s, 'F');
    small_spell(s, SPELL_EHC_REFUSED, date_from_ymd(2020, 6, 10), date_from_ymd(2020, 6, 11));
    small_spell(s, SPELL_EHC_PLAN, date_from_ymd(2022, 3, 1), date_from_ymd(2023, 3, 1));
    assert_int_equal(row_in(j, s, 0, 2022).needs, 0);
    assert_int_equal(row_in(j, s, 0, 2022).thresholds, BIT(T_PLAN));
}

static void
the_last_score_in_two_years_counts_when_slightly_raised_or_high(void **state)
{
    struct job *j = support_job(state);
    static const struct {
        const char *band;
        bool counts;
    } bands[] = {{SDQ_AVERAGE, false}, {SDQ_RAISED, true}, {SDQ_HIGH, true},
                 {SDQ_VERY_HIGH, false}};

    for (int i = 0; i < 4; i++) {
        struct small *s = small_new(j);
        small_child(s, 'F');
        small_spell(s, SPELL_SDQ, date_from_ymd(2021, 3, 31), date_from_ymd(2021, 4, 1));
        snprintf(s->spell[0].code, 6, "%s", SDQ_VERY_HIGH);
        small_spell(s, SPELL_SDQ, date_from_ymd(2022, 3, 31), date_from_ymd(2022, 4, 1));
        snprintf(s->spell[1].code, 6, "%s", bands[i].band);
        assert_int_equal(row_in(j, s, 0, 2022).needs, bands[i].counts ? BIT(N8) : 0);
        s->spell[0].start = s->spell[1].start = date_from_ymd(2020, 10, 6);
        assert_int_equal(row_in(j, s, 0, 2022).needs, 0); /* two years ago */
    }
}

static void
what_is_first_told_after_the_autumn_census_was_not_known_that_day(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct child_year r;

    near_the_edge(s, CENSUS_FSM);
    small_spell(s, SPELL_SEN_NEED, date_from_ymd(2023, 1, 19), DATE_OPEN);
    for (uint32_t i = 0; i < s->t.n[TIMELINE_CENSUS]; i++)
        if (s->census[i].school_year == 2022 && s->census[i].term != TERM_AUTUMN) {
            s->census[i].sen = 'E';
            s->census[i].idaci = 1;
        }
    r = row_in(j, s, 0, 2022);
    assert_true(r.flags & BIT(F_SEMH)); /* of the year as a whole */
    assert_int_equal(r.thresholds, 0);
    assert_int_equal(r.needs, BIT(N1) | BIT(N3) | BIT(N5));
    assert_true(r.met & BIT(M_CLIFF));
}

static void
the_first_year_cannot_tell_who_is_near_the_edge(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);

    near_the_edge(s, CENSUS_FSM);
    assert_false(row_in(j, s, 0, 2021).base & BIT(M_CLIFF));
}

static void
social_care_is_remembered_for_six_years(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct child_year r;

    small_child(s, 'F');
    small_spell(s, SPELL_NEED, date_from_ymd(2015, 1, 1), date_from_ymd(2016, 8, 1));
    assert_false(row_in(j, s, 0, 2022).flags & BIT(F_CARE_6)); /* ended the day before */
    s->spell[0].end++;
    r = row_in(j, s, 0, 2022);
    assert_true(r.flags & BIT(F_CARE_6));
    assert_true(r.flags & BIT(F_CARE_EVER));
    assert_false(r.flags & BIT(F_CARE_1));
}

static struct slice
everybody(const struct years *y, int threads)
{
    return (struct slice){0, y->t->n[TIMELINE_PERSON], threads};
}

static void
a_school_that_converts_is_one_enrolment_and_two_schools_are_two(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct timeline_event later = two_days;
    struct enrolment_years e;
    struct years y;

    small_child(s, 'F');
    small_event(s, &two_days);
    later.school = 1;
    later.started += 20;
    small_event(s, &later);
    assert_ok(j, years_of(j, small_done(s), NULL, &y));
    assert_ok(j, enrolment_years_derive(j, &y, everybody(&y, 1), &e));
    assert_int_equal(e.row[0].year, 2021);
    assert_int_equal(e.row[0].suspensions, 1);
    assert_int_equal(e.row[1].year, 2021);
    assert_int_equal(e.row[1].suspensions, 1);
    s->school[0].successor = 1;
    assert_ok(j, enrolment_years_derive(j, &y, everybody(&y, 1), &e));
    assert_int_equal(e.row[0].suspensions, 2);
    assert_int_equal(e.row[0].school, 0); /* as the January census has it */
    assert_int_equal(e.row[1].year, 2022);
}

static void
any_number_of_threads_and_slices_gives_the_same_rows(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct child_years a, b, some;
    struct years y;

    for (int i = 0; i < 4; i++) {
        small_child(s, i % 2 ? 'M' : 'F');
        small_absence(s, 2022, 300, (uint16_t)(20 * i));
    }
    assert_ok(j, years_of(j, small_done(s), NULL, &y));
    assert_ok(j, child_years_derive(j, &y, everybody(&y, 1), &a));
    assert_ok(j, child_years_derive(j, &y, everybody(&y, 3), &b));
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.row, b.row, a.n * sizeof *a.row);
    b.n = 0;
    for (uint32_t p = 0; p < 4; p++) { /* each child a slice by itself */
        assert_ok(j, child_years_derive(j, &y, (struct slice){p, p + 1, 2}, &some));
        assert_memory_equal(some.row, a.row + b.n, some.n * sizeof *a.row);
        b.n += some.n;
    }
    assert_int_equal(a.n, b.n);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_quiet_child_meets_nothing_and_counts_in_the_base),
        SUPPORT_TEST(one_suspension_is_once_and_two_are_twice),
        SUPPORT_TEST(forty_five_days_is_the_limit_over_two_schools),
        SUPPORT_TEST(a_lunchtime_is_never_a_suspension),
        SUPPORT_TEST(ten_per_cent_is_persistent_and_fifty_severe),
        SUPPORT_TEST(a_year_that_is_not_over_has_no_absence_and_no_any),
        SUPPORT_TEST(an_exit_is_unexplained_and_beyond_the_headline),
        SUPPORT_TEST(three_needs_with_a_signal_are_near_the_edge),
        SUPPORT_TEST(early_help_that_ended_is_a_need_and_open_help_is_none),
        SUPPORT_TEST(a_case_still_open_where_the_data_end_is_a_threshold),
        SUPPORT_TEST(a_refused_request_is_a_need_for_two_years_and_a_plan_a_threshold),
        SUPPORT_TEST(the_last_score_in_two_years_counts_when_slightly_raised_or_high),
        SUPPORT_TEST(needs_of_place_and_poverty_alone_are_never_near_the_edge),
        SUPPORT_TEST(a_threshold_met_is_somebodys_duty_already),
        SUPPORT_TEST(what_is_first_told_after_the_autumn_census_was_not_known_that_day),
        SUPPORT_TEST(the_first_year_cannot_tell_who_is_near_the_edge),
        SUPPORT_TEST(social_care_is_remembered_for_six_years),
        SUPPORT_TEST(a_school_that_converts_is_one_enrolment_and_two_schools_are_two),
        SUPPORT_TEST(any_number_of_threads_and_slices_gives_the_same_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
