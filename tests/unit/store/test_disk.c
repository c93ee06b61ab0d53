/* What happens when the disk is full or broken.  SQLite only: PostgreSQL writes elsewhere. */
#include "support/disk.h"
#include "thing.h"
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
not_here(void)
{
    if (support_postgresql())
        print_message("skipped: the disk of PostgreSQL is its server's\n");
    return support_postgresql();
}

/* A chunk of a load: committed, or not there at all. */
static enum err
add_many(struct job *j, int64_t from, int64_t n)
{
    struct bulk *b;
    enum err e;

    if ((e = db_begin(j)) || (e = db_bulk_begin(j, "thing", "area_id, id, name", "iit", &b)))
        return e;
    for (int64_t i = from; i < from + n && !e; i++)
        e = db_bulk_row(b, (const struct arg[]){INT(1), INT(i), TEXT("a name of some length")});
    if (e || (e = db_bulk_end(b, NULL)))
        return e;
    return db_commit(j);
}

static void
check_sound(struct job *j, int64_t rows)
{
    struct job reader;
    const char *problem;

    thing_other(j, DB_READ, &reader);
    assert_int_equal(thing_count(&reader), rows);
    assert_ok(&reader, db_integrity(&reader, &problem));
    assert_string_equal(problem, "");
    job_end(&reader);
}

/* Every write of the work in turn is the first that finds the disk full. */
static void
a_full_disk_leaves_what_was_committed(void **state)
{
    struct job *j = support_job(state);
    enum err e = ERR_ENV;
    struct db *first;
    int nth;

    if (not_here())
        return;
    disk_fault(0, DISK_FULL);
    thing_table(j);
    first = j->db;
    assert_ok(j, add_many(j, 0, 10));
    for (nth = 1; e; nth++) {
        struct scope s = job_scope_begin(j);
        assert_ok(j, db_open(j, support_url(j), DB_WRITE, &j->db));
        disk_fault(nth, nth % 2 ? DISK_FULL : DISK_BROKEN);
        if ((e = add_many(j, 1000, 2000))) {
            assert_err(j, e, ERR_ENV);
            assert_says(j, "disk");
            db_rollback(j);
        }
        disk_fault(0, DISK_FULL);
        job_scope_end(j, s);
        j->db = first;
        check_sound(j, e ? 10 : 2010);
    }
    assert_in_range(nth, 5, 1000);
}

static void
the_same_connection_works_again_when_there_is_room(void **state)
{
    struct job *j = support_job(state);

    if (not_here())
        return;
    disk_fault(0, DISK_FULL);
    thing_table(j);
    disk_fault(1, DISK_FULL);
    assert_err(j, add_many(j, 0, 2000), ERR_ENV);
    assert_says(j, "full");
    db_rollback(j);
    disk_fault(0, DISK_FULL);
    assert_ok(j, add_many(j, 0, 2000));
    check_sound(j, 2000);
}

static void
a_full_disk_leaves_no_part_of_a_backup(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "copy.db");
    enum err e = ERR_ENV;
    int nth;

    if (not_here())
        return;
    disk_fault(0, DISK_FULL);
    thing_table(j);
    assert_ok(j, add_many(j, 0, 500));
    for (nth = 1; e; nth++) {
        disk_fault(nth, DISK_FULL);
        if ((e = db_backup(j, support_url(j), path)))
            assert_err(j, e, ERR_ENV);
        disk_fault(0, DISK_FULL);
        assert_int_equal(access(path, F_OK), e ? -1 : 0);
        assert_int_not_equal(
            access(job_format(j, "%s.%d.part", path, (int)getpid()), F_OK), 0);
    }
    assert_in_range(nth, 5, 1000);
    check_sound(j, 500);
}

/* In a child: files may not grow past 300 kB.  0: as it should be. */
static int
work_under_a_limit(const char *url)
{
    const struct rlimit limit = {300 * 1024, 300 * 1024};
    struct job j;
    enum err e = OK;
    int64_t chunks = 0;

    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit))
        return 1;
    job_init(&j, 8 * JOB_MB);
    if (db_open(&j, url, DB_WRITE, &j.db))
        return 2;
    for (; !e && chunks < 1000; chunks++)
        e = add_many(&j, 1000 + chunks * 500, 500);
    if (e != ERR_ENV || !strstr(j.err.hint, "limits on file size"))
        return 3;
    job_end(&j);
    return 0;
}

static void
a_limit_on_file_size_leaves_what_was_committed(void **state)
{
    struct job *j = support_job(state);
    int status;
    pid_t pid;
    int64_t rows;
    struct job reader;

    if (not_here())
        return;
    thing_table(j);
    assert_ok(j, add_many(j, 0, 10));
    pid = fork();
    if (pid == 0)
        _exit(work_under_a_limit(support_url(j)));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    thing_other(j, DB_READ, &reader);
    rows = thing_count(&reader);
    job_end(&reader);
    assert_int_equal(rows % 500, 10);
    assert_in_range(rows, 510, 100000);
    check_sound(j, rows);
    assert_ok(j, add_many(j, 900000, 10));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_full_disk_leaves_what_was_committed),
        SUPPORT_TEST(the_same_connection_works_again_when_there_is_room),
        SUPPORT_TEST(a_full_disk_leaves_no_part_of_a_backup),
        SUPPORT_TEST(a_limit_on_file_size_leaves_what_was_committed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
