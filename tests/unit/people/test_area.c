#include "people/area.h"
#include "support/support.h"

static void
ids_of_an_area_are_given_out_once(void **state)
{
    struct job *j = support_job(state);
    int64_t a, b, c;

    support_db(j);
    support_area(j);
    assert_ok(j, area_next_id(j, 10, &a));
    assert_ok(j, area_next_id(j, 1, &b));
    assert_ok(j, area_next_id(j, 1, &c));
    assert_true(a > 0);
    assert_int_equal(b, a + 10);
    assert_int_equal(c, b + 1);
    j->area = 999; /* nobody's */
    assert_err(j, area_next_id(j, 1, &a), ERR_FAULT);
}

static void
an_area_is_added_once_and_may_be_named_later(void **state)
{
    struct job *j = support_job(state);
    struct area *all, one;
    size_t n;

    support_db(j);
    assert_ok(j, area_add(j, 896, NULL));
    assert_ok(j, area_add(j, 1, "Pseudo"));
    assert_ok(j, area_add(j, 896, "not taken"));
    assert_ok(j, area_list(j, &all, &n));
    assert_int_equal(n, 2);
    assert_int_equal(all[0].area_id, 1);
    assert_string_equal(all[1].name, "Authority 896");
    assert_ok(j, area_name(j, 896, "Cheshire West and Chester"));
    assert_ok(j, area_get(j, 896, &one));
    assert_string_equal(one.name, "Cheshire West and Chester");
    assert_err(j, area_get(j, 0, &one), ERR_NOT_FOUND);
    assert_err(j, area_get(j, 5, &one), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(ids_of_an_area_are_given_out_once),
        SUPPORT_TEST(an_area_is_added_once_and_may_be_named_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
