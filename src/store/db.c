#include "store/driver.h"
#include "store/turn.h"

_Thread_local int db_fault;

/* ---- the connection ---------------------------------------------------------- */

static const struct driver *
driver_of(const char *url)
{
    if (strncmp(url, "sqlite:", 7) == 0 && url[7])
        return &driver_sqlite;
    if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0)
        return &driver_postgresql;
    return NULL;
}

enum err
driver_connect(struct job *j, const char *url, enum db_mode mode, struct db **out)
{
    const struct driver *driver = driver_of(url);
    struct db *db;
    enum err e = OK;

    if (!driver) {
        err_set(j, ERR_USAGE, "the place of the database is not understood");
        return err_hint(j, "Write sqlite:PATH or postgresql://USER@HOST/NAME.");
    }
    if (!(db = driver_alloc(j, sizeof *db)))
        return j->err.kind;
    db->driver = driver;
    db->mode = mode;
    if (!(db->url = driver_copy(j, url)) || (e = driver->open(j, db))) {
        driver_disconnect(db);
        return e ? e : j->err.kind;
    }
    *out = db;
    return OK;
}

static void
note_hold(struct db *db)
{
    int64_t held = turn_clock() - db->began;

    if (db->in_transaction && held > db->longest_hold)
        db->longest_hold = held;
}

int64_t
db_longest_hold(const struct job *j)
{
    return j->db ? j->db->longest_hold : 0;
}

void
driver_settle(struct db *db)
{
    if (db->bulk)
        bulk_abandon(db->bulk);
    statement_give_all(db);
    if (db->in_transaction || db->snapshot)
        db->driver->rollback(db);
    note_hold(db);
    db->in_transaction = db->snapshot = db->failed = false;
    db->n_once = 0;
    if (db->undo)
        db->undo->arg = NULL;
    db->undo = NULL;
}

void
driver_disconnect(struct db *db)
{
    if (db->own) {
        driver_settle(db);
        db->closing = true;
        statement_drop_all(db);
    }
    kept_drop_all(db);
    answer_drop_all(db);
    free(db->remembers);
    db->driver->close(db);
    free(db->url);
    free(db->shown);
    free(db);
}

static void
forget_user(struct db *db)
{
    if (db->user && db->user->db == db)
        db->user->db = NULL;
    db->user = NULL;
}

static void
close_at_end(void *arg)
{
    struct db *db = arg;

    forget_user(db);
    driver_disconnect(db);
}

enum err
db_open(struct job *j, const char *url, enum db_mode mode, struct db **out)
{
    struct cleanup *end = job_on_end(j, close_at_end);
    struct db *db;
    enum err e = driver_connect(j, url, mode, &db);

    if (e)
        return e;
    end->arg = *out = db;
    db->user = j;
    return OK;
}

enum err
db_open_beside(struct job *j, const struct db *other, enum db_mode mode, struct db **out)
{
    return db_open(j, other->url, mode, out);
}

void
driver_leave(struct db *db)
{
    driver_settle(db);
    forget_user(db);
    answer_trim(db);
}

static void
leave_at_end(void *arg)
{
    driver_leave(arg);
}

void
db_use(struct job *j, struct db *db)
{
    struct cleanup *end = job_on_end(j, leave_at_end);

    end->arg = db;
    db->user = j;
    j->db = db;
}

enum db_engine
db_engine(const struct db *db)
{
    return db->driver->engine;
}

const char *
db_url(const struct db *db)
{
    return db->shown ? db->shown : db->url;
}

struct arg
arg_text(const char *s)
{
    return s ? (struct arg){.type = ARG_TEXT, .s = s, .n = strlen(s)} : NUL;
}

/* ---- asking ------------------------------------------------------------------ */

enum err
driver_fault(struct job *j)
{
    if (!db_fault || --db_fault != 0)
        return OK;
    err_set(j, ERR_ENV, "the database could not be reached");
    return err_detail(j, "a test said so");
}

/* After an error PostgreSQL refuses everything until the roll back; so do we on both. */
static enum err
noted(struct db *db, enum err e)
{
    if (e && db && (db->in_transaction || db->snapshot))
        db->failed = true;
    return e;
}

/* The server was restarted while nothing was under way: connect again.  Not so where a
 * lock is held: it is gone, and somebody else may have it. */
static enum err
revive(struct job *j, struct db *db)
{
    enum err e;

    if (db->locks) {
        err_set(j, ERR_ENV, "the connection to the database was lost");
        return err_hint(j, "Check that PostgreSQL runs, then start the work again.");
    }
    db->closing = true;
    statement_drop_all(db);
    db->driver->close(db);
    db->closing = false;
    if ((e = db->driver->open(j, db)))
        return e;
    return db->reloadable ? db->driver->reloadable(j, db, true) : OK;
}

static enum err
ready_to_read(struct job *j, struct db *db)
{
    enum err e;

    if (db->failed) {
        driver_settle(db);
        if (db->driver->lost(db) && (e = revive(j, db)))
            return e;
    }
    if (db->snapshot)
        return OK;
    if ((e = db->driver->snapshot(j, db)))
        return e;
    db->snapshot = true;
    return OK;
}

enum err
driver_ready(struct job *j)
{
    struct db *db = j->db;
    enum err e;

    if (!db)
        return err_set(j, ERR_FAULT, "no database is open for this work");
    if (db->bulk)
        return err_set(j, ERR_FAULT, "the database is asked in the middle of a bulk load");
    if ((e = driver_fault(j)))
        return e;
    if (db->trial && !db->in_transaction)
        return err_set(j, ERR_FAULT, "this trial of the database has come to its end");
    if (!db->in_transaction && !db->snapshot && db->driver->lost(db) && (e = revive(j, db)))
        return e;
    if (db->mode == DB_READ)
        return ready_to_read(j, db);
    if (db->failed)
        return err_set(j, ERR_FAULT, "the transaction failed earlier and was not rolled back");
    return OK;
}

/* PostgreSQL's text cannot hold a zero byte, so no text may. */
static enum err
check_args(struct job *j, struct args a)
{
    for (size_t i = 0; i < a.n; i++) {
        if (a.v[i].type == ARG_TEXT && a.v[i].n && memchr(a.v[i].s, 0, a.v[i].n))
            return err_set(j, ERR_INPUT, "text with a zero byte in it cannot be kept");
    }
    return OK;
}

static enum err
take(struct job *j, const char *sql, struct args a, struct statement **out)
{
    enum err e;

    if ((e = driver_ready(j)) || (e = check_args(j, a)))
        return e;
    return statement_take(j, sql, a, out);
}

enum err
db_ask(struct job *j, struct rows *q, const char *sql, struct args a)
{
    struct statement *st;

    *q = (struct rows){.j = j, .db = j->db};
    if ((q->err = take(j, sql, a, &st)))
        return noted(q->db, q->err);
    q->stmt = st;
    q->turn = st->turn;
    q->open = true;
    q->err = noted(q->db, q->db->driver->start(q, a));
    return q->err;
}

enum err
db_ask_kept(struct job *j, struct rows *q, const struct db_kept *k, struct args a)
{
    if (!j->db || !j->db->pooled)
        return db_ask(j, q, k->sql, a);
    *q = (struct rows){.j = j, .db = j->db};
    if ((q->err = driver_ready(j)) || (q->err = check_args(j, a)))
        return noted(q->db, q->err);
    if (!(q->kept = answer_find(q->db, k, a)) && (q->err = answer_read(j, k, a, &q->kept)))
        return q->err;
    q->open = true;
    return OK;
}

bool
db_next(struct rows *q)
{
    if (!q->open || q->err)
        return false;
    if (q->kept)
        return answer_next(q);
    if (q->stmt->turn != q->turn) {
        q->err = err_set(q->j, ERR_FAULT, "these rows ended with their transaction");
        return false;
    }
    if (db_fault && (q->err = driver_fault(q->j))) {
        noted(q->db, q->err);
        return false;
    }
    if (q->db->driver->step(q))
        return true;
    noted(q->db, q->err);
    q->open = false;
    return false;
}

enum err
db_done(struct rows *q)
{
    enum err e = OK;

    if (q->stmt && q->stmt->turn == q->turn)
        e = noted(q->db, statement_give(q->err ? NULL : q->j, q->db, q->stmt));
    q->stmt = NULL;
    q->open = false;
    if (!q->err)
        q->err = e;
    return q->err;
}

enum err
db_run(struct job *j, const char *sql, struct args a, int64_t *changed)
{
    struct statement *st;
    int64_t n = 0;
    enum err e = take(j, sql, a, &st);

    if (e)
        return noted(j->db, e);
    e = noted(j->db, j->db->driver->run(j, st, a, &n));
    statement_give(NULL, j->db, st);
    if (changed)
        *changed = n;
    return e;
}

enum err
db_int(struct job *j, const char *sql, struct args a, int64_t if_none, int64_t *out)
{
    struct rows q;

    *out = if_none;
    db_ask(j, &q, sql, a);
    if (db_next(&q))
        *out = row_int_or(&q, 0, if_none);
    return db_done(&q);
}

enum err
db_int_kept(struct job *j, const struct db_kept *k, struct args a, int64_t if_none, int64_t *out)
{
    struct rows q;

    *out = if_none;
    db_ask_kept(j, &q, k, a);
    if (db_next(&q))
        *out = row_int_or(&q, 0, if_none);
    return db_done(&q);
}

enum err
db_int_once(struct job *j, const char *sql, int64_t v, int64_t *out)
{
    struct db *db = j->db;
    enum err e;

    for (int i = 0; db && i < db->n_once; i++)
        if (db->once[i].sql == sql && db->once[i].v == v) {
            *out = db->once[i].is;
            return OK;
        }
    e = db_int(j, sql, ARGS(INT(v)), 0, out);
    if (!e && db->snapshot && db->n_once < DB_ONCE)
        db->once[db->n_once++] = (struct once){sql, v, *out};
    return e;
}

/* ---- rows -------------------------------------------------------------------- */

bool
row_is_null(const struct rows *q, int c)
{
    return q->kept ? answer_is_null(q, c) : q->db->driver->is_null(q, c);
}

int64_t
row_int(const struct rows *q, int c)
{
    return q->kept ? answer_int(q, c) : q->db->driver->get_int(q, c);
}

int64_t
row_int_or(const struct rows *q, int c, int64_t if_null)
{
    return row_is_null(q, c) ? if_null : row_int(q, c);
}

double
row_real(const struct rows *q, int c)
{
    return q->db->driver->get_real(q, c);
}

const char *
row_peek(const struct rows *q, int c, size_t *n)
{
    return q->kept ? answer_peek(q, c, n) : q->db->driver->peek(q, c, n);
}

const char *
row_text(struct rows *q, int c)
{
    size_t n;
    const char *s = row_peek(q, c, &n);

    return s ? job_copy_n(q->j, s, n) : NULL;
}

const void *
row_blob(struct rows *q, int c, size_t *n)
{
    const char *s = row_peek(q, c, n);

    return s ? job_copy_n(q->j, s, *n) : NULL;
}

/* ---- transactions ------------------------------------------------------------- */

static void
rollback_at_end(void *arg)
{
    struct db *db = arg;

    db->undo = NULL;
    driver_settle(db);
}

bool
db_in_transaction(const struct job *j)
{
    return j->db && (j->db->trial ? j->db->nested : j->db->in_transaction);
}

/* Of a trial all transactions are parts of one. */
static enum err
begin_within(struct job *j, struct db *db)
{
    enum err e = driver_ready(j);

    if (!e && db->nested)
        e = err_set(j, ERR_FAULT, "a transaction cannot begin here");
    if (!e)
        db->nested = true;
    return e;
}

static enum err
end_within(struct job *j, struct db *db)
{
    if (!db->nested)
        return err_set(j, ERR_FAULT, "there is no transaction to commit");
    db->nested = false;
    statement_give_all(db);
    return OK;
}

enum err
db_begin(struct job *j)
{
    struct db *db = j->db;
    struct cleanup *undo = job_on_end(j, rollback_at_end);
    enum err e;

    if (db && db->trial)
        return begin_within(j, db);
    if (!db || db->mode == DB_READ || db->in_transaction)
        return err_set(j, ERR_FAULT, "a transaction cannot begin here");
    if ((e = driver_ready(j)) || (e = db->driver->begin(j, db)))
        return e;
    db->in_transaction = true;
    db->began = turn_clock();
    db->undo = undo;
    undo->arg = db;
    return OK;
}

enum err
db_commit(struct job *j)
{
    struct db *db = j->db;
    enum err e;

    if (!db || !db->in_transaction || db->bulk)
        return err_set(j, ERR_FAULT, "there is no transaction to commit");
    if (db->failed)
        e = j->err.kind ? j->err.kind
                        : err_set(j, ERR_FAULT, "the transaction failed earlier: rolled back");
    else if (!(e = driver_fault(j)) && db->trial)
        return end_within(j, db);
    else if (!e)
        e = db->driver->commit(j, db);
    note_hold(db);
    if (!e)
        db->in_transaction = false;
    driver_settle(db);
    if (!e && db->driver->tidy)
        db->driver->tidy(db);
    return e;
}

void
db_rollback(struct job *j)
{
    if (j->db)
        driver_settle(j->db);
}

bool
db_wanted(const struct job *j)
{
    const struct db *db = j->db;

    return db && db->in_transaction && db->driver->wanted && db->driver->wanted(db);
}

enum err
db_reloadable(struct job *j, bool yes)
{
    struct db *db = j->db;
    enum err e;

    if (db && db->trial)
        return OK;
    if (!db || db->in_transaction || db->mode == DB_READ)
        return err_set(j, ERR_FAULT, "how safely to commit is said outside a transaction");
    if (db->reloadable == yes)
        return OK;
    if (!(e = db->driver->reloadable(j, db, yes)))
        db->reloadable = yes;
    return e;
}

enum err
db_lean(struct job *j, bool yes)
{
    struct db *db = j->db;

    if (!db || db->mode == DB_READ)
        return err_set(j, ERR_FAULT, "only who writes has much in memory");
    return db->driver->lean ? db->driver->lean(j, db, yes) : OK;
}

enum err
db_analyse(struct job *j)
{
    enum err e = driver_ready(j);

    return e || j->db->trial ? e : noted(j->db, j->db->driver->analyse(j, j->db));
}
