/* Entries into the database, each with its hash. */
#include "access/audit.h"
#include "store/db.h"

static const char *const outcomes[] = {
    [NOTE_ALLOWED] = "allowed", [NOTE_REFUSED] = "refused", [NOTE_TAKEN_BACK] = "taken back"};

/* ---- entries from before there were chains ------------------------------------------------ */

struct old {
    int64_t id, at, account, person;
    const char *event, *act, *subject, *outcome;
};

static const char sql_old[] =
    "SELECT audit_id, at, account_id, act, subject, outcome FROM audit "
    "WHERE area_id = $1 AND audit_id >= $2 ORDER BY audit_id LIMIT 500";

static enum audit_event
event_of_old(const char *act, bool refused)
{
    enum audit_event e = EVENT_NONE;

    for (int a = 0; a < ACTS && !e; a++)
        if (!strcmp(act_name((enum act)a), act)) {
            e = act_event((enum act)a, false);
            e = e ? e : act_event((enum act)a, true);
        }
    return refused ? EVENT_DENIED : e ? e : EVENT_OPENED;
}

static struct old
old_from_row(struct rows *q)
{
    struct old o = {.id = row_int(q, 0), .at = row_int(q, 1), .account = row_int(q, 2),
                    .act = row_text(q, 3), .subject = row_text(q, 4), .outcome = row_text(q, 5)};

    if (o.subject && !strncmp(o.subject, "child ", 6))
        o.person = strtoll(o.subject + 6, NULL, 10);
    o.event = audit_event_name(event_of_old(o.act, !strcmp(o.outcome, outcomes[NOTE_REFUSED])));
    return o;
}

static const char sql_chain[] =
    "UPDATE audit SET event = $3, person_id = $4, hash = $5 WHERE area_id = $1 AND audit_id = $2";

static enum err
chain_old(struct job *j, int64_t area, const struct old *o, unsigned char *hash)
{
    const struct chain_entry e = {area, o->id, o->at, o->account, o->person, chain_text(o->event),
        chain_text(o->act), chain_text(o->outcome), chain_text(o->subject), chain_text(NULL),
        chain_text(NULL)};
    char line[CHAIN_LINE];

    chain_add(hash, line, chain_line(&e, line));
    return db_run(j, sql_chain, ARGS(INT(area), INT(o->id), TEXT(o->event),
                                     o->person ? INT(o->person) : NUL, BLOB(hash, CHAIN_HASH)),
                  NULL);
}

static enum err
chain_some(struct job *j, struct audit_place *p, int64_t *at, bool *more)
{
    struct old *v = job_array(j, 500, sizeof *v);
    size_t n = 0;
    struct rows q;
    enum err e;

    db_ask(j, &q, sql_old, ARGS(INT(p->area), INT(*at)));
    while (n < 500 && db_next(&q))
        v[n++] = old_from_row(&q);
    e = db_done(&q);
    for (size_t i = 0; i < n && !e; i++)
        e = chain_old(j, p->area, &v[i], p->hash);
    *more = n > 0;
    if (n)
        *at = v[n - 1].id + 1;
    return e;
}

static enum err
chain_all(struct job *j, struct audit_place *p)
{
    int64_t at = 1;
    bool more = true;
    enum err e = OK;

    while (more && !e) {
        struct scope s = job_scope_begin(j);
        e = chain_some(j, p, &at, &more);
        job_scope_end(j, s);
    }
    return e;
}

/* ---- where a chain stands --------------------------------------------------------------- */

/* The head's row is locked until the transaction ends: entries of an area have no gaps
 * and are numbered in the order of their commits. */
static const char sql_take[] =
    "INSERT INTO audit_head (area_id, next_id, chain) VALUES ($1, 1, $2) "
    "ON CONFLICT (area_id) DO UPDATE SET chain = COALESCE(audit_head.chain, excluded.chain) "
    "RETURNING next_id, chain, hash";

static enum err
read_place(struct job *j, struct audit_place *p, bool *begun)
{
    char name[CHAIN_NAME];
    const char *s;
    struct rows q;
    size_t n;

    chain_name(name);
    db_ask(j, &q, sql_take, ARGS(INT(p->area), TEXT(name)));
    while (db_next(&q)) {
        p->id = row_int(&q, 0);
        s = row_peek(&q, 1, &n);
        snprintf(name, sizeof name, "%.*s", (int)n, s);
        chain_begin(name, p->area, p->hash);
        s = row_peek(&q, 2, &n);
        *begun = s && n == CHAIN_HASH;
        if (*begun)
            memcpy(p->hash, s, CHAIN_HASH);
    }
    return db_done(&q);
}

/* From its first use in a transaction to audit_close(). */
static enum err
place_of(struct audit_pen *pen, int64_t area, struct audit_place **out)
{
    bool begun = false;
    enum err e = OK;

    for (size_t i = 0; i < pen->n; i++)
        if (pen->place[i].area == area) {
            *out = &pen->place[i];
            return OK;
        }
    if (pen->n == sizeof pen->place / sizeof *pen->place)
        e = audit_close(pen);
    *out = &pen->place[pen->n++];
    **out = (struct audit_place){.area = area};
    if (!e)
        e = read_place(pen->j, *out, &begun);
    return e || begun || (*out)->id == 1 ? e : chain_all(pen->j, *out);
}

static const char sql_stand[] =
    "UPDATE audit_head SET next_id = $2, hash = $3 WHERE area_id = $1";

enum err
audit_close(struct audit_pen *pen)
{
    enum err e = OK;

    for (size_t i = 0; i < pen->n && !e; i++)
        e = db_run(pen->j, sql_stand, ARGS(INT(pen->place[i].area), INT(pen->place[i].id),
                                           BLOB(pen->place[i].hash, CHAIN_HASH)), NULL);
    pen->n = 0;
    return e;
}

/* ---- new ones ----------------------------------------------------------------------------- */

static const char sql_add[] =
    "INSERT INTO audit (area_id, audit_id, at, account_id, event, act, outcome, person_id, "
    "subject, detail, hash, role) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

static enum err
write_one(struct audit_pen *pen, const struct note *n)
{
    const char *event = audit_event_name(n->event), *act = act_name(n->act);
    const char *outcome = outcomes[n->outcome];
    struct audit_place *p;
    char line[CHAIN_LINE];
    size_t length;
    enum err e = place_of(pen, n->area, &p);

    if (e)
        return e;
    length = chain_line(&(struct chain_entry){n->area, p->id, n->at, n->account, n->person,
        chain_text(event), chain_text(act), chain_text(outcome), chain_text(n->subject),
        chain_text(n->detail), chain_text(n->role)}, line);
    if (!length)
        return err_set(pen->j, ERR_FAULT, "an entry of the audit is too long");
    chain_add(p->hash, line, length);
    return db_run(pen->j, sql_add,
                  ARGS(INT(n->area), INT(p->id++), INT(n->at), n->account ? INT(n->account) : NUL,
                       TEXT(event), TEXT(act), TEXT(outcome), n->person ? INT(n->person) : NUL,
                       TEXT(n->subject), TEXT(n->detail), BLOB(p->hash, CHAIN_HASH), TEXT(n->role)),
                  NULL);
}

void
audit_open(struct job *j, struct audit_pen *pen)
{
    *pen = (struct audit_pen){.j = j};
}

enum err
audit_add(struct audit_pen *pen, const struct notes *n)
{
    enum err e = OK;

    if (n->lost)
        return err_set(pen->j, ERR_BUSY, "this looked at more than can be noted at once");
    for (const struct note *at = n->first; at && !e; at = at->next)
        e = write_one(pen, at);
    return e;
}

enum err
audit_write(struct job *j, const struct notes *n)
{
    struct audit_pen pen;
    enum err e;

    audit_open(j, &pen);
    e = audit_add(&pen, n);
    return e ? e : audit_close(&pen);
}

/* ---- at the start ----------------------------------------------------------------------- */

static const char sql_unchained[] =
    "SELECT area_id FROM audit_head WHERE hash IS NULL AND next_id > 1 ORDER BY area_id LIMIT 1";

static enum err
catch_up_area(struct job *j, int64_t area)
{
    struct audit_pen pen;
    struct audit_place *p;
    enum err e = db_begin(j);

    audit_open(j, &pen);
    if (!e)
        e = place_of(&pen, area, &p);
    if (!e)
        e = audit_close(&pen);
    if (!e)
        return db_commit(j);
    db_rollback(j);
    return e;
}

enum err
audit_catch_up(struct job *j)
{
    int64_t area;
    enum err e = db_int(j, sql_unchained, NO_ARGS, -1, &area);

    while (!e && area >= 0) {
        e = catch_up_area(j, area);
        if (!e)
            e = db_int(j, sql_unchained, NO_ARGS, -1, &area);
    }
    return e;
}

enum err
audit_change(struct job *j, const struct key *k, job_fn *fn, void *arg)
{
    struct notes notes;
    enum err e;

    audit_begin(j, k, &notes);
    e = db_begin(j);
    if (!e)
        e = fn(j, arg);
    if (!e)
        e = audit_write(j, &notes);
    if (!e)
        e = db_commit(j);
    j->notes = NULL;
    audit_end(&notes);
    return e;
}
