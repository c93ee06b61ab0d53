/* Views that a person keeps: theirs alone, replaced by name, limited. */
#include "access/view.h"
#include "support/support.h"

static struct actor ada = {.account = 1, .login = "ada", .name = "Ada", .csrf = "", .area = 1};
static struct actor ben = {.account = 2, .login = "ben", .name = "Ben", .csrf = "", .area = 1};

static struct job *
opened(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    support_area(j);
    j->area = 1;
    j->who = &ada;
    return j;
}

static struct view_place
early(const char *name, const char *query)
{
    return (struct view_place){"/early", name, query};
}

static void
a_view_is_seen_by_its_owner_alone(void **state)
{
    struct job *j = opened(state);
    struct saved_view *v;
    size_t n;

    assert_ok(j, view_save(j, early(" Year 8 ", "?year=8")));
    assert_ok(j, view_list(j, "/early", &v, &n));
    assert_int_equal(n, 1);
    assert_string_equal(v[0].name, "Year 8");
    assert_string_equal(v[0].query, "?year=8");
    assert_ok(j, view_list(j, "/schools", &v, &n));
    assert_int_equal(n, 0);
    j->who = &ben;
    assert_ok(j, view_list(j, "/early", &v, &n));
    assert_int_equal(n, 0);
}

static void
nobody_removes_the_view_of_another(void **state)
{
    struct job *j = opened(state);
    struct saved_view *v;
    size_t n;

    assert_ok(j, view_save(j, early("Mine", "?year=8")));
    assert_ok(j, view_list(j, "/early", &v, &n));
    j->who = &ben;
    assert_err(j, view_drop(j, v[0].id), ERR_NOT_FOUND);
    err_clear(j);
    j->who = &ada;
    assert_ok(j, view_drop(j, v[0].id));
    assert_ok(j, view_list(j, "/early", &v, &n));
    assert_int_equal(n, 0);
}

static void
the_same_name_is_replaced(void **state)
{
    struct job *j = opened(state);
    struct saved_view *v;
    size_t n;

    assert_ok(j, view_save(j, early("Mine", "?year=8")));
    assert_ok(j, view_save(j, early("Mine", "?year=9")));
    assert_ok(j, view_list(j, "/early", &v, &n));
    assert_int_equal(n, 1);
    assert_string_equal(v[0].query, "?year=9");
}

static void
names_and_numbers_have_limits(void **state)
{
    struct job *j = opened(state);

    assert_err(j, view_save(j, early("  ", "?year=8")), ERR_INPUT);
    err_clear(j);
    assert_err(j, view_save(j, early("A name that is very much longer than anybody needs", "")),
               ERR_INPUT);
    err_clear(j);
    for (int i = 0; i < VIEWS_MOST; i++)
        assert_ok(j, view_save(j, early(job_format(j, "View %d", i), "")));
    assert_err(j, view_save(j, early("One more", "")), ERR_INPUT);
    assert_says(j, "remove one");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_view_is_seen_by_its_owner_alone),
        SUPPORT_TEST(nobody_removes_the_view_of_another),
        SUPPORT_TEST(the_same_name_is_replaced),
        SUPPORT_TEST(names_and_numbers_have_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
