/* The connection to PostgreSQL is cut, by its own hand.  SQLite has none to lose. */
#include "thing.h"
#include <unistd.h>

static const char sql_cut[] = "SELECT CAST(pg_terminate_backend(pg_backend_pid()) AS INTEGER)";
static const char sql_cut_others[] =
    "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'";

static bool
not_here(void)
{
    if (!support_postgresql())
        print_message("skipped: no ROOTED_TEST_DB=postgresql://..., so no connection to lose\n");
    return !support_postgresql();
}

static void
cut(struct job *j)
{
    int64_t n;

    assert_err(j, db_int(j, sql_cut, NO_ARGS, 0, &n), ERR_ENV);
    assert_says(j, "the connection to the database was lost");
    assert_says(j, "Check that PostgreSQL runs");
}

static void
a_lost_connection_says_so_and_the_job_ends_cleanly(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    if (not_here())
        return;
    thing_table(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 1, "a"));
    db_ask(j, &q, "SELECT id FROM thing WHERE area_id = 1", NO_ARGS);
    assert_true(db_next(&q));
    cut(j);
    assert_err(j, thing_add(j, 2, "b"), ERR_FAULT);
    assert_int_not_equal(db_commit(j), OK);
}

static void
after_the_roll_back_it_connects_again(void **state)
{
    struct job *j = support_job(state);

    if (not_here())
        return;
    thing_table(j);
    assert_ok(j, thing_add(j, 1, "a"));
    assert_ok(j, db_reloadable(j, true));
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 2, "b"));
    cut(j);
    db_rollback(j);
    assert_int_equal(thing_count(j), 1);
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 2, "b"));
    assert_ok(j, db_commit(j));
    assert_int_equal(thing_count(j), 2);
}

static void
a_restart_between_two_questions_is_not_noticed(void **state)
{
    struct job *j = support_job(state);
    struct job other, reader;
    int64_t n;

    if (not_here())
        return;
    thing_table(j);
    assert_ok(j, thing_add(j, 1, "a"));
    thing_other(j, DB_READ, &reader);
    assert_int_equal(thing_count(&reader), 1);
    db_rollback(&reader);
    thing_other(j, DB_WRITE, &other);
    assert_ok(&other, db_int(&other, sql_cut_others, NO_ARGS, 0, &n));
    assert_int_equal(n, 2);
    assert_int_equal(thing_count(j), 1);
    assert_int_equal(thing_count(&reader), 1);
    assert_err(&reader, thing_add(&reader, 2, "b"), ERR_FAULT);
    job_end(&other);
    job_end(&reader);
}

static void
a_lock_lost_with_its_connection_is_not_passed_over(void **state)
{
    struct job *j = support_job(state);
    struct job other;
    bool taken = false;
    int64_t n;

    if (not_here())
        return;
    support_db(j);
    assert_ok(j, db_lock(j, "load", &taken));
    assert_true(taken);
    thing_other(j, DB_WRITE, &other);
    assert_ok(&other, db_int(&other, sql_cut_others, NO_ARGS, 0, &n));
    assert_err(j, db_begin(j), ERR_ENV);
    assert_ok(&other, db_lock(&other, "load", &taken));
    assert_true(taken);
    job_end(&other);
}

static void
a_connection_lost_during_a_bulk_load_leaves_nothing(void **state)
{
    struct job *j = support_job(state);
    struct job other;
    struct bulk *b;
    enum err e = OK;
    int64_t n;

    if (not_here())
        return;
    thing_table(j);
    thing_other(j, DB_WRITE, &other);
    assert_ok(j, db_begin(j));
    assert_ok(j, db_bulk_begin(j, "thing", "area_id, id, name", "iit", &b));
    assert_ok(j, db_bulk_row(b, (const struct arg[]){INT(1), INT(0), TEXT("x")}));
    assert_ok(&other, db_int(&other, sql_cut_others, NO_ARGS, 0, &n));
    for (int64_t i = 1; i < 1000000 && !e; i++)
        e = db_bulk_row(b, (const struct arg[]){INT(1), INT(i), TEXT("a name of some length")});
    if (!e)
        e = db_bulk_end(b, NULL);
    assert_err(j, e, ERR_ENV);
    db_rollback(j);
    assert_int_equal(thing_count(&other), 0);
    assert_int_equal(thing_count(j), 0);
    job_end(&other);
}

static void
a_connection_lost_among_the_rows_is_an_error_not_the_end(void **state)
{
    struct job *j = support_job(state);
    struct job other;
    struct rows q;
    int64_t n = 0, cut_off;

    if (not_here())
        return;
    thing_table(j);
    thing_other(j, DB_WRITE, &other);
    db_ask(j, &q, "SELECT n, repeat('x', 1000) FROM generate_series(1, 100000) AS s (n)",
           NO_ARGS);
    assert_true(db_next(&q));
    assert_ok(&other, db_int(&other, sql_cut_others, NO_ARGS, 0, &cut_off));
    while (db_next(&q))
        n++;
    assert_err(j, db_done(&q), ERR_ENV);
    assert_true(n < 99999);
    job_end(&other);
}

static void
a_server_that_is_gone_for_good_is_an_error_each_time(void **state)
{
    struct job *j = support_job(state);
    struct job other;
    int64_t n;

    if (not_here())
        return;
    thing_table(j);
    job_init_child(&other, j, JOB_MB);
    assert_ok(&other, db_open(&other, support_empty_url(j), DB_WRITE, &other.db));
    assert_ok(&other, db_int(&other, "SELECT 1", NO_ARGS, 0, &n));
    assert_ok(j, db_run(j, job_format(j, "DROP DATABASE %s WITH (FORCE)",
                                      job_format(j, "rooted_test_%d_empty", (int)getpid())),
                        NO_ARGS, NULL));
    for (int i = 0; i < 3; i++)
        assert_err(&other, db_int(&other, "SELECT 1", NO_ARGS, 0, &n), ERR_ENV);
    job_end(&other);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_lost_connection_says_so_and_the_job_ends_cleanly),
        SUPPORT_TEST(after_the_roll_back_it_connects_again),
        SUPPORT_TEST(a_restart_between_two_questions_is_not_noticed),
        SUPPORT_TEST(a_lock_lost_with_its_connection_is_not_passed_over),
        SUPPORT_TEST(a_connection_lost_during_a_bulk_load_leaves_nothing),
        SUPPORT_TEST(a_connection_lost_among_the_rows_is_an_error_not_the_end),
        SUPPORT_TEST(a_server_that_is_gone_for_good_is_an_error_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
