/* What the law counts, worked by hand (domain.md §2.4, §2.5, §5.6). */
#include "access/setting.h"
#include "people/attendance.h"
#include "risk/clocks.h"
#include "support/support.h"

#define D(y, m, d) date_from_ymd(y, m, d)

/* 2024/25 and 2025/26 of an authority in half terms; school 2 has three terms of its own, the
 * spring one running past Easter (20 April 2025); school 3 is closed two days in March. */
static const struct {
    int64_t urn;
    struct ymd from, last;
    enum school_day_kind kind;
} rows[] = {
    {0, {2024, 9, 3}, {2024, 10, 25}, SCHOOL_TERM},
    {0, {2024, 11, 4}, {2024, 12, 20}, SCHOOL_TERM},
    {0, {2025, 1, 6}, {2025, 2, 14}, SCHOOL_TERM},
    {0, {2025, 2, 24}, {2025, 4, 4}, SCHOOL_TERM},
    {0, {2025, 4, 22}, {2025, 5, 23}, SCHOOL_TERM},
    {0, {2025, 6, 2}, {2025, 7, 22}, SCHOOL_TERM},
    {0, {2025, 9, 2}, {2025, 10, 24}, SCHOOL_TERM},
    {0, {2025, 5, 5}, {2025, 5, 5}, SCHOOL_CLOSED},
    {2, {2024, 9, 3}, {2024, 12, 20}, SCHOOL_TERM},
    {2, {2025, 1, 6}, {2025, 5, 2}, SCHOOL_TERM},
    {2, {2025, 5, 12}, {2025, 7, 22}, SCHOOL_TERM},
    {3, {2025, 3, 20}, {2025, 3, 21}, SCHOOL_CLOSED},
    {3, {2025, 3, 24}, {2025, 3, 24}, SCHOOL_HALF_DAY},
};
enum { ROWS = sizeof rows / sizeof *rows };

static struct school_calendars *
calendars(struct job *j)
{
    struct school_day_row row[ROWS];

    for (int i = 0; i < ROWS; i++)
        row[i] = (struct school_day_row){
            .urn = rows[i].urn, .rank = 1, .kind = rows[i].kind,
            .from = date_from_ymd(rows[i].from.year, rows[i].from.month, rows[i].from.day),
            .to = date_from_ymd(rows[i].last.year, rows[i].last.month, rows[i].last.day) + 1,
        };
    return school_days_make(j, row, ROWS);
}

static struct clock_rules
built_in(struct job *j)
{
    struct clock_rules r;

    assert_ok(j, clock_rules_parse(j, "", &r));
    return r;
}

static struct clock_event
suspended(int64_t urn, int32_t on, int sessions)
{
    return (struct clock_event){.urn = urn, .started = on, .ended = DATE_NONE,
                                .notified = DATE_NONE, .sessions = sessions,
                                .category = CATEGORY_SUSPENSION};
}

static struct clock_due
due_of(struct job *j, const struct clock_event *e, size_t n, size_t at)
{
    struct school_calendars *c = calendars(j);
    struct clock_rules r = built_in(j);

    return clock_due(&r, school_days_of(c, e[at].urn), &e[at], clock_sum(c, e, n, at));
}

static void
five_days_in_a_term_ask_nothing_and_half_a_day_more_does(void **state)
{
    struct job *j = support_job(state);
    struct clock_event e[] = {suspended(1, D(2025, 1, 13), 10), suspended(1, D(2025, 2, 3), 1)};
    struct clock_due due = due_of(j, e, 2, 0);

    assert_int_equal(due.board, BOARD_NOTE);
    assert_int_equal(due.board_by, DATE_NONE);
    due = due_of(j, e, 2, 1);
    assert_int_equal(due.board, BOARD_IF_ASKED);
    /* 50 school days after 3 February 2025: 9 to 14 February, 30 to 4 April, 11 from 22 April
     * (5 May is closed) */
    assert_int_equal(due.board_by, D(2025, 5, 7));
}

static void
fifteen_and_a_half_days_in_a_term_bring_the_governors(void **state)
{
    struct job *j = support_job(state);
    struct clock_event e[] = {suspended(1, D(2025, 1, 6), 20), suspended(1, D(2025, 2, 24), 10),
                              suspended(1, D(2025, 3, 24), 1)};
    struct clock_due due;

    due = due_of(j, e, 3, 1); /* exactly fifteen days */
    assert_int_equal(due.board, BOARD_IF_ASKED);
    due = due_of(j, e, 3, 2); /* fifteen and a half: 9 days to 4 April, 6 from 22 April */
    assert_int_equal(due.board, BOARD_MUST);
    assert_int_equal(due.board_by, D(2025, 4, 29));
    e[2].notified = D(2025, 3, 26); /* two days later, so is the deadline */
    assert_int_equal(due_of(j, e, 3, 2).board_by, D(2025, 5, 1));
}

static void
a_suspension_over_a_term_boundary_counts_in_each_term_its_own_days(void **state)
{
    struct job *j = support_job(state);
    struct school_calendars *c = calendars(j);
    /* 2, 3, 4 April, then 22 and 23 April */
    struct clock_event e[] = {suspended(1, D(2025, 4, 2), 10), suspended(1, D(2025, 4, 30), 8)};

    assert_int_equal(clock_sessions_in(school_days_of(c, 1), &e[0], D(2025, 1, 1), D(2025, 4, 21)),
                     6);
    assert_int_equal(clock_sum(c, e, 2, 0).term, 6);
    assert_int_equal(clock_sum(c, e, 2, 1).term, 4 + 8);
    assert_int_equal(clock_sum(c, e, 2, 1).year, 18);
}

static void
a_school_with_three_terms_counts_by_its_own(void **state)
{
    struct job *j = support_job(state);
    struct school_calendars *c = calendars(j);
    /* the same days lie in one term at school 2, whose spring term runs to 2 May */
    struct clock_event e[] = {suspended(2, D(2025, 4, 2), 10), suspended(2, D(2025, 4, 30), 2)};
    struct school_term t = school_day_term(school_days_of(c, 2), D(2025, 4, 30));

    assert_int_equal(t.from, D(2025, 1, 6));
    assert_int_equal(t.to, D(2025, 5, 12));
    assert_int_equal(clock_sum(c, e, 2, 1).term, 12);
    t = school_day_term(school_days_of(c, 1), D(2025, 4, 30));
    assert_int_equal(t.from, D(2025, 4, 21));
    assert_int_equal(t.to, D(2025, 8, 1));
    t = school_day_term(school_days_of(c, 2), D(2024, 9, 10));
    assert_int_equal(t.from, D(2024, 8, 1));
    assert_int_equal(t.to, D(2025, 1, 6));
    t = school_day_term(school_days_of(c, 1), D(2031, 2, 1)); /* no term dates */
    assert_int_equal(t.from, D(2031, 1, 1));
    assert_int_equal(t.to, D(2031, 4, 14));
}

static void
forty_five_days_are_counted_over_all_schools_and_one_school_year(void **state)
{
    struct job *j = support_job(state);
    struct school_calendars *c = calendars(j);
    struct clock_rules r = built_in(j);
    struct clock_event e[] = {
        suspended(1, D(2024, 9, 9), 30),  suspended(1, D(2025, 1, 6), 30),
        suspended(2, D(2025, 5, 12), 20), suspended(2, D(2025, 6, 9), 10),
        suspended(2, D(2025, 7, 1), 1),   suspended(1, D(2025, 9, 8), 4),
    };

    assert_int_equal(clock_sum(c, e, 6, 1).year, 60);
    assert_int_equal(clock_limit(&r, 59), LIMIT_OK);
    assert_int_equal(clock_limit(&r, clock_sum(c, e, 6, 1).year), LIMIT_AMBER); /* 30 days */
    assert_int_equal(clock_limit(&r, clock_sum(c, e, 6, 2).year), LIMIT_RED);   /* 40 */
    assert_int_equal(clock_limit(&r, clock_sum(c, e, 6, 3).year), LIMIT_RED);   /* 45 */
    assert_int_equal(clock_limit(&r, clock_sum(c, e, 6, 4).year), LIMIT_BREACH); /* 45.5 */
    assert_int_equal(clock_sum(c, e, 6, 5).year, 4);
    assert_int_equal(clock_sum(c, e, 6, 4).term, 31); /* at the second school only */
}

static void
education_is_due_from_the_sixth_school_day(void **state)
{
    struct job *j = support_job(state);
    /* first day Wednesday 19 March: 20, 21 closed at school 3, 24 (half), 25, 26, 27 */
    struct clock_event e[] = {suspended(3, D(2025, 3, 19), 11), suspended(1, D(2025, 3, 19), 10)};
    struct clock_due due = due_of(j, e, 1, 0);

    assert_true(due.sixth_needed);
    assert_false(due.by_authority);
    assert_int_equal(due.sixth_day, D(2025, 3, 28));
    assert_false(due_of(j, &e[1], 1, 0).sixth_needed); /* five days exactly */
    e[1].category = CATEGORY_PERMANENT;
    due = due_of(j, &e[1], 1, 0);
    assert_true(due.sixth_needed && due.by_authority);
    assert_int_equal(due.sixth_day, D(2025, 3, 26));
    assert_int_equal(due.board, BOARD_MUST);
    e[1].started = D(2025, 4, 12); /* in the holidays: day 1 is the next school day */
    assert_int_equal(due_of(j, &e[1], 1, 0).sixth_day, D(2025, 4, 29));
}

static void
without_term_dates_nothing_is_guessed(void **state)
{
    struct job *j = support_job(state);
    struct clock_event e = suspended(1, D(2031, 1, 13), 12);
    struct clock_due due = due_of(j, &e, 1, 0);

    assert_true(due.sixth_needed);
    assert_int_equal(due.sixth_day, DATE_NONE);
    assert_int_equal(due.board, BOARD_IF_ASKED);
    assert_int_equal(due.board_by, DATE_NONE);
}

static void
an_examination_missed_brings_the_governors(void **state)
{
    struct job *j = support_job(state);
    struct clock_event e = suspended(1, D(2025, 6, 9), 1);

    e.exam = true;
    assert_int_equal(due_of(j, &e, 1, 0).board, BOARD_MUST);
    assert_int_equal(due_of(j, &e, 1, 0).board_by, D(2025, 6, 30));
}

static void
a_lunchtime_counts_half_a_day_and_days_stand_in_for_sessions(void **state)
{
    struct job *j = support_job(state);
    struct school_calendars *c = calendars(j);
    struct clock_event e[] = {suspended(1, D(2025, 1, 13), -1), suspended(1, D(2025, 1, 15), 4),
                              suspended(1, D(2025, 1, 20), -1)};

    e[0].category = CATEGORY_LUNCHTIME;
    e[1].sessions = -1;
    e[1].ended = D(2025, 1, 18); /* Wednesday to Friday */
    assert_int_equal(clock_sum(c, e, 3, 1).term, 1 + 6);
    assert_false(clock_sum(c, e, 3, 1).incomplete);
    assert_true(clock_sum(c, e, 3, 2).incomplete); /* says neither */
}

static void
the_penalty_window_runs_over_the_summer_holiday(void **state)
{
    struct job *j = support_job(state);
    struct clock_rules r = built_in(j);
    /* eight school weeks to 22 July 2025, then from 2 September */
    struct clock_week w[] = {
        {D(2025, 6, 2), 0},  {D(2025, 6, 9), 1},  {D(2025, 6, 16), 0}, {D(2025, 6, 23), 2},
        {D(2025, 6, 30), 2}, {D(2025, 7, 7), 0},  {D(2025, 7, 14), 3}, {D(2025, 7, 21), 1},
        {D(2025, 9, 1), 0},  {D(2025, 9, 8), 1},  {D(2025, 9, 15), 1}, {D(2025, 9, 22), 1},
    };
    size_t n = sizeof w / sizeof *w;

    assert_int_equal(clock_window(w, 7), 9);
    assert_int_equal(clock_window(w, 9), 10);
    assert_int_equal(clock_penalty(&r, w, n, 0), 9);
    assert_int_equal(clock_window(w, 11), 11); /* 12 but for the session of 9 June */
    assert_int_equal(clock_penalty(&r, w, 9, 0), 9); /* not yet */
}

static void
runs_of_absence_end_at_the_first_other_mark(void **state)
{
    int n = attendance_code(SPAN("N")), o = attendance_code(SPAN("O"));
    int i = attendance_code(SPAN("I")), here = attendance_code(SPAN("/"));
    struct clock_day d[] = {{1, here, o}, {2, n, o}, {3, -1, n}, {4, o, o}};
    struct clock_day ill[] = {{1, i, here}, {2, here, here}, {3, i, i}};

    (void)state;
    assert_int_equal(clock_run(d, 4, "GNO"), 3);
    assert_int_equal(clock_run(d, 4, "GN"), 0);
    assert_int_equal(clock_run(d, 1, "GNO"), 0);
    assert_int_equal(clock_days(ill, 3, "I"), 2);
}

static void
amounts_of_the_authority_replace_the_built_in_ones(void **state)
{
    struct job *j = support_job(state);
    struct clock_rules r;

    assert_ok(j, clock_rules_parse(j, " review-panel = 20,penalty-notice=8 ", &r));
    assert_int_equal(r.amount[CLOCK_REVIEW_PANEL], 20);
    assert_int_equal(r.amount[CLOCK_PENALTY], 8);
    assert_int_equal(r.amount[CLOCK_YEAR_DAYS], 45);
    assert_err(j, clock_rules_parse(j, "reviews=20", &r), ERR_INPUT);
    assert_says(j, "reviews=20");
    err_clear(j);
    assert_err(j, clock_rules_parse(j, "review-panel=many", &r), ERR_INPUT);
}

static void
they_are_read_from_the_settings(void **state)
{
    struct job *j = support_job(state);
    struct clock_rules r;

    support_db(j);
    assert_ok(j, setting_change(j, SETTING_CLOCKS, "sixth-day=4"));
    assert_ok(j, clock_rules_load(j, &r));
    assert_int_equal(r.amount[CLOCK_SIXTH_DAY], 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(five_days_in_a_term_ask_nothing_and_half_a_day_more_does),
        SUPPORT_TEST(fifteen_and_a_half_days_in_a_term_bring_the_governors),
        SUPPORT_TEST(a_suspension_over_a_term_boundary_counts_in_each_term_its_own_days),
        SUPPORT_TEST(a_school_with_three_terms_counts_by_its_own),
        SUPPORT_TEST(forty_five_days_are_counted_over_all_schools_and_one_school_year),
        SUPPORT_TEST(education_is_due_from_the_sixth_school_day),
        SUPPORT_TEST(without_term_dates_nothing_is_guessed),
        SUPPORT_TEST(an_examination_missed_brings_the_governors),
        SUPPORT_TEST(a_lunchtime_counts_half_a_day_and_days_stand_in_for_sessions),
        SUPPORT_TEST(the_penalty_window_runs_over_the_summer_holiday),
        SUPPORT_TEST(runs_of_absence_end_at_the_first_other_mark),
        SUPPORT_TEST(amounts_of_the_authority_replace_the_built_in_ones),
        SUPPORT_TEST(they_are_read_from_the_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
