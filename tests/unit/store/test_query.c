#include "store/query.h"
#include "thing.h"

static const char sql_things[] = "SELECT id, name FROM thing WHERE area_id = $1";
static const struct query_order orders[] = {
    {"id", "id"},
    {"name", "name NULLS LAST, id"},
    {"newest", "id DESC"},
    {NULL, NULL},
};

static void
some_things(struct job *j)
{
    static const char *const names[] = {"Ann", "Bo", "Ann", NULL, "50%", "50 of", "a_b", "axb"};

    thing_table(j);
    for (int64_t i = 0; i < 8; i++)
        assert_ok(j, db_run(j, sql_thing_add,
                            ARGS(INT(i + 1), TEXT(names[i]), INT(i % 2), NUL, NUL), NULL));
    assert_ok(j, db_run(j, "INSERT INTO thing (area_id, id, name) VALUES (2, 99, 'Ann')", NO_ARGS,
                        NULL));
}

/* "1 3 …" */
static const char *
ids(struct query *q)
{
    const char *list = "";
    struct rows r;

    query_ask(q, &r);
    while (db_next(&r))
        list = job_format(q->j, "%s%s%lld", list, *list ? " " : "", (long long)row_int(&r, 0));
    assert_ok(q->j, db_done(&r));
    return list;
}

static void
without_filters_everything_of_the_area_comes(void **state)
{
    struct job *j = support_job(state);
    struct query q;

    some_things(j);
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    query_order(&q, orders, NULL);
    assert_string_equal(ids(&q), "1 2 3 4 5 6 7 8");
}

static void
filters_narrow_each_with_its_own_parameters(void **state)
{
    struct job *j = support_job(state);
    struct query q;

    some_things(j);
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    query_and(&q, "name = $1 OR name = $2", ARGS(TEXT("Ann"), TEXT("Bo")));
    query_and(&q, "n = $1", ARGS(INT(0)));
    query_order(&q, orders, "id");
    assert_string_equal(ids(&q), "1 3");
}

static void
a_dollar_in_quotes_is_text(void **state)
{
    struct job *j = support_job(state);
    struct query q;

    some_things(j);
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    query_and(&q, "name <> 'it''s $1' AND id = $1", ARGS(INT(2)));
    assert_string_equal(ids(&q), "2");
}

static void
in_takes_any_number_of_values_none_gives_no_row(void **state)
{
    static const int64_t wanted[] = {2, 4, 99};
    static const char *const names[] = {"Bo", "'; DROP TABLE thing; --"};
    struct job *j = support_job(state);
    struct query q;

    some_things(j);
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    query_in_int(&q, "id", wanted, 3);
    query_order(&q, orders, "id");
    assert_string_equal(ids(&q), "2 4");
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    query_in_text(&q, "name", names, 2);
    assert_string_equal(ids(&q), "2");
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    query_in_int(&q, "id", wanted, 0);
    assert_string_equal(ids(&q), "");
    assert_int_equal(thing_count(j), 8);
}

static void
an_order_is_picked_by_name_and_never_taken_from_it(void **state)
{
    struct job *j = support_job(state);
    struct query q;

    some_things(j);
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    query_order(&q, orders, "name");
    assert_string_equal(ids(&q), "6 5 1 3 2 7 8 4");
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    query_order(&q, orders, "newest");
    query_page(&q, 2, 1);
    assert_string_equal(ids(&q), "7 6");
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    query_order(&q, orders, "id; DROP TABLE thing");
    query_page(&q, 2, 0);
    assert_string_equal(ids(&q), "1 2");
}

static void
the_next_page_may_follow_a_key(void **state)
{
    struct job *j = support_job(state);
    struct query q;

    some_things(j);
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    query_and(&q, "(name, id) > ($1, $2)", ARGS(TEXT("Ann"), INT(1)));
    query_order(&q, orders, "name");
    query_page(&q, 2, 0);
    assert_string_equal(ids(&q), "3 2");
}

static void
the_count_is_of_all_pages(void **state)
{
    struct job *j = support_job(state);
    struct query q;
    int64_t n;

    some_things(j);
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    query_and(&q, "n = $1", ARGS(INT(1)));
    assert_ok(j, query_count(&q, &n));
    query_order(&q, orders, "id");
    query_page(&q, 2, 0);
    assert_int_equal(n, 4);
    assert_string_equal(ids(&q), "2 4");
}

static void
groups_come_after_the_filters(void **state)
{
    struct job *j = support_job(state);
    struct query q;

    some_things(j);
    query_begin(&q, j, "SELECT count(*), name FROM thing WHERE area_id = $1", ARGS(INT(1)));
    query_and(&q, "name LIKE $1", ARGS(TEXT("A%")));
    query_then(&q, "GROUP BY name HAVING count(*) > $1", ARGS(INT(1)));
    assert_string_equal(ids(&q), "2");
}

static void
search_words_have_no_wildcards_of_their_own(void **state)
{
    struct job *j = support_job(state);
    struct query q;

    some_things(j);
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    query_and(&q, "name LIKE $1 ESCAPE '!'", ARGS(TEXT(query_like_begins(j, "50%"))));
    assert_string_equal(ids(&q), "5");
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    query_and(&q, "name LIKE $1 ESCAPE '!'", ARGS(TEXT(query_like_holds(j, "_b"))));
    assert_string_equal(ids(&q), "7");
    assert_string_equal(query_like_begins(j, "a!%_"), "a!!!%!_%");
    assert_string_equal(query_like_holds(j, ""), "%%");
}

static void
a_long_list_of_filters_still_fits(void **state)
{
    struct job *j = support_job(state);
    int64_t wanted[500];
    struct query q;

    some_things(j);
    for (int64_t i = 0; i < 500; i++)
        wanted[i] = i;
    query_begin(&q, j, sql_things, ARGS(INT(1)));
    for (int64_t i = 0; i < 50; i++)
        query_and(&q, "id <> $1", ARGS(INT(100 + i)));
    query_in_int(&q, "id", wanted, 500);
    query_order(&q, orders, "id");
    assert_string_equal(ids(&q), "1 2 3 4 5 6 7 8");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(without_filters_everything_of_the_area_comes),
        SUPPORT_TEST(filters_narrow_each_with_its_own_parameters),
        SUPPORT_TEST(a_dollar_in_quotes_is_text),
        SUPPORT_TEST(in_takes_any_number_of_values_none_gives_no_row),
        SUPPORT_TEST(an_order_is_picked_by_name_and_never_taken_from_it),
        SUPPORT_TEST(the_next_page_may_follow_a_key),
        SUPPORT_TEST(the_count_is_of_all_pages),
        SUPPORT_TEST(groups_come_after_the_filters),
        SUPPORT_TEST(search_words_have_no_wildcards_of_their_own),
        SUPPORT_TEST(a_long_list_of_filters_still_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
