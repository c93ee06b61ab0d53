/* What is here, thin, late and missing, and what figures leave out because of it. */
#include "people/entry.h"
#include "quality/cover.h"
#include "support/facts.h"
#include "support/small_marks.h"
#include "support/small_timeline.h"
#include "support/support.h"

/* Two schools with a child each; weeks of registers from 2 September 2024. */
struct two {
    struct small *s;
    struct small_marks *m;
    struct quality_look q;
};

static void
census_of(struct small *s, uint32_t school, int16_t year, uint8_t term, uint32_t rows)
{
    s->returns[s->t.n[TIMELINE_RETURN]++] = (struct timeline_return){
        .school = school, .school_year = year, .term = term, .kind = RETURN_CENSUS, .rows = rows};
}

static struct two
two_schools(struct job *j)
{
    struct two t = {small_new(j), small_marks_new(j), {.j = j, .day = day(2024, 12, 1)}};

    small_child(t.s, 'F');
    small_child(t.s, 'M');
    t.s->enrolment[1].school = 1;
    for (uint32_t school = 0; school < 2; school++) {
        census_of(t.s, school, 2023, 3, 10);
        census_of(t.s, school, 2024, 1, 10);
    }
    return t;
}

/* Weeks 0 … 9 of both schools, the second without those from..to-1. */
static void
weeks(struct two *t, int from, int to, int last)
{
    for (int w = 0; w < last; w++) {
        small_week_at(t->m, 900001, day(2024, 9, 2) + 7 * w, 100, "/\\/\\/\\/\\/\\");
        if (w < from || w >= to)
            small_week_at(t->m, 900002, day(2024, 9, 2) + 7 * w, 101, "/\\/\\/\\/\\/\\");
    }
}

static void
derive_due(struct two *t, const char *setting, struct cover *out)
{
    struct cover_due due;

    assert_ok(t->q.j, cover_due_parse(t->q.j, setting, &due));
    t->q.t = small_done(t->s);
    t->q.m = small_marks_done(t->m);
    cover_derive(&t->q, day(2024, 12, 1), &due, out);
}

static void
derive(struct two *t, struct cover *out)
{
    derive_due(t, NULL, out);
}

static enum cover_state
state_of(const struct cover_grid *g, uint32_t school, size_t period)
{
    for (size_t r = 0; r < g->rows; r++)
        if (g->school[r] == school)
            return g->cell[r * g->n + period].state;
    fail();
    return COVER_STATES;
}

static const char *
first_of(const struct cover *c, enum cover_source s)
{
    for (size_t i = 0; i < c->n_gaps; i++)
        if (c->gap[i].source == s)
            return c->gap[i].message;
    return NULL;
}

static void
weeks_that_newer_ones_follow_are_missing(void **state)
{
    struct two t = two_schools(support_job(state));
    struct cover c;

    weeks(&t, 4, 9, 12);
    derive(&t, &c);
    assert_int_equal(c.grid[COVER_SOURCE_WEEKS].n, 12);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_WEEKS], 1, 3), COVER_PRESENT);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_WEEKS], 1, 4), COVER_MISSING);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_WEEKS], 1, 9), COVER_PRESENT);
    assert_string_equal(first_of(&c, COVER_SOURCE_WEEKS),
                        "Absence, persistent absence and the signs of attendance for school 900002 "
                        "leave out weeks 5 to 9 (30 September 2024 to 1 November 2024): no file "
                        "came, though newer ones did");
}

/* The second school keeps its holiday from 30 September to 1 November. */
static void
a_week_of_holiday_by_the_term_dates_is_no_gap(void **state)
{
    struct job *j = support_job(state);
    struct two t = two_schools(j);
    const struct school_day_row terms[] = {
        {.urn = 0, .rank = 1, .from = day(2024, 9, 2), .to = day(2024, 12, 21)},
        {.urn = 900002, .rank = 1, .from = day(2024, 9, 2), .to = day(2024, 9, 28)},
        {.urn = 900002, .rank = 1, .from = day(2024, 11, 4), .to = day(2024, 12, 21)}};
    struct cover c;

    weeks(&t, 4, 9, 12);
    t.q.calendars = school_days_make(j, terms, 3);
    derive(&t, &c);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_WEEKS], 1, 4), COVER_NOT_OPEN);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_WEEKS], 1, 8), COVER_NOT_OPEN);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_WEEKS], 0, 4), COVER_PRESENT);
    assert_null(first_of(&c, COVER_SOURCE_WEEKS));
}

static void
the_last_weeks_are_late_once_due(void **state)
{
    struct two t = two_schools(support_job(state));
    struct cover c;

    weeks(&t, 10, 13, 13); /* the last from 25 November: not due on 1 December */
    derive(&t, &c);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_WEEKS], 1, 10), COVER_LATE);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_WEEKS], 1, 12), COVER_NOT_DUE);
    assert_non_null(strstr(first_of(&c, COVER_SOURCE_WEEKS), "it is due and has not come"));
}

/* The week from 18 November is late seven days after it, not when twenty-one are allowed. */
static void
an_authority_says_when_a_source_is_due(void **state)
{
    struct job *j = support_job(state);
    struct two t = two_schools(j);
    struct cover_due due;
    struct cover c;

    weeks(&t, 11, 13, 13);
    derive_due(&t, " registers = 0 ,", &c);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_WEEKS], 1, 11), COVER_LATE);
    cover_derive(&t.q, day(2024, 12, 1), &(struct cover_due){.days = {21}}, &c);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_WEEKS], 1, 11), COVER_NOT_DUE);
    assert_ok(j, cover_due_parse(j, "census=30,care=400", &due));
    assert_int_equal(due.days[COVER_SOURCE_CENSUS], 30);
    assert_true(due.chosen[COVER_SOURCE_CARE] && !due.chosen[COVER_SOURCE_WEEKS]);
    assert_int_equal(due.days[COVER_SOURCE_WEEKS], cover_rows[COVER_SOURCE_WEEKS].due);
}

static void
a_time_that_is_none_is_refused_in_words(void **state)
{
    static const char *const wrong[] = {"census", "census=", "census=soon", "census=-1",
                                        "census=401", "cencus=30", "=30", "care=1 plans=2"};
    struct job *j = support_job(state);
    struct cover_due due;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_err(j, cover_due_parse(j, wrong[i], &due), ERR_INPUT);
        assert_non_null(strstr(j->err.hint, "missing-education"));
        err_clear(j);
    }
}

static void
a_week_of_few_children_is_thin(void **state)
{
    struct two t = two_schools(support_job(state));
    struct cover c;

    for (int i = 0; i < 3; i++)
        small_child(t.s, 'F'); /* at school 0, never in its registers */
    weeks(&t, 20, 20, 3);
    derive(&t, &c);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_WEEKS], 0, 1), COVER_THIN);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_WEEKS], 1, 1), COVER_PRESENT);
    assert_non_null(strstr(first_of(&c, COVER_SOURCE_WEEKS), "less than half"));
}

static void
a_census_without_a_school_is_missing_and_a_closed_school_is_not(void **state)
{
    struct two t = two_schools(support_job(state));
    struct cover c;
    const struct cover_grid *g;

    census_of(t.s, 0, 2023, 2, 10);
    t.s->school[1].opened = day(2024, 5, 1);
    derive(&t, &c);
    g = &c.grid[COVER_SOURCE_CENSUS];
    assert_int_equal(state_of(g, 0, g->n - 3), COVER_PRESENT);
    assert_int_equal(state_of(g, 1, g->n - 3), COVER_NOT_OPEN);
    assert_int_equal(state_of(g, 0, g->n - 4), COVER_MISSING);
    assert_int_equal(state_of(g, 1, g->n - 1), COVER_PRESENT);
}

static void
a_source_that_never_came_is_not_loaded_and_no_gap(void **state)
{
    struct two t = two_schools(support_job(state));
    struct cover c;

    small_entry(t.s, ENTRY_PTT, day(2022, 9, 5), day(2022, 10, 5));
    small_entry(t.s, ENTRY_PTT, day(2024, 9, 5), day(2024, 10, 5));
    derive(&t, &c);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_HOME], TIMELINE_NONE, 3), COVER_NOT_LOADED);
    assert_null(first_of(&c, COVER_SOURCE_HOME));
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_TIMETABLES], TIMELINE_NONE, 0),
                     COVER_NOT_LOADED);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_TIMETABLES], TIMELINE_NONE, 2), COVER_MISSING);
    assert_string_equal(first_of(&c, COVER_SOURCE_TIMETABLES),
                        "Part-time timetables, one of the twelve types of exclusion, leave out "
                        "2023/24 (Register of part-time timetables): no file came, though newer "
                        "ones did");
}

static void
a_week_off_is_no_gap(void **state)
{
    struct job *j = support_job(state);
    struct two t = two_schools(j);
    const struct school_day_row rows[] = {
        {900002, 1, day(2024, 9, 2), day(2024, 9, 30), SCHOOL_TERM},
        {900002, 1, day(2024, 11, 4), day(2024, 12, 20), SCHOOL_TERM}};
    struct cover c;

    t.q.calendars = school_days_make(j, rows, 2);
    weeks(&t, 4, 9, 12);
    derive(&t, &c);
    assert_int_equal(state_of(&c.grid[COVER_SOURCE_WEEKS], 1, 4), COVER_NOT_OPEN);
    assert_null(first_of(&c, COVER_SOURCE_WEEKS));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(weeks_that_newer_ones_follow_are_missing),
        SUPPORT_TEST(a_week_of_holiday_by_the_term_dates_is_no_gap),
        SUPPORT_TEST(the_last_weeks_are_late_once_due),
        SUPPORT_TEST(an_authority_says_when_a_source_is_due),
        SUPPORT_TEST(a_time_that_is_none_is_refused_in_words),
        SUPPORT_TEST(a_week_of_few_children_is_thin),
        SUPPORT_TEST(a_week_off_is_no_gap),
        SUPPORT_TEST(a_census_without_a_school_is_missing_and_a_closed_school_is_not),
        SUPPORT_TEST(a_source_that_never_came_is_not_loaded_and_no_gap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
