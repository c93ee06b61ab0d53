#include "support/support.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void
second_connection(struct job *j, struct job *other)
{
    struct db *db;

    job_init_child(other, j, 16 * JOB_MB);
    assert_ok(other, db_open(other, support_url(j), DB_WRITE, &db));
    other->db = db;
}

static void
a_lock_is_held_by_one_at_a_time(void **state)
{
    struct job *j = support_job(state), other;
    struct scope s;
    bool taken;

    support_db(j);
    second_connection(j, &other);
    s = job_scope_begin(j);
    assert_ok(j, db_lock(j, "load-1", &taken));
    assert_true(taken);
    assert_ok(&other, db_lock(&other, "load-1", &taken));
    assert_false(taken);
    assert_ok(&other, db_lock(&other, "load-2", &taken)); /* another name is another lock */
    assert_true(taken);
    job_scope_end(j, s);
    assert_ok(&other, db_lock(&other, "load-1", &taken));
    assert_true(taken);
    job_end(&other);
}

static void
a_lock_goes_when_its_process_is_killed(void **state)
{
    struct job *j = support_job(state);
    int ready[2];
    char byte;
    bool taken;
    pid_t child;

    support_db(j);
    assert_int_equal(pipe(ready), 0);
    child = fork();
    if (child == 0) {
        struct job other;
        struct db *db;

        job_init_child(&other, j, 16 * JOB_MB);
        if (db_open(&other, support_url(j), DB_WRITE, &db))
            _exit(1);
        other.db = db;
        if (db_lock(&other, "load-1", &taken) || !taken || write(ready[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    assert_true(child > 0);
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_ok(j, db_lock(j, "load-1", &taken));
    assert_false(taken);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    /* PostgreSQL notices a lost connection a moment later */
    for (int i = 0; i < 100000 && !taken; i++) {
        struct scope s = job_scope_begin(j);
        assert_ok(j, db_lock(j, "load-1", &taken));
        job_scope_end(j, s);
    }
    assert_true(taken);
    close(ready[0]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_lock_is_held_by_one_at_a_time),
        SUPPORT_TEST(a_lock_goes_when_its_process_is_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
