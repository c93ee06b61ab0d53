/* What a check of files found is kept for its page, and goes in time. */
#include "access/actor.h"
#include "intake/file_check.h"
#include "support/loads.h"
#include <string.h>

static struct load_result
check(struct job *j)
{
    const char *folder = loads_copy(j, LOADS_COUNCIL, "council");
    const struct load_options o = {.loaded_by = "analyst", .dry = true};
    struct load_result r;

    loads_file(j, "council/other.csv", "what,this,is\n1,2,3\n");
    loads_file(j, "council/told.csv", "UPN,SchoolURN,Category,StartDate\n,900001,XXXX,09/06/2025\n"
                                      "A123,900001,SUSP,09/06/2025\n");
    assert_ok(j, load(j, &folder, 1, &o, &r));
    return r;
}

static void
what_was_found_is_read_again_as_it_was(void **state)
{
    struct job *j = support_job(state);
    struct load_result r, again;

    support_db(j);
    r = check(j);
    assert_true(r.published > 0 && r.n_left > 0);
    j->area = 896;
    assert_ok(j, file_check_save(j, 7, &r));
    assert_ok(j, file_check_get(j, 7, &again));
    assert_int_equal(again.n_batches, r.n_batches);
    assert_int_equal(again.published, r.published);
    assert_int_equal(again.refused, r.refused);
    assert_int_equal(again.n_left, r.n_left);
    for (size_t i = 0; i < r.n_batches; i++) {
        const struct load_batch *a = &r.batch[i], *b = &again.batch[i];
        assert_int_equal(a->outcome, b->outcome);
        assert_string_equal(a->title, b->title);
        assert_string_equal(a->message, b->message);
        assert_true(a->read == b->read && a->loaded == b->loaded && a->refused == b->refused);
        assert_int_equal(a->n_rules, b->n_rules);
        assert_int_equal(a->n_found, b->n_found);
        for (size_t k = 0; k < a->n_rules; k++)
            assert_string_equal(a->rule[k].message, b->rule[k].message);
    }
    for (size_t i = 0; i < r.n_left; i++)
        assert_null(strchr(again.left[i].path, '/')); /* no folder of the program's */
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM batch"), 0);
}

static void
who_may_not_load_does_not_see_it(void **state)
{
    static const struct actor lead = {.account = 3, .login = "lead", .name = "Lead",
        .role = ROLE_INCLUSION_LEAD, .area = 896, .csrf = ""};
    struct job *j = support_job(state);
    struct load_result r, again;

    support_db(j);
    r = check(j);
    j->area = 896;
    assert_ok(j, file_check_save(j, 7, &r));
    j->who = &lead;
    assert_err(j, file_check_get(j, 7, &again), ERR_DENIED);
}

static void
it_is_kept_for_fifty_tasks(void **state)
{
    struct job *j = support_job(state);
    struct load_result r = {0}, again;

    support_db(j);
    j->area = 896;
    assert_ok(j, file_check_save(j, 7, &r));
    assert_ok(j, file_check_save(j, 56, &r));
    assert_ok(j, file_check_get(j, 7, &again));
    assert_ok(j, file_check_save(j, 57, &r));
    assert_err(j, file_check_get(j, 7, &again), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(what_was_found_is_read_again_as_it_was),
        SUPPORT_TEST(who_may_not_load_does_not_see_it),
        SUPPORT_TEST(it_is_kept_for_fifty_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
