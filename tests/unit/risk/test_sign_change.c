/* A pack changed on a page is the same pack with other limits. */
#include "risk/sign_change.h"
#include "support/support.h"

static void
limits_change_and_signs_go_and_the_rest_stays(void **state)
{
    struct job *j = support_job(state);
    struct sign_change c[] = {{.id = "A1", .limit = {4, 8, 10}}, {.id = "A2", .off = true}};
    struct sign_pack before, after;
    struct span text;

    assert_ok(j, sign_pack_read(j, sign_pack_default(), &before));
    assert_ok(j, sign_pack_change(j, sign_pack_default(), &(struct sign_changes){"ours", c, 2},
                                  &text));
    assert_ok(j, sign_pack_read(j, text, &after));
    assert_string_equal(after.version, "ours");
    assert_int_equal(after.n, before.n - 1);
    assert_int_equal(after.rule[0].limit[0], 4);
    assert_int_equal(after.rule[0].limit[1], 8);
    assert_int_equal(after.rule[0].limit[2], 10);
    assert_string_equal(after.rule[1].id, "A3");
    assert_int_equal(after.rule[1].limit[0], before.rule[2].limit[0]);
    assert_string_equal(after.rule[1].words[0], before.rule[2].words[0]);
}

static void
what_a_pack_may_not_be_is_refused(void **state)
{
    struct job *j = support_job(state);
    struct sign_change c = {.id = "A1", .limit = {4, 8, 5000}};
    struct span text;

    assert_err(j, sign_pack_change(j, sign_pack_default(), &(struct sign_changes){"ours", &c, 1},
                                   &text), ERR_INPUT);
    assert_says(j, "A1");
}

static void
limits_are_named_in_their_order(void **state)
{
    struct job *j = support_job(state);

    assert_string_equal(sign_limit_name(j, SIGN_SUSPENSIONS_BUILDING, 0), "count");
    assert_string_equal(sign_limit_name(j, SIGN_SUSPENSIONS_BUILDING, 3), "days_secondary");
    assert_null(sign_limit_name(j, SIGN_SUSPENSIONS_BUILDING, 4));
    assert_null(sign_limit_name(j, SIGN_PLACED, 0));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(limits_change_and_signs_go_and_the_rest_stays),
        SUPPORT_TEST(what_a_pack_may_not_be_is_refused),
        SUPPORT_TEST(limits_are_named_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
