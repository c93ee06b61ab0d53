#include "thing.h"

static const char sql_all[] = "SELECT id, name FROM thing WHERE id >= $1 ORDER BY id";
static const char sql_count[] = "SELECT COUNT(*) FROM thing WHERE id >= $1";

/* Three things, one without a name, and a pool of one reader. */
static struct db_pool *
pool_of_one(struct job *j)
{
    struct db_pool *pool;

    thing_table(j);
    assert_ok(j, thing_add(j, 1, "one"));
    assert_ok(j, thing_add(j, 2, NULL));
    assert_ok(j, thing_add(j, 3, ""));
    assert_ok(j, db_pool_open(j, support_url(j), 1, &pool));
    return pool;
}

static void
begin(struct job *j, struct job *page, struct db_pool *pool)
{
    job_init_child(page, j, JOB_MB);
    assert_ok(page, db_pool_take(page, pool));
}

/* How many rows there are from `first` on; each is looked at. */
static int
walk(struct job *j, int64_t first, int64_t version)
{
    const struct db_kept k = {sql_all, "it", version};
    struct rows q;
    int n = 0;

    db_ask_kept(j, &q, &k, ARGS(INT(first)));
    for (; db_next(&q); n++) {
        int64_t id = row_int(&q, 0);
        const char *name = row_text(&q, 1);
        size_t size = 9;
        assert_false(row_is_null(&q, 0));
        assert_int_equal(row_is_null(&q, 1), id == 2);
        if (id == 1)
            assert_string_equal(name, "one");
        else if (id == 2)
            assert_null(name);
        else
            assert_string_equal(name, "");
        assert_int_equal(row_int_or(&q, 0, 7), id);
        row_peek(&q, 1, &size);
        assert_int_equal(size, id == 1 ? 3 : 0);
    }
    assert_ok(j, db_done(&q));
    assert_false(db_next(&q));
    return n;
}

static void
an_answer_is_kept_from_job_to_job(void **state)
{
    struct job *j = support_job(state), page;
    struct db_pool *pool = pool_of_one(j);

    for (int i = 0; i < 3; i++) {
        begin(j, &page, pool);
        assert_int_equal(walk(&page, 1, 0), 3);
        assert_int_equal(walk(&page, 2, 0), 2);
        assert_int_equal(walk(&page, 9, 0), 0);
        job_end(&page);
        assert_ok(j, db_run(j, "DELETE FROM thing WHERE id = 3", NO_ARGS, NULL));
    }
}

static void
another_version_or_other_values_are_another_question(void **state)
{
    struct job *j = support_job(state), page;
    struct db_pool *pool = pool_of_one(j);

    begin(j, &page, pool);
    assert_int_equal(walk(&page, 1, 1), 3);
    job_end(&page);
    assert_ok(j, db_run(j, "DELETE FROM thing WHERE id = 3", NO_ARGS, NULL));
    begin(j, &page, pool);
    assert_int_equal(walk(&page, 1, 1), 3);
    assert_int_equal(walk(&page, 1, 2), 2);
    assert_int_equal(walk(&page, 2, 1), 1);
    job_end(&page);
}

static void
who_writes_is_always_told_what_is_there_now(void **state)
{
    struct job *j = support_job(state);

    pool_of_one(j);
    assert_int_equal(walk(j, 1, 0), 3);
    assert_ok(j, db_run(j, "DELETE FROM thing WHERE id = 3", NO_ARGS, NULL));
    assert_int_equal(walk(j, 1, 0), 2);
}

static void
an_answer_that_failed_is_not_kept(void **state)
{
    const struct db_kept k = {"SELECT nothing FROM nowhere WHERE id = $1", "i", 0};
    struct job *j = support_job(state), page;
    struct db_pool *pool = pool_of_one(j);
    struct rows q;

    begin(j, &page, pool);
    db_ask_kept(&page, &q, &k, ARGS(INT(1)));
    assert_false(db_next(&q));
    assert_err(&page, db_done(&q), ERR_FAULT);
    err_clear(&page);
    for (int i = 1; i < 4; i++) {
        db_fault = i;
        db_ask_kept(&page, &q, &(struct db_kept){sql_all, "it", 0}, ARGS(INT(1)));
        while (db_next(&q))
            continue;
        assert_err(&page, db_done(&q), ERR_ENV);
        db_fault = 0;
        err_clear(&page);
    }
    assert_int_equal(walk(&page, 1, 0), 3);
    job_end(&page);
}

static void
many_answers_make_room_when_the_job_has_ended(void **state)
{
    struct job *j = support_job(state), page;
    struct db_pool *pool = pool_of_one(j);
    int64_t n = 0;

    begin(j, &page, pool);
    for (int64_t version = 1; version < 12000; version++)
        assert_ok(&page, db_int_kept(&page, &(struct db_kept){sql_count, "i", version},
                                     ARGS(INT(1)), 0, &n));
    assert_int_equal(n, 3);
    job_end(&page);
    assert_ok(j, db_run(j, "DELETE FROM thing WHERE id = 3", NO_ARGS, NULL));
    begin(j, &page, pool);
    assert_ok(&page, db_int_kept(&page, &(struct db_kept){sql_count, "i", 1}, ARGS(INT(1)), 0,
                                 &n));
    assert_int_equal(n, 2);
    job_end(&page);
}

static void
a_number_is_asked_once_a_snapshot(void **state)
{
    struct job *j = support_job(state), page;
    struct db_pool *pool = pool_of_one(j);
    int64_t n;

    for (int64_t i = 3; i > 1; i--) {
        begin(j, &page, pool);
        assert_ok(&page, db_int_once(&page, sql_count, 1, &n));
        assert_int_equal(n, i);
        assert_ok(&page, db_int_once(&page, sql_count, 2, &n));
        assert_int_equal(n, i - 1);
        db_fault = 1; /* whoever asks the database is refused */
        assert_ok(&page, db_int_once(&page, sql_count, 1, &n));
        assert_int_equal(n, i);
        db_fault = 0;
        job_end(&page);
        assert_ok(j, db_run(j, "DELETE FROM thing WHERE id = $1", ARGS(INT(i)), NULL));
    }
    assert_ok(j, db_int_once(j, sql_count, 1, &n));
    assert_int_equal(n, 1);
    assert_ok(j, thing_add(j, 5, "five"));
    assert_ok(j, db_int_once(j, sql_count, 1, &n));
    assert_int_equal(n, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(an_answer_is_kept_from_job_to_job),
        SUPPORT_TEST(another_version_or_other_values_are_another_question),
        SUPPORT_TEST(who_writes_is_always_told_what_is_there_now),
        SUPPORT_TEST(an_answer_that_failed_is_not_kept),
        SUPPORT_TEST(many_answers_make_room_when_the_job_has_ended),
        SUPPORT_TEST(a_number_is_asked_once_a_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
