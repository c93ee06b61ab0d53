/* An invented clock: its amount is in force, and an authority may change it. */
#include "access/setting.h"
#include "risk/clocks.h"
#include "support/support.h"

static void
books_go_back_after_ten_school_days(void **state)
{
    struct job *j = support_job(state);
    struct clock_rules r;

    support_db(j);
    assert_ok(j, clock_rules_load(j, &r));
    assert_int_equal(r.amount[CLOCK_LIBRARY], 10);
    assert_string_equal(clocks[CLOCK_LIBRARY].title, "Books go back");
    assert_ok(j, setting_choose(j, SETTING_CLOCKS, "library-book=7"));
    assert_ok(j, clock_rules_load(j, &r));
    assert_int_equal(r.amount[CLOCK_LIBRARY], 7);
    assert_int_equal(r.amount[CLOCK_SIXTH_DAY], clocks[CLOCK_SIXTH_DAY].amount);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {SUPPORT_TEST(books_go_back_after_ten_school_days)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
