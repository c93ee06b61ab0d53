/* What is worked out once for a connection. */
#include "support/support.h"

static int made;

static enum err
make(struct job *keeper, void *arg, void **out)
{
    made++;
    if (!arg)
        return err_set(keeper, ERR_INPUT, "there is nothing to keep");
    *out = (void *)job_copy(keeper, arg);
    return OK;
}

static void
what_is_kept_is_made_once_for_each_area_and_number(void **state)
{
    static const char what[] = "word", other[] = "word too";
    struct job *j = support_job(state);
    char word[] = "sycamore";
    void *a, *b, *c;

    support_db(j);
    support_area(j);
    made = 0;
    for (int again = 0; again < 3; again++) {
        struct scope s = job_scope_begin(j); /* as the jobs of several pages */
        assert_ok(j, db_keep(j, &(struct db_keeping){what, 1, make, word}, &a));
        assert_string_equal(a, "sycamore");
        job_scope_end(j, s);
    }
    assert_int_equal(made, 1);
    assert_ok(j, db_keep(j, &(struct db_keeping){what, 2, make, word}, &b));
    assert_ok(j, db_keep(j, &(struct db_keeping){other, 1, make, word}, &c));
    assert_int_equal(made, 3);
    j->area = 2;
    assert_ok(j, db_keep(j, &(struct db_keeping){what, 1, make, word}, &b));
    assert_int_equal(made, 4);
    assert_ptr_not_equal(a, b);
}

static void
what_cannot_be_made_is_not_kept(void **state)
{
    static const char what[] = "word";
    struct job *j = support_job(state);
    char word[] = "sycamore";
    void *a;

    support_db(j);
    made = 0;
    assert_err(j, db_keep(j, &(struct db_keeping){what, 1, make, NULL}, &a), ERR_INPUT);
    err_clear(j);
    assert_ok(j, db_keep(j, &(struct db_keeping){what, 1, make, word}, &a));
    assert_string_equal(a, "sycamore");
    assert_int_equal(made, 2);
}

static void
beyond_what_a_connection_keeps_it_is_made_each_time(void **state)
{
    static const char what[] = "word";
    struct job *j = support_job(state);
    char word[] = "sycamore";
    void *a;

    support_db(j);
    made = 0;
    for (int again = 0; again < 2; again++)
        for (int id = 0; id < 40; id++)
            assert_ok(j, db_keep(j, &(struct db_keeping){what, id, make, word}, &a));
    assert_int_equal(made, 40 + 8);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(what_is_kept_is_made_once_for_each_area_and_number),
        SUPPORT_TEST(what_cannot_be_made_is_not_kept),
        SUPPORT_TEST(beyond_what_a_connection_keeps_it_is_made_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
