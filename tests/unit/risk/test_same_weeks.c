/* The same school weeks of each year, chosen codes left out: counted from weeks made by hand,
 * read from a snapshot. */
#include "risk/same_weeks.h"
#include "access/actor.h"
#include "risk/same_weeks_rows.h"
#include "risk/sessions.h"
#include "support/small_marks.h"
#include "support/small_timeline.h"
#include "support/support.h"
#include <math.h>

enum { CHILDREN = 4, WEEKS = 10, WEEK = 7 };

static uint64_t
bit(const char *code)
{
    return UINT64_C(1) << attendance_code(span_of(code));
}

static int32_t
first_monday(int32_t year)
{
    int32_t day = date_from_ymd(year, 9, 3);

    return day + (WEEK - date_weekday(day)) % WEEK;
}

/* What the nth child missed in a week of that year, of ten sessions; 2020/21 brought X. */
static const char *
codes_of(int32_t year, int week, int child)
{
    if (child == 0)
        return year == 2020 ? "XXXXXXXX/\\" : "/\\/\\/\\/\\/\\";
    if (child == 1 && week % 2)
        return year == 2020 ? "IIII/\\/\\/\\" : "II/\\/\\/\\/\\";
    return "/\\/\\/\\/\\/\\";
}

static const struct marks *
marks_of_years(struct job *j, int32_t first, int32_t last)
{
    struct small_marks *m = small_marks_new(j);

    for (int32_t year = first; year <= last; year++)
        for (int w = 0; w < WEEKS; w++)
            for (int c = 0; c < CHILDREN; c++)
                small_week(m, first_monday(year) + WEEK * w, 1 + c, codes_of(year, w, c));
    return small_marks_done(m);
}

static struct statistics
count(struct job *j, const struct marks *marks, int32_t from)
{
    struct small *s = small_new(j);
    struct statistics out = {0};
    struct years y;

    for (int c = 0; c < CHILDREN; c++)
        small_child(s, 'F');
    assert_ok(j, years_of(j, small_done(s), NULL, &y));
    y.first = from;
    y.from = from;
    y.marks = marks;
    assert_ok(j, same_weeks_count(j, &y, &out));
    return out;
}

static int64_t
value_of(const struct statistics *s, enum same_kept kept, int32_t year, const char *item)
{
    for (size_t i = 0; i < s->n; i++)
        if (!strcmp(s->row[i].name, same_kept_names[kept]) && s->row[i].school_year == year &&
            !strcmp(s->row[i].item, item))
            return s->row[i].value;
    return -1;
}

static const char sql_snapshot[] =
    "INSERT INTO snapshot (area_id, snapshot_id, as_of, known_at, made, program, state, "
    "first_year, last_year) VALUES (1, 7, 20000, 0, 0, 'test', 'current', 2015, 2022)";
static const char sql_year[] =
    "INSERT INTO snapshot_year (area_id, snapshot_id, school_year, rows_of, digest) "
    "VALUES (1, 7, $1, 7, '')";
static const char sql_statistic[] =
    "INSERT INTO statistic (area_id, snapshot_id, name, school_year, item, value) "
    "VALUES (1, 7, $1, $2, $3, $4)";

static void
keep(struct job *j, const struct statistics *s)
{
    assert_ok(j, db_run(j, sql_snapshot, (struct args){0}, NULL));
    for (int year = 2015; year <= 2022; year++)
        assert_ok(j, db_run(j, sql_year, ARGS(INT(year)), NULL));
    for (size_t i = 0; i < s->n; i++)
        assert_ok(j, db_run(j, sql_statistic,
                            ARGS(TEXT(s->row[i].name), INT(s->row[i].school_year),
                                 TEXT(s->row[i].item), INT(s->row[i].value)), NULL));
}

static struct same_weeks *
kept_years(struct job *j, int32_t first, int32_t last, struct same_weeks_asked asked)
{
    struct same_weeks *out = job_alloc(j, sizeof *out);
    struct statistics s;

    support_db(j);
    support_area(j);
    s = count(j, marks_of_years(j, first, last), first);
    keep(j, &s);
    assert_ok(j, same_weeks_get(j, asked, out));
    return out;
}

static const struct same_year *
year_of(const struct same_weeks *s, int32_t year)
{
    for (size_t i = 0; i < s->n_years; i++)
        if (s->year[i].year == year)
            return &s->year[i];
    fail_msg("%d is not compared", (int)year);
    return NULL;
}

static void
a_week_is_counted_by_code_and_what_was_possible(void **state)
{
    struct job *j = support_job(state);
    struct statistics s;

    support_db(j);
    support_area(j);
    s = count(j, marks_of_years(j, 2019, 2020), 2019);
    assert_int_equal(value_of(&s, SAME_SESSIONS, 2020, "01 X"), 8);
    assert_int_equal(value_of(&s, SAME_COUNTED, 2020, "01 X"), 8);
    assert_int_equal(value_of(&s, SAME_SESSIONS, 2020, "02 I"), 4);
    assert_int_equal(value_of(&s, SAME_SESSIONS, 2020, "01 I"), -1);
    assert_int_equal(value_of(&s, SAME_SCHOOLS, 2020, "10"), 1);
    assert_int_equal(value_of(&s, SAME_SCHOOLS, 2020, "11"), -1);
    assert_int_equal(value_of(&s, SAME_SESSIONS, 2019, "02 I"), 2);
    /* all four children; the one who missed 4 of 20 is persistently absent by week 2 */
    assert_int_equal(value_of(&s, SAME_PUPILS, 2020, "02"), 4);
    assert_int_equal(value_of(&s, SAME_PERSISTENT, 2020, "01"), 0);
    assert_int_equal(value_of(&s, SAME_PERSISTENT, 2020, "02"), 1);
}

static void
years_that_keep_their_rows_are_not_counted_again(void **state)
{
    struct job *j = support_job(state);
    struct statistics s;

    support_db(j);
    support_area(j);
    s = count(j, marks_of_years(j, 2019, 2020), 2020);
    assert_int_equal(value_of(&s, SAME_SCHOOLS, 2019, "01"), -1);
    assert_int_equal(value_of(&s, SAME_SCHOOLS, 2020, "01"), 1);
}

static void
the_first_ten_weeks_of_the_pandemic_are_held_against_three_years(void **state)
{
    struct job *j = support_job(state);
    struct same_weeks *s = kept_years(j, 2016, 2021, (struct same_weeks_asked){
                                                         .out = same_weeks_method()});
    const struct same_year *y;

    assert_int_equal(s->asked.year, 2020);
    assert_int_equal(s->asked.from, 1);
    assert_int_equal(s->asked.to, 10);
    assert_int_equal(s->n_used, 10);
    assert_int_equal(s->n_before, 3);
    assert_false(year_of(s, 2016)->before);
    assert_true(year_of(s, 2017)->before);
    /* forty child weeks of ten sessions, eight of ten children's weeks X */
    y = year_of(s, 2020);
    assert_int_equal(y->sums.possible, 400 - 80);
    assert_int_equal(y->sums.out, 80);
    assert_int_equal(y->sums.missed, 5 * 4);
    assert_int_equal(s->before.part, 3 * 5 * 2);
    assert_int_equal(s->before.whole, 3 * 400);
    /* odd weeks alike, even weeks 4 of 32 against 2 of 40 */
    assert_true(fabs(s->by.value - (4 / 32.0 - 2 / 40.0) / 2) < 1e-12);
    assert_true(s->by.known && s->by.low > 0);
    assert_true(y->absence.known && y->absence.low < 20 / 320.0 && y->absence.high > 20 / 320.0);
    assert_int_equal(y->persistent.whole, 4);
    assert_int_equal(y->persistent.part, 1); /* 20 of 100 */
    assert_int_equal(year_of(s, 2019)->persistent.part, 1); /* 10 of 100 */
}

static void
a_code_that_is_left_out_is_neither_missed_nor_possible(void **state)
{
    struct job *j = support_job(state);
    struct same_weeks *all = kept_years(j, 2018, 2020, (struct same_weeks_asked){0});
    struct same_weeks *without = job_alloc(j, sizeof *without);

    assert_int_equal(year_of(all, 2020)->sums.possible, 400);
    assert_int_equal(year_of(all, 2020)->sums.out, 0);
    assert_int_equal(year_of(all, 2020)->persistent.whole, 4);
    assert_ok(j, same_weeks_get(j, (struct same_weeks_asked){.out = bit("I")}, without));
    assert_int_equal(year_of(without, 2020)->sums.missed, 0);
    assert_int_equal(year_of(without, 2020)->sums.possible, 400 - 20);
    assert_int_equal(year_of(without, 2020)->persistent.whole, 0); /* not counted so */
    for (size_t i = 0; i < without->n_codes; i++)
        if (without->code[i].code == attendance_code(SPAN("I")))
            assert_int_equal(without->code[i].now, 20);
}

static void
weeks_that_a_year_has_no_register_of_are_left_out_of_all(void **state)
{
    struct job *j = support_job(state);
    struct same_weeks *s = kept_years(j, 2018, 2020, (struct same_weeks_asked){.year = 2020});

    assert_ok(j, db_run(j, "DELETE FROM statistic WHERE area_id = 1 AND school_year = 2019 AND "
                           "item LIKE '03%'", (struct args){0}, NULL));
    /* rows of a snapshot never change: who has read them reads them no more */
    assert_ok(j, db_open(j, support_url(j), DB_READ, &j->db));
    assert_ok(j, same_weeks_get(j, (struct same_weeks_asked){.year = 2020}, s));
    assert_int_equal(s->n_used, 9);
    assert_false(s->week[2].used);
    assert_int_equal(year_of(s, 2020)->sums.possible, 360);
    /* a range that nobody tells of compares nothing */
    assert_ok(j, same_weeks_get(j, (struct same_weeks_asked){2020, 20, 30, 0}, s));
    assert_int_equal(s->n_used, 0);
    assert_false(s->by.known);
}

static void
without_registers_there_is_nothing_to_compare(void **state)
{
    struct job *j = support_job(state);
    struct same_weeks *s = job_alloc(j, sizeof *s);

    support_db(j);
    support_area(j);
    assert_int_equal(same_weeks_get(j, (struct same_weeks_asked){0}, s), ERR_NOT_FOUND);
    err_clear(j);
    keep(j, &(struct statistics){0});
    assert_ok(j, same_weeks_get(j, (struct same_weeks_asked){0}, s));
    assert_int_equal(s->n_told, 0);
    assert_int_equal(s->n_years, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_week_is_counted_by_code_and_what_was_possible),
        SUPPORT_TEST(years_that_keep_their_rows_are_not_counted_again),
        SUPPORT_TEST(the_first_ten_weeks_of_the_pandemic_are_held_against_three_years),
        SUPPORT_TEST(a_code_that_is_left_out_is_neither_missed_nor_possible),
        SUPPORT_TEST(weeks_that_a_year_has_no_register_of_are_left_out_of_all),
        SUPPORT_TEST(without_registers_there_is_nothing_to_compare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
