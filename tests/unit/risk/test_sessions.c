/* A child's sessions are from registers where they tell a half term whole, else the census. */
#include "people/attendance.h"
#include "risk/sessions.h"
#include "support/small_timeline.h"
#include "support/support.h"

enum { YEAR = 2022, MOST_WEEKS = 20 };

/* Weekly files of an autumn term by hand: one school, its first child. */
struct register_by_hand {
    struct marks m;
    struct marks_week week[MOST_WEEKS];
    struct marks_pattern pattern[MOST_WEEKS];
    struct marks_school school[MOST_WEEKS];
    struct marks_row row;
};

/* Ten half days a week, `absent` of them O; a week without children was never sent. */
static void
add_week(struct register_by_hand *r, const struct timeline *t, int32_t monday, int absent)
{
    size_t n = r->m.n++;
    struct marks_pattern *p = &r->pattern[n];

    for (int k = 0; k < 10; k++)
        p->mark[k] = (uint8_t)(attendance_code(k < absent ? SPAN("O") : SPAN("/")) + 1);
    p->unauthorised = (uint8_t)absent;
    p->present = (uint8_t)(10 - absent);
    r->school[n] = (struct marks_school){.urn = t->school[0].urn, .children = 1, .marks = 10,
                                         .open = 0x3ff, .given = 0x3ff};
    r->week[n] = (struct marks_week){.monday = monday, .first_person = t->person[0].person_id,
                                     .row = &r->row, .pattern = p, .school = &r->school[n],
                                     .rows = 1, .patterns = 1, .schools = 1};
    r->m.week = r->week;
}

static struct sessions
sessions_in(struct job *j, const struct timeline *t, struct register_by_hand *r)
{
    struct marks_cursor cursor;
    struct years y;

    r->m.as_of = date_from_ymd(2024, 12, 1);
    assert_ok(j, years_of(j, t, &r->m, &y));
    marks_cursor(j, &r->m, &cursor);
    y.cursor = &cursor;
    return sessions_of(&y, 0, YEAR);
}

static const struct timeline *
child_with_totals(struct job *j, struct small **out)
{
    struct small *s = small_new(j);

    support_db(j);
    support_area(j);
    small_child(s, 'F');
    small_absence(s, YEAR, 120, 12); /* the autumn */
    *out = s;
    return small_done(s);
}

static void
without_registers_the_census_counts(void **state)
{
    struct job *j = support_job(state);
    struct small *s;
    struct register_by_hand r = {.m = {.n = 0}};
    struct sessions got = sessions_in(j, child_with_totals(j, &s), &r);

    assert_int_equal(got.possible, 120);
    assert_int_equal(got.absent, 12);
    assert_true(got.census && !got.registers);
}

static void
a_half_term_told_whole_counts_from_registers(void **state)
{
    struct job *j = support_job(state);
    struct small *s;
    const struct timeline *t = child_with_totals(j, &s);
    struct register_by_hand r = {.m = {.n = 0}};
    struct sessions got;

    for (int w = 0; w < 12; w++)
        add_week(&r, t, date_from_ymd(2022, 9, 5) + 7 * w, w == 3 ? 5 : 0);
    got = sessions_in(j, t, &r);
    assert_int_equal(got.possible, 120);
    assert_int_equal(got.absent, 5);
    assert_true(got.registers && !got.census);
    assert_int_equal(got.school, 0);
}

static void
where_a_week_is_missing_the_census_knows_more(void **state)
{
    struct job *j = support_job(state);
    struct small *s;
    const struct timeline *t = child_with_totals(j, &s);
    struct register_by_hand r = {.m = {.n = 0}};
    struct sessions got;

    for (int w = 0; w < 12; w++)
        add_week(&r, t, date_from_ymd(2022, 9, 5) + 7 * w, w == 3 ? 5 : 0);
    r.school[7].given = 0x3f0; /* nothing of two days of a week */
    got = sessions_in(j, t, &r);
    assert_int_equal(got.absent, 12);
    assert_true(got.census && !got.registers);
}

static void
a_half_term_no_census_tells_of_counts_from_registers_so_far(void **state)
{
    struct job *j = support_job(state);
    struct small *s;
    const struct timeline *t = child_with_totals(j, &s);
    struct register_by_hand r = {.m = {.n = 0}};
    struct sessions got;

    add_week(&r, t, date_from_ymd(2023, 1, 9), 2); /* spring */
    add_week(&r, t, date_from_ymd(2023, 1, 16), 0);
    r.pattern[1].part_time = 3;
    got = sessions_in(j, t, &r);
    assert_int_equal(got.possible, 140);
    assert_int_equal(got.absent, 14);
    assert_int_equal(got.part_time, 3);
    assert_true(got.registers && got.census);
}

static void
the_next_year_is_not_counted(void **state)
{
    struct job *j = support_job(state);
    struct small *s;
    const struct timeline *t = child_with_totals(j, &s);
    struct register_by_hand r = {.m = {.n = 0}};

    add_week(&r, t, date_from_ymd(2023, 7, 10), 1);
    add_week(&r, t, date_from_ymd(2023, 9, 4), 10);
    assert_int_equal(sessions_in(j, t, &r).absent, 13);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(without_registers_the_census_counts),
        SUPPORT_TEST(a_half_term_told_whole_counts_from_registers),
        SUPPORT_TEST(where_a_week_is_missing_the_census_knows_more),
        SUPPORT_TEST(a_half_term_no_census_tells_of_counts_from_registers_so_far),
        SUPPORT_TEST(the_next_year_is_not_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
