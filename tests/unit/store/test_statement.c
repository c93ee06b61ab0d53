#include "thing.h"

static const char sql_ids[] = "SELECT id FROM thing WHERE area_id = 1 AND id >= $1 ORDER BY id";
enum { ROWS = 500 };

static void
many_things(struct job *j)
{
    thing_table(j);
    assert_ok(j, db_begin(j));
    for (int64_t i = 0; i < ROWS; i++)
        assert_ok(j, thing_add(j, i, i % 3 ? job_format(j, "thing %lld", (long long)i) : NULL));
    assert_ok(j, db_commit(j));
}

static void
the_same_question_may_be_asked_within_itself(void **state)
{
    struct job *j = support_job(state);
    struct rows outer, inner;
    int64_t pairs = 0;

    many_things(j);
    db_ask(j, &outer, sql_ids, ARGS(INT(ROWS - 20)));
    while (db_next(&outer)) {
        db_ask(j, &inner, sql_ids, ARGS(INT(row_int(&outer, 0))));
        while (db_next(&inner))
            pairs += row_int(&inner, 0) >= row_int(&outer, 0);
        assert_ok(j, db_done(&inner));
    }
    assert_ok(j, db_done(&outer));
    assert_int_equal(pairs, 20 * 21 / 2);
}

/* PostgreSQL takes the rows on their way off the wire and holds them. */
static void
rows_wait_while_others_are_asked_and_written(void **state)
{
    struct job *j = support_job(state);
    struct rows q;
    int64_t n = 0;

    many_things(j);
    db_ask(j, &q, "SELECT id, name, content FROM thing WHERE area_id = 1 ORDER BY id", NO_ARGS);
    while (db_next(&q)) {
        const char *name = row_text(&q, 1);
        assert_int_equal(row_int(&q, 0), n);
        if (n % 3)
            assert_string_equal(name, job_format(j, "thing %lld", (long long)n));
        else
            assert_null(name);
        assert_true(row_is_null(&q, 2));
        if (n++ % 50 == 7) {
            assert_ok(j, db_run(j, "UPDATE thing SET n = $1 WHERE area_id = 1 AND id = $2",
                                ARGS(INT(n), INT(row_int(&q, 0))), NULL));
            assert_int_equal(thing_count(j), ROWS);
            assert_int_equal(row_int(&q, 0), n - 1);
        }
    }
    assert_ok(j, db_done(&q));
    assert_int_equal(n, ROWS);
}

static void
borrowed_text_stays_until_the_next_row(void **state)
{
    struct job *j = support_job(state);
    struct rows q;
    const char *name;
    size_t n;

    many_things(j);
    db_ask(j, &q, "SELECT name FROM thing WHERE area_id = 1 AND name IS NOT NULL ORDER BY id",
           NO_ARGS);
    assert_true(db_next(&q));
    name = row_peek(&q, 0, &n);
    assert_int_equal(thing_count(j), ROWS);
    assert_string_equal(name, "thing 1");
    assert_ok(j, db_done(&q));
}

static void
rows_may_be_left_before_their_end(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    many_things(j);
    for (int i = 0; i < 3; i++) {
        db_ask(j, &q, sql_ids, ARGS(INT(i)));
        assert_true(db_next(&q));
        assert_int_equal(row_int(&q, 0), i);
        assert_ok(j, db_done(&q));
    }
    assert_false(db_next(&q));
    assert_ok(j, db_done(&q));
}

static void
the_end_stays_the_end(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    thing_table(j);
    assert_ok(j, thing_add(j, 1, "a"));
    db_ask(j, &q, sql_ids, ARGS(INT(0)));
    assert_true(db_next(&q));
    assert_false(db_next(&q));
    assert_false(db_next(&q));
    assert_ok(j, db_done(&q));
}

static void
rows_that_ended_with_their_transaction_say_so(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    many_things(j);
    assert_ok(j, db_begin(j));
    db_ask(j, &q, sql_ids, ARGS(INT(0)));
    assert_true(db_next(&q));
    db_rollback(j);
    assert_false(db_next(&q));
    assert_err(j, db_done(&q), ERR_FAULT);
    assert_says(j, "ended with their transaction");
    assert_int_equal(thing_count(j), ROWS);
}

static void
an_error_among_the_rows_comes_when_its_turn_comes(void **state)
{
    static const char sql[] = "SELECT id, CAST($1 AS BIGINT) % (10 - id) FROM thing"
                              " WHERE area_id = 1 AND id <> 10 OR id = $2 ORDER BY id";
    struct job *j = support_job(state);
    struct rows q;
    int64_t n = 0;

    if (!support_postgresql())
        return; /* SQLite gives NULL for a division by zero */
    many_things(j);
    db_ask(j, &q, sql, ARGS(INT(100), INT(-1)));
    for (; db_next(&q); n++)
        assert_int_equal(thing_count(j), ROWS);
    assert_ok(j, db_done(&q));
    assert_int_equal(n, ROWS - 1);
    n = 0;
    for (db_ask(j, &q, sql, ARGS(INT(100), INT(10))); db_next(&q); n++)
        assert_int_equal(thing_count(j), ROWS);
    assert_err(j, db_done(&q), ERR_FAULT);
    assert_true(n < ROWS);
    assert_int_equal(thing_count(j), ROWS);
}

/* More different statements than are kept: the oldest go, and all work again. */
static void
a_thousand_different_statements_do_not_pile_up(void **state)
{
    struct job *j = support_job(state);
    struct rows q;
    int64_t n;

    thing_table(j);
    db_ask(j, &q, "SELECT 1 UNION ALL SELECT 2", NO_ARGS);
    assert_true(db_next(&q));
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 1000; i++) {
            struct scope s = job_scope_begin(j);
            const char *sql = job_format(j, "SELECT %d + count(*) FROM thing", i);
            assert_ok(j, db_int(j, sql, NO_ARGS, -1, &n));
            assert_int_equal(n, i);
            job_scope_end(j, s);
        }
    }
    assert_true(db_next(&q));
    assert_int_equal(row_int(&q, 0), 2);
    assert_ok(j, db_done(&q));
    if (support_postgresql()) {
        assert_ok(j, db_int(j, "SELECT count(*) FROM pg_prepared_statements", NO_ARGS, -1, &n));
        assert_in_range(n, 1, 300);
    }
}

static void
a_question_mark_or_dollar_in_quotes_is_text(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    support_db(j);
    db_ask(j, &q, "SELECT 'costs $9, it''s $2?', $1", ARGS(TEXT("$1")));
    assert_true(db_next(&q));
    assert_string_equal(row_text(&q, 0), "costs $9, it's $2?");
    assert_string_equal(row_text(&q, 1), "$1");
    assert_ok(j, db_done(&q));
}

static void
a_change_of_the_schema_is_noticed_by_kept_statements(void **state)
{
    struct job *j = support_job(state);
    int64_t n;

    thing_table(j);
    assert_ok(j, thing_add(j, 1, "a"));
    assert_int_equal(thing_count(j), 1);
    assert_ok(j, db_run(j, "ALTER TABLE thing ADD COLUMN more TEXT", NO_ARGS, NULL));
    assert_int_equal(thing_count(j), 1);
    assert_ok(j, thing_add(j, 2, "b"));
    assert_ok(j, db_int(j, "SELECT count(*) FROM thing WHERE more IS NULL", NO_ARGS, 0, &n));
    assert_int_equal(n, 2);
}

/* A first NULL has no type; the statement is prepared again with its first value, and when
 * that fails once it is tried again the next time. */
static void
a_statement_that_could_not_be_prepared_again_is_tried_again(void **state)
{
    static const char add[] = "INSERT INTO setting (name, value) VALUES ($1, COALESCE($2, 'none'))";
    static const char away[] = "ALTER TABLE setting RENAME TO setting_away";
    static const char back[] = "ALTER TABLE setting_away RENAME TO setting";
    struct job *j = support_job(state);
    struct job other;
    struct db *db;

    support_db(j);
    job_init_child(&other, j, JOB_MB);
    assert_ok(&other, db_open(&other, support_url(j), DB_WRITE, &db));
    other.db = db;
    assert_ok(j, db_run(j, add, ARGS(TEXT("a"), NUL), NULL));
    assert_ok(&other, db_run(&other, away, NO_ARGS, NULL));
    assert_err(j, db_run(j, add, ARGS(TEXT("b"), TEXT("x")), NULL), ERR_FAULT);
    err_clear(j);
    assert_ok(&other, db_run(&other, back, NO_ARGS, NULL));
    assert_ok(j, db_run(j, add, ARGS(TEXT("b"), TEXT("x")), NULL));
    job_end(&other);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_same_question_may_be_asked_within_itself),
        SUPPORT_TEST(rows_wait_while_others_are_asked_and_written),
        SUPPORT_TEST(borrowed_text_stays_until_the_next_row),
        SUPPORT_TEST(rows_may_be_left_before_their_end),
        SUPPORT_TEST(the_end_stays_the_end),
        SUPPORT_TEST(rows_that_ended_with_their_transaction_say_so),
        SUPPORT_TEST(an_error_among_the_rows_comes_when_its_turn_comes),
        SUPPORT_TEST(a_thousand_different_statements_do_not_pile_up),
        SUPPORT_TEST(a_question_mark_or_dollar_in_quotes_is_text),
        SUPPORT_TEST(a_change_of_the_schema_is_noticed_by_kept_statements),
        SUPPORT_TEST(a_statement_that_could_not_be_prepared_again_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
