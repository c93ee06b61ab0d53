#include "thing.h"

static const char columns[] = "area_id, id, name, n, share, content";
static const char types[] = "iitirb";

static void
bulk_rows_round_trip_in_every_type(void **state)
{
    struct job *j = support_job(state);
    struct bulk *b;
    struct rows q;
    int64_t rows = 0, n = 0;

    thing_table(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, db_bulk_begin(j, "thing", columns, types, &b));
    for (int64_t i = 0; i < 1000; i++) {
        struct scope s = job_scope_begin(j);
        const char *name = job_format(j, "n%lld", (long long)i);
        const struct arg v[] = {INT(1),
                                INT(i),
                                i % 2 ? TEXT(name) : NUL,
                                i % 3 ? INT(-i) : NUL,
                                REAL((double)i / 4),
                                BLOB("\0\1", i % 5 ? 2 : 0)};
        assert_ok(j, db_bulk_row(b, v));
        job_scope_end(j, s);
    }
    assert_ok(j, db_bulk_end(b, &rows));
    assert_ok(j, db_commit(j));
    assert_int_equal(rows, 1000);
    db_ask(j, &q, "SELECT id, name, n, share, content FROM thing WHERE area_id = 1 ORDER BY id",
           NO_ARGS);
    for (; db_next(&q); n++) {
        size_t length;
        assert_int_equal(row_int(&q, 0), n);
        if (n % 2)
            assert_string_equal(row_text(&q, 1), job_format(j, "n%lld", (long long)n));
        else
            assert_true(row_is_null(&q, 1));
        assert_int_equal(row_int_or(&q, 2, 77), n % 3 ? -n : 77);
        assert_true(row_real(&q, 3) == (double)n / 4);
        assert_memory_equal(row_blob(&q, 4, &length), "\0\1", n % 5 ? 2 : 0);
        assert_int_equal(length, n % 5 ? 2 : 0);
    }
    assert_ok(j, db_done(&q));
    assert_int_equal(n, 1000);
}

static void
values_larger_than_the_buffer_arrive_whole(void **state)
{
    enum { SIZE = 1000 * 1000 };
    struct job *j = support_job(state);
    unsigned char *bytes = job_alloc(j, SIZE);
    struct bulk *b;
    struct rows q;
    size_t n;

    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)(i * 31 >> 3);
    thing_table(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, db_bulk_begin(j, "thing", "area_id, id, content", "iib", &b));
    for (size_t i = 0; i < 5; i++)
        assert_ok(j, db_bulk_row(b, (const struct arg[]){INT(1), INT(i), BLOB(bytes, SIZE - i)}));
    assert_ok(j, db_bulk_end(b, NULL));
    assert_ok(j, db_commit(j));
    db_ask(j, &q, "SELECT id, content FROM thing WHERE area_id = 1 ORDER BY id", NO_ARGS);
    for (size_t i = 0; i < 5; i++) {
        const char *got;
        assert_true(db_next(&q));
        got = row_peek(&q, 1, &n);
        assert_int_equal(n, SIZE - i);
        assert_memory_equal(got, bytes, n);
    }
    assert_ok(j, db_done(&q));
}

static void
a_bulk_of_no_rows_is_none(void **state)
{
    struct job *j = support_job(state);
    struct bulk *b;
    int64_t rows = -1;

    thing_table(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, db_bulk_begin(j, "thing", columns, types, &b));
    assert_ok(j, db_bulk_end(b, &rows));
    assert_ok(j, db_commit(j));
    assert_int_equal(rows, 0);
}

/* SQLite knows at the row, PostgreSQL at the end. */
static void
a_key_there_already_is_a_conflict_and_nothing_is_kept(void **state)
{
    struct job *j = support_job(state);
    struct bulk *b;
    enum err e = OK;

    thing_table(j);
    assert_ok(j, thing_add(j, 5, "first"));
    assert_ok(j, db_begin(j));
    assert_ok(j, db_bulk_begin(j, "thing", "area_id, id", "ii", &b));
    for (int64_t i = 0; i < 10 && !e; i++)
        e = db_bulk_row(b, (const struct arg[]){INT(1), INT(i)});
    e = db_bulk_end(b, NULL);
    assert_err(j, e, ERR_CONFLICT);
    assert_err(j, db_commit(j), ERR_CONFLICT);
    assert_int_equal(thing_count(j), 1);
}

/* Rows go to the engine many at a time; short texts and long ones keep their order. */
static void
a_key_twice_among_many_rows_is_a_conflict_wherever_it_stands(void **state)
{
    struct job *j = support_job(state);

    thing_table(j);
    for (int64_t twice = 1; twice < 200; twice += 33) {
        struct bulk *b;
        enum err e = OK;
        assert_ok(j, db_begin(j));
        assert_ok(j, db_bulk_begin(j, "thing", "area_id, id", "ii", &b));
        for (int64_t i = 0; i < 200 && !e; i++)
            e = db_bulk_row(b, (const struct arg[]){INT(1), INT(i == twice ? twice - 1 : i)});
        e = db_bulk_end(b, NULL);
        assert_err(j, e, ERR_CONFLICT);
        assert_err(j, db_commit(j), ERR_CONFLICT);
        assert_int_equal(thing_count(j), 0);
    }
}

static void
texts_of_every_length_stay_with_their_rows(void **state)
{
    enum { ROWS = 500, MOST = 1500 };
    struct job *j = support_job(state);
    char *text = job_alloc(j, ROWS + MOST);
    struct bulk *b;
    struct rows q;

    for (size_t i = 0; i < ROWS + MOST; i++)
        text[i] = (char)('a' + i * 7 % 26);
    thing_table(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, db_bulk_begin(j, "thing", "area_id, id, name", "iit", &b));
    for (size_t i = 0; i < ROWS; i++)
        assert_ok(j, db_bulk_row(b, (const struct arg[]){INT(1), INT(i),
                                                         TEXT_N(text + i, i * 331 % MOST)}));
    assert_ok(j, db_bulk_end(b, NULL));
    assert_ok(j, db_commit(j));
    db_ask(j, &q, "SELECT name FROM thing WHERE area_id = 1 ORDER BY id", NO_ARGS);
    for (size_t i = 0; i < ROWS; i++) {
        const char *got;
        size_t n;
        assert_true(db_next(&q));
        got = row_peek(&q, 0, &n);
        assert_int_equal(n, i * 331 % MOST);
        assert_memory_equal(got, text + i, n);
    }
    assert_ok(j, db_done(&q));
}

static void
values_of_another_type_are_our_own_mistake(void **state)
{
    const struct arg wrong[][3] = {
        {INT(1), INT(1), INT(1)},
        {INT(1), TEXT_N("1", 1), NUL},
        {INT(1), INT(1), BLOB("x", 1)},
        {INT(1), REAL(1), NUL},
    };
    struct job *j = support_job(state);
    struct bulk *b;

    thing_table(j);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_ok(j, db_begin(j));
        assert_ok(j, db_bulk_begin(j, "thing", "area_id, id, name", "iit", &b));
        assert_err(j, db_bulk_row(b, wrong[i]), ERR_FAULT);
        assert_err(j, db_bulk_end(b, NULL), ERR_FAULT);
        db_rollback(j);
    }
    assert_int_equal(thing_count(j), 0);
}

static void
text_with_a_zero_byte_is_refused_in_bulk(void **state)
{
    struct job *j = support_job(state);
    struct bulk *b;

    thing_table(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, db_bulk_begin(j, "thing", "area_id, id, name", "iit", &b));
    assert_err(j, db_bulk_row(b, (const struct arg[]){INT(1), INT(1), TEXT_N("a\0b", 3)}),
               ERR_INPUT);
    db_rollback(j);
    assert_int_equal(thing_count(j), 0);
}

static void
a_missing_value_that_must_be_there_is_refused(void **state)
{
    struct job *j = support_job(state);
    struct bulk *b;
    enum err e;

    thing_table(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, db_bulk_begin(j, "thing", "area_id, id", "ii", &b));
    e = db_bulk_row(b, (const struct arg[]){INT(1), NUL});
    e = db_bulk_end(b, NULL);
    assert_err(j, e, ERR_FAULT);
    db_rollback(j);
    assert_int_equal(thing_count(j), 0);
}

static void
bulk_needs_a_transaction_a_table_and_matching_columns(void **state)
{
    struct job *j = support_job(state);
    struct bulk *b;

    thing_table(j);
    assert_err(j, db_bulk_begin(j, "thing", columns, types, &b), ERR_FAULT);
    assert_ok(j, db_begin(j));
    assert_err(j, db_bulk_begin(j, "thing", columns, "ii", &b), ERR_FAULT);
    assert_err(j, db_bulk_begin(j, "nowhere", "a, b", "ii", &b), ERR_FAULT);
    db_rollback(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 1, "a"));
    assert_ok(j, db_commit(j));
}

static void
nothing_else_may_be_asked_during_a_bulk(void **state)
{
    struct job *j = support_job(state);
    struct bulk *b, *second;
    int64_t n;

    thing_table(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, db_bulk_begin(j, "thing", "area_id, id", "ii", &b));
    assert_err(j, db_int(j, sql_thing_count, NO_ARGS, 0, &n), ERR_FAULT);
    db_rollback(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, db_bulk_begin(j, "thing", "area_id, id", "ii", &b));
    assert_err(j, db_bulk_begin(j, "thing", "area_id, id", "ii", &second), ERR_FAULT);
    assert_err(j, db_commit(j), ERR_FAULT);
    db_rollback(j);
    assert_err(j, db_bulk_row(b, (const struct arg[]){INT(1), INT(1)}), ERR_FAULT);
    assert_err(j, db_bulk_end(b, NULL), ERR_FAULT);
    assert_int_equal(thing_count(j), 0);
}

static void
a_bulk_left_open_goes_with_its_scope(void **state)
{
    struct job *j = support_job(state);
    struct scope s;
    struct bulk *b;

    thing_table(j);
    s = job_scope_begin(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, db_bulk_begin(j, "thing", "area_id, id", "ii", &b));
    assert_ok(j, db_bulk_row(b, (const struct arg[]){INT(1), INT(1)}));
    job_scope_end(j, s);
    assert_int_equal(thing_count(j), 0);
    assert_ok(j, thing_add(j, 1, "a"));
}

static void
a_second_bulk_follows_in_the_same_transaction(void **state)
{
    struct job *j = support_job(state);
    struct bulk *b;

    thing_table(j);
    support_area(j);
    assert_ok(j, db_begin(j));
    for (int64_t i = 0; i < 3; i++) {
        assert_ok(j, db_bulk_begin(j, "thing", "area_id, id", "ii", &b));
        assert_ok(j, db_bulk_row(b, (const struct arg[]){INT(1), INT(i)}));
        assert_ok(j, db_bulk_end(b, NULL));
        assert_int_equal(thing_count(j), i + 1);
    }
    assert_ok(j, db_commit(j));
    assert_int_equal(thing_count(j), 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(bulk_rows_round_trip_in_every_type),
        SUPPORT_TEST(values_larger_than_the_buffer_arrive_whole),
        SUPPORT_TEST(a_bulk_of_no_rows_is_none),
        SUPPORT_TEST(a_key_there_already_is_a_conflict_and_nothing_is_kept),
        SUPPORT_TEST(a_key_twice_among_many_rows_is_a_conflict_wherever_it_stands),
        SUPPORT_TEST(texts_of_every_length_stay_with_their_rows),
        SUPPORT_TEST(values_of_another_type_are_our_own_mistake),
        SUPPORT_TEST(text_with_a_zero_byte_is_refused_in_bulk),
        SUPPORT_TEST(a_missing_value_that_must_be_there_is_refused),
        SUPPORT_TEST(bulk_needs_a_transaction_a_table_and_matching_columns),
        SUPPORT_TEST(nothing_else_may_be_asked_during_a_bulk),
        SUPPORT_TEST(a_bulk_left_open_goes_with_its_scope),
        SUPPORT_TEST(a_second_bulk_follows_in_the_same_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
