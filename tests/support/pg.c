#include "support/pg.h"
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

static enum err
run_at(struct job *j, const char *url, const char *sql)
{
    struct db *db, *before = j->db;
    struct scope s = job_scope_begin(j);
    enum err e = db_open(j, url, DB_WRITE, &db);

    if (!e) {
        j->db = db;
        e = db_run(j, sql, NO_ARGS, NULL);
    }
    job_scope_end(j, s);
    j->db = before;
    return e;
}

static void
drop_all(void)
{
    struct job j;
    char sql[128];

    job_init(&j, JOB_MB);
    for (int i = 0; i < 2; i++) {
        snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS rooted_test_%d%s WITH (FORCE)",
                 (int)getpid(), i ? "_empty" : "");
        if (run_at(&j, cluster(), sql))
            fprintf(stderr, "the test's database stays: %s\n", j.err.message);
    }
    job_end(&j);
}

static bool
exists(struct job *j, const char *name)
{
    struct db *db, *before = j->db;
    struct scope s = job_scope_begin(j);
    int64_t n = 0;

    assert_ok(j, db_open(j, cluster(), DB_READ, &db));
    j->db = db;
    assert_ok(j, db_int(j, "SELECT count(*) FROM pg_database WHERE datname = $1",
                        ARGS(TEXT(name)), 0, &n));
    job_scope_end(j, s);
    j->db = before;
    return n > 0;
}

void
support_pg_fresh(struct job *j, const char *suffix, char *url, size_t n)
{
    const char *name = job_format(j, "rooted_test_%d%s", (int)getpid(), suffix);

    url_of(name, url, n);
    if (exists(j, name)) {
        assert_ok(j, run_at(j, url, "DROP SCHEMA public CASCADE"));
        assert_ok(j, run_at(j, url, "CREATE SCHEMA public"));
        return;
    }
    assert_ok(j, run_at(j, cluster(), job_format(j, "CREATE DATABASE %s", name)));
    atexit(drop_all);
}
