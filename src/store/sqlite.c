#include "store/sqlite.h"
#include "store/turn.h"
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

struct connection {
    sqlite3 *handle;
    int turn;              /* DB_WRITE: the file of turn.h, else -1 */
    int64_t waiting_since; /* turn_clock(); of the busy handler */
    int wal_pages;         /* in the log since it was last put into the file */
};

enum { WAL_MOST = 1000 }; /* pages of 8 kB, beyond which the log is put into the file */

/* $2 may stand before $1, and SQLite numbers by first appearance. */
struct prepared {
    sqlite3_stmt *stmt;
    int place[]; /* of $1, $2 … */
};

sqlite3 *
sqlite_handle(const struct db *db)
{
    const struct connection *c = db->own;
    return c->handle;
}

/* ---- errors ------------------------------------------------------------------- */

static enum err
set_by_code(struct job *j, int code)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return turn_busy_error(j);
    case SQLITE_FULL:
        err_set(j, ERR_ENV, "the disk that holds the database is full");
        return err_hint(j, "Make room on it, then try again: nothing was changed.");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        err_set(j, ERR_ENV, "the database file is damaged, or is not a database");
        return err_hint(j, "Check the path; restore the last backup if the file is damaged.");
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        err_set(j, ERR_ENV, "the database file cannot be opened");
        return err_hint(j, "Check that it exists, and who may read and write it.");
    case SQLITE_IOERR:
        err_set(j, ERR_ENV, "the disk failed while the database was read or written");
        return err_hint(j, "Check the disk, its free space and limits on file size.");
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
        return err_set(j, ERR_BUSY, "the database had not enough memory or time");
    case SQLITE_TOOBIG:
        return err_set(j, ERR_INPUT, "a value is larger than the database can keep");
    default:
        return err_set(j, ERR_FAULT, "the database refused a statement of this program");
    }
}

enum err
sqlite_error(struct job *j, const struct db *db, const char *sql)
{
    sqlite3 *handle = sqlite_handle(db);
    int code = sqlite3_extended_errcode(handle);

    if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY)
        err_set(j, ERR_CONFLICT, "the same thing is there already");
    else if (code == SQLITE_READONLY && db->mode == DB_WRITE)
        err_set(j, ERR_ENV, "the database file may not be written by this user");
    else
        set_by_code(j, code);
    return err_detail(j, "SQLite %d, %s: %.300s", code, sqlite3_errmsg(handle), sql);
}

/* ---- opening ------------------------------------------------------------------- */

/* Polled finely, so that who has the turn is there when the lock becomes free. */
static int
on_busy(void *arg, int count)
{
    struct connection *c = arg;
    int64_t now = turn_clock();

    if (count == 0)
        c->waiting_since = now;
    if (now - c->waiting_since > TURN_WAIT_US)
        return 0;
    usleep(TURN_POLL_US);
    return 1;
}

enum err
sqlite_script(struct job *j, struct db *db, const char *sql)
{
    if (sqlite3_exec(sqlite_handle(db), sql, NULL, NULL, NULL))
        return sqlite_error(j, db, sql);
    return OK;
}

/* For the owner alone from the first byte on; SQLite gives its -wal and -shm the same.  A
 * file that is there is never opened here: closing it again would take away the locks that
 * other connections of this process hold on it (POSIX), and with them the database. */
static enum err
create_file(struct job *j, const char *path)
{
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0) {
        close(fd);
        return OK;
    }
    if (errno == EEXIST && access(path, R_OK | W_OK) == 0)
        return OK;
    err_set(j, ERR_ENV, "the database %s cannot be written", path);
    err_hint(j, "Check that its folder exists and that you may write there.");
    return err_detail(j, "%s", strerror(errno));
}

static enum err
check_file(struct job *j, const char *path)
{
    if (access(path, F_OK) == 0)
        return OK;
    err_set(j, ERR_ENV, "there is no database at %s", path);
    return err_hint(j, "Check the path given by --db, or load something to make one.");
}

/* Readers are many, so their own caches are small: the system's page cache serves them. */
static const char settings_read[] =
    "PRAGMA query_only=ON; PRAGMA cache_size=-4096; PRAGMA trusted_schema=OFF;"
    "PRAGMA case_sensitive_like=ON";
/* The writer's cache gave 2.5 times the rate of the default for rows out of order. */
static const char settings_write[] =
    "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; PRAGMA trusted_schema=OFF;"
    "PRAGMA journal_size_limit=67108864; PRAGMA case_sensitive_like=ON";

static int
on_logged(void *arg, sqlite3 *handle, const char *name, int pages)
{
    struct connection *c = arg;

    (void)handle;
    (void)name;
    c->wal_pages = pages;
    return SQLITE_OK;
}

/* Nobody asks how much memory SQLite takes, and its count is a lock that all readers share.
 * Once the first connection of the process is open this changes nothing any more. */
static void
count_no_memory(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum err
sqlite_open(struct job *j, struct db *db)
{
    const char *path = db->url + strlen("sqlite:");
    bool write = db->mode == DB_WRITE;
    int flags = SQLITE_OPEN_NOMUTEX | (write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    struct connection *c = driver_alloc(j, sizeof *c);
    enum err e;

    if (!(db->own = c))
        return j->err.kind;
    c->turn = -1;
    if ((e = write ? create_file(j, path) : check_file(j, path)))
        return e;
    if (write && (c->turn = turn_open(j, path)) < 0)
        return j->err.kind;
    count_no_memory();
    if (sqlite3_open_v2(path, &c->handle, flags, NULL))
        return sqlite_error(j, db, path);
    sqlite3_extended_result_codes(c->handle, 1);
    sqlite3_busy_handler(c->handle, on_busy, c);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* "x" is a name and never a text, as PostgreSQL has it */
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    if ((e = sqlite_script(j, db, write ? settings_write : settings_read)))
        return e;
    if (write)
        sqlite3_wal_hook(c->handle, on_logged, c); /* instead of its own */
    /* the first read tells whether this is a database at all */
    return sqlite_script(j, db, "SELECT count(*) FROM sqlite_master");
}

static void
sqlite_close(struct db *db)
{
    struct connection *c = db->own;

    if (c) {
        sqlite3_close(c->handle);
        if (c->turn >= 0)
            close(c->turn);
    }
    free(c);
    db->own = NULL;
}

/* ---- statements ----------------------------------------------------------------- */

static enum err
find_places(struct job *j, const struct statement *st)
{
    struct prepared *p = st->own;


    for (size_t i = 0; i < st->n; i++) {
        char name[24];
        snprintf(name, sizeof name, "$%zu", i + 1);
        p->place[i] = sqlite3_bind_parameter_index(p->stmt, name);
        if (!p->place[i]) {
            err_set(j, ERR_FAULT, "a statement of this program lacks %s", name);
            return err_detail(j, "%.300s", st->sql);
        }
    }
    return OK;
}

static enum err
sqlite_prepare(struct job *j, struct db *db, struct statement *st, struct args a)
{
    sqlite3_stmt *stmt;
    struct prepared *p;

    (void)a;
    if (sqlite3_prepare_v3(sqlite_handle(db), st->sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt,
                           NULL))
        return sqlite_error(j, db, st->sql);
    if (!(p = driver_alloc(j, sizeof *p + st->n * sizeof *p->place))) {
        sqlite3_finalize(stmt);
        return j->err.kind;
    }
    p->stmt = stmt;
    st->own = p;
    return find_places(j, st);
}

static void
sqlite_drop(struct db *db, struct statement *st)
{
    struct prepared *p = st->own;

    (void)db;
    if (p)
        sqlite3_finalize(p->stmt);
    free(p);
}

int
sqlite_bind(sqlite3_stmt *stmt, int at, const struct arg *v, sqlite3_destructor_type life)
{
    switch (v->type) {
    case ARG_INT:
        return sqlite3_bind_int64(stmt, at, v->i);
    case ARG_REAL:
        return sqlite3_bind_double(stmt, at, v->r);
    case ARG_TEXT:
        return sqlite3_bind_text64(stmt, at, v->n ? v->s : "", v->n, life, SQLITE_UTF8);
    case ARG_BLOB:
        if (v->n == 0)
            return sqlite3_bind_zeroblob(stmt, at, 0);
        return sqlite3_bind_blob64(stmt, at, v->s, v->n, life);
    case ARG_NULL:
        break;
    }
    return sqlite3_bind_null(stmt, at);
}

static enum err
bind_all(struct job *j, struct statement *st, struct args a, sqlite3_destructor_type life)
{
    const struct prepared *p = st->own;

    for (size_t i = 0; i < a.n; i++) {
        if (sqlite_bind(p->stmt, p->place[i], &a.v[i], life))
            return sqlite_error(j, j->db, st->sql);
    }
    return OK;
}

static enum err
sqlite_start(struct rows *q, struct args a)
{
    const struct prepared *p = q->stmt->own;

    q->row = p->stmt;
    return bind_all(q->j, q->stmt, a, SQLITE_TRANSIENT);
}

/* Whatever went wrong was told by the step. */
static enum err
sqlite_finish(struct job *j, struct db *db, struct statement *st)
{
    const struct prepared *p = st->own;

    (void)j;
    (void)db;
    sqlite3_reset(p->stmt);
    return OK;
}

/* The first step takes the write lock, if any: outside a transaction it waits for its turn
 * as a transaction does.  Later steps hold the lock already. */
static enum err
step_in_turn(struct job *j, const struct db *db, sqlite3_stmt *stmt, int *code)
{
    int turn = ((const struct connection *)db->own)->turn;
    bool alone = turn >= 0 && !db->in_transaction && !sqlite3_stmt_readonly(stmt) &&
                 !sqlite3_stmt_busy(stmt);
    enum err e;

    if (alone && (e = turn_take(j, turn)))
        return e;
    *code = sqlite3_step(stmt);
    if (alone)
        turn_give(turn);
    return OK;
}

static bool
sqlite_step(struct rows *q)
{
    int code = SQLITE_DONE;

    if ((q->err = step_in_turn(q->j, q->db, q->row, &code)))
        return false;
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        q->err = sqlite_error(q->j, q->db, q->stmt->sql);
    return false;
}

static enum err
sqlite_run(struct job *j, struct statement *st, struct args a, int64_t *changed)
{
    const struct prepared *p = st->own;
    sqlite3 *handle = sqlite_handle(j->db);
    int64_t before = sqlite3_total_changes64(handle);
    int code = SQLITE_ROW;
    enum err e = bind_all(j, st, a, SQLITE_STATIC);

    while (!e && code == SQLITE_ROW)
        e = step_in_turn(j, j->db, p->stmt, &code);
    if (e)
        return e;
    if (code != SQLITE_DONE)
        return sqlite_error(j, j->db, st->sql);
    /* changes64 speaks of the last statement that changed anything, maybe not this one */
    if (sqlite3_total_changes64(handle) != before)
        *changed = sqlite3_changes64(handle);
    return OK;
}

static bool
sqlite_is_null(const struct rows *q, int c)
{
    return sqlite3_column_type(q->row, c) == SQLITE_NULL;
}

static int64_t
sqlite_int(const struct rows *q, int c)
{
    return sqlite3_column_int64(q->row, c);
}

static double
sqlite_real(const struct rows *q, int c)
{
    return sqlite3_column_double(q->row, c);
}

static const char *
sqlite_peek(const struct rows *q, int c, size_t *n)
{
    const char *s = "";

    switch (sqlite3_column_type(q->row, c)) {
    case SQLITE_NULL:
        *n = 0;
        return NULL;
    case SQLITE_BLOB:
        if (!(*n = (size_t)sqlite3_column_bytes(q->row, c)))
            return s;
        return sqlite3_column_blob(q->row, c);
    default:
        s = (const char *)sqlite3_column_text(q->row, c);
        *n = (size_t)sqlite3_column_bytes(q->row, c);
        return s;
    }
}

/* ---- transactions ----------------------------------------------------------------- */

static enum err
sqlite_begin(struct job *j, struct db *db)
{
    const struct connection *c = db->own;
    enum err e = turn_take(j, c->turn);

    if (e)
        return e;
    e = sqlite_script(j, db, "BEGIN IMMEDIATE");
    turn_give(c->turn);
    return e;
}

static enum err
sqlite_snapshot(struct job *j, struct db *db)
{
    return sqlite_script(j, db, "BEGIN");
}

/* By itself SQLite would do this within COMMIT.  It holds nobody up, but a caller who counts how
 * long it kept the writer would count it too. */
static void
sqlite_tidy(struct db *db)
{
    struct connection *c = db->own;

    if (c->wal_pages < WAL_MOST)
        return;
    sqlite3_wal_checkpoint_v2(c->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    c->wal_pages = 0; /* what readers still need stays; the next commit counts it again */
}

static enum err
sqlite_commit(struct job *j, struct db *db)
{
    return sqlite_script(j, db, "COMMIT");
}

static void
sqlite_rollback(struct db *db)
{
    /* an error such as a full disk may have rolled back already */
    if (!sqlite3_get_autocommit(sqlite_handle(db)))
        sqlite3_exec(sqlite_handle(db), "ROLLBACK", NULL, NULL, NULL);
}

static enum err
sqlite_reloadable(struct job *j, struct db *db, bool yes)
{
    return sqlite_script(j, db, yes ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL");
}

/* What it lets go lies scattered among what stays: only malloc_trim() gives that back. */
static enum err
sqlite_lean(struct job *j, struct db *db, bool yes)
{
    enum err e = sqlite_script(
        j, db, yes ? "PRAGMA cache_size=-8192" : "PRAGMA cache_size=-65536");

    if (yes)
        malloc_trim(0);
    return e;
}

static enum err
sqlite_analyse(struct job *j, struct db *db)
{
    return sqlite_script(j, db, "PRAGMA analysis_limit=1000; ANALYZE");
}

static bool
sqlite_wanted(const struct db *db)
{
    const struct connection *c = db->own;

    return turn_is_taken(c->turn);
}

static bool
sqlite_lost(struct db *db)
{
    (void)db;
    return false;
}

const struct driver driver_sqlite = {
    .engine = DB_SQLITE,
    .open = sqlite_open,
    .close = sqlite_close,
    .prepare = sqlite_prepare,
    .drop = sqlite_drop,
    .start = sqlite_start,
    .step = sqlite_step,
    .finish = sqlite_finish,
    .run = sqlite_run,
    .is_null = sqlite_is_null,
    .get_int = sqlite_int,
    .get_real = sqlite_real,
    .peek = sqlite_peek,
    .begin = sqlite_begin,
    .snapshot = sqlite_snapshot,
    .commit = sqlite_commit,
    .tidy = sqlite_tidy,
    .rollback = sqlite_rollback,
    .reloadable = sqlite_reloadable,
    .lean = sqlite_lean,
    .analyse = sqlite_analyse,
    .script = sqlite_script,
    .wanted = sqlite_wanted,
    .lost = sqlite_lost,
    .bulk_begin = sqlite_bulk_begin,
    .bulk_row = sqlite_bulk_row,
    .bulk_end = sqlite_bulk_end,
    .bulk_close = sqlite_bulk_close,
};
