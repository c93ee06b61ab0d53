#include "support/pg.h"
#include "support/migrated.h"
#include <linux/magic.h>
#include <sys/statfs.h>
#include <unistd.h>

static const char *
cluster(void)
{
    const char *url = getenv("ROOTED_TEST_DB");
    return url && strncmp(url, "postgres", 8) == 0 ? url : NULL;
}

bool
support_postgresql(void)
{
    return cluster() != NULL;
}

/* The cluster's url with another database in it. */
static void
url_of(const char *name, char *url, size_t n)
{
    const char *base = cluster();
    size_t host = strcspn(base, ":") + 3;
    size_t path, end;

    path = host + strcspn(base + host, "/?");
    end = path + strcspn(base + path, "?");
    snprintf(url, n, "%.*s/%s%s", (int)path, base, name, base + end);
}

/* Each on a connection of its own, within a scope. */
static enum err
run_at(struct job *j, const char *url, const char *const *sql)
{
    struct db *before = j->db;
    struct scope s = job_scope_begin(j);
    struct db *db;
    enum err e = db_open(j, url, DB_WRITE, &db);

    if (!e)
        j->db = db;
    for (; !e && *sql; sql++)
        e = db_run(j, *sql, NO_ARGS, NULL);
    job_scope_end(j, s);
    j->db = before;
    return e;
}

static void
drop_all(void)
{
    struct job j;

    job_init(&j, JOB_MB);
    for (int i = 0; i < 2; i++) {
        const char *sql = job_format(&j, "DROP DATABASE IF EXISTS rooted_test_%d%s WITH (FORCE)",
                                     (int)getpid(), i ? "_empty" : "");
        if (run_at(&j, cluster(), (const char *const[]){sql, NULL}))
            fprintf(stderr, "the test's database stays: %s\n", j.err.message);
    }
    job_end(&j);
}

static const char *
own_name(struct job *j, const char *suffix)
{
    return job_format(j, "rooted_test_%d%s", (int)getpid(), suffix);
}

void
support_pg_fresh(struct job *j, const char *suffix, char *url, size_t n)
{
    static const char *const empty[] = {"DROP SCHEMA public CASCADE", "CREATE SCHEMA public",
                                        NULL};
    const char *name = own_name(j, suffix);
    const char *create = job_format(j, "CREATE DATABASE %s", name);

    url_of(name, url, n);
    if (!run_at(j, url, empty))
        return;
    err_clear(j);
    assert_ok(j, run_at(j, cluster(), (const char *const[]){create, NULL}));
    atexit(drop_all);
}

/* Made under a name of this program's own, and renamed once it is whole: another program that
 * was quicker made the same. */
static void
make_shared(struct job *j, const char *shared)
{
    const char *own = own_name(j, "_shared");
    const char *drop = job_format(j, "DROP DATABASE IF EXISTS %s WITH (FORCE)", own);
    const char *create = job_format(j, "CREATE DATABASE %s", own);
    const char *rename = job_format(j, "ALTER DATABASE %s RENAME TO %s", own, shared);
    char url[256];

    url_of(own, url, sizeof url);
    assert_ok(j, run_at(j, cluster(), (const char *const[]){drop, create, NULL}));
    assert_ok(j, db_migrate(j, url));
    if (run_at(j, cluster(), (const char *const[]){rename, NULL})) {
        err_clear(j);
        assert_ok(j, run_at(j, cluster(), (const char *const[]){drop, NULL}));
    }
}

/* Copying a database writes some hundred files: quick in memory, but on a disk slower than to
 * migrate another.  The server tells where it keeps them, but not everybody. */
static const char sql_folder[] = "SELECT current_setting('data_directory')";

static bool
in_memory(struct job *j)
{
    struct db *before = j->db;
    struct scope s = job_scope_begin(j);
    struct statfs fs;
    struct rows q;
    bool yes = false;

    assert_ok(j, db_open(j, cluster(), DB_READ, &j->db));
    if (!db_ask(j, &q, sql_folder, NO_ARGS) && db_next(&q))
        yes = statfs(row_text(&q, 0), &fs) == 0 && fs.f_type == TMPFS_MAGIC;
    if (db_done(&q))
        err_clear(j);
    job_scope_end(j, s);
    j->db = before;
    return yes;
}

static void
copy_shared(struct job *j, const char *name)
{
    const char *drop = job_format(j, "DROP DATABASE %s WITH (FORCE)", name), *shared, *create;
    char digest[MIGRATED_DIGEST];

    migrated_digest(digest);
    shared = job_format(j, "rooted_migrated_%s", digest);
    create = job_format(j, "CREATE DATABASE %s TEMPLATE %s", name, shared);
    if (run_at(j, cluster(), (const char *const[]){drop, NULL})) { /* the first of this program */
        err_clear(j);
        atexit(drop_all);
    }
    if (!run_at(j, cluster(), (const char *const[]){create, NULL}))
        return;
    err_clear(j);
    make_shared(j, shared);
    assert_ok(j, run_at(j, cluster(), (const char *const[]){create, NULL}));
}

void
support_pg_migrated(struct job *j, char *url, size_t n)
{
    const char *name = own_name(j, "");

    url_of(name, url, n);
    if (in_memory(j)) {
        copy_shared(j, name);
        return;
    }
    support_pg_fresh(j, "", url, n);
    assert_ok(j, db_migrate(j, url));
}
