#include "thing.h"
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
can_take(struct job *j, const char *name)
{
    struct job other;
    bool taken;

    thing_other(j, DB_WRITE, &other);
    assert_ok(&other, db_lock(&other, name, &taken));
    job_end(&other);
    return taken;
}

static void
a_lock_is_held_by_one_until_its_scope_ends(void **state)
{
    struct job *j = support_job(state);
    struct scope s;
    bool taken;

    support_db(j);
    s = job_scope_begin(j);
    assert_ok(j, db_lock(j, "load", &taken));
    assert_true(taken);
    assert_false(can_take(j, "load"));
    assert_true(can_take(j, "figures"));
    job_scope_end(j, s);
    assert_true(can_take(j, "load"));
}

static void
a_lock_outlives_transactions_and_errors(void **state)
{
    struct job *j = support_job(state);
    bool taken;

    thing_table(j);
    assert_ok(j, db_lock(j, "load", &taken));
    assert_true(taken);
    assert_ok(j, db_begin(j));
    assert_ok(j, thing_add(j, 1, "a"));
    assert_ok(j, db_commit(j));
    assert_err(j, thing_add(j, 1, "a"), ERR_CONFLICT);
    assert_ok(j, db_begin(j));
    db_rollback(j);
    assert_false(can_take(j, "load"));
}

static void
a_reader_may_hold_a_lock(void **state)
{
    struct job *j = support_job(state);
    struct job reader;
    bool taken;

    support_db(j);
    thing_other(j, DB_READ, &reader);
    assert_ok(&reader, db_lock(&reader, "load", &taken));
    assert_true(taken);
    assert_false(can_take(j, "load"));
    job_end(&reader);
    assert_true(can_take(j, "load"));
}

/* Takes the lock, says so through the pipe, and waits to be killed. */
static void
hold(const char *url, int ready)
{
    struct job child;
    bool taken = false;

    job_init(&child, 8 * JOB_MB);
    if (db_open(&child, url, DB_WRITE, &child.db) || db_lock(&child, "load", &taken) || !taken)
        _exit(1);
    if (write(ready, "y", 1) != 1)
        _exit(2);
    for (;;)
        pause();
}

static void
a_lock_goes_when_its_process_is_killed(void **state)
{
    struct job *j = support_job(state);
    int ends[2], status;
    char byte = 0;
    pid_t pid;

    support_db(j);
    assert_int_equal(pipe(ends), 0);
    pid = fork();
    if (pid == 0)
        hold(support_url(j), ends[1]);
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    close(ends[0]);
    assert_false(can_take(j, "load"));
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    /* PostgreSQL notices the dead client a moment later */
    for (int i = 0; i < 10000 && !can_take(j, "load"); i++)
        sched_yield();
    assert_true(can_take(j, "load"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_lock_is_held_by_one_until_its_scope_ends),
        SUPPORT_TEST(a_lock_outlives_transactions_and_errors),
        SUPPORT_TEST(a_reader_may_hold_a_lock),
        SUPPORT_TEST(a_lock_goes_when_its_process_is_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
