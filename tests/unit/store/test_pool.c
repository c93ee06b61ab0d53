#include "thing.h"
#include <pthread.h>

static void
a_job_borrows_a_reader_and_gives_it_back(void **state)
{
    struct job *j = support_job(state);
    struct db_pool *pool;
    struct job page;
    struct db *lent;

    thing_table(j);
    assert_ok(j, thing_add(j, 1, "a"));
    assert_ok(j, db_pool_open(j, support_url(j), 2, &pool));
    for (int64_t i = 1; i < 5; i++) {
        job_init_child(&page, j, JOB_MB);
        assert_ok(&page, db_pool_take(&page, pool));
        assert_int_equal(thing_count(&page), i);
        assert_err(&page, thing_add(&page, 9, "x"), ERR_FAULT);
        lent = page.db;
        assert_non_null(lent);
        job_end(&page);
        assert_null(page.db);
        assert_ok(j, thing_add(j, i + 1, "b"));
    }
}

static void
each_job_sees_one_snapshot_and_the_next_job_a_newer_one(void **state)
{
    struct job *j = support_job(state);
    struct db_pool *pool;
    struct job page;

    thing_table(j);
    assert_ok(j, db_pool_open(j, support_url(j), 1, &pool));
    for (int64_t i = 0; i < 3; i++) {
        job_init_child(&page, j, JOB_MB);
        assert_ok(&page, db_pool_take(&page, pool));
        assert_int_equal(thing_count(&page), i);
        assert_ok(j, thing_add(j, i, "a"));
        assert_int_equal(thing_count(&page), i);
        job_end(&page);
    }
}

static void
a_reader_left_in_the_middle_of_its_rows_is_clean_again(void **state)
{
    struct job *j = support_job(state);
    struct db_pool *pool;
    struct job page;
    struct rows q;

    thing_table(j);
    for (int64_t i = 0; i < 5; i++)
        assert_ok(j, thing_add(j, i, "a"));
    assert_ok(j, db_pool_open(j, support_url(j), 1, &pool));
    for (int i = 0; i < 2; i++) {
        job_init_child(&page, j, JOB_MB);
        assert_ok(&page, db_pool_take(&page, pool));
        db_ask(&page, &q, "SELECT id FROM thing WHERE area_id = 1 ORDER BY id", NO_ARGS);
        assert_true(db_next(&q));
        assert_int_equal(row_int(&q, 0), 0);
        job_end(&page);
    }
}

static void
a_place_that_is_not_there_fails_at_once(void **state)
{
    struct job *j = support_job(state);
    struct db_pool *pool;

    assert_err(j, db_pool_open(j, job_format(j, "sqlite:%s", support_path(j, "none.db")), 2, &pool),
               ERR_ENV);
}

enum { READERS = 8, CONNECTIONS = 3, PAGES = 30, ROWS = 20 };

struct reader {
    pthread_t thread;
    struct job job;
    struct db_pool *pool;
    enum err err;
    int wrong;
};

/* Whole chunks of ROWS only, whenever it looks. */
static void *
read_pages(void *arg)
{
    struct reader *r = arg;

    for (int i = 0; i < PAGES && !r->err; i++) {
        struct scope s = job_scope_begin(&r->job);
        int64_t first = 0, second = 0;
        if (!(r->err = db_pool_take(&r->job, r->pool)) &&
            !(r->err = db_int(&r->job, sql_thing_count, NO_ARGS, -1, &first)))
            r->err = db_int(&r->job, sql_thing_count, NO_ARGS, -1, &second);
        r->wrong += first != second || first % ROWS;
        job_scope_end(&r->job, s);
    }
    job_end(&r->job);
    return NULL;
}

static void
more_threads_than_connections_read_while_one_writes(void **state)
{
    struct job *j = support_job(state);
    struct reader r[READERS];
    struct db_pool *pool;

    thing_table(j);
    assert_ok(j, db_pool_open(j, support_url(j), CONNECTIONS, &pool));
    for (int i = 0; i < READERS; i++) {
        r[i] = (struct reader){.pool = pool};
        job_init_child(&r[i].job, j, JOB_MB);
        assert_int_equal(pthread_create(&r[i].thread, NULL, read_pages, &r[i]), 0);
    }
    for (int64_t chunk = 0; chunk < 20; chunk++) {
        assert_ok(j, db_begin(j));
        for (int64_t i = 0; i < ROWS; i++)
            assert_ok(j, thing_add(j, chunk * ROWS + i, "a"));
        assert_ok(j, db_commit(j));
    }
    for (int i = 0; i < READERS; i++) {
        pthread_join(r[i].thread, NULL);
        assert_ok(&r[i].job, r[i].err);
        assert_int_equal(r[i].wrong, 0);
    }
    assert_int_equal(thing_count(j), 20 * ROWS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_job_borrows_a_reader_and_gives_it_back),
        SUPPORT_TEST(each_job_sees_one_snapshot_and_the_next_job_a_newer_one),
        SUPPORT_TEST(a_reader_left_in_the_middle_of_its_rows_is_clean_again),
        SUPPORT_TEST(a_place_that_is_not_there_fails_at_once),
        SUPPORT_TEST(more_threads_than_connections_read_while_one_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
