/* thing.h - a table of every type, for the tests of this room. */
#pragma once
#include "store/dialect.h"
#include "support/support.h"

static const char sql_thing[] =
    "CREATE TABLE thing (area_id INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT, n INTEGER,"
    " share REAL, content BLOB, PRIMARY KEY (area_id, id)) STRICT, WITHOUT ROWID";

static inline void
thing_table(struct job *j)
{
    support_db(j);
    assert_ok(j, db_run(j, support_postgresql() ? dialect_postgresql(j, sql_thing) : sql_thing,
                        NO_ARGS, NULL));
}

static const char sql_thing_add[] =
    "INSERT INTO thing (area_id, id, name, n, share, content) VALUES (1, $1, $2, $3, $4, $5)";

static inline enum err
thing_add(struct job *j, int64_t id, const char *name)
{
    return db_run(j, sql_thing_add, ARGS(INT(id), TEXT(name), NUL, NUL, NUL), NULL);
}

static const char sql_thing_count[] = "SELECT count(*) FROM thing WHERE area_id = 1";

static inline int64_t
thing_count(struct job *j)
{
    int64_t n = -1;

    assert_ok(j, db_int(j, sql_thing_count, NO_ARGS, -1, &n));
    return n;
}

/* A second connection to the same database, in a job of its own; ended by job_end(). */
static inline void
thing_other(struct job *j, enum db_mode mode, struct job *other)
{
    job_init_child(other, j, 8 * JOB_MB);
    assert_ok(other, db_open(other, support_url(j), mode, &other->db));
}
