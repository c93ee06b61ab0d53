/* The SQLite file and the locks on it. */
#include "support/support.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where SQLite keeps the lock that says "this file is in use". */
enum { SHARED_FIRST = 0x40000002, SHARED_SIZE = 510 };

/* Asked in another process: a process does not see its own locks. */
static bool
is_locked(const char *path)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = SHARED_FIRST,
                          .l_len = SHARED_SIZE};
        int fd = open(path, O_RDWR);
        _exit(fd < 0 || fcntl(fd, F_GETLK, &l) ? 2 : l.l_type == F_UNLCK ? 1 : 0);
    }
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status) == 0;
}

static void
a_second_connection_does_not_unlock_the_file_for_other_programs(void **state)
{
    struct job *j = support_job(state);
    const char *path;

    support_db(j);
    if (db_engine(j->db) != DB_SQLITE) {
        print_message("skipped: only SQLite has a file\n");
        return;
    }
    path = support_url(j) + strlen("sqlite:");
    assert_true(is_locked(path));
    for (int mode = 0; mode < 2; mode++) {
        struct job other;
        struct db *db;
        job_init_child(&other, j, JOB_MB);
        assert_ok(&other, db_open(&other, support_url(j), mode ? DB_WRITE : DB_READ, &db));
        assert_true(is_locked(path));
        job_end(&other);
        assert_true(is_locked(path));
    }
    assert_ok(j, db_migrate(j, support_url(j)));
    assert_true(is_locked(path));
    assert_ok(j, db_backup(j, support_url(j), support_path(j, "copy")));
    assert_true(is_locked(path));
}

static const char sql_write[] = "INSERT INTO setting (name, value) VALUES ('waited', '1')";

static void *
write_when_it_may(void *arg)
{
    struct job j;

    job_init(&j, JOB_MB);
    assert_ok(&j, db_open(&j, arg, DB_WRITE, &j.db));
    assert_ok(&j, db_begin(&j));
    assert_ok(&j, db_run(&j, sql_write, NO_ARGS, NULL));
    assert_ok(&j, db_commit(&j));
    job_end(&j);
    return NULL;
}

static void
whoever_writes_much_is_told_when_somebody_waits(void **state)
{
    struct job *j = support_job(state);
    struct timespec now;
    pthread_t other;
    time_t until;
    int64_t n;
    bool wanted = false;

    support_db(j);
    assert_false(db_wanted(j));
    assert_ok(j, db_begin(j));
    assert_false(db_wanted(j));
    assert_int_equal(pthread_create(&other, NULL, write_when_it_may,
                                    (void *)(uintptr_t)support_url(j)), 0);
    clock_gettime(CLOCK_MONOTONIC, &now);
    for (until = now.tv_sec + (db_engine(j->db) == DB_SQLITE ? 100 : 0);
         !wanted && now.tv_sec < until; clock_gettime(CLOCK_MONOTONIC, &now))
        wanted = db_wanted(j);
    assert_int_equal(wanted, db_engine(j->db) == DB_SQLITE);
    assert_ok(j, db_commit(j));
    pthread_join(other, NULL);
    assert_ok(j, db_int(j, "SELECT COUNT(*) FROM setting", NO_ARGS, 0, &n));
    assert_int_equal(n, 1);
    assert_ok(j, db_begin(j));
    assert_false(db_wanted(j));
}

static void
a_lean_writer_keeps_little_of_the_file_until_it_is_none(void **state)
{
    struct job *j = support_job(state);
    int64_t before, lean, after;

    support_db(j);
    if (db_engine(j->db) != DB_SQLITE) {
        assert_ok(j, db_lean(j, true));
        assert_ok(j, db_lean(j, false));
        return;
    }
    assert_ok(j, db_int(j, "PRAGMA cache_size", NO_ARGS, 0, &before));
    assert_ok(j, db_lean(j, true));
    assert_ok(j, db_int(j, "PRAGMA cache_size", NO_ARGS, 0, &lean));
    assert_ok(j, db_lean(j, false));
    assert_ok(j, db_int(j, "PRAGMA cache_size", NO_ARGS, 0, &after));
    assert_true(lean < 0 && lean > before / 4); /* negative: in kB */
    assert_int_equal(after, before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_second_connection_does_not_unlock_the_file_for_other_programs),
        SUPPORT_TEST(whoever_writes_much_is_told_when_somebody_waits),
        SUPPORT_TEST(a_lean_writer_keeps_little_of_the_file_until_it_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
