#include "thing.h"
#include <math.h>
#include <sys/stat.h>

static const char sql_by_id[] =
    "SELECT name, n, share, content FROM thing WHERE area_id = 1 AND id = $1";

static void
integers_round_trip_to_the_last_bit(void **state)
{
    static const int64_t values[] = {0, 1, -1, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    struct job *j = support_job(state);
    struct rows q;

    thing_table(j);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assert_ok(j, db_run(j, sql_thing_add, ARGS(INT(i), NUL, INT(values[i]), NUL, NUL), NULL));
        db_ask(j, &q, sql_by_id, ARGS(INT(i)));
        assert_true(db_next(&q));
        assert_true(row_int(&q, 1) == values[i]);
        assert_true(row_int_or(&q, 1, 7) == values[i]);
        assert_false(row_is_null(&q, 1));
        assert_false(db_next(&q));
        assert_ok(j, db_done(&q));
    }
}

static void
reals_round_trip_to_the_last_bit(void **state)
{
    static const double values[] = {0.0, 0.1, -1.0 / 3, 1e308, 5e-324, 123456789.125};
    struct job *j = support_job(state);
    struct rows q;

    thing_table(j);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assert_ok(j, db_run(j, sql_thing_add, ARGS(INT(i), NUL, NUL, REAL(values[i]), NUL), NULL));
        db_ask(j, &q, sql_by_id, ARGS(INT(i)));
        assert_true(db_next(&q));
        assert_memory_equal(&(double){row_real(&q, 2)}, &values[i], sizeof(double));
        assert_ok(j, db_done(&q));
    }
}

static void
text_round_trips_with_every_kind_of_character(void **state)
{
    static const char *const values[] = {"", "Ann", "O'Neil \"x\" \\ $1 %s", "\t\r\n",
                                         "Zo\u00eb \u017d \u6f22 \U0001f600"};
    struct job *j = support_job(state);
    struct rows q;
    size_t n;

    thing_table(j);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assert_ok(j, thing_add(j, (int64_t)i, values[i]));
        db_ask(j, &q, sql_by_id, ARGS(INT(i)));
        assert_true(db_next(&q));
        assert_string_equal(row_text(&q, 0), values[i]);
        assert_string_equal(row_peek(&q, 0, &n), values[i]);
        assert_int_equal(n, strlen(values[i]));
        assert_ok(j, db_done(&q));
    }
}

static void
part_of_a_text_is_kept_as_that_part(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    thing_table(j);
    assert_ok(j, db_run(j, sql_thing_add, ARGS(INT(1), TEXT_N("Anna", 3), NUL, NUL, NUL), NULL));
    db_ask(j, &q, sql_by_id, ARGS(INT(1)));
    assert_true(db_next(&q));
    assert_string_equal(row_text(&q, 0), "Ann");
    assert_ok(j, db_done(&q));
}

static void
blobs_round_trip_empty_small_and_large(void **state)
{
    static const size_t sizes[] = {0, 1, 255, 300 * 1024};
    struct job *j = support_job(state);
    unsigned char *bytes = job_alloc(j, 300 * 1024);
    const void *got;
    struct rows q;
    size_t n;

    for (size_t i = 0; i < 300 * 1024; i++)
        bytes[i] = (unsigned char)(i * 7);
    thing_table(j);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_ok(j, db_run(j, sql_thing_add,
                            ARGS(INT(i), NUL, NUL, NUL, BLOB(bytes, sizes[i])), NULL));
        db_ask(j, &q, sql_by_id, ARGS(INT(i)));
        assert_true(db_next(&q));
        assert_false(row_is_null(&q, 3));
        got = row_blob(&q, 3, &n);
        assert_int_equal(n, sizes[i]);
        assert_memory_equal(got, bytes, n);
        assert_non_null(row_peek(&q, 3, &n));
        assert_int_equal(n, sizes[i]);
        assert_ok(j, db_done(&q));
    }
}

static void
null_is_null_in_every_type(void **state)
{
    struct job *j = support_job(state);
    struct rows q;
    size_t n = 9;

    thing_table(j);
    assert_ok(j, thing_add(j, 1, NULL));
    db_ask(j, &q, sql_by_id, ARGS(INT(1)));
    assert_true(db_next(&q));
    for (int c = 0; c < 4; c++)
        assert_true(row_is_null(&q, c));
    assert_null(row_text(&q, 0));
    assert_null(row_peek(&q, 0, &n));
    assert_int_equal(n, 0);
    assert_int_equal(row_int(&q, 1), 0);
    assert_int_equal(row_int_or(&q, 1, -5), -5);
    assert_true(row_real(&q, 2) == 0.0);
    assert_null(row_blob(&q, 3, &n));
    assert_ok(j, db_done(&q));
}

/* The same statement, first with NULL and then with values: PostgreSQL learns the type late. */
static void
a_parameter_may_be_null_first_and_a_value_later(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    thing_table(j);
    for (int64_t id = 1; id <= 2; id++) {
        assert_ok(j, thing_add(j, 10 * id, NULL));
        assert_ok(j, db_run(j, sql_thing_add,
                            ARGS(INT(id), TEXT("x"), INT(5), REAL(0.5), BLOB("\0y", 2)), NULL));
    }
    db_ask(j, &q, "SELECT id FROM thing WHERE area_id = 1 AND n = 5 AND share = 0.5"
                  " AND name = 'x' ORDER BY id", NO_ARGS);
    assert_true(db_next(&q));
    assert_int_equal(row_int(&q, 0), 1);
    assert_true(db_next(&q));
    assert_int_equal(row_int(&q, 0), 2);
    assert_false(db_next(&q));
    assert_ok(j, db_done(&q));
}

static const char sql_filter[] =
    "SELECT count(*) FROM thing WHERE area_id = 1 AND (name = $1 OR $1 IS NULL)";

static void
a_filter_that_is_null_lets_everything_through(void **state)
{
    struct job *j = support_job(state);
    int64_t n;

    thing_table(j);
    assert_ok(j, thing_add(j, 1, "a"));
    assert_ok(j, thing_add(j, 2, "b"));
    assert_ok(j, db_int(j, sql_filter, ARGS(NUL), 0, &n));
    assert_int_equal(n, 2);
    assert_ok(j, db_int(j, sql_filter, ARGS(TEXT("a")), 0, &n));
    assert_int_equal(n, 1);
}

static const char sql_order_of_parameters[] =
    "SELECT count(*) FROM thing WHERE area_id = 1 AND name = $2 AND id = $1 AND name = $2";

static void
parameters_count_by_their_number_not_their_place(void **state)
{
    struct job *j = support_job(state);
    int64_t n;

    thing_table(j);
    assert_ok(j, thing_add(j, 4, "four"));
    assert_ok(j, db_int(j, sql_order_of_parameters, ARGS(INT(4), TEXT("four")), 0, &n));
    assert_int_equal(n, 1);
}

static void
too_few_values_are_our_own_mistake(void **state)
{
    struct job *j = support_job(state);
    int64_t n;

    thing_table(j);
    assert_err(j, db_int(j, sql_order_of_parameters, ARGS(INT(4)), 0, &n), ERR_FAULT);
    assert_ok(j, db_int(j, sql_order_of_parameters, ARGS(INT(4), TEXT("x")), 0, &n));
    assert_err(j, db_int(j, sql_order_of_parameters, ARGS(INT(4)), 0, &n), ERR_FAULT);
}

static void
text_with_a_zero_byte_is_refused(void **state)
{
    struct job *j = support_job(state);

    thing_table(j);
    assert_err(j, db_run(j, sql_thing_add, ARGS(INT(1), TEXT_N("a\0b", 3), NUL, NUL, NUL), NULL),
               ERR_INPUT);
    assert_int_equal(thing_count(j), 0);
}

static void
sums_counts_and_averages_are_numbers(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    thing_table(j);
    for (int64_t i = 1; i <= 4; i++)
        assert_ok(j, db_run(j, sql_thing_add,
                            ARGS(INT(i), NUL, INT(-100000000 * i), REAL(0.25), NUL), NULL));
    db_ask(j, &q, "SELECT sum(n), count(*), avg(n), sum(share), max(n),"
                  " sum(n) FILTER (WHERE id > 9) FROM thing WHERE area_id = $1", ARGS(INT(1)));
    assert_true(db_next(&q));
    assert_true(row_int(&q, 0) == -1000000000);
    assert_int_equal(row_int(&q, 1), 4);
    assert_true(row_real(&q, 2) == -250000000.0);
    assert_true(row_real(&q, 3) == 1.0);
    assert_true(row_int(&q, 4) == -100000000);
    assert_true(row_is_null(&q, 5));
    assert_string_equal(row_text(&q, 4), "-100000000");
    assert_ok(j, db_done(&q));
}

static void
averages_with_a_fraction_are_near_enough(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    thing_table(j);
    for (int64_t i = 1; i <= 3; i++)
        assert_ok(j, db_run(j, sql_thing_add, ARGS(INT(i), NUL, INT(i == 3), NUL, NUL), NULL));
    db_ask(j, &q, "SELECT avg(n), avg(n) * 1000000 FROM thing WHERE area_id = 1", NO_ARGS);
    assert_true(db_next(&q));
    assert_true(fabs(row_real(&q, 0) - 1.0 / 3) < 1e-12);
    assert_int_equal(row_int(&q, 1), 333333);
    assert_ok(j, db_done(&q));
}

static void
a_comparison_is_one_or_nought(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    support_db(j);
    db_ask(j, &q, "SELECT $1 > 1, $1 < 1", ARGS(INT(2)));
    assert_true(db_next(&q));
    assert_int_equal(row_int(&q, 0), 1);
    assert_int_equal(row_int(&q, 1), 0);
    assert_ok(j, db_done(&q));
}

static void
run_tells_how_many_rows_it_changed(void **state)
{
    struct job *j = support_job(state);
    int64_t changed = -1;

    thing_table(j);
    for (int64_t i = 1; i <= 3; i++)
        assert_ok(j, thing_add(j, i, "x"));
    assert_ok(j, db_run(j, "UPDATE thing SET name = $1 WHERE area_id = 1 AND id < 3",
                        ARGS(TEXT("y")), &changed));
    assert_int_equal(changed, 2);
    assert_ok(j, db_run(j, "UPDATE thing SET name = $1 WHERE area_id = 2", ARGS(TEXT("y")),
                        &changed));
    assert_int_equal(changed, 0);
    assert_ok(j, db_run(j, sql_thing_count, NO_ARGS, &changed));
    assert_int_equal(changed, 0);
    assert_ok(j, db_run(j, "DELETE FROM thing WHERE area_id = 1", NO_ARGS, &changed));
    assert_int_equal(changed, 3);
}

static void
returning_gives_the_rows_it_wrote(void **state)
{
    struct job *j = support_job(state);
    int64_t id = 0;

    support_db(j);
    support_area(j);
    assert_ok(j, db_int(j, "UPDATE area SET next_id = next_id + $1 WHERE area_id = $2"
                           " RETURNING next_id", ARGS(INT(10), INT(1)), -1, &id));
    assert_int_equal(id, 11);
}

static void
int_of_no_row_is_what_was_said(void **state)
{
    struct job *j = support_job(state);
    int64_t n;

    thing_table(j);
    assert_ok(j, db_int(j, "SELECT id FROM thing WHERE area_id = 1", NO_ARGS, -7, &n));
    assert_int_equal(n, -7);
    assert_ok(j, db_int(j, "SELECT max(id) FROM thing WHERE area_id = 1", NO_ARGS, -8, &n));
    assert_int_equal(n, -8);
}

static void
the_same_key_twice_is_a_conflict(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    thing_table(j);
    assert_ok(j, thing_add(j, 1, "Smith"));
    assert_err(j, thing_add(j, 1, "Smith"), ERR_CONFLICT);
    assert_null(strstr(j->err.detail, "Smith"));
    db_ask(j, &q, "INSERT INTO thing (area_id, id) VALUES (1, $1) RETURNING id", ARGS(INT(1)));
    assert_false(db_next(&q));
    assert_err(j, db_done(&q), ERR_CONFLICT);
    assert_int_equal(thing_count(j), 1);
}

static void
a_wrong_type_is_our_mistake_and_its_value_stays_out_of_the_log(void **state)
{
    struct job *j = support_job(state);

    thing_table(j);
    assert_err(j, db_run(j, "UPDATE thing SET n = $1 WHERE area_id = 1", ARGS(NUL, NUL), NULL),
               ERR_FAULT);
    assert_ok(j, thing_add(j, 1, "x"));
    assert_err(j, db_run(j, "UPDATE thing SET n = CAST(name || $1 AS INTEGER) / (id - 1)"
                            " WHERE area_id = 1 AND nothing = 1", ARGS(TEXT("Smith")), NULL),
               ERR_FAULT);
    assert_null(strstr(j->err.detail, "Smith"));
}

static void
a_statement_that_is_wrong_is_a_fault_with_its_text(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    support_db(j);
    assert_err(j, db_ask(j, &q, "SELECT nothing FROM nowhere", NO_ARGS), ERR_FAULT);
    assert_false(db_next(&q));
    assert_int_equal(db_done(&q), ERR_FAULT);
    assert_non_null(strstr(j->err.detail, "nowhere"));
}

static void
like_minds_upper_and_lower_case(void **state)
{
    struct job *j = support_job(state);
    int64_t n;

    thing_table(j);
    assert_ok(j, thing_add(j, 1, "Ann"));
    assert_ok(j, db_int(j, "SELECT count(*) FROM thing WHERE area_id = 1 AND name LIKE $1",
                        ARGS(TEXT("A%")), 0, &n));
    assert_int_equal(n, 1);
    assert_ok(j, db_int(j, "SELECT count(*) FROM thing WHERE area_id = 1 AND name LIKE $1",
                        ARGS(TEXT("a%")), 0, &n));
    assert_int_equal(n, 0);
}

static void
text_is_ordered_by_its_bytes(void **state)
{
    static const char *const order[] = {"A b", "AZ", "Aa", "a", "\u00e9"};
    struct job *j = support_job(state);
    struct rows q;

    thing_table(j);
    for (int64_t i = 0; i < 5; i++)
        assert_ok(j, thing_add(j, 9 - i, order[i]));
    db_ask(j, &q, "SELECT name FROM thing WHERE area_id = 1 ORDER BY name", NO_ARGS);
    for (int i = 0; i < 5; i++) {
        assert_true(db_next(&q));
        assert_string_equal(row_text(&q, 0), order[i]);
    }
    assert_ok(j, db_done(&q));
}

static void
without_a_database_asking_is_a_fault(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    assert_err(j, db_ask(j, &q, "SELECT 1", NO_ARGS), ERR_FAULT);
    assert_false(db_next(&q));
    assert_int_equal(db_done(&q), ERR_FAULT);
    assert_err(j, db_run(j, "SELECT 1", NO_ARGS, NULL), ERR_FAULT);
    assert_err(j, db_begin(j), ERR_FAULT);
    assert_err(j, db_commit(j), ERR_FAULT);
    db_rollback(j);
}

static void
a_place_that_cannot_be_reached_says_what_to_do(void **state)
{
    struct job *j = support_job(state);
    struct db *db;

    assert_err(j, db_open(j, "mysql://x", DB_READ, &db), ERR_USAGE);
    assert_says(j, "sqlite:PATH");
    assert_err(j, db_open(j, "sqlite:", DB_READ, &db), ERR_USAGE);
    assert_err(j, db_open(j, job_format(j, "sqlite:%s", support_path(j, "none.db")), DB_READ, &db),
               ERR_ENV);
    assert_says(j, "no database at");
    assert_err(j, db_open(j, job_format(j, "sqlite:%s", support_path(j, "no/folder.db")),
                          DB_WRITE, &db), ERR_ENV);
    assert_says(j, "folder");
    assert_err(j, db_open(j, "postgresql://u:secret@/none?host=/nowhere", DB_READ, &db), ERR_ENV);
    assert_says(j, "PostgreSQL runs");
    assert_null(strstr(j->err.message, "secret"));
    assert_null(strstr(j->err.detail, "secret"));
    assert_err(j, db_open(j, "postgresql://u@/none?password=secret&host=/nowhere", DB_READ, &db),
               ERR_ENV);
    assert_says(j, "host=/nowhere");
    assert_null(strstr(j->err.message, "secret"));
    assert_null(strstr(j->err.detail, "secret"));
}

static void
a_file_that_is_no_database_is_refused(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "letter.txt");
    FILE *f = fopen(path, "w");
    struct db *db;

    for (int i = 0; i < 100; i++)
        fputs("Dear Sir or Madam, this is not a database. ", f);
    fclose(f);
    assert_err(j, db_open(j, job_format(j, "sqlite:%s", path), DB_READ, &db), ERR_ENV);
    assert_says(j, "not a database");
    assert_err(j, db_open(j, job_format(j, "sqlite:%s", path), DB_WRITE, &db), ERR_ENV);
}

static void
a_new_file_is_readable_by_its_owner_alone(void **state)
{
    struct job *j = support_job(state);
    static const char *const ends[] = {"", "-wal", "-shm"};
    struct stat st;

    support_db(j);
    support_area(j);
    for (int i = 0; i < 3 && !support_postgresql(); i++) {
        const char *path = job_format(j, "%s%s", support_path(j, "test.db"), ends[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
}

static void
a_connection_tells_its_url_and_engine(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    assert_string_equal(db_url(j->db), support_url(j));
    assert_int_equal(db_engine(j->db), support_postgresql() ? DB_POSTGRESQL : DB_SQLITE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(integers_round_trip_to_the_last_bit),
        SUPPORT_TEST(reals_round_trip_to_the_last_bit),
        SUPPORT_TEST(text_round_trips_with_every_kind_of_character),
        SUPPORT_TEST(part_of_a_text_is_kept_as_that_part),
        SUPPORT_TEST(blobs_round_trip_empty_small_and_large),
        SUPPORT_TEST(null_is_null_in_every_type),
        SUPPORT_TEST(a_parameter_may_be_null_first_and_a_value_later),
        SUPPORT_TEST(a_filter_that_is_null_lets_everything_through),
        SUPPORT_TEST(parameters_count_by_their_number_not_their_place),
        SUPPORT_TEST(too_few_values_are_our_own_mistake),
        SUPPORT_TEST(text_with_a_zero_byte_is_refused),
        SUPPORT_TEST(sums_counts_and_averages_are_numbers),
        SUPPORT_TEST(averages_with_a_fraction_are_near_enough),
        SUPPORT_TEST(a_comparison_is_one_or_nought),
        SUPPORT_TEST(run_tells_how_many_rows_it_changed),
        SUPPORT_TEST(returning_gives_the_rows_it_wrote),
        SUPPORT_TEST(int_of_no_row_is_what_was_said),
        SUPPORT_TEST(the_same_key_twice_is_a_conflict),
        SUPPORT_TEST(a_wrong_type_is_our_mistake_and_its_value_stays_out_of_the_log),
        SUPPORT_TEST(a_statement_that_is_wrong_is_a_fault_with_its_text),
        SUPPORT_TEST(like_minds_upper_and_lower_case),
        SUPPORT_TEST(text_is_ordered_by_its_bytes),
        SUPPORT_TEST(without_a_database_asking_is_a_fault),
        SUPPORT_TEST(a_place_that_cannot_be_reached_says_what_to_do),
        SUPPORT_TEST(a_file_that_is_no_database_is_refused),
        SUPPORT_TEST(a_new_file_is_readable_by_its_owner_alone),
        SUPPORT_TEST(a_connection_tells_its_url_and_engine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
