#include "store/migrate.h"
#include "support/disk.h"
#include "support/support.h"
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIGRATION(name, text) {name, (const unsigned char *)(text), sizeof(text) - 1}
#define END {NULL, NULL, 0}

static const char sql_one[] =
    "CREATE TABLE child (area_id INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT,"
    " PRIMARY KEY (area_id, id)) STRICT, WITHOUT ROWID;"
    "INSERT INTO child (area_id, id, name) VALUES (1, 1, 'Ann');"
    "INSERT INTO child (area_id, id, name) VALUES (1, 2, 'Bo');";
static const char sql_two[] =
    "ALTER TABLE child ADD COLUMN born INTEGER;"
    "UPDATE child SET born = id * 1000;"
    "CREATE TABLE school (area_id INTEGER NOT NULL PRIMARY KEY, name TEXT) STRICT;"
    "CREATE INDEX child_by_born ON child (area_id, born);";
static const char sql_three[] = "INSERT INTO school (area_id, name) VALUES (1, 'High');";

static const struct embedded first[] = {MIGRATION("0001_one.sql", sql_one), END};
static const struct embedded all[] = {MIGRATION("0001_one.sql", sql_one),
                                      MIGRATION("0002_two.sql", sql_two),
                                      MIGRATION("0003_three.sql", sql_three), END};

static void
use(struct job *j, const char *url, enum db_mode mode)
{
    assert_ok(j, db_open(j, url, mode, &j->db));
}

static int64_t
number(struct job *j, const char *url, const char *sql)
{
    struct scope s = job_scope_begin(j);
    struct db *before = j->db;
    int64_t n;

    use(j, url, DB_READ);
    assert_ok(j, db_int(j, sql, NO_ARGS, -1, &n));
    job_scope_end(j, s);
    j->db = before;
    return n;
}

static int64_t
version_at(struct job *j, const char *url)
{
    struct scope s = job_scope_begin(j);
    int64_t version;

    use(j, url, DB_READ);
    assert_ok(j, db_schema_found(j, &version));
    job_scope_end(j, s);
    return version;
}

static size_t
migrations(void)
{
    size_t n = 0;

    while (embed_migrations[n].name)
        n++;
    return n;
}

static void
a_fresh_database_gets_every_migration(void **state)
{
    struct job *j = support_job(state);
    const char *url = support_empty_url(j);

    assert_ok(j, db_migrate(j, url));
    assert_int_equal(version_at(j, url), db_schema_version());
    assert_int_equal(number(j, url, "SELECT count(*) FROM child_year"), 0);
    assert_ok(j, db_migrate(j, url));
    assert_int_equal(number(j, url, "SELECT count(*) FROM schema_migration"),
                     (int64_t)migrations());
    assert_true(number(j, url, "SELECT max(applied) FROM schema_migration") == SUPPORT_NOW);
}

static void
the_schema_version_of_an_empty_place_is_nought(void **state)
{
    struct job *j = support_job(state);
    int64_t version = -1;

    use(j, support_empty_url(j), DB_WRITE);
    assert_ok(j, db_schema_found(j, &version));
    assert_int_equal(version, 0);
}

static void
an_upgrade_changes_the_data_and_keeps_a_copy_of_the_file(void **state)
{
    struct job *j = support_job(state);
    const char *url = support_empty_url(j), *copy;

    assert_ok(j, migrate_by(j, url, first));
    assert_ok(j, migrate_by(j, url, all));
    assert_int_equal(version_at(j, url), 3);
    assert_int_equal(number(j, url, "SELECT sum(born) FROM child"), 3000);
    assert_int_equal(number(j, url, "SELECT count(*) FROM school"), 1);
    if (support_postgresql())
        return;
    copy = job_format(j, "%s.before-0002", url);
    assert_int_equal(version_at(j, copy), 1);
    assert_int_equal(number(j, copy, "SELECT count(*) FROM child"), 2);
    assert_int_not_equal(access(job_format(j, "%s.before-0003", url + 7), F_OK), 0);
}

/* Two people number their changes; the second to be released may have the lower number. */
static void
a_migration_that_came_after_a_later_one_is_not_forgotten(void **state)
{
    static const char two[] = "ALTER TABLE child ADD COLUMN born INTEGER;";
    static const char three[] = "ALTER TABLE child ADD COLUMN left_on INTEGER;";
    static const struct embedded without[] = {MIGRATION("0001_one.sql", sql_one),
                                              MIGRATION("0003_three.sql", three), END};
    static const struct embedded with[] = {MIGRATION("0001_one.sql", sql_one),
                                           MIGRATION("0002_two.sql", two),
                                           MIGRATION("0003_three.sql", three), END};
    struct job *j = support_job(state);
    const char *url = support_empty_url(j);

    assert_ok(j, migrate_by(j, url, without));
    for (int i = 0; i < 2; i++) {
        assert_ok(j, migrate_by(j, url, with));
        assert_int_equal(number(j, url, "SELECT count(*) FROM schema_migration"), 3);
    }
    assert_int_equal(version_at(j, url), 3);
    assert_int_equal(number(j, url, "SELECT count(*) FROM child WHERE born IS NULL"), 2);
}

static void
a_fresh_database_leaves_no_copy(void **state)
{
    struct job *j = support_job(state);
    const char *url = support_empty_url(j);

    if (support_postgresql())
        return;
    assert_ok(j, migrate_by(j, url, all));
    assert_int_not_equal(access(job_format(j, "%s.before-0001", url + 7), F_OK), 0);
    assert_int_not_equal(access(job_format(j, "%s.before-0002", url + 7), F_OK), 0);
}

static void
a_database_newer_than_the_program_is_refused_untouched(void **state)
{
    struct job *j = support_job(state);
    const char *url = support_empty_url(j);

    assert_ok(j, migrate_by(j, url, all));
    assert_err(j, migrate_by(j, url, first), ERR_ENV);
    assert_says(j, "schema version 3");
    assert_says(j, "newer rooted");
    assert_int_equal(version_at(j, url), 3);
}

static void
a_migration_that_fails_leaves_the_one_before(void **state)
{
    static const char bad[] = "CREATE TABLE half (area_id INTEGER NOT NULL PRIMARY KEY) STRICT;"
                              "INSERT INTO nowhere (a) VALUES (1);";
    static const struct embedded with_bad[] = {MIGRATION("0001_one.sql", sql_one),
                                               MIGRATION("0002_bad.sql", bad), END};
    struct job *j = support_job(state);
    const char *url = support_empty_url(j);

    assert_err(j, migrate_by(j, url, with_bad), ERR_FAULT);
    assert_int_equal(version_at(j, url), 1);
    assert_ok(j, migrate_by(j, url, all));
    assert_int_equal(version_at(j, url), 3);
}

static void
the_job_keeps_its_own_connection(void **state)
{
    struct job *j = support_job(state);
    struct db *own;

    support_db(j);
    own = j->db;
    j->area = 7;
    assert_ok(j, db_migrate(j, support_url(j)));
    assert_ptr_equal(j->db, own);
    assert_int_equal(j->area, 7);
}

/* ---- two at once, and one that is killed ------------------------------------------- */

struct migrator {
    pthread_t thread;
    struct job job;
    const char *url;
    enum err err;
};

static void *
migrate_thread(void *arg)
{
    struct migrator *m = arg;

    m->err = migrate_by(&m->job, m->url, all);
    return NULL;
}

static void
two_that_migrate_at_once_do_it_once(void **state)
{
    struct job *j = support_job(state);
    const char *url = support_empty_url(j);
    struct migrator m[3];

    assert_ok(j, migrate_by(j, url, first));
    for (int i = 0; i < 3; i++) {
        m[i] = (struct migrator){.url = url};
        job_init_child(&m[i].job, j, 16 * JOB_MB);
        assert_int_equal(pthread_create(&m[i].thread, NULL, migrate_thread, &m[i]), 0);
    }
    for (int i = 0; i < 3; i++) {
        pthread_join(m[i].thread, NULL);
        assert_ok(&m[i].job, m[i].err);
        job_end(&m[i].job);
    }
    assert_int_equal(number(j, url, "SELECT count(*) FROM schema_migration"), 3);
    assert_int_equal(number(j, url, "SELECT sum(born) FROM child"), 3000);
    if (!support_postgresql())
        assert_int_equal(version_at(j, job_format(j, "%s.before-0002", url)), 1);
}

/* Run in a child process, which ends within; true when it was killed. */
static bool
killed(void (*fn)(struct job *, const char *, int), const char *url, int nth)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        struct job child;
        job_init(&child, 16 * JOB_MB);
        fn(&child, url, nth);
        _exit(0);
    }
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void
before_or_after(struct job *j, const char *url)
{
    const char *problem;
    int64_t version = version_at(j, url);
    struct scope s = job_scope_begin(j);

    assert_true(version >= 1 && version <= 3);
    use(j, url, DB_READ);
    assert_ok(j, db_integrity(j, &problem));
    assert_string_equal(problem, "");
    job_scope_end(j, s);
    assert_int_equal(number(j, url, "SELECT count(*) FROM child"), 2);
    if (version > 1)
        assert_int_equal(number(j, url, "SELECT sum(born) FROM child"), 3000);
    if (version > 1)
        assert_int_equal(number(j, url, "SELECT count(*) FROM school"), version - 2);
    assert_ok(j, migrate_by(j, url, all));
    assert_int_equal(version_at(j, url), 3);
    assert_int_equal(number(j, url, "SELECT count(*) FROM school"), 1);
}

static void
die_at_write(struct job *j, const char *url, int nth)
{
    disk_fault(nth, DISK_KILL);
    if (migrate_by(j, url, all))
        _exit(1);
}

/* kill -9 at each write of an upgrade in turn, its copy and checkpoint included */
static void
an_upgrade_killed_at_any_write_is_before_or_after(void **state)
{
    struct job *j = support_job(state);
    int nth = 0;
    bool dead = true;

    if (support_postgresql())
        return; /* its own crash safety; the connection's end is tested below */
    for (nth = 1; dead; nth++) {
        const char *url = job_format(j, "sqlite:%s", support_path(j, job_format(j, "%d.db", nth)));
        assert_ok(j, migrate_by(j, url, first));
        dead = killed(die_at_write, url, nth);
        before_or_after(j, url);
    }
    assert_in_range(nth, 10, 1000);
}

/* The steps of a migration by hand, to die between them on either engine. */
static void
die_at_step(struct job *j, const char *url, int step)
{
    bool sqlite = strncmp(url, "sqlite:", 7) == 0;

    if (db_open(j, url, DB_WRITE, &j->db) || db_begin(j))
        _exit(1);
    if (step > 0 && db_run(j, "ALTER TABLE child ADD COLUMN born BIGINT", NO_ARGS, NULL) && sqlite)
        _exit(1);
    if (step > 1 && db_run(j, "UPDATE child SET born = 5", NO_ARGS, NULL))
        _exit(1);
    raise(SIGKILL);
}

static void
a_process_killed_within_a_migration_leaves_nothing_of_it(void **state)
{
    struct job *j = support_job(state);
    const char *url = support_empty_url(j);
    static const char types_matter_not[] =
        "CREATE TABLE child (area_id BIGINT NOT NULL, id BIGINT NOT NULL, name TEXT,"
        " PRIMARY KEY (area_id, id));"
        "INSERT INTO child (area_id, id, name) VALUES (1, 1, 'Ann');"
        "INSERT INTO child (area_id, id, name) VALUES (1, 2, 'Bo');";
    static const struct embedded plain[] = {MIGRATION("0001_one.sql", types_matter_not), END};

    assert_ok(j, migrate_by(j, url, plain));
    for (int step = 0; step < 3; step++) {
        assert_true(killed(die_at_step, url, step));
        assert_int_equal(version_at(j, url), 1);
        assert_int_equal(number(j, url, "SELECT count(*) FROM child"), 2);
    }
    before_or_after(j, url);
}

static void
a_migration_whose_connection_is_cut_leaves_the_one_before(void **state)
{
    static const char cut[] = "CREATE TABLE half (area_id INTEGER NOT NULL PRIMARY KEY) STRICT;"
                              "SELECT pg_terminate_backend(pg_backend_pid());";
    static const struct embedded with_cut[] = {MIGRATION("0001_one.sql", sql_one),
                                               MIGRATION("0002_cut.sql", cut), END};
    struct job *j = support_job(state);
    const char *url = support_empty_url(j);

    if (!support_postgresql())
        return;
    assert_err(j, migrate_by(j, url, with_cut), ERR_ENV);
    assert_says(j, "connection");
    before_or_after(j, url);
}

static void
an_upgrade_on_a_full_disk_changes_nothing(void **state)
{
    struct job *j = support_job(state);
    enum err e = ERR_ENV;
    int nth;

    if (support_postgresql())
        return;
    for (nth = 1; e; nth++) {
        const char *url = job_format(j, "sqlite:%s", support_path(j, job_format(j, "%d.db", nth)));
        assert_ok(j, migrate_by(j, url, first));
        disk_fault(nth, nth % 2 ? DISK_FULL : DISK_BROKEN);
        e = migrate_by(j, url, all);
        if (e)
            assert_err(j, e, ERR_ENV);
        disk_fault(0, DISK_FULL);
        before_or_after(j, url);
        err_clear(j);
    }
    assert_in_range(nth, 10, 1000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_fresh_database_gets_every_migration),
        SUPPORT_TEST(the_schema_version_of_an_empty_place_is_nought),
        SUPPORT_TEST(an_upgrade_changes_the_data_and_keeps_a_copy_of_the_file),
        SUPPORT_TEST(a_migration_that_came_after_a_later_one_is_not_forgotten),
        SUPPORT_TEST(a_fresh_database_leaves_no_copy),
        SUPPORT_TEST(a_database_newer_than_the_program_is_refused_untouched),
        SUPPORT_TEST(a_migration_that_fails_leaves_the_one_before),
        SUPPORT_TEST(the_job_keeps_its_own_connection),
        SUPPORT_TEST(two_that_migrate_at_once_do_it_once),
        SUPPORT_TEST(an_upgrade_killed_at_any_write_is_before_or_after),
        SUPPORT_TEST(a_process_killed_within_a_migration_leaves_nothing_of_it),
        SUPPORT_TEST(a_migration_whose_connection_is_cut_leaves_the_one_before),
        SUPPORT_TEST(an_upgrade_on_a_full_disk_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
