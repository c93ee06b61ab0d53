#include "intake/sealing.h"
#include "access/audit.h"
#include "intake/counted.h"
#include "intake/sealing_lines.h"
#include "intake/shared.h"
#include "link/sealed.h"
#include "people/school_child.h"

/* One child on the way from one area to the other, identities first. */
struct moving {
    struct job *j;
    int64_t from, to, person;
};

/* ---- rows ---------------------------------------------------------------------------------- */

#define HIS "(SELECT i.identity_id FROM identity i WHERE i.area_id = $2 AND i.person_id = $3)"
#define FACTS_MOVE(table)                                                                         \
    "UPDATE " #table " SET area_id = $2 WHERE area_id = $1 AND identity_id IN " HIS

static const char *const sql_facts[] = {
#define OF_IDENTITY(table) FACTS_MOVE(table),
#include "intake/sealing.def"
};
static const char *const sql_others[] = {
#define OF_PERSON(table) "UPDATE " #table " SET area_id = $2 WHERE area_id = $1 AND person_id = $3",
#define BELOW(table, rows) "UPDATE " #table " SET area_id = $2 WHERE area_id = $1 AND " rows,
#include "intake/sealing.def"
    /* a form that a school filled in by hand is a batch of one record */
    "UPDATE school_form SET area_id = $2 WHERE area_id = $1 AND batch_id IN ("
    "SELECT s.batch_id FROM suspension s WHERE s.area_id = $2 AND s.identity_id IN " HIS
    " UNION SELECT l.batch_id FROM leaver l WHERE l.area_id = $2 AND l.identity_id IN " HIS
    " UNION SELECT r.batch_id FROM register_entry r WHERE r.area_id = $2 AND r.identity_id IN "
    HIS ")",
};

/* What loading remarked on the records that went. */
#define LINES(table)                                                                              \
    "SELECT f.batch_id, f.file_id, f.line FROM " #table " f WHERE f.area_id = $2 "                \
    "AND f.identity_id IN " HIS
static const char sql_findings[] =
    "UPDATE finding SET area_id = $2 WHERE area_id = $1 AND (batch_id, file_id, line) IN ("
    LINES(census_pupil) " UNION " LINES(suspension) " UNION " LINES(sen_need) " UNION "
    LINES(fsm_period) " UNION " LINES(ap_placement) " UNION " LINES(care_episode) " UNION "
    LINES(ehc_fact) " UNION " LINES(exclusion_outcome) " UNION " LINES(leaver) " UNION "
    LINES(register_entry) ")";

static enum err
move_all(const struct moving *m, const char *const *sql, size_t n, int64_t *rows)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < n; i++) {
        int64_t moved = 0;
        e = db_run(m->j, sql[i], ARGS(INT(m->from), INT(m->to), INT(m->person)), &moved);
        *rows += moved;
    }
    return e;
}

/* A return counts its pupils; $3 is -1 where they go, 1 where they come back, $4 where they still
 * are, $5 where their identities are already. */
#define PUPILS                                                                                    \
    "FROM census_pupil c WHERE c.area_id = $4 AND c.identity_id IN (SELECT i.identity_id "        \
    "FROM identity i WHERE i.area_id = $5 AND i.person_id = $2)"
#define OF_RETURN                                                                                 \
    "(SELECT COUNT(*) " PUPILS " AND c.batch_id = census_return.batch_id "                        \
    "AND c.urn = census_return.urn AND c.on_roll = "
static const char sql_returns[] =
    "UPDATE census_return SET on_roll = on_roll + $3 * " OF_RETURN "1), "
    "no_longer = no_longer + $3 * " OF_RETURN "0), with_sessions = with_sessions + $3 * " OF_RETURN
    "1 AND (c.marks IS NOT NULL OR c.sessions_possible > 0)) "
    "WHERE area_id = $1 AND batch_id IN (SELECT c.batch_id " PUPILS ")";

static enum err
count_returns(const struct moving *m)
{
    bool goes = m->from > 0;

    return db_run(m->j, sql_returns,
                  ARGS(INT(goes ? m->from : m->to), INT(m->person), INT(goes ? -1 : 1),
                       INT(m->from), INT(m->to)), NULL);
}

/* *facts: rows of facts that went.  The child's identities did already. */
static enum err
move_rows(const struct moving *m, int64_t *facts)
{
    int64_t others = 0;
    enum err e = count_returns(m);

    *facts = 0;
    if (!e)
        e = move_all(m, sql_facts, sizeof sql_facts / sizeof *sql_facts, facts);
    if (!e)
        e = move_all(m, sql_others, sizeof sql_others / sizeof *sql_others, &others);
    return e ? e
             : db_run(m->j, sql_findings, ARGS(INT(m->from), INT(m->to), INT(m->person)), NULL);
}

/* ---- batches ------------------------------------------------------------------------------- */

#define BATCH                                                                                     \
    "batch_id, kind, title, digest, state, started, published, withdrawn, withdrawn_why, "        \
    "withdrawn_by, loaded_by, school_year, term, rows_read, rows_loaded, rows_refused, message, " \
    "made_on"
#define BATCH_FILE                                                                                \
    "batch_id, file_id, name, layout, digest, bytes, note, rows_read, rows_loaded, rows_refused"
static const char *const sql_batches[] = {
    "DELETE FROM batch_file WHERE area_id = $1 AND $2 > 0",
    "DELETE FROM batch WHERE area_id = $1 AND $2 > 0",
    "INSERT INTO batch (area_id, " BATCH ") SELECT $1, " BATCH " FROM batch b WHERE b.area_id = $2 "
    "AND EXISTS (SELECT 1 FROM sealed_child s WHERE s.area_id = $1)",
    "INSERT INTO batch_file (area_id, " BATCH_FILE ") SELECT $1, " BATCH_FILE " FROM batch_file b "
    "WHERE b.area_id = $2 AND EXISTS (SELECT 1 FROM sealed_child s WHERE s.area_id = $1)",
};

static enum err
copy_batches(struct job *j)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < sizeof sql_batches / sizeof *sql_batches; i++)
        e = db_run(j, sql_batches[i], ARGS(INT(custody_area(j->area)), INT(j->area)), NULL);
    return e;
}

enum err
sealing_batches(struct job *j)
{
    bool any;
    enum err e = custody_any(j, &any);

    return e || !any ? e : copy_batches(j);
}

/* ---- what a load brought ------------------------------------------------------------------- */

static const char sql_sealed[] =
    "SELECT person_id FROM sealed_child WHERE area_id = $1 ORDER BY person_id";

static enum err
list_sealed(struct job *j, int64_t **out, size_t *n)
{
    size_t room = 64;
    struct rows q;

    *out = job_array(j, room, sizeof **out);
    *n = 0;
    db_ask(j, &q, sql_sealed, ARGS(INT(custody_area(j->area))));
    while (db_next(&q)) {
        if (*n == room) {
            *out = job_grow(j, *out, room * sizeof **out, 2 * room * sizeof **out);
            room *= 2;
        }
        (*out)[(*n)++] = row_int(&q, 0);
    }
    return db_done(&q);
}

static enum err
tell_custodians(struct job *j, int64_t person, int64_t batch, const int64_t records[2])
{
    static const char *const kind[2] = {"load", "turned-away"};
    int64_t area = j->area;
    enum err e = OK;

    j->area = custody_area(area);
    for (int i = 0; !e && batch && i < 2; i++)
        if (records[i])
            e = custody_tell(j, person, (struct custody_news){.at = j->now, .source = batch,
                                                              .records = records[i],
                                                              .kind = kind[i]});
    j->area = area;
    return e;
}

static enum err
gather_one(struct job *j, const struct key *k, int64_t person, int64_t batch)
{
    struct moving m = {j, j->area, custody_area(j->area), person};
    int64_t identities, records[2] = {0}; /* loaded, turned away */
    enum err e = sealed_take(j, k, person, &identities);

    if (!e)
        e = move_rows(&m, &records[0]);
    if (!e && batch)
        e = sealing_lines_take(j, k, person, batch, &records[1]);
    return e ? e : tell_custodians(j, person, batch, records);
}

static enum err
gather_all(struct job *j, const struct key *k, int64_t batch)
{
    int64_t *person;
    size_t n;
    enum err e = list_sealed(j, &person, &n);

    for (size_t i = 0; !e && i < n; i++)
        e = gather_one(j, k, person[i], batch);
    return e ? e : copy_batches(j);
}

enum err
sealing_gather(struct job *j, const char *home, int64_t batch)
{
    struct key key;
    bool sealed, safe;
    enum err e = custody_any(j, &sealed);

    if (!e)
        e = safe_address_any(j, &safe);
    if (e || (!sealed && !safe))
        return e;
    if (!home)
        return err_set(j, ERR_ENV, "this authority cannot be loaded without its key file");
    if (!(e = key_load(j, home, &key)) && sealed)
        e = gather_all(j, &key, batch);
    if (!e && safe)
        e = safe_address_gather(j, &key);
    explicit_bzero(&key, sizeof key);
    return e;
}

/* ---- sealing ------------------------------------------------------------------------------- */

static const char *const sql_withdraw[] = {
    "UPDATE snapshot SET state = 'withdrawn' WHERE area_id = $1 AND state <> 'withdrawn'",
    "UPDATE sign_run SET state = CASE state WHEN 'current' THEN 'kept' ELSE 'withdrawn' END "
    "WHERE area_id = $1 AND state IN ('current', 'making')",
    "UPDATE quality_run SET state = 'old' WHERE area_id = $1 AND state IN ('current', 'making')",
    "UPDATE sign_test SET state = 'withdrawn' WHERE area_id = $1 AND state <> 'withdrawn'",
    "DELETE FROM worked_out WHERE area_id = $1",
    /* who was on which roll is remembered by connections (access/relation.h) */
    "INSERT INTO relation_turn (area_id, turn) VALUES ($1, 1) "
    "ON CONFLICT (area_id) DO UPDATE SET turn = relation_turn.turn + 1",
};
static const char *const sql_forget[] = {
#define FORGET(table, rows)                                                                       \
    "DELETE FROM " #table " WHERE area_id = $1 AND person_id = $2 AND " rows,
#include "intake/sealing.def"
};

/* All that counted the child, or did not. */
static enum err
withdraw_derived(struct job *j, int64_t person)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < sizeof sql_withdraw / sizeof *sql_withdraw; i++)
        e = db_run(j, sql_withdraw[i], ARGS(INT(j->area)), NULL);
    for (size_t i = 0; !e && i < sizeof sql_forget / sizeof *sql_forget; i++)
        e = db_run(j, sql_forget[i], ARGS(INT(j->area), INT(person)), NULL);
    if (!e)
        e = school_child_changed(j);
    return e ? e : counted_derive(j);
}

static const char sql_there[] =
    "SELECT 1 FROM identity WHERE area_id = $1 AND person_id = $2 LIMIT 1";

/* No entry of the authority's audit tells that it was asked; a refusal is one like any other. */
static enum err
allowed(struct job *j, int64_t person)
{
    enum permit_reason why;
    int64_t there = 0;
    enum err e = permit_ask(j, ACT_SEAL, (struct subject){.person = person}, &why);

    if (!e && why != PERMIT_YES)
        return permit(j, ACT_SEAL, (struct subject){.person = person});
    if (!e)
        e = db_int(j, sql_there, ARGS(INT(j->area), INT(person)), 0, &there);
    if (!e && !there)
        e = err_set(j, ERR_NOT_FOUND, "there is no such child");
    return e;
}

static void
note_change(struct job *j, int64_t person, const char *what)
{
    audit_put(j, (struct note){.act = ACT_SEAL, .event = EVENT_PERMISSION, .person = person,
                               .subject = job_format(j, "child %lld, %s", (long long)person, what),
                               .outcome = NOTE_ALLOWED});
}

/* Before anything is written: a page shows its form again after a slip, and commits. */
static enum err
check_order(struct job *j, const struct seal_order *o)
{
    int64_t account;
    enum err e = OK;

    for (size_t i = 0; !e && i < o->n; i++)
        e = custody_find(j, o->custodian[i], &account);
    if (!e && !o->n && !(j->who && j->who->account))
        e = err_set(j, ERR_INPUT, "Say who keeps the record: nobody else can open it");
    return e;
}

/* In the area of sealed children. */
static enum err
entrust(struct job *j, const struct key *k, const struct seal_order *o)
{
    enum err e = check_order(j, o);

    if (!e)
        e = custody_begin(j, k, o->person, o->why);
    if (!e && j->who && j->who->account)
        e = custody_name(j, o->person, j->who->login);
    for (size_t i = 0; !e && i < o->n; i++)
        e = custody_name(j, o->person, o->custodian[i]);
    if (e)
        return e;
    note_change(j, o->person, "sealed");
    return OK;
}

enum err
sealing_seal(struct job *j, const struct key *k, const struct seal_order *o)
{
    int64_t area = j->area, turned_away;
    enum err e = allowed(j, o->person);

    if (e || (e = batch_lock(j)))
        return e;
    j->area = custody_area(area);
    e = entrust(j, k, o);
    j->area = area;
    if (!e)
        e = gather_one(j, k, o->person, 0);
    if (!e)
        e = sealing_lines_take(j, k, o->person, 0, &turned_away);
    if (!e)
        e = sealing_lines_checks(j, k, o->person);
    if (!e)
        e = copy_batches(j);
    return e ? e : withdraw_derived(j, o->person);
}

/* ---- and back ------------------------------------------------------------------------------ */

struct opening {
    const struct key *key;
    int64_t person;
    const char *why;
};

static enum err
take_back(struct job *j, void *arg)
{
    const struct opening *o = arg;
    struct moving m = {j, j->area, -j->area, o->person};
    const struct audit_field why = {"why", NULL, o->why};
    int64_t facts;
    enum err e = sealed_give_back(j, o->key, o->person);

    if (!e)
        e = move_rows(&m, &facts);
    if (!e)
        e = sealing_lines_give_back(j, o->person);
    if (!e)
        e = custody_end(j, o->person);
    note_change(j, o->person, "not sealed any more");
    audit_fields(j, ACT_SEAL, &why, 1);
    return e;
}

enum err
sealing_open(struct job *j, const struct key *k, int64_t person, const char *why)
{
    struct opening o = {k, person, why};
    enum err e;

    if (!why || !span_trim(span_of(why)).n)
        return err_set(j, ERR_INPUT, "Say why");
    if ((e = batch_lock(j)) || (e = custody_within(j, person, take_back, &o)) ||
        (e = copy_batches(j)))
        return e;
    return withdraw_derived(j, person);
}

/* ---- safe addresses ------------------------------------------------------------------------- */

enum err
sealing_address(struct job *j, const struct key *k, const struct safe_order *o)
{
    enum err e = safe_address_mark(j, k, o);

    return e ? e : withdraw_derived(j, o->person);
}

enum err
sealing_address_end(struct job *j, const struct key *k, int64_t person)
{
    enum err e = safe_address_end(j, k, person);

    return e ? e : withdraw_derived(j, person);
}
