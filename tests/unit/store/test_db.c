#include "support/support.h"

static void
what_is_written_is_read_again(void **state)
{
    struct job *j = support_job(state);
    int64_t n;

    support_db(j);
    support_area(j);
    assert_ok(j, db_int(j, "SELECT count(*) FROM area WHERE area_id = $1", ARGS(INT(1)), 0, &n));
    assert_int_equal(n, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(what_is_written_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
