#include "access/permit.h"
#include "access/setting.h"
#include "directory/import_in.h"
#include <errno.h>
#include <string.h>
#include <time.h>

static const char *const outcomes[] = {"added", "changed", "same", "held", "refused"};

const char *
outcome_name(enum outcome o)
{
    return outcomes[o];
}

/* ---- what is there ----------------------------------------------------------------------- */

static const char sql_known[] =
    "SELECT r.source_key, r.entry_id, e.uuid, r.digest, r.gone FROM directory_record r "
    "JOIN directory_entry e ON e.area_id = r.area_id AND e.entry_id = r.entry_id "
    "WHERE r.area_id = $1 AND r.source_id = $2 ORDER BY r.source_key";

static enum err
know(struct import *m, struct rows *q)
{
    struct known *k = pile_add(m->j, m->known);
    size_t n;
    const char *s = row_peek(q, 0, &n);

    if (!k)
        return m->j->err.kind;
    k->key = pile_keep(m->j, m->known, s, n);
    if (!k->key)
        return m->j->err.kind;
    k->entry = row_int(q, 1);
    s = row_peek(q, 2, &n);
    snprintf(k->uuid, sizeof k->uuid, "%.*s", (int)n, s);
    s = row_peek(q, 3, &n);
    snprintf(k->digest, sizeof k->digest, "%.*s", (int)n, s);
    k->gone = !row_is_null(q, 4);
    return map_put(m->j, m->by_key, map_key(&m->salt, k->key, strlen(k->key)),
                   (int64_t)pile_count(m->known) - 1);
}

static const char sql_uuids[] = "SELECT e.uuid FROM directory_entry e WHERE e.area_id = $1";

static enum err
gather(struct import *m)
{
    struct job *j = m->j;
    struct rows q;
    enum err e = OK, done;

    db_ask(j, &q, sql_known, ARGS(INT(j->area), INT(m->source.id)));
    while (!e && db_next(&q))
        e = know(m, &q);
    done = db_done(&q);
    if (e || done)
        return e ? e : done;
    db_ask(j, &q, sql_uuids, ARGS(INT(j->area)));
    while (!e && db_next(&q)) {
        size_t n;
        const char *s = row_peek(&q, 0, &n);

        e = map_put(j, m->uuids, map_key(&m->salt, s, n), 1);
    }
    done = db_done(&q);
    return e ? e : done;
}

static void
close_spool(void *f)
{
    fclose(f);
}

static enum err
prepare(struct import *m)
{
    struct job *j = m->j;
    struct cleanup *end;
    enum err e;

    m->salt = map_salt_new();
    m->repair = (struct repair){m->source.space, m->feed->kind != FEED_TEMPLATE, j->today};
    if ((e = pile_open(j, sizeof(struct known), &m->known)) ||
        (e = map_open(j, 4096, &m->by_key)) || (e = map_open(j, 4096, &m->seen)) ||
        (e = map_open(j, 4096, &m->uuids)))
        return e;
    end = job_on_end(j, close_spool);
    m->spool = tmpfile();
    end->arg = m->spool;
    if (!m->spool)
        return err_set(j, ERR_ENV, "No temporary file can be made: %s", strerror(errno));
    return gather(m);
}

/* ---- the run ----------------------------------------------------------------------------- */

static const char sql_run_next[] =
    "SELECT COALESCE(MAX(r.run_id), 0) + 1 FROM directory_run r WHERE r.area_id = $1";
static const char sql_run_add[] =
    "INSERT INTO directory_run (area_id, run_id, source_id, state, place, started, ended, "
    "account_id, n_read, n_added, n_changed, n_same, n_held, n_refused, n_gone, n_repaired, "
    "message) VALUES ($1, $2, $3, 'running', $4, $5, NULL, $6, 0, 0, 0, 0, 0, 0, 0, 0, NULL)";
/* Whoever has the lock is alone: what still runs by its row was killed. */
static const char sql_run_killed[] =
    "UPDATE directory_run SET state = 'failed', ended = $2, "
    "message = 'It was ended before it was done.' WHERE area_id = $1 AND state = 'running'";

static enum err
run_begin(struct import *m)
{
    struct job *j = m->j;
    const char *name = m->order->source ? m->order->source : m->feed->place;
    enum err e = db_begin(j);

    if (!e)
        e = import_source(j, name, m->feed->kind, &m->source);
    if (!e && m->order->wait)
        e = import_trust(j, &m->source, false);
    if (!e)
        e = db_run(j, sql_run_killed, ARGS(INT(j->area), INT(j->now)), NULL);
    if (!e)
        e = db_int(j, sql_run_next, ARGS(INT(j->area)), 1, &m->run.id);
    if (!e)
        e = db_run(j, sql_run_add,
                   ARGS(INT(j->area), INT(m->run.id), INT(m->source.id), TEXT(m->feed->place),
                        INT(j->now), m->order->account ? INT(m->order->account) : NUL),
                   NULL);
    m->run.source = m->source.id;
    m->run.started = j->now;
    m->run.place = m->feed->place;
    return e ? e : db_commit(j);
}

static const char sql_run_end[] =
    "UPDATE directory_run SET state = $3, ended = $4, n_read = $5, n_added = $6, "
    "n_changed = $7, n_same = $8, n_held = $9, n_refused = $10, n_gone = $11, n_repaired = $12, "
    "message = $13 WHERE area_id = $1 AND run_id = $2";
/* Reports are kept of a source's last import. */
static const char sql_reports_old[] =
    "DELETE FROM directory_run_record WHERE area_id = $1 AND run_id IN (SELECT r.run_id "
    "FROM directory_run r WHERE r.area_id = $1 AND r.source_id = $2 AND r.run_id < $3)";
static const char sql_source_place[] =
    "UPDATE directory_source SET place = $3 WHERE area_id = $1 AND source_id = $2";

static enum err
run_end(struct import *m, const char *state, const char *message)
{
    struct job *j = m->j;
    struct import_run *r = &m->run;
    enum err e;

    r->state = state;
    r->message = message;
    r->ended = j->now;
    r->added = m->count[IMPORT_ADDED];
    r->changed = m->count[IMPORT_CHANGED];
    r->same = m->count[IMPORT_SAME];
    r->held = m->count[IMPORT_HELD];
    r->refused = m->count[IMPORT_REFUSED];
    e = db_run(j, sql_run_end,
               ARGS(INT(j->area), INT(r->id), TEXT(state), INT(r->ended), INT(r->read),
                    INT(r->added), INT(r->changed), INT(r->same), INT(r->held), INT(r->refused),
                    INT(r->gone), INT(r->repaired), TEXT(message)),
               NULL);
    if (!e)
        e = db_run(j, sql_reports_old, ARGS(INT(j->area), INT(m->source.id), INT(r->id)), NULL);
    return e ? e
             : db_run(j, sql_source_place,
                      ARGS(INT(j->area), INT(m->source.id), TEXT(m->feed->place)), NULL);
}

/* ---- written in short transactions ------------------------------------------------------- */

enum { HOLD_US = 40 * 1000 };

static int64_t
clock_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* With what changed goes, in the same transaction, that something did. */
static enum err
say_moved(struct import *m)
{
    enum err e = m->moved ? service_turn_up(m->j) : OK;

    m->moved = false;
    return e;
}

/* The writer is not kept from others for longer than that. */
static enum err
breathe(struct import *m, int64_t *since)
{
    enum err e;

    if (clock_us() - *since < HOLD_US)
        return OK;
    e = say_moved(m);
    if (!e)
        e = db_commit(m->j);
    *since = clock_us();
    return e ? e : db_begin(m->j);
}

static const char sql_report[] =
    "INSERT INTO directory_run_record (area_id, run_id, record_no, source_key, name, outcome, "
    "entry_id, filled, report) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

static enum err
report(struct import *m, const struct read_record *r, int64_t entry)
{
    return db_run(m->j, sql_report,
                  ARGS(INT(m->j->area), INT(m->run.id), INT(r->no), TEXT(r->key), TEXT(r->name),
                       TEXT(outcome_name(r->outcome)), entry ? INT(entry) : NUL, INT(r->filled),
                       TEXT(r->report)),
                  NULL);
}

/* held: nothing is written of it but its report. */
static enum err
write_one(struct import *m, struct read_record *r, bool held)
{
    int64_t entry = 0;
    enum err e = OK;

    m->count[r->outcome]--;
    if (held && (r->outcome == IMPORT_ADDED || r->outcome == IMPORT_CHANGED))
        r->outcome = IMPORT_HELD;
    else if (!held)
        e = import_write(m, r, &entry);
    m->count[r->outcome]++;
    return e ? e : report(m, r, entry);
}

static enum err
write_records(struct import *m, bool held, int64_t *since)
{
    bool more = true;
    enum err e = import_rewind(m);

    while (!e && more) {
        struct scope scope = job_scope_begin(m->j);
        struct read_record r;

        e = import_spooled(m, &r, &more);
        if (!e && more)
            e = write_one(m, &r, held);
        job_scope_end(m->j, scope);
        if (!e)
            e = breathe(m, since);
    }
    return e;
}

static enum err
write_gone(struct import *m, int64_t *since)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < pile_count(m->known); i++) {
        const struct known *k = pile_at(m->known, i);

        if (k->seen || k->gone)
            continue;
        e = import_gone(m, k);
        if (!e)
            e = breathe(m, since);
    }
    return e;
}

/* ---- held -------------------------------------------------------------------------------- */

static const char *
why_held(struct import *m, const struct settings *all)
{
    int64_t had = 0, share = setting_number(all, SETTING_SHRINK);

    m->run.gone = 0;
    for (size_t i = 0; i < pile_count(m->known); i++) {
        const struct known *k = pile_at(m->known, i);

        had += !k->gone;
        m->run.gone += !k->gone && !k->seen;
    }
    if (m->count[IMPORT_REFUSED] == m->run.read)
        return job_format(m->j, "None of its %lld records is a service that can be used; the "
                                "report of each says why. Nothing was changed.",
                          (long long)m->run.read);
    if (m->order->shrunk || m->run.gone * 100 <= had * share)
        return NULL;
    return job_format(m->j,
                      "The source had %lld services and lacks %lld of them now, more than %lld "
                      "per cent. Nothing was changed; a person decides.",
                      (long long)had, (long long)m->run.gone, (long long)share);
}

static enum err
write_all(struct import *m)
{
    struct settings all;
    const char *held;
    int64_t since = clock_us();
    enum err e = setting_list(m->j, &all);

    if (e)
        return e;
    held = why_held(m, &all);
    if ((e = db_begin(m->j)) || (e = write_records(m, held != NULL, &since)) ||
        (!held && (e = write_gone(m, &since))) || (e = say_moved(m)) ||
        (e = run_end(m, held ? "held" : "done", held)))
        return e;
    return db_commit(m->j);
}

/* ---- the whole --------------------------------------------------------------------------- */

/* What went wrong stays with the run; the error goes on as it was. */
static enum err
failed(struct import *m, enum err was)
{
    struct error kept = m->j->err;
    enum err e;

    if (db_in_transaction(m->j))
        db_rollback(m->j);
    err_clear(m->j);
    memset(m->count, 0, sizeof m->count);
    e = db_begin(m->j);
    if (!e)
        e = run_end(m, "failed", job_copy(m->j, kept.message));
    if (!e)
        e = db_commit(m->j);
    if (e && db_in_transaction(m->j))
        db_rollback(m->j);
    m->j->err = kept;
    return was;
}

static enum err
whole(struct import *m)
{
    struct job *j = m->j;
    bool taken = false;
    enum err e = permit(j, ACT_DIRECTORY, (struct subject){.what = "import"});

    if (!e)
        e = db_lock(j, job_format(j, "directory %lld", (long long)j->area), &taken);
    if (!e && !taken) {
        err_set(j, ERR_BUSY, "Another import of this directory is running");
        e = err_hint(j, "Begin again when it is done.");
    }
    if (!e)
        e = run_begin(m);
    if (e)
        return e;
    e = prepare(m);
    if (!e)
        e = import_read(m);
    if (!e)
        e = write_all(m);
    return e ? failed(m, e) : OK;
}

enum err
import_feed(struct job *j, const struct feed *f, const struct import_order *o,
            struct import_run *out)
{
    struct scope scope = job_scope_begin(j); /* the lock and the memory are of this import */
    struct import m = {.j = j, .feed = f, .order = o};
    char message[512] = "";
    enum err e = whole(&m);

    if (m.run.message)
        snprintf(message, sizeof message, "%s", m.run.message);
    job_scope_end(j, scope);
    *out = m.run;
    out->message = *message ? job_copy(j, message) : NULL;
    return e;
}
