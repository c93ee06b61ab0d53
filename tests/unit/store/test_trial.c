/* On a trial everything can be written, and nothing of it stays. */
#include "thing.h"
#include <glob.h>

static void
what_is_written_on_a_trial_is_lost(void **state)
{
    struct job *j = support_job(state);
    struct db *real, *trial;
    struct scope s;

    thing_table(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 1, "a"));
    assert_ok(j, db_commit(j));
    real = j->db;
    s = job_scope_begin(j);
    assert_ok(j, db_open_trial(j, NULL, &trial));
    j->db = trial;
    assert_int_equal(thing_count(j), 1);
    for (int i = 2; i < 5; i++) {
        assert_ok(j, db_begin(j));
        assert_true(db_in_transaction(j));
        assert_ok(j, thing_add(j, i, "b"));
        assert_ok(j, db_commit(j));
        assert_false(db_in_transaction(j));
    }
    assert_ok(j, db_reloadable(j, true));
    assert_int_equal(thing_count(j), 4);
    assert_err(j, db_commit(j), ERR_FAULT);
    job_scope_end(j, s);
    j->db = real;
    assert_int_equal(thing_count(j), 1);
}

static void
others_may_write_while_something_is_tried(void **state)
{
    struct job *j = support_job(state);
    struct db *real, *trial;

    thing_table(j);
    real = j->db;
    assert_ok(j, db_open_trial(j, support_url(j), &trial));
    j->db = trial;
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 1, "a"));
    assert_ok(j, db_commit(j));
    j->db = real;
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 2, "b"));
    assert_ok(j, db_commit(j));
    assert_int_equal(thing_count(j), 1);
}

static void
after_an_error_a_trial_writes_nothing_for_real(void **state)
{
    struct job *j = support_job(state);
    struct db *real, *trial;

    thing_table(j);
    if (!support_postgresql()) {
        print_message("skipped: on SQLite a trial is a copy\n");
        return;
    }
    real = j->db;
    assert_ok(j, db_open_trial(j, NULL, &trial));
    j->db = trial;
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 1, "a"));
    db_rollback(j);
    assert_err(j, db_begin(j), ERR_FAULT);
    assert_err(j, thing_add(j, 2, "a"), ERR_FAULT);
    j->db = real;
    assert_int_equal(thing_count(j), 0);
}

static void
a_copy_to_try_on_has_no_name_on_disk(void **state)
{
    struct job *j = support_job(state);
    struct db *trial;
    glob_t found;

    thing_table(j);
    if (support_postgresql()) {
        print_message("skipped: on PostgreSQL a trial is a transaction\n");
        return;
    }
    assert_ok(j, db_open_trial(j, NULL, &trial));
    j->db = trial;
    assert_ok(j, db_begin(j));
    for (int i = 0; i < 1000; i++)
        assert_ok(j, thing_add(j, i, "much of it"));
    assert_ok(j, db_commit(j));
    assert_int_equal(thing_count(j), 1000);
    assert_int_equal(glob(job_format(j, "%s.trial-*/*.db*", support_url(j) + 7), 0, NULL, &found),
                     GLOB_NOMATCH);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(what_is_written_on_a_trial_is_lost),
        SUPPORT_TEST(others_may_write_while_something_is_tried),
        SUPPORT_TEST(a_copy_to_try_on_has_no_name_on_disk),
        SUPPORT_TEST(after_an_error_a_trial_writes_nothing_for_real),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
