/* Every store call fails once, every allocation fails once: clean each time. */
#include "store/query.h"
#include "thing.h"

/* One of everything a domain function does. */
static enum err
work(struct job *j, void *arg)
{
    const char **names = arg;
    struct query list;
    struct bulk *b;
    struct rows q;
    int64_t n;
    enum err e;

    if ((e = db_begin(j)) || (e = thing_add(j, 1, "a")) ||
        (e = db_bulk_begin(j, "thing", "area_id, id", "ii", &b)) ||
        (e = db_bulk_row(b, (const struct arg[]){INT(1), INT(2)})) ||
        (e = db_bulk_end(b, NULL)) || (e = db_int(j, sql_thing_count, NO_ARGS, 0, &n)) ||
        (e = db_commit(j)))
        return e;
    query_begin(&list, j, "SELECT id, name FROM thing WHERE area_id = $1", ARGS(INT(1)));
    query_ask(&list, &q);
    while (db_next(&q))
        *names = job_format(j, "%s %s", *names, row_text(&q, 1));
    return db_done(&q);
}

static void
start_again(struct job *j)
{
    assert_ok(j, db_run(j, "DELETE FROM thing WHERE area_id = 1", NO_ARGS, NULL));
}

static void
every_store_call_may_fail(void **state)
{
    struct job *j = support_job(state);
    enum err e = ERR_ENV;
    int nth;

    thing_table(j);
    for (nth = 1; e; nth++) {
        const char *names = "";
        struct job inner;
        job_init_child(&inner, j, JOB_MB);
        db_use(&inner, j->db);
        db_fault = nth;
        e = job_run(&inner, work, &names);
        if (e)
            assert_err(&inner, e, ERR_ENV);
        db_fault = 0;
        job_end(&inner);
        assert_true(thing_count(j) == 0 || thing_count(j) == 2);
        start_again(j);
    }
    assert_in_range(nth, 10, 100);
}

static void
every_allocation_may_fail(void **state)
{
    struct job *j = support_job(state);
    enum err e = ERR_BUSY;
    int nth;

    thing_table(j);
    for (nth = 1; e; nth++) {
        const char *names = "";
        struct job inner;
        job_init_child(&inner, j, JOB_MB);
        db_use(&inner, j->db);
        job_alloc_fault = nth;
        e = job_run(&inner, work, &names);
        if (e)
            assert_err(&inner, e, ERR_BUSY);
        job_alloc_fault = 0;
        job_end(&inner);
        assert_true(thing_count(j) == 0 || thing_count(j) == 2);
        start_again(j);
    }
    assert_in_range(nth, 5, 100);
}

struct place {
    const char *url, *path;
};

static enum err
open_and_copy(struct job *j, void *arg)
{
    const struct place *p = arg;
    struct db_pool *pool;
    enum err e;

    if ((e = db_migrate(j, p->url)) || (e = db_pool_open(j, p->url, 2, &pool)) ||
        (e = db_pool_take(j, pool)))
        return e;
    return db_backup(j, p->url, p->path);
}

static void
opening_and_copying_survive_any_allocation_that_fails(void **state)
{
    struct job *j = support_job(state);
    struct place p;
    enum err e = ERR_BUSY;
    int nth;

    support_db(j);
    p = (struct place){support_url(j), NULL};
    for (nth = 1; e; nth++) {
        struct job inner;
        job_init_child(&inner, j, 16 * JOB_MB);
        p.path = support_path(j, job_format(j, "copy-%d", nth));
        job_alloc_fault = nth;
        e = job_run(&inner, open_and_copy, &p);
        if (e)
            assert_err(&inner, e, ERR_BUSY);
        job_alloc_fault = 0;
        job_end(&inner);
    }
    assert_in_range(nth, 5, 500);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_store_call_may_fail),
        SUPPORT_TEST(every_allocation_may_fail),
        SUPPORT_TEST(opening_and_copying_survive_any_allocation_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
