#include "people/school_day.h"
#include "base/random.h"
#include "support/support.h"

#define D(y, m, d) date_from_ymd(y, m, d)

/* Two schools in 2024/25: 1 follows the authority, 2 has terms of its own. */
static const struct {
    int64_t urn;
    int rank;
    struct ymd from, last;
    enum school_day_kind kind;
} year[] = {
    {0, 1, {2024, 9, 3}, {2024, 10, 25}, SCHOOL_TERM},
    {0, 1, {2024, 11, 4}, {2024, 12, 20}, SCHOOL_TERM},
    {0, 1, {2025, 1, 6}, {2025, 2, 14}, SCHOOL_TERM},
    {0, 1, {2024, 9, 3}, {2024, 9, 3}, SCHOOL_INSET},
    {1, 2, {2025, 1, 8}, {2025, 1, 9}, SCHOOL_CLOSED},
    {1, 2, {2024, 12, 20}, {2024, 12, 20}, SCHOOL_HALF_DAY},
    {2, 1, {2024, 9, 2}, {2024, 10, 18}, SCHOOL_TERM},
    {2, 1, {2024, 10, 18}, {2024, 10, 18}, SCHOOL_INSET},
};
enum { YEAR = sizeof year / sizeof *year };

static struct school_calendars *
calendars(struct job *j)
{
    struct school_day_row row[YEAR];

    for (int i = 0; i < YEAR; i++)
        row[i] = (struct school_day_row){
            .urn = year[i].urn,
            .rank = year[i].rank,
            .from = date_from_ymd(year[i].from.year, year[i].from.month, year[i].from.day),
            .to = date_from_ymd(year[i].last.year, year[i].last.month, year[i].last.day) + 1,
            .kind = year[i].kind,
        };
    return school_days_make(j, row, YEAR);
}

static void
weekends_and_holidays_are_no_school_days(void **state)
{
    const struct school_days *d = school_days_of(calendars(support_job(state)), 9);

    assert_true(school_day_is(d, D(2024, 10, 25)));
    assert_false(school_day_is(d, D(2024, 9, 7)));
    assert_false(school_day_is(d, D(2024, 9, 8)));
    assert_false(school_day_is(d, D(2024, 10, 28)));
    assert_false(school_day_is(d, D(2024, 12, 25)));
    assert_false(school_day_is(d, D(1999, 9, 7)));
    assert_int_equal(school_day_count(d, D(2024, 9, 1), D(2024, 11, 1)), 38);
}

static void
a_training_day_is_no_school_day(void **state)
{
    const struct school_days *d = school_days_of(calendars(support_job(state)), 9);

    assert_false(school_day_is(d, D(2024, 9, 3)));
    assert_true(school_day_is(d, D(2024, 9, 4)));
}

static void
a_closure_of_one_school_is_laid_over_the_authoritys_terms(void **state)
{
    struct school_calendars *c = calendars(support_job(state));

    assert_false(school_day_is(school_days_of(c, 1), D(2025, 1, 8)));
    assert_true(school_day_is(school_days_of(c, 9), D(2025, 1, 8)));
    assert_true(school_day_is(school_days_of(c, 1), D(2025, 1, 10)));
    assert_false(school_day_is(school_days_of(c, 1), D(2024, 9, 3)));
}

static void
a_half_day_has_one_session_and_is_a_school_day(void **state)
{
    struct school_calendars *c = calendars(support_job(state));

    assert_int_equal(school_day_sessions(school_days_of(c, 1), D(2024, 12, 20)), 1);
    assert_int_equal(school_day_sessions(school_days_of(c, 9), D(2024, 12, 20)), 2);
    assert_true(school_day_is(school_days_of(c, 1), D(2024, 12, 20)));
    assert_int_equal(
        school_day_count_sessions(school_days_of(c, 1), D(2024, 12, 16), D(2024, 12, 21)), 9);
}

static void
a_schools_own_terms_replace_the_authoritys_of_that_year(void **state)
{
    const struct school_days *d = school_days_of(calendars(support_job(state)), 2);

    assert_true(school_day_is(d, D(2024, 9, 2)));
    assert_true(school_day_is(d, D(2024, 9, 3))); /* the authority's training day is not its */
    assert_false(school_day_is(d, D(2024, 10, 18)));
    assert_false(school_day_is(d, D(2024, 11, 5)));
}

static void
the_latest_file_with_terms_of_a_year_counts(void **state)
{
    struct job *j = support_job(state);
    const struct school_day_row rows[] = {
        {0, 1, D(2024, 9, 2), D(2024, 12, 21), SCHOOL_TERM},
        {0, 1, D(2025, 9, 1), D(2025, 12, 20), SCHOOL_TERM},
        {0, 1, D(2024, 10, 1), D(2024, 10, 2), SCHOOL_CLOSED},
        {0, 2, D(2024, 9, 9), D(2024, 12, 21), SCHOOL_TERM},
    };
    const struct school_days *d = school_days_of(school_days_make(j, rows, 4), 1);

    assert_false(school_day_is(d, D(2024, 9, 3)));
    assert_true(school_day_is(d, D(2024, 9, 9)));
    assert_true(school_day_is(d, D(2025, 9, 1)));
    assert_false(school_day_is(d, D(2024, 10, 1))); /* a closure stays until withdrawn */
}

static void
what_the_term_dates_do_not_reach_is_not_known(void **state)
{
    struct job *j = support_job(state);
    const struct school_days *d = school_days_of(calendars(j), 1);
    const struct school_days *none = school_days_of(school_days_make(j, NULL, 0), 1);

    assert_true(school_day_known(d, D(2025, 7, 31)));
    assert_false(school_day_known(d, D(2025, 8, 1)));
    assert_false(school_day_known(d, D(2024, 7, 31)));
    assert_int_equal(school_day_add(d, D(2025, 2, 14), 1), DATE_NONE);
    assert_int_equal(school_day_add(d, D(2030, 2, 14), 1), DATE_NONE);
    assert_false(school_day_known(none, D(2024, 9, 9)));
    assert_int_equal(school_day_add(none, D(2024, 9, 9), 1), DATE_NONE);
    assert_int_equal(school_day_count(none, 0, 100000), 0);
    assert_int_equal(school_day_weeks_back(none, D(2024, 9, 9), 1), DATE_NONE);
}

static void
rows_that_make_no_sense_are_left_out(void **state)
{
    struct job *j = support_job(state);
    const struct school_day_row rows[] = {
        {0, 1, D(2024, 9, 2), D(2024, 9, 2), SCHOOL_TERM},
        {0, 1, D(2024, 9, 9), D(2024, 9, 2), SCHOOL_TERM},
        {0, 1, D(1924, 9, 2), D(1924, 12, 2), SCHOOL_TERM},
        {0, 1, D(2024, 9, 2), D(2034, 9, 2), SCHOOL_TERM},
        {0, 1, D(2124, 9, 2), D(2124, 9, 20), SCHOOL_TERM},
    };

    assert_false(school_day_known(school_days_of(school_days_make(j, rows, 5), 0),
                                  D(2024, 9, 5)));
}

static void
the_sixth_school_day_skips_the_half_term(void **state)
{
    const struct school_days *d = school_days_of(calendars(support_job(state)), 9);

    assert_int_equal(school_day_add(d, D(2024, 10, 22), 6), D(2024, 11, 6));
    assert_int_equal(school_day_add(d, D(2024, 10, 26), 0), D(2024, 11, 4));
    assert_int_equal(school_day_add(d, D(2024, 10, 26), -1), D(2024, 10, 25));
}

static void
ten_school_weeks_back_pass_over_holidays(void **state)
{
    const struct school_days *d = school_days_of(calendars(support_job(state)), 9);

    /* the week of 6 January, seven before Christmas, then those before half term */
    assert_int_equal(school_day_weeks_back(d, D(2025, 1, 9), 8), D(2024, 11, 4));
    assert_int_equal(school_day_weeks_back(d, D(2025, 1, 9), 9), D(2024, 10, 21));
    assert_int_equal(school_day_weeks_back(d, D(2025, 1, 9), 10), D(2024, 10, 14));
    assert_int_equal(school_day_weeks_back(d, D(2024, 12, 28), 1), D(2024, 12, 16));
    assert_int_equal(school_day_weeks(d, D(2024, 10, 14), D(2025, 1, 9)), 10);
}

/* ---- against counting day by day ------------------------------------------------------- */

static struct school_calendars *
random_calendars(struct job *j, struct random *r)
{
    struct school_day_row row[40];
    size_t n = 1 + (size_t)random_below(r, 40);

    for (size_t i = 0; i < n; i++) {
        int32_t from = D(2023, 9, 1) + (int32_t)random_below(r, 700);
        row[i] = (struct school_day_row){
            .urn = random_below(r, 3),
            .rank = 1 + (int)random_below(r, 2),
            .from = from,
            .to = from + 1 + (int32_t)random_below(r, 60),
            .kind = (enum school_day_kind)random_below(r, 4),
        };
    }
    return school_days_make(j, row, n);
}

static void
check_against_days(const struct school_days *d, struct random *r)
{
    int32_t date = D(2023, 8, 1) + (int32_t)random_below(r, 800), at = date;
    int32_t to = date + (int32_t)random_below(r, 100);
    int n = (int)random_below(r, 12) - 5, days = 0, sessions = 0, left = n, weeks = 0;

    for (int32_t day = date; day < to; day++) {
        days += school_day_is(d, day);
        sessions += school_day_sessions(d, day);
        assert_true(!school_day_is(d, day) || date_weekday(day) < 5);
        assert_true(!school_day_is(d, day) || school_day_known(d, day));
    }
    assert_int_equal(school_day_count(d, date, to), days);
    assert_int_equal(school_day_count_sessions(d, date, to), sessions);
    if (left == 0)
        while (at < D(2027, 1, 1) && !school_day_is(d, at))
            at++;
    for (; left > 0 && at < D(2027, 1, 1); left -= school_day_is(d, at))
        at++;
    for (; left < 0 && at > D(2020, 1, 1); left += school_day_is(d, at))
        at--;
    if (at >= D(2027, 1, 1) || at <= D(2020, 1, 1) || school_day_add(d, date, 0) == DATE_NONE)
        return; /* beyond the calendar */
    assert_int_equal(school_day_add(d, date, n), at);
    for (int32_t m = date - date_weekday(date); m <= to; m += 7)
        weeks += school_day_count(d, m, m + 7) > 0;
    assert_int_equal(school_day_weeks(d, date, to), weeks);
}

static void
counting_and_adding_agree_with_going_day_by_day(void **state)
{
    struct job *j = support_job(state);
    struct random r = random_stream(20250616, 2, 1);

    for (int round = 0; round < 150; round++) {
        struct scope s = job_scope_begin(j);
        struct school_calendars *c = random_calendars(j, &r);
        for (int i = 0; i < 40; i++)
            check_against_days(school_days_of(c, random_below(&r, 4)), &r);
        job_scope_end(j, s);
    }
}

/* n school days on and n back is the day one came from; counting them gives n. */
static void
adding_and_counting_undo_one_another(void **state)
{
    struct job *j = support_job(state);
    const struct school_days *d = school_days_of(calendars(j), 1);

    for (int32_t date = D(2024, 9, 4); date < D(2025, 2, 14); date++)
        for (int n = 1; n < 30 && school_day_is(d, date); n++) {
            int32_t on = school_day_add(d, date, n);
            if (on == DATE_NONE)
                break;
            assert_int_equal(school_day_add(d, on, -n), date);
            assert_int_equal(school_day_count(d, date, on), n);
        }
}

/* ---- from the database ------------------------------------------------------------------ */

static const char sql_batch[] =
    "INSERT INTO batch (area_id, batch_id, kind, title, digest, state, started, published, "
    "withdrawn, loaded_by, rows_read, rows_loaded, rows_refused) "
    "VALUES ($1, $2, 'calendar', 'Term dates', 'x', $3, 1, $4, $5, 'test', 0, 0, 0)";
static const char sql_term[] =
    "INSERT INTO term_date (area_id, batch_id, file_id, line, urn, started, ended, kind) "
    "VALUES ($1, $2, 1, $3, $4, $5, $6, $7)";

static void
put_batch(struct job *j, int64_t id, const char *row_state, struct arg published,
          struct arg withdrawn)
{
    assert_ok(j, db_run(j, sql_batch,
                        ARGS(INT(j->area), INT(id), TEXT(row_state), published, withdrawn), NULL));
}

static void
put_term(struct job *j, int64_t batch, int64_t line, struct arg urn, struct school_day_row r)
{
    static const char *const kinds[] = {"term", "half-day", "inset", "closed"};

    assert_ok(j, db_run(j, sql_term,
                        ARGS(INT(j->area), INT(batch), INT(line), urn, INT(r.from), INT(r.to),
                             TEXT(kinds[r.kind])),
                        NULL));
}

static void
only_what_was_published_by_then_counts(void **state)
{
    struct job *j = support_job(state);
    struct school_day_row term = {0, 0, D(2024, 9, 2), D(2024, 12, 21), SCHOOL_TERM};
    struct school_day_row closed = {0, 0, D(2024, 10, 1), D(2024, 10, 2), SCHOOL_CLOSED};
    struct school_day_row half = {0, 0, D(2024, 10, 3), D(2024, 10, 4), SCHOOL_HALF_DAY};
    struct school_day_row inset = {0, 0, D(2024, 10, 4), D(2024, 10, 5), SCHOOL_INSET};
    struct school_calendars *c;

    support_db(j);
    support_area(j);
    put_batch(j, 1, "published", INT(100), NUL);
    put_batch(j, 2, "withdrawn", INT(200), INT(300));
    put_batch(j, 3, "loading", NUL, NUL);
    put_term(j, 1, 1, NUL, term);
    put_term(j, 1, 2, INT(900001), half);
    put_term(j, 1, 3, INT(900001), inset);
    put_term(j, 2, 1, NUL, closed);
    closed.from++, closed.to++;
    put_term(j, 3, 1, NUL, closed);

    assert_ok(j, school_days_load(j, 50, &c));
    assert_false(school_day_known(school_days_of(c, 900001), D(2024, 10, 1)));
    assert_ok(j, school_days_load(j, 250, &c));
    assert_false(school_day_is(school_days_of(c, 900001), D(2024, 10, 1)));
    assert_ok(j, school_days_load(j, INT64_MAX, &c));
    assert_true(school_day_is(school_days_of(c, 900001), D(2024, 10, 1)));
    assert_true(school_day_is(school_days_of(c, 900001), D(2024, 10, 2)));
    assert_int_equal(school_day_sessions(school_days_of(c, 900001), D(2024, 10, 3)), 1);
    assert_int_equal(school_day_sessions(school_days_of(c, 900001), D(2024, 10, 4)), 0);
    assert_int_equal(school_day_sessions(school_days_of(c, 900002), D(2024, 10, 4)), 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(weekends_and_holidays_are_no_school_days),
        SUPPORT_TEST(a_training_day_is_no_school_day),
        SUPPORT_TEST(a_closure_of_one_school_is_laid_over_the_authoritys_terms),
        SUPPORT_TEST(a_half_day_has_one_session_and_is_a_school_day),
        SUPPORT_TEST(a_schools_own_terms_replace_the_authoritys_of_that_year),
        SUPPORT_TEST(the_latest_file_with_terms_of_a_year_counts),
        SUPPORT_TEST(what_the_term_dates_do_not_reach_is_not_known),
        SUPPORT_TEST(rows_that_make_no_sense_are_left_out),
        SUPPORT_TEST(the_sixth_school_day_skips_the_half_term),
        SUPPORT_TEST(ten_school_weeks_back_pass_over_holidays),
        SUPPORT_TEST(counting_and_adding_agree_with_going_day_by_day),
        SUPPORT_TEST(adding_and_counting_undo_one_another),
        SUPPORT_TEST(only_what_was_published_by_then_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
