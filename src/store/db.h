/* store/db.h - one way to ask the database, whichever engine it is.
 *
 * SQL uses $1, $2 … parameters, INTEGER and TEXT values, and only what SQLite
 * 3.40 and PostgreSQL 15 both understand; differences between the engines live
 * in this room alone.  A url is "sqlite:PATH" or "postgresql://…". */
#pragma once
#include "base/job.h"

enum db_engine { DB_SQLITE, DB_POSTGRESQL };
enum db_mode { DB_READ, DB_WRITE };

struct db; /* one connection; used by one thread at a time */
struct statement;
struct answer;

/* Open a connection, closed when the job ends; j->db is left alone.  ERR_ENV when the
 * place cannot be reached.  DB_WRITE creates a SQLite file; DB_READ cannot change
 * anything, and sees one snapshot from its first question to the end of the job. */
MUST_CHECK enum err db_open(struct job *j, const char *url, enum db_mode mode, struct db **out);
/* Another connection to the database of that one: for a second thread. */
MUST_CHECK enum err db_open_beside(struct job *j, const struct db *other, enum db_mode mode,
                                   struct db **out);
/* To try something on: a connection to what the database holds now, on which all that is
 * written is lost when the job (or the scope) ends.  SQLite: a copy, made beside it; of a
 * place where nothing is yet, an empty one.  PostgreSQL: a transaction that is rolled back at
 * the end or by db_rollback(), with all others within it; nothing more can then be done on it,
 * nor after an error.
 * url NULL: of the database that j->db is of. */
MUST_CHECK enum err db_open_trial(struct job *j, const char *url, struct db **out);
/* Let j use a connection that outlives it: sets j->db.  When j (or the scope) ends,
 * open questions are closed, an open transaction is rolled back, the snapshot given up. */
void db_use(struct job *j, struct db *db);
enum db_engine db_engine(const struct db *db);
const char *db_url(const struct db *db); /* without password */

struct arg {
    enum { ARG_NULL, ARG_INT, ARG_TEXT, ARG_BLOB, ARG_REAL } type;
    int64_t i;
    double r;
    const void *s; /* TEXT, BLOB: must live until the call returns */
    size_t n;      /* TEXT, BLOB: bytes */
};
struct args {
    const struct arg *v;
    size_t n;
};
struct arg arg_text(const char *s); /* NULL becomes NULL */
#define NUL ((struct arg){.type = ARG_NULL})
#define INT(x) ((struct arg){.type = ARG_INT, .i = (int64_t)(x)})
#define REAL(x) ((struct arg){.type = ARG_REAL, .r = (x)})
#define TEXT(x) arg_text(x)
#define TEXT_N(p, len) ((struct arg){.type = ARG_TEXT, .s = (p), .n = (len)})
#define BLOB(p, len) ((struct arg){.type = ARG_BLOB, .s = (p), .n = (len)})
#define ARGS(...)                                                              \
    ((struct args){(const struct arg[]){__VA_ARGS__},                          \
                   sizeof((const struct arg[]){__VA_ARGS__}) / sizeof(struct arg)})
#define NO_ARGS ((struct args){NULL, 0})

/* Ask and walk: db_ask(j, &q, sql, ARGS(...)); while (db_next(&q)) …; e = db_done(&q);
 * db_done() must always be called; it gives any error of the three.  Statements
 * are prepared once per connection and kept.  Uses j->db. */
struct rows {
    struct job *j;
    struct db *db;
    struct statement *stmt;
    void *row;     /* the engine's */
    const struct answer *kept; /* of db_ask_kept(): the rows come from memory … */
    size_t at;                 /* … and this is the number of the row, from 1 */
    uint32_t turn; /* of the statement; another turn means these rows are gone */
    enum err err;
    bool open;
};
enum err db_ask(struct job *j, struct rows *q, const char *sql, struct args a);
/* The same, where the answer never changes: rows of a snapshot or a run that is in force, or of
 * whatever `version` is a version of.  A reading connection of a pool keeps such answers from
 * job to job, so many pages ask once.  For answers of some hundred rows; sql is a constant. */
struct db_kept {
    const char *sql, *types; /* a letter a column: i integer, t text */
    int64_t version;         /* another one is another question; 0 where $1 … say it all */
};
enum err db_ask_kept(struct job *j, struct rows *q, const struct db_kept *k, struct args a);
bool db_next(struct rows *q);
MUST_CHECK enum err db_done(struct rows *q);
/* Columns count from 0. */
bool row_is_null(const struct rows *q, int c);
int64_t row_int(const struct rows *q, int c); /* NULL: 0 */
int64_t row_int_or(const struct rows *q, int c, int64_t if_null);
double row_real(const struct rows *q, int c);
const char *row_text(struct rows *q, int c); /* copied into the job; NULL for NULL */
/* Borrowed until the next db_next(). */
const char *row_peek(const struct rows *q, int c, size_t *n);
const void *row_blob(struct rows *q, int c, size_t *n); /* copied into the job */

/* A statement that gives no rows; *changed (may be NULL) is the count of rows changed.
 * ERR_CONFLICT when a unique key exists already. */
MUST_CHECK enum err db_run(struct job *j, const char *sql, struct args a, int64_t *changed);
/* One integer, or if_none without a row. */
MUST_CHECK enum err db_int(struct job *j, const char *sql, struct args a, int64_t if_none,
                           int64_t *out);

/* One integer of $1 that may change, asked once a snapshot: for `version`. */
MUST_CHECK enum err db_int_once(struct job *j, const char *sql, int64_t v, int64_t *out);
MUST_CHECK enum err db_int_kept(struct job *j, const struct db_kept *k, struct args a,
                                int64_t if_none, int64_t *out);

/* Transactions do not nest.  The job or scope that ends with one open rolls it back.
 * db_begin waits up to 10 s for another writer (of the same area, on PostgreSQL), then
 * ERR_BUSY; writers take turns, so who commits and begins again stands behind who waits.
 * After any error within it a transaction can only be rolled back, on both engines;
 * db_commit then rolls back and says so.  Open questions end with their transaction. */
MUST_CHECK enum err db_begin(struct job *j);
MUST_CHECK enum err db_commit(struct job *j);
bool db_in_transaction(const struct job *j); /* did a caller begin one on this connection? */
/* Also closes open questions; on a DB_READ connection gives up the snapshot. */
void db_rollback(struct job *j);
/* The longest that a transaction of this connection lasted so far, in microseconds. */
int64_t db_longest_hold(const struct job *j);
/* Within a transaction of many rows: does another writer wait for it to end?  (PostgreSQL:
 * never, its writers of other rows do not wait.)  Cheap, but not free. */
bool db_wanted(const struct job *j);
/* Yes: what is committed from here on could be loaded again, so a power cut may take the
 * newest commits, whole ones only.  No, as at the start: each commit is on disk, with all
 * before it, when it returns.  Said outside a transaction. */
MUST_CHECK enum err db_reloadable(struct job *j, bool yes);
/* Yes: little of the database is kept in memory, and what was is given back: for rows that come
 * nearly in the order of their keys.  No, as at the start. */
MUST_CHECK enum err db_lean(struct job *j, bool yes);
/* After much was loaded: let the engine choose its plans by what the tables hold now. */
MUST_CHECK enum err db_analyse(struct job *j);

/* Many rows into one table, inside a transaction: prepared INSERT or COPY BINARY.
 * columns is a comma-separated list; types is one letter a column: i integer,
 * t text, b blob, r real (any may be NULL).  Nothing else may use the
 * connection between begin and end. */
struct db_table {
    const char *name, *columns, *types;
};
struct bulk;
MUST_CHECK enum err db_bulk_begin(struct job *j, const char *table, const char *columns,
                                  const char *types, struct bulk **out);
MUST_CHECK enum err db_bulk_row(struct bulk *b, const struct arg *v);
MUST_CHECK enum err db_bulk_end(struct bulk *b, int64_t *rows);

/* Bring the schema to this program's version, in one transaction a migration; a copy of
 * the SQLite file is kept beside it first.  ERR_ENV when the database is newer. */
MUST_CHECK enum err db_migrate(struct job *j, const char *url);
int64_t db_schema_version(void); /* what this program wants */
/* What the database has; 0 for an empty one. */
MUST_CHECK enum err db_schema_found(struct job *j, int64_t *version);

/* Take the lock of that name in this database, unless another connection has it (*taken
 * false).  Held until the job or scope ends, or the process dies: who holds it works on
 * something for minutes, and who can take it knows that nobody does. */
MUST_CHECK enum err db_lock(struct job *j, const char *name, bool *taken);

/* Copy the whole database into a new file while others read and write.
 * SQLite: its backup API; PostgreSQL: pg_dump -Fc. */
MUST_CHECK enum err db_backup(struct job *j, const char *url, const char *path);
/* Into an empty place; ERR_INPUT when it is not empty or the file is no backup. */
MUST_CHECK enum err db_restore(struct job *j, const char *path, const char *url);
/* The engine's own integrity check: "" when sound, else what is wrong. */
MUST_CHECK enum err db_integrity(struct job *j, const char **problem);

/* A pool of read connections shared by threads, closed with the job that opened it. */
struct db_pool;
MUST_CHECK enum err db_pool_open(struct job *j, const char *url, int size, struct db_pool **out);
/* Sets j->db until j (or the scope) ends.  Waits up to 10 s for a free one, then ERR_BUSY. */
MUST_CHECK enum err db_pool_take(struct job *j, struct db_pool *p);

/* What is worked out from rows that never change (a pack of signs, parsed) is kept with the
 * connection j->db, so that the next page need not work it out again. */
struct db_keeping {
    const char *what; /* compared by its address */
    int64_t id;       /* of j->area */
    /* Works it out, with memory of keeper's; *out is what is kept.  No database there. */
    enum err (*make)(struct job *keeper, void *arg, void **out);
    void *arg;
};
/* *out is good as long as j may use its connection; nobody changes it. */
MUST_CHECK enum err db_keep(struct job *j, const struct db_keeping *k, void **out);

/* The n bytes, zero at first, in which a reading connection remembers what it was asked, from job
 * to job: for one asker of the program (access/relation.c).  NULL: the connection writes, so that
 * what it sees may be taken back, or there is no memory; then nothing is remembered. */
void *db_remembers(const struct job *j, size_t n);

/* Tests: the Nth store call from now fails with ERR_ENV; 0 = none. */
extern _Thread_local int db_fault;
