#include "store/postgresql.h"
#include <endian.h>
#include <poll.h>

/* ---- errors ----------------------------------------------------------------------- */

static bool
starts(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

struct meaning {
    const char *state; /* SQLSTATE or its beginning; the first that fits counts */
    enum err kind;
    const char *message, *hint;
};
static const struct meaning meanings[] = {
    {"23505", ERR_CONFLICT, "the same thing is there already", ""},
    {"40", ERR_CONFLICT, "somebody else changed the same thing at the same time", "Try again."},
    {"08P", ERR_FAULT, "the database refused a statement of this program", ""},
    {"08", ERR_ENV, "the connection to the database was lost",
     "Check that PostgreSQL runs, then try again: nothing was half done."},
    {"57P", ERR_ENV, "the connection to the database was lost",
     "Check that PostgreSQL runs, then try again: nothing was half done."},
    {"53100", ERR_ENV, "the disk that holds the database is full",
     "Make room on it, then try again: nothing was changed."},
    {"53300", ERR_ENV, "PostgreSQL has no connection left for this program",
     "Raise max_connections, or close what else is connected."},
    {"53", ERR_BUSY, "PostgreSQL had not enough memory", "Try again later."},
    {"55P03", ERR_BUSY, "another program kept the database for more than ten seconds",
     "Try again; if it stays so, look for a load that hangs."},
    {"57", ERR_BUSY, "PostgreSQL ended the work", "Try again later."},
    {"58", ERR_ENV, "the disk failed while the database was read or written",
     "Look into PostgreSQL's log."},
    {"28", ERR_ENV, "PostgreSQL does not let this program in",
     "Check user and password in the url of the database."},
    {"3D", ERR_ENV, "there is no such database", "Create it, or check the url of the database."},
    {"42501", ERR_ENV, "the database user may not do this",
     "Give it the right to create and change tables in its schema."},
    {"XX", ERR_ENV, "the database is damaged", "Look into PostgreSQL's log."},
    {"", ERR_FAULT, "the database refused a statement of this program", ""},
};

/* Classes 22 and 23 repeat values of the data in their message: those stay out of the log. */
static void
set_detail(struct job *j, const char *state, const PGresult *res, const char *sql)
{
    const char *message = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
    const char *constraint = PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);
    bool personal = starts(state, "22") || starts(state, "23");

    if (personal || !message)
        message = constraint ? constraint : "";
    err_detail(j, "SQLSTATE %s %s: %.300s", state, message, sql);
}

enum err
pg_error(struct job *j, const struct db *db, const PGresult *res, const char *sql)
{
    const struct pg_connection *c = pg_of(db);
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    const struct meaning *m = meanings;

    if (!state)
        state = PQstatus(c->handle) == CONNECTION_BAD ? "08006" : "XX000";
    while (!starts(state, m->state))
        m++;
    err_set(j, m->kind, "%s", m->message);
    err_hint(j, "%s", m->hint);
    set_detail(j, state, res, sql);
    return m->kind;
}

/* ---- the wire ----------------------------------------------------------------------- */

void
pg_discard_results(PGconn *handle)
{
    PGresult *res;

    while ((res = PQgetResult(handle))) {
        ExecStatusType status = PQresultStatus(res);
        PQclear(res);
        if (status == PGRES_COPY_IN || PQstatus(handle) == CONNECTION_BAD)
            return;
    }
}

static bool
know_columns(struct pg_prepared *p, const PGresult *res)
{
    if (p->column_types)
        return true;
    p->columns = PQnfields(res);
    if (!(p->column_types = calloc((size_t)p->columns + 1, sizeof *p->column_types)))
        return false;
    for (int c = 0; c < p->columns; c++)
        p->column_types[c] = PQftype(res, c);
    return true;
}

/* The error waits until the rows before it have been walked. */
static void
hold_rest(struct job *j, struct db *db, struct statement *st)
{
    struct pg_connection *c = pg_of(db);
    struct pg_prepared *p = st->own;
    struct error before = j->err;
    PGresult *res;

    p->holding = true;
    while ((res = PQgetResult(c->handle))) {
        ExecStatusType status = PQresultStatus(res);
        if (!p->late && status == PGRES_SINGLE_TUPLE &&
            !(know_columns(p, res) && pg_hold(&p->held, res)))
            p->late = err_set(j, ERR_BUSY, "too many rows were waiting for another question");
        if (!p->late && status == PGRES_FATAL_ERROR)
            p->late = pg_error(j, db, res, st->sql);
        PQclear(res);
        if (PQstatus(c->handle) == CONNECTION_BAD)
            break;
    }
    p->late_error = j->err;
    j->err = before;
}

enum err
pg_free_wire(struct job *j, struct db *db)
{
    struct pg_connection *c = pg_of(db);
    struct statement *st = c->streaming;

    c->streaming = NULL;
    if (st)
        hold_rest(j, db, st);
    if (PQstatus(c->handle) == CONNECTION_BAD)
        return pg_error(j, db, NULL, "");
    return OK;
}

enum err
pg_script(struct job *j, struct db *db, const char *sql)
{
    struct pg_connection *c = pg_of(db);
    PGresult *res;
    ExecStatusType status;
    enum err e = pg_free_wire(j, db);

    if (e)
        return e;
    res = PQexec(c->handle, sql);
    status = PQresultStatus(res);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        e = pg_error(j, db, res, sql);
    PQclear(res);
    return e;
}

/* ---- opening ------------------------------------------------------------------------- */

/* The url without its password: user:PASSWORD@ and password=PASSWORD. */
static void
mask_password(char *url)
{
    char *rest = strstr(url, "://") + 3;
    char *at = strchr(rest, '@'), *colon = strchr(rest, ':'), *key = strstr(rest, "password=");

    if (at && colon && colon < at) {
        memmove(colon, at, strlen(at) + 1);
        key = strstr(rest, "password=");
    }
    if (key) {
        char *value = key + strlen("password="), *end = value + strcspn(value, "&");
        memmove(value, end, strlen(end) + 1);
    }
}

static void
no_notice(void *arg, const PGresult *res)
{
    (void)arg;
    (void)res;
}

static enum err
refuse_connection(struct job *j, const struct db *db)
{
    const struct pg_connection *c = pg_of(db);

    err_set(j, ERR_ENV, "the database at %.300s cannot be reached", db->shown);
    err_hint(j, "Check that PostgreSQL runs there, and user, password and database in the url.");
    return err_detail(j, "%.500s", PQerrorMessage(c->handle));
}

static const char settings_write[] =
    "SET lock_timeout = '10s'; SET jit = off; SET client_min_messages = warning";
static const char settings_read[] =
    "SET lock_timeout = '10s'; SET jit = off; SET client_min_messages = warning;"
    "SET default_transaction_read_only = on";

static enum err
check_encoding(struct job *j, const struct pg_connection *c)
{
    const char *encoding = PQparameterStatus(c->handle, "server_encoding");

    if (encoding && strcmp(encoding, "UTF8") == 0)
        return OK;
    err_set(j, ERR_ENV, "the database keeps its text as %s, not as UTF-8",
            encoding ? encoding : "?");
    return err_hint(j, "Create it with: createdb --encoding=UTF8 --template=template0 NAME");
}

static enum err
pg_open(struct job *j, struct db *db)
{
    /* what stands before the url may be changed by it */
    const char *const keys[] = {"connect_timeout", "tcp_user_timeout", "application_name",
                                "dbname", "client_encoding", NULL};
    const char *const values[] = {"10", "30000", "rooted", db->url, "UTF8", NULL};
    struct pg_connection *c = driver_alloc(j, sizeof *c);
    enum err e;

    if (!(db->own = c) || (!db->shown && !(db->shown = driver_copy(j, db->url))))
        return j->err.kind;
    mask_password(db->shown);
    c->handle = PQconnectdbParams(keys, values, 1);
    if (PQstatus(c->handle) != CONNECTION_OK)
        return refuse_connection(j, db);
    PQsetNoticeReceiver(c->handle, no_notice, NULL);
    if ((e = check_encoding(j, c)))
        return e;
    return pg_script(j, db, db->mode == DB_READ ? settings_read : settings_write);
}

static void
pg_close(struct db *db)
{
    struct pg_connection *c = db->own;

    if (c)
        PQfinish(c->handle);
    free(c);
    db->own = NULL;
}

/* The server says nothing by itself, unless it hangs up: a last word, then the end. */
static bool
pg_lost(struct db *db)
{
    const struct pg_connection *c = pg_of(db);
    struct pollfd quiet = {.events = POLLIN};

    if (!c || PQstatus(c->handle) == CONNECTION_BAD)
        return true;
    quiet.fd = PQsocket(c->handle);
    while (!c->streaming && poll(&quiet, 1, 0) > 0 && PQconsumeInput(c->handle))
        continue;
    return PQstatus(c->handle) == CONNECTION_BAD;
}

/* ---- statements ------------------------------------------------------------------------ */

static Oid
type_of_arg(const struct arg *v)
{
    static const Oid types[] = {[ARG_NULL] = 0,
                                [ARG_INT] = PG_INT8,
                                [ARG_TEXT] = PG_TEXT,
                                [ARG_BLOB] = PG_BYTEA,
                                [ARG_REAL] = PG_FLOAT8};
    return types[v->type];
}

/* Under a new name each time: one that could not be given up is not in the way. */
static enum err
prepare_on_server(struct job *j, struct db *db, struct statement *st)
{
    struct pg_connection *c = pg_of(db);
    struct pg_prepared *p = st->own;
    PGresult *res;
    enum err e = pg_free_wire(j, db);

    if (e)
        return e;
    snprintf(p->name, sizeof p->name, "s%u", ++c->statements);
    res = PQprepare(c->handle, p->name, st->sql, (int)st->n, p->types);
    if (PQresultStatus(res) != PGRES_COMMAND_OK) {
        e = pg_error(j, db, res, st->sql);
        p->name[0] = '\0'; /* to be prepared when it is used again */
    }
    PQclear(res);
    return e;
}

static enum err
pg_prepare(struct job *j, struct db *db, struct statement *st, struct args a)
{
    struct pg_prepared *p = driver_alloc(j, sizeof *p);
    size_t n = a.n + 1; /* never nothing */

    if (!(st->own = p))
        return j->err.kind;
    p->types = driver_alloc(j, n * sizeof *p->types);
    p->values = driver_alloc(j, n * sizeof *p->values);
    p->lengths = driver_alloc(j, n * sizeof *p->lengths);
    p->formats = driver_alloc(j, n * sizeof *p->formats);
    p->numbers = driver_alloc(j, n * sizeof *p->numbers);
    if (!p->types || !p->values || !p->lengths || !p->formats || !p->numbers)
        return j->err.kind;
    for (size_t i = 0; i < a.n; i++) {
        p->types[i] = type_of_arg(&a.v[i]);
        p->formats[i] = 1;
    }
    return prepare_on_server(j, db, st);
}

static void
give_up_on_server(struct db *db, const struct pg_prepared *p)
{
    struct pg_connection *c = pg_of(db);
    char sql[64];

    if (db->closing || c->streaming || PQtransactionStatus(c->handle) > PQTRANS_INTRANS)
        return;
    snprintf(sql, sizeof sql, "DEALLOCATE %s", p->name);
    PQclear(PQexec(c->handle, sql));
}

static void
pg_drop(struct db *db, struct statement *st)
{
    struct pg_prepared *p = st->own;

    if (!p)
        return;
    if (p->name[0])
        give_up_on_server(db, p);
    free(p->types);
    free(p->values);
    free(p->lengths);
    free(p->formats);
    free(p->numbers);
    free(p->column_types);
    free(p->held.bytes);
    free(p);
}

/* A parameter that was NULL until now is of no type yet; with its first value the
 * statement is prepared again, for good. */
static enum err
fit_types(struct job *j, struct db *db, struct statement *st, struct args a)
{
    struct pg_prepared *p = st->own;
    bool changed = !p->name[0];

    for (size_t i = 0; i < a.n; i++) {
        Oid type = type_of_arg(&a.v[i]);
        if (type && type != p->types[i]) {
            p->types[i] = type;
            changed = true;
        }
    }
    if (!changed)
        return OK;
    if (p->name[0])
        give_up_on_server(db, p);
    free(p->column_types);
    p->column_types = NULL;
    return prepare_on_server(j, db, st);
}

static void
bind(struct pg_prepared *p, struct args a)
{
    for (size_t i = 0; i < a.n; i++) {
        const struct arg *v = &a.v[i];
        uint64_t bits = (uint64_t)v->i;
        if (v->type == ARG_REAL)
            memcpy(&bits, &v->r, sizeof bits);
        p->numbers[i] = htobe64(bits);
        p->values[i] = v->type == ARG_NULL ? NULL : (const char *)&p->numbers[i];
        p->lengths[i] = sizeof p->numbers[i];
        if (v->type == ARG_TEXT || v->type == ARG_BLOB) {
            p->values[i] = v->n ? v->s : "";
            p->lengths[i] = (int)v->n;
        }
    }
}

static enum err
make_ready(struct job *j, struct db *db, struct statement *st, struct args a)
{
    enum err e;

    if ((e = pg_free_wire(j, db)) || (e = fit_types(j, db, st, a)))
        return e;
    for (size_t i = 0; i < a.n; i++) {
        if (a.v[i].n > INT32_MAX)
            return err_set(j, ERR_INPUT, "a value is larger than the database can keep");
    }
    bind(st->own, a);
    return OK;
}

static enum err
pg_start(struct rows *q, struct args a)
{
    struct pg_connection *c = pg_of(q->db);
    struct pg_prepared *p = q->stmt->own;
    enum err e = make_ready(q->j, q->db, q->stmt, a);

    if (e)
        return e;
    q->row = p;
    if (!PQsendQueryPrepared(c->handle, p->name, (int)q->stmt->n, p->values, p->lengths,
                             p->formats, 1))
        return pg_error(q->j, q->db, NULL, q->stmt->sql);
    PQsetSingleRowMode(c->handle);
    c->streaming = q->stmt;
    return OK;
}

static bool
step_held(struct rows *q, struct pg_prepared *p)
{
    if (pg_held_next(&p->held, p->columns))
        return true;
    if (p->late) {
        q->err = p->late;
        q->j->err = p->late_error;
        p->late = OK;
    }
    return false;
}

static bool
pg_step(struct rows *q)
{
    struct pg_connection *c = pg_of(q->db);
    struct pg_prepared *p = q->row;
    PGresult *res;

    PQclear(p->row);
    p->row = NULL;
    if (p->holding)
        return step_held(q, p);
    if (c->streaming != q->stmt)
        return false;
    res = PQgetResult(c->handle);
    if (PQresultStatus(res) == PGRES_SINGLE_TUPLE && know_columns(p, res)) {
        p->row = res;
        return true;
    }
    if (PQresultStatus(res) != PGRES_TUPLES_OK && PQresultStatus(res) != PGRES_COMMAND_OK)
        q->err = pg_error(q->j, q->db, res, q->stmt->sql);
    PQclear(res);
    pg_discard_results(c->handle);
    c->streaming = NULL;
    return false;
}

/* A statement may fail after its first rows, so the rest is read to its end. */
static enum err
drain(struct job *j, struct db *db, struct statement *st)
{
    struct pg_connection *c = pg_of(db);
    enum err e = OK;
    PGresult *res;

    while ((res = PQgetResult(c->handle))) {
        if (j && !e && PQresultStatus(res) == PGRES_FATAL_ERROR)
            e = pg_error(j, db, res, st->sql);
        PQclear(res);
        if (PQstatus(c->handle) == CONNECTION_BAD)
            break;
    }
    return e;
}

static enum err
pg_finish(struct job *j, struct db *db, struct statement *st)
{
    struct pg_connection *c = pg_of(db);
    struct pg_prepared *p = st->own;
    enum err e = OK;

    PQclear(p->row);
    p->row = NULL;
    if (c->streaming == st) {
        e = drain(j, db, st);
        c->streaming = NULL;
    }
    if (p->late && j && !e) {
        e = p->late;
        j->err = p->late_error;
    }
    free(p->held.bytes);
    p->held = (struct pg_held){0};
    p->holding = false;
    p->late = OK;
    return e;
}

static enum err
pg_run(struct job *j, struct statement *st, struct args a, int64_t *changed)
{
    struct pg_connection *c = pg_of(j->db);
    struct pg_prepared *p = st->own;
    PGresult *res;
    ExecStatusType status;
    enum err e = make_ready(j, j->db, st, a);

    if (e)
        return e;
    res = PQexecPrepared(c->handle, p->name, (int)st->n, p->values, p->lengths, p->formats, 1);
    status = PQresultStatus(res);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        e = pg_error(j, j->db, res, st->sql);
    else if (!starts(PQcmdStatus(res), "SELECT"))
        *changed = strtoll(PQcmdTuples(res), NULL, 10);
    PQclear(res);
    return e;
}

/* ---- transactions ------------------------------------------------------------------------ */

/* One writer an area, as SQLite has one writer: what was read before a change still
 * holds when it is made.  The lock queues, so nobody starves; it goes with the transaction. */
static enum err
pg_begin(struct job *j, struct db *db)
{
    char sql[80];
    enum err e;

    snprintf(sql, sizeof sql, "BEGIN; SELECT pg_advisory_xact_lock(1919905652, %d)",
             (int)j->area);
    if ((e = pg_script(j, db, sql)))
        db->driver->rollback(db);
    return e;
}

static enum err
pg_snapshot(struct job *j, struct db *db)
{
    return pg_script(j, db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

/* A COMMIT of a transaction that failed answers ROLLBACK, and that is no success. */
static enum err
pg_commit(struct job *j, struct db *db)
{
    enum err e = pg_free_wire(j, db);
    PGresult *res;

    if (e)
        return e;
    res = PQexec(pg_of(db)->handle, "COMMIT");
    if (PQresultStatus(res) != PGRES_COMMAND_OK)
        e = pg_error(j, db, res, "COMMIT");
    else if (strcmp(PQcmdStatus(res), "COMMIT") != 0)
        e = err_set(j, ERR_FAULT, "the transaction failed earlier and was rolled back");
    PQclear(res);
    return e;
}

static void
pg_rollback(struct db *db)
{
    PQclear(PQexec(pg_of(db)->handle, "ROLLBACK"));
}

static enum err
pg_reloadable(struct job *j, struct db *db, bool yes)
{
    return pg_script(j, db, yes ? "SET synchronous_commit = off" : "RESET synchronous_commit");
}

static enum err
pg_analyse(struct job *j, struct db *db)
{
    return pg_script(j, db, "ANALYZE");
}

const struct driver driver_postgresql = {
    .engine = DB_POSTGRESQL,
    .open = pg_open,
    .close = pg_close,
    .lost = pg_lost,
    .prepare = pg_prepare,
    .drop = pg_drop,
    .start = pg_start,
    .step = pg_step,
    .finish = pg_finish,
    .run = pg_run,
    .is_null = pg_is_null,
    .get_int = pg_int,
    .get_real = pg_real,
    .peek = pg_peek,
    .begin = pg_begin,
    .snapshot = pg_snapshot,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .reloadable = pg_reloadable,
    .analyse = pg_analyse,
    .script = pg_script,
    .bulk_begin = pg_bulk_begin,
    .bulk_row = pg_bulk_row,
    .bulk_end = pg_bulk_end,
    .bulk_close = pg_bulk_close,
};
