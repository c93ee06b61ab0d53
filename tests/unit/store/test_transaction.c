#include "thing.h"
#include <pthread.h>
#include <stdatomic.h>

static void
what_is_rolled_back_never_was(void **state)
{
    struct job *j = support_job(state);

    thing_table(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 1, "a"));
    assert_int_equal(thing_count(j), 1);
    db_rollback(j);
    assert_int_equal(thing_count(j), 0);
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 1, "a"));
    assert_ok(j, db_commit(j));
    assert_int_equal(thing_count(j), 1);
}

static void
transactions_do_not_nest(void **state)
{
    struct job *j = support_job(state);

    thing_table(j);
    assert_err(j, db_commit(j), ERR_FAULT);
    assert_ok(j, db_begin(j));
    assert_err(j, db_begin(j), ERR_FAULT);
    assert_ok(j, thing_add(j, 1, "a"));
    assert_ok(j, db_commit(j));
    assert_err(j, db_commit(j), ERR_FAULT);
    assert_int_equal(thing_count(j), 1);
}

static void
a_scope_that_ends_with_a_transaction_open_rolls_it_back(void **state)
{
    struct job *j = support_job(state);
    struct scope s;

    thing_table(j);
    s = job_scope_begin(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 1, "a"));
    job_scope_end(j, s);
    assert_int_equal(thing_count(j), 0);
    assert_ok(j, db_begin(j));
    assert_ok(j, db_commit(j));
}

static void
a_job_that_borrowed_the_connection_leaves_nothing_open(void **state)
{
    struct job *j = support_job(state);
    struct db *db;
    struct job inner;
    struct rows q;

    thing_table(j);
    db = j->db;
    assert_ok(j, thing_add(j, 1, "a"));
    job_init_child(&inner, j, JOB_MB);
    db_use(&inner, db);
    assert_ok(&inner, db_begin(&inner));
    assert_ok(&inner, thing_add(&inner, 2, "b"));
    db_ask(&inner, &q, "SELECT id FROM thing WHERE area_id = 1", NO_ARGS);
    assert_true(db_next(&q));
    job_end(&inner);
    assert_null(inner.db);
    assert_int_equal(thing_count(j), 1);
}

static enum err
needs_more_than_it_may(struct job *j, void *arg)
{
    struct rows q;
    enum err e;

    (void)arg;
    if ((e = db_begin(j)) || (e = thing_add(j, 2, "b")))
        return e;
    db_ask(j, &q, "SELECT id FROM thing WHERE area_id = 1", NO_ARGS);
    while (db_next(&q))
        memset(job_alloc(j, 4 * JOB_MB), 1, 1);
    return db_done(&q);
}

static void
running_out_of_memory_within_a_transaction_rolls_it_back(void **state)
{
    struct job *j = support_job(state);
    struct job inner;

    thing_table(j);
    assert_ok(j, thing_add(j, 1, "a"));
    job_init_child(&inner, j, JOB_MB);
    db_use(&inner, j->db);
    assert_err(&inner, job_run(&inner, needs_more_than_it_may, NULL), ERR_BUSY);
    job_end(&inner);
    assert_int_equal(thing_count(j), 1);
}

static void
after_an_error_a_transaction_can_only_be_rolled_back(void **state)
{
    struct job *j = support_job(state);

    thing_table(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 1, "a"));
    assert_err(j, thing_add(j, 1, "a"), ERR_CONFLICT);
    assert_err(j, thing_add(j, 2, "b"), ERR_FAULT);
    assert_err(j, db_commit(j), ERR_FAULT);
    assert_int_equal(thing_count(j), 0);
    assert_ok(j, thing_add(j, 2, "b"));
}

static void
on_conflict_keeps_the_transaction_alive(void **state)
{
    struct job *j = support_job(state);
    int64_t changed = -1;

    thing_table(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 1, "a"));
    assert_ok(j, db_run(j, "INSERT INTO thing (area_id, id, name) VALUES (1, $1, $2)"
                           " ON CONFLICT (area_id, id) DO NOTHING",
                        ARGS(INT(1), TEXT("b")), &changed));
    assert_int_equal(changed, 0);
    assert_ok(j, db_run(j, "INSERT INTO thing (area_id, id, name) VALUES (1, $1, $2)"
                           " ON CONFLICT (area_id, id) DO UPDATE SET name = excluded.name",
                        ARGS(INT(1), TEXT("c")), &changed));
    assert_int_equal(changed, 1);
    assert_ok(j, db_commit(j));
    assert_int_equal(thing_count(j), 1);
}

static void
a_reader_sees_one_snapshot_from_its_first_question_on(void **state)
{
    struct job *j = support_job(state);
    struct job reader;

    thing_table(j);
    thing_other(j, DB_READ, &reader);
    assert_ok(j, thing_add(j, 1, "a"));
    assert_int_equal(thing_count(&reader), 1);
    assert_ok(j, thing_add(j, 2, "b"));
    assert_int_equal(thing_count(&reader), 1);
    db_rollback(&reader);
    assert_int_equal(thing_count(&reader), 2);
    job_end(&reader);
}

static void
a_reader_never_sees_what_is_not_committed(void **state)
{
    struct job *j = support_job(state);
    struct job reader;

    thing_table(j);
    thing_other(j, DB_READ, &reader);
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 1, "a"));
    assert_int_equal(thing_count(&reader), 0);
    assert_ok(j, db_commit(j));
    assert_int_equal(thing_count(&reader), 0);
    job_end(&reader);
}

static void
a_reader_cannot_change_anything(void **state)
{
    static const char *const statements[] = {
        "INSERT INTO thing (area_id, id) VALUES (1, 1)",
        "UPDATE thing SET name = 'x' WHERE area_id = 1",
        "DELETE FROM thing WHERE area_id = 1",
        "DROP TABLE thing",
        "CREATE TABLE other (area_id INTEGER NOT NULL PRIMARY KEY)",
    };
    struct job *j = support_job(state);
    struct job reader;
    struct rows q;

    thing_table(j);
    assert_ok(j, thing_add(j, 7, "a"));
    thing_other(j, DB_READ, &reader);
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        assert_err(&reader, db_run(&reader, statements[i], NO_ARGS, NULL), ERR_FAULT);
    db_ask(&reader, &q, "DELETE FROM thing WHERE area_id = 1 RETURNING id", NO_ARGS);
    assert_false(db_next(&q));
    assert_err(&reader, db_done(&q), ERR_FAULT);
    assert_err(&reader, db_begin(&reader), ERR_FAULT);
    assert_err(&reader, db_reloadable(&reader, true), ERR_FAULT);
    assert_int_equal(thing_count(&reader), 1);
    job_end(&reader);
    assert_int_equal(thing_count(j), 1);
}

static void
a_reader_goes_on_after_an_error(void **state)
{
    struct job *j = support_job(state);
    struct job reader;
    int64_t n;

    thing_table(j);
    thing_other(j, DB_READ, &reader);
    assert_int_equal(thing_count(&reader), 0);
    assert_err(&reader, db_int(&reader, "SELECT nothing FROM thing", NO_ARGS, 0, &n), ERR_FAULT);
    assert_int_equal(thing_count(&reader), 0);
    job_end(&reader);
}

struct writer {
    pthread_t thread;
    struct job job;
    const char *url;
    enum err err;
};

static enum err
add_one_to_all(struct job *j)
{
    int64_t n;
    enum err e;

    /* read, then write what was read: right only when writers queue */
    if ((e = db_begin(j)) ||
        (e = db_int(j, "SELECT n FROM thing WHERE area_id = 1 AND id = 1", NO_ARGS, 0, &n)) ||
        (e = db_run(j, "UPDATE thing SET n = $1 WHERE area_id = 1 AND id = 1", ARGS(INT(n + 1)),
                    NULL)))
        return e;
    return db_commit(j);
}

enum { WRITERS = 4, TIMES = 50 };

static void *
write_many(void *arg)
{
    struct writer *w = arg;

    w->err = db_open(&w->job, w->url, DB_WRITE, &w->job.db);
    for (int i = 0; i < TIMES && !w->err; i++)
        w->err = add_one_to_all(&w->job);
    job_end(&w->job);
    return NULL;
}

static void
writers_wait_for_each_other(void **state)
{
    struct job *j = support_job(state);
    struct writer w[WRITERS];
    int64_t n;

    thing_table(j);
    assert_ok(j, thing_add(j, 1, "counter"));
    assert_ok(j, db_run(j, "UPDATE thing SET n = 0 WHERE area_id = 1", NO_ARGS, NULL));
    for (int i = 0; i < WRITERS; i++) {
        w[i] = (struct writer){.url = support_url(j)};
        job_init_child(&w[i].job, j, JOB_MB);
        assert_int_equal(pthread_create(&w[i].thread, NULL, write_many, &w[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(w[i].thread, NULL);
        assert_ok(&w[i].job, w[i].err);
    }
    assert_ok(j, db_int(j, "SELECT n FROM thing WHERE area_id = 1", NO_ARGS, 0, &n));
    assert_int_equal(n, WRITERS * TIMES);
}

struct load {
    pthread_t thread;
    struct job job;
    const char *url;
    atomic_bool stop;
    int64_t chunks;
    enum err err;
};
enum { CHUNK = 200, MOST_CHUNKS = 20000, SHORT = 20 };

static enum err
load_chunk(struct job *j, int64_t chunk)
{
    struct bulk *b;
    enum err e;

    if ((e = db_begin(j)) || (e = db_bulk_begin(j, "thing", "area_id, id", "ii", &b)))
        return e;
    for (int64_t i = 0; i < CHUNK && !e; i++)
        e = db_bulk_row(b, (const struct arg[]){INT(1), INT(1000 + chunk * CHUNK + i)});
    if (e || (e = db_bulk_end(b, NULL)))
        return e;
    return db_commit(j);
}

/* Chunk after chunk without a pause, until told to stop. */
static void *
load_without_a_pause(void *arg)
{
    struct load *l = arg;

    if (!(l->err = db_open(&l->job, l->url, DB_WRITE, &l->job.db)))
        l->err = db_reloadable(&l->job, true);
    while (!l->err && !l->stop && l->chunks < MOST_CHUNKS) {
        struct scope s = job_scope_begin(&l->job);
        l->err = load_chunk(&l->job, l->chunks++);
        job_scope_end(&l->job, s);
    }
    job_end(&l->job);
    return NULL;
}

static void
a_short_writer_gets_in_between_the_chunks_of_a_load(void **state)
{
    struct job *j = support_job(state);
    struct load l = {.err = OK};
    int64_t n;

    thing_table(j);
    l.url = support_url(j);
    job_init_child(&l.job, j, 8 * JOB_MB);
    assert_int_equal(pthread_create(&l.thread, NULL, load_without_a_pause, &l), 0);
    for (int64_t i = 0; i < SHORT; i++) {
        assert_ok(j, db_begin(j));
        assert_ok(j, thing_add(j, i, "audit"));
        assert_ok(j, db_commit(j));
        assert_ok(j, db_run(j, "UPDATE thing SET n = 1 WHERE area_id = 1 AND id = $1",
                            ARGS(INT(i)), NULL));
        assert_ok(j, db_int(j, "UPDATE thing SET n = n + 1 WHERE area_id = 1 AND id = $1"
                               " RETURNING n", ARGS(INT(i)), -1, &n));
        assert_int_equal(n, 2);
    }
    l.stop = true;
    pthread_join(l.thread, NULL);
    assert_ok(&l.job, l.err);
    assert_in_range(l.chunks, 0, MOST_CHUNKS - 1);
    assert_int_equal(thing_count(j), l.chunks * CHUNK + SHORT);
}

static void
reloadable_work_is_there_for_others_at_once(void **state)
{
    struct job *j = support_job(state);
    struct job reader;

    thing_table(j);
    assert_ok(j, db_reloadable(j, true));
    assert_ok(j, db_begin(j));
    assert_err(j, db_reloadable(j, false), ERR_FAULT);
    assert_ok(j, thing_add(j, 1, "a"));
    assert_ok(j, db_commit(j));
    assert_ok(j, db_reloadable(j, false));
    thing_other(j, DB_READ, &reader);
    assert_int_equal(thing_count(&reader), 1);
    job_end(&reader);
}

static const char sql_synchronous[] = "PRAGMA synchronous";

static void
sqlite_commits_to_disk_unless_the_work_is_reloadable(void **state)
{
    enum { NORMAL = 1, FULL = 2 };
    struct job *j = support_job(state);
    int64_t level;

    if (support_postgresql())
        return;
    support_db(j);
    assert_ok(j, db_int(j, sql_synchronous, NO_ARGS, -1, &level));
    assert_int_equal(level, FULL);
    assert_ok(j, db_reloadable(j, true));
    assert_ok(j, db_int(j, sql_synchronous, NO_ARGS, -1, &level));
    assert_int_equal(level, NORMAL);
    assert_ok(j, db_reloadable(j, false));
    assert_ok(j, db_int(j, sql_synchronous, NO_ARGS, -1, &level));
    assert_int_equal(level, FULL);
}

static void
analyse_runs_between_transactions(void **state)
{
    struct job *j = support_job(state);

    thing_table(j);
    assert_ok(j, thing_add(j, 1, "a"));
    assert_ok(j, db_analyse(j));
    assert_int_equal(thing_count(j), 1);
}

static void
the_connection_goes_with_its_job(void **state)
{
    struct job *j = support_job(state);
    struct job other;

    thing_table(j);
    thing_other(j, DB_WRITE, &other);
    assert_ok(&other, db_begin(&other));
    assert_ok(&other, thing_add(&other, 1, "a"));
    job_end(&other);
    assert_null(other.db);
    assert_int_equal(thing_count(j), 0);
    assert_ok(j, thing_add(j, 1, "a"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(what_is_rolled_back_never_was),
        SUPPORT_TEST(transactions_do_not_nest),
        SUPPORT_TEST(a_scope_that_ends_with_a_transaction_open_rolls_it_back),
        SUPPORT_TEST(a_job_that_borrowed_the_connection_leaves_nothing_open),
        SUPPORT_TEST(running_out_of_memory_within_a_transaction_rolls_it_back),
        SUPPORT_TEST(after_an_error_a_transaction_can_only_be_rolled_back),
        SUPPORT_TEST(on_conflict_keeps_the_transaction_alive),
        SUPPORT_TEST(a_reader_sees_one_snapshot_from_its_first_question_on),
        SUPPORT_TEST(a_reader_never_sees_what_is_not_committed),
        SUPPORT_TEST(a_reader_cannot_change_anything),
        SUPPORT_TEST(a_reader_goes_on_after_an_error),
        SUPPORT_TEST(writers_wait_for_each_other),
        SUPPORT_TEST(a_short_writer_gets_in_between_the_chunks_of_a_load),
        SUPPORT_TEST(reloadable_work_is_there_for_others_at_once),
        SUPPORT_TEST(sqlite_commits_to_disk_unless_the_work_is_reloadable),
        SUPPORT_TEST(analyse_runs_between_transactions),
        SUPPORT_TEST(the_connection_goes_with_its_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
