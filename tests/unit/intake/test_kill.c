/* A load that dies or fails anywhere leaves what was published before, or all that it
 * brings, and the next load finishes the work. */
#include "support/loads.h"
#include "base/random.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define SPRING LOADS_COUNCIL "/census/2025-spring"
#define AUTUMN LOADS_COUNCIL "/census/2024-autumn"

/* Whole batches only, and nothing that no batch accounts for. */
static void
check_whole(struct job *j)
{
    assert_int_equal(
        loads_count(j, "SELECT count(*) FROM batch b WHERE b.area_id = 896 AND b.state = "
                       "'published' AND b.kind = 'census' AND (SELECT coalesce(sum(rows_loaded), "
                       "-1) FROM batch_file f WHERE f.area_id = 896 AND f.batch_id = b.batch_id) "
                       "<> b.rows_loaded"),
        0);
    assert_int_equal(
        loads_count(j, "SELECT count(*) FROM batch_file f JOIN batch b ON b.area_id = f.area_id "
                       "AND b.batch_id = f.batch_id WHERE f.area_id = 896 AND b.state = "
                       "'published' AND f.layout LIKE 'census-pupil%' AND f.rows_loaded <> "
                       "(SELECT count(*) FROM census_pupil c WHERE c.area_id = 896 AND "
                       "c.batch_id = f.batch_id AND c.file_id = f.file_id)"),
        0);
    assert_int_equal(
        loads_count(j, "SELECT count(*) FROM census_pupil c JOIN batch b ON b.area_id = c.area_id "
                       "AND b.batch_id = c.batch_id WHERE c.area_id = 896 AND b.state = "
                       "'published' AND NOT EXISTS (SELECT 1 FROM identity i WHERE "
                       "i.area_id = 896 AND i.identity_id = c.identity_id)"),
        0);
}

static enum err
load_plain(struct job *j, const char *path)
{
    struct load_options o = {.loaded_by = "command line"};
    struct load_result r;

    return load(j, &path, 1, &o, &r);
}

/* PostgreSQL notices a moment later that who held the lock is dead. */
static enum err
load_when_free(struct job *j, const char *path, int fault)
{
    enum err e;
    int tries = 0;

    do {
        db_fault = fault;
        e = load_plain(j, path);
    } while (e == ERR_BUSY && ++tries < 10000);
    return e;
}

/* ---- killed ---------------------------------------------------------------------- */

/* db_fault counts down at every store call; this process dies where it would fail.  The
 * call that dies is the last that the database saw. */
static void
load_and_die(struct job *j, const char *url, const char *path, int at)
{
    struct job mine;
    struct db *db;
    enum err e;

    job_init_child(&mine, j, 64 * JOB_MB);
    if (db_open(&mine, url, DB_WRITE, &db))
        _exit(2);
    mine.db = db;
    e = load_when_free(&mine, path, at);
    if (at && db_fault == 0 && (e == ERR_ENV || e == OK))
        raise(SIGKILL); /* nothing is rolled back, closed or told */
    _exit(e ? 3 : 0);
}

/* True: it was killed; false: it got to its end. */
static bool
killed_at(struct job *j, const char *path, int at)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0)
        load_and_die(j, support_url(j), path, at);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) {
        assert_int_equal(WTERMSIG(status), SIGKILL);
        return true;
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    return false;
}

static void
a_load_killed_anywhere_leaves_before_or_after(void **state)
{
    struct job *j = support_job(state);
    const char *before, *after, *now;
    int at = 1;
    bool dead = true;

    support_db(j);
    loads_expect(j, AUTUMN, LOAD_PUBLISHED);
    before = loads_published(j);
    for (after = before; dead; at += 1 + at / 24) {
        struct scope s = job_scope_begin(j);
        dead = killed_at(j, SPRING, at);
        now = loads_published(j);
        check_whole(j);
        if (dead && strcmp(now, before) != 0) {
            /* killed after publishing: from here on nothing is new */
            assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE area_id = 896 "
                                            "AND state = 'published'"), 2);
            dead = false;
        }
        job_scope_end(j, s);
    }
    assert_true(at > 30);
    assert_ok(j, load_when_free(j, SPRING, 0));
    after = loads_published(j);
    assert_string_not_equal(before, after);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE area_id = 896"), 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896"), 15);
}

static void
schools_killed_anywhere_are_the_old_or_the_new(void **state)
{
    struct job *j = support_job(state);
    const char *folder, *file;
    int64_t old, new, swept;
    bool dead = true;
    int at = 1;

    support_db(j);
    loads_expect(j, LOADS_COUNCIL "/gias", LOAD_PUBLISHED);
    folder = loads_copy(j, LOADS_COUNCIL "/gias", "gias");
    file = job_format(j, "%s/edubasealldata20251001.csv", folder);
    loads_edit(j, file, "\"Example PRU\"", "\"New PRU\"");
    loads_edit(j, file, "Example Primary", "New Primary");
    for (; dead; at += 1 + at / 24) {
        struct scope s = job_scope_begin(j);
        dead = killed_at(j, folder, at);
        assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment"), 4);
        assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment_link"), 2);
        old = loads_count(j, "SELECT count(*) FROM establishment WHERE name LIKE '%Example P%'");
        new = loads_count(j, "SELECT count(*) FROM establishment WHERE name LIKE '%New P%'");
        assert_true((old == 2 && new == 0) || (old == 0 && new == 2));
        dead = dead && old == 2;
        job_scope_end(j, s);
    }
    assert_true(at > 20);
    assert_ok(j, load_when_free(j, folder, 0));
    assert_ok(j, batch_sweep_all(j, &swept)); /* as the start of the server does */
    assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment_row"), 4);
}

/* Not at a call but at any instant: the seed is printed so that it can be tried again. */
static void
a_load_killed_at_any_instant_leaves_before_or_after(void **state)
{
    struct job *j = support_job(state);
    const char *seed_text = getenv("ROOTED_TEST_SEED");
    uint64_t seed = seed_text ? (uint64_t)strtoull(seed_text, NULL, 10)
                              : (uint64_t)getpid();
    struct random r = random_stream(seed, 1, 1);

    print_message("ROOTED_TEST_SEED=%llu\n", (unsigned long long)seed);
    support_db(j);
    loads_expect(j, AUTUMN, LOAD_PUBLISHED);
    for (int i = 0; i < 12; i++) {
        struct scope s = job_scope_begin(j);
        struct timespec pause = {0, (long)random_below(&r, 60 * 1000 * 1000)};
        pid_t child = fork();

        assert_true(child >= 0);
        if (child == 0)
            load_and_die(j, support_url(j), LOADS_COUNCIL, 0);
        nanosleep(&pause, NULL); /* the instant */
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        check_whole(j);
        job_scope_end(j, s);
    }
    assert_ok(j, load_when_free(j, LOADS_COUNCIL, 0));
    check_whole(j);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE area_id = 896 AND state = "
                                    "'published'"), 14);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE area_id = 896 AND state <> "
                                    "'published'"), 0);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896"), 16);
}

/* ---- failing --------------------------------------------------------------------- */

static void
a_store_that_fails_anywhere_is_told_and_leaves_before_or_after(void **state)
{
    struct job *j = support_job(state);
    const char *before;
    int at;

    support_db(j);
    loads_expect(j, AUTUMN, LOAD_PUBLISHED);
    before = loads_published(j);
    for (at = 1;; at += 1 + at / 16) {
        struct scope s = job_scope_begin(j);
        enum err e;
        bool same;

        db_fault = at;
        e = load_plain(j, SPRING);
        if (db_fault > 0) { /* it needed fewer calls */
            db_fault = 0;
            assert_int_equal(e, OK);
            job_scope_end(j, s);
            break;
        }
        if (e == OK) { /* only the lock could not be given back: it goes with the connection */
            job_scope_end(j, s);
            break;
        }
        assert_int_equal(e, ERR_ENV);
        assert_true(*j->err.message);
        err_clear(j);
        same = strcmp(loads_published(j), before) == 0;
        check_whole(j);
        job_scope_end(j, s);
        if (!same)
            break; /* it failed in what follows publishing */
    }
    assert_true(at > 30);
    assert_ok(j, load_when_free(j, SPRING, 0));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE area_id = 896"), 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896"), 15);
}

struct attempt {
    const char *path;
};

static enum err
attempt(struct job *j, void *arg)
{
    const struct attempt *a = arg;

    return load_plain(j, a->path);
}

static void
memory_that_ends_anywhere_is_told_and_leaves_before_or_after(void **state)
{
    struct job *j = support_job(state);
    struct attempt a = {SPRING};
    const char *before;
    int at;

    support_db(j);
    loads_expect(j, AUTUMN, LOAD_PUBLISHED);
    before = loads_published(j);
    for (at = 1;; at += 1 + at / 8) {
        struct job mine;
        struct db *db;
        enum err e;

        job_init_child(&mine, j, 64 * JOB_MB);
        assert_ok(&mine, db_open(&mine, support_url(j), DB_WRITE, &db));
        mine.db = db;
        job_alloc_fault = at;
        e = job_run(&mine, attempt, &a);
        if (job_alloc_fault > 0) {
            job_alloc_fault = 0;
            assert_int_equal(e, OK);
            job_end(&mine);
            break;
        }
        assert_int_equal(e, ERR_BUSY);
        job_end(&mine);
        check_whole(j);
        if (strcmp(loads_published(j), before) != 0)
            break;
    }
    assert_true(at > 100);
    assert_ok(j, load_when_free(j, SPRING, 0));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896"), 15);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_load_killed_anywhere_leaves_before_or_after),
        SUPPORT_TEST(schools_killed_anywhere_are_the_old_or_the_new),
        SUPPORT_TEST(a_load_killed_at_any_instant_leaves_before_or_after),
        SUPPORT_TEST(a_store_that_fails_anywhere_is_told_and_leaves_before_or_after),
        SUPPORT_TEST(memory_that_ends_anywhere_is_told_and_leaves_before_or_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
