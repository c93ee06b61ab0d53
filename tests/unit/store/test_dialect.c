#include "store/dialect.h"
#include "support/support.h"

static void
types_and_table_options_change(void **state)
{
    struct job *j = support_job(state);

    assert_string_equal(
        dialect_postgresql(j, "CREATE TABLE t (a INTEGER NOT NULL, b BLOB, c REAL) STRICT;"),
        "CREATE TABLE t (a BIGINT NOT NULL, b BYTEA, c DOUBLE PRECISION) ;");
    assert_string_equal(dialect_postgresql(j, "(a TEXT) STRICT, WITHOUT ROWID;"),
                        "(a TEXT COLLATE \"C\")   ;");
}

static void
words_that_only_look_like_types_stay(void **state)
{
    struct job *j = support_job(state);
    const char *sql = "SELECT INTEGERS, TEXT_of, 'INTEGER ''BLOB', \"REAL\" FROM STRICTLY";

    assert_string_equal(dialect_postgresql(j, sql), sql);
}

static void
comments_go_and_do_not_count(void **state)
{
    struct job *j = support_job(state);

    assert_string_equal(dialect_postgresql(j, "a -- it's an INTEGER\nb /* ' */ c"), "a \nb  c");
    assert_string_equal(dialect_postgresql(j, "a /* never closed"), "a ");
    assert_string_equal(dialect_postgresql(j, "a 'never closed INTEGER"),
                        "a 'never closed INTEGER");
    assert_string_equal(dialect_postgresql(j, ""), "");
}

static void
a_cast_takes_no_collation(void **state)
{
    struct job *j = support_job(state);

    assert_string_equal(dialect_postgresql(j, "CAST(a AS TEXT) AS b"), "CAST(a AS TEXT) AS b");
    assert_string_equal(dialect_postgresql(j, "CAST(a AS INTEGER)"), "CAST(a AS BIGINT)");
}

static void
a_part_for_one_engine_is_not_the_others(void **state)
{
    struct job *j = support_job(state);
    static const char sql[] = "a\n-- only once\n-- only sqlite\nb\n-- only postgresql\nc\n"
                              "-- both\nd";

    assert_string_equal(dialect_part(j, sql, "sqlite"),
                        "a\n-- only once\n-- only sqlite\nb\n-- both\nd");
    assert_string_equal(dialect_part(j, sql, "postgresql"),
                        "a\n-- only once\n-- only postgresql\nc\n-- both\nd");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(types_and_table_options_change),
        SUPPORT_TEST(words_that_only_look_like_types_stay),
        SUPPORT_TEST(comments_go_and_do_not_count),
        SUPPORT_TEST(a_cast_takes_no_collation),
        SUPPORT_TEST(a_part_for_one_engine_is_not_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
