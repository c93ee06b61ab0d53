/* The schema as the engine itself tells it, against the rule: area_id comes first. */
#include "support/support.h"

/* rulings, "Database": the same everywhere, or spanning areas. */
static const char *const exempt[] = {
    "account", "account_role", "benchmark_row", "deprivation_row", "edition",
    "edition_past", "establishment_link_past", "establishment_link_row", "establishment_past",
    "establishment_row", "invitation", "kept_form", "postcode_past", "postcode_row",
    "recovery_code", "schema_migration",
    "second_factor", "second_factor_reset", "session", "setting", "sign_in_try",
    "sso_code", "sso_link", "sso_provider",
};

static bool
is_exempt(const char *table)
{
    for (size_t i = 0; i < sizeof exempt / sizeof *exempt; i++) {
        if (strcmp(exempt[i], table) == 0)
            return true;
    }
    return false;
}

/* table, index, unique or primary (1), first column */
static const char sql_indexes_sqlite[] =
    "SELECT m.name, l.name, l.\"unique\", i.name"
    " FROM sqlite_master m JOIN pragma_index_list(m.name) l"
    " JOIN pragma_index_info(l.name) i ON i.seqno = 0"
    " WHERE m.type = 'table' ORDER BY m.name, l.name";
static const char sql_indexes_postgresql[] =
    "SELECT t.relname, x.relname, CAST(i.indisunique AS INTEGER), a.attname"
    " FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid"
    " JOIN pg_class x ON x.oid = i.indexrelid"
    " JOIN pg_namespace n ON n.oid = t.relnamespace"
    " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]"
    " WHERE n.nspname = 'public' ORDER BY t.relname, x.relname";
/* table, columns of its primary key, first column of the table */
static const char sql_tables_sqlite[] =
    "SELECT m.name, (SELECT count(*) FROM pragma_table_info(m.name) c WHERE c.pk > 0),"
    " (SELECT c.name FROM pragma_table_info(m.name) c WHERE c.cid = 0)"
    " FROM sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    " ORDER BY m.name";
static const char sql_tables_postgresql[] =
    "SELECT t.relname, (SELECT count(*) FROM pg_index i WHERE i.indrelid = t.oid"
    " AND i.indisprimary), a.attname"
    " FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace"
    " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = 1"
    " WHERE n.nspname = 'public' AND t.relkind IN ('r', 'p') ORDER BY t.relname";

static void
every_table_has_a_key_and_starts_with_its_area(void **state)
{
    struct job *j = support_job(state);
    struct rows q;
    int tables = 0;

    support_db(j);
    db_ask(j, &q, support_postgresql() ? sql_tables_postgresql : sql_tables_sqlite, NO_ARGS);
    for (; db_next(&q); tables++) {
        const char *table = row_text(&q, 0), *first = row_text(&q, 2);
        if (row_int(&q, 1) == 0 || (!is_exempt(table) && strcmp(first, "area_id") != 0))
            fail_msg("%s starts with %s, %lld columns in its key", table, first,
                     (long long)row_int(&q, 1));
    }
    assert_ok(j, db_done(&q));
    assert_in_range(tables, 20, 500);
}

static void
every_index_starts_with_area_id(void **state)
{
    struct job *j = support_job(state);
    struct rows q;
    int indexes = 0;

    support_db(j);
    db_ask(j, &q, support_postgresql() ? sql_indexes_postgresql : sql_indexes_sqlite, NO_ARGS);
    for (; db_next(&q); indexes++) {
        const char *table = row_text(&q, 0), *first = row_text(&q, 3);
        if (!is_exempt(table) && strcmp(first, "area_id") != 0)
            fail_msg("index %s of %s starts with %s", row_text(&q, 1), table, first);
    }
    assert_ok(j, db_done(&q));
    assert_in_range(indexes, 20, 500);
}

static const char sql_foreign_keys_sqlite[] =
    "SELECT m.name, f.\"table\", f.\"from\" FROM sqlite_master m"
    " JOIN pragma_foreign_key_list(m.name) f ON f.seq = 0 WHERE m.type = 'table'";
static const char sql_foreign_keys_postgresql[] =
    "SELECT t.relname, o.relname, a.attname FROM pg_constraint c"
    " JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class o ON o.oid = c.confrelid"
    " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]"
    " WHERE c.contype = 'f'";

static void
every_foreign_key_stays_within_its_area(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    support_db(j);
    db_ask(j, &q, support_postgresql() ? sql_foreign_keys_postgresql : sql_foreign_keys_sqlite,
           NO_ARGS);
    while (db_next(&q)) {
        const char *table = row_text(&q, 0), *to = row_text(&q, 1), *first = row_text(&q, 2);
        if (!is_exempt(to) && strcmp(first, "area_id") != 0)
            fail_msg("%s points to %s by %s", table, to, first);
    }
    assert_ok(j, db_done(&q));
}

static const char sql_exists_sqlite[] =
    "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1";
static const char sql_exists_postgresql[] =
    "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename = $1";

static void
nothing_is_exempt_that_is_not_there(void **state)
{
    struct job *j = support_job(state);
    int64_t n;

    support_db(j);
    for (size_t i = 0; i < sizeof exempt / sizeof *exempt; i++) {
        assert_ok(j, db_int(j, support_postgresql() ? sql_exists_postgresql : sql_exists_sqlite,
                            ARGS(TEXT(exempt[i])), 0, &n));
        if (n != 1)
            fail_msg("there is no table %s", exempt[i]);
    }
}

static const char sql_strict[] =
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    " AND strict = 0 AND name NOT LIKE 'sqlite!_%' ESCAPE '!'";

static void
every_table_of_sqlite_minds_its_types(void **state)
{
    struct job *j = support_job(state);
    struct rows q;

    support_db(j);
    if (support_postgresql())
        return;
    db_ask(j, &q, sql_strict, NO_ARGS);
    if (db_next(&q))
        fail_msg("%s is not STRICT", row_text(&q, 0));
    assert_ok(j, db_done(&q));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_table_has_a_key_and_starts_with_its_area),
        SUPPORT_TEST(every_index_starts_with_area_id),
        SUPPORT_TEST(every_foreign_key_stays_within_its_area),
        SUPPORT_TEST(nothing_is_exempt_that_is_not_there),
        SUPPORT_TEST(every_table_of_sqlite_minds_its_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
