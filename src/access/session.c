#include "access/session.h"
#include "access/agreement.h"
#include "store/db.h"

enum { CODE_TRIES = 5 };
/* Clocks are set right by a little now and then. */
#define SLACK ((int64_t)5 * 60 * 1000000)

static const char *const stages[] = {
    [SESSION_IN] = "in", [SESSION_CODE] = "code", [SESSION_SET_UP] = "set-up",
};

void
session_id(const struct key *k, const char *token, char *out)
{
    key_hash(k, "session", token, out);
}

/* ---- beginning --------------------------------------------------------------------- */

static const char sql_add[] =
    "INSERT INTO session (session_id, account_id, csrf, created, seen, ended, stage, tries, "
    "address, device, strong_until, provider_id) "
    "VALUES ($1, $2, $3, $4, $4, NULL, $5, 0, $6, $7, NULL, $8)";

enum err
session_begin(struct job *j, const struct key *k, const struct session_new *new, char *token)
{
    char id[KEY_HASH], csrf[KEY_TOKEN], address[KEY_HASH];

    key_token(token);
    key_token(csrf);
    session_id(k, token, id);
    key_hash(k, "address", new->address, address);
    return db_run(j, sql_add,
                  ARGS(TEXT(id), INT(new->account), TEXT(csrf), INT(j->now),
                       TEXT(stages[new->stage]), TEXT(address), TEXT(new->device),
                       new->provider ? INT(new->provider) : NUL),
                  NULL);
}

enum err
session_add(struct job *j, const struct key *k, int64_t account, char *token)
{
    return session_begin(j, k, &(struct session_new){.account = account, .address = "",
                                                     .device = ""}, token);
}

/* ---- who holds a token --------------------------------------------------------------- */

/* A row for each role that is in force, the chosen one first, then in the order they were given;
 * one row without a role when none is. */
static const char sql_find[] =
    "SELECT a.account_id, a.login, a.name, r.role, r.area, r.urn, s.csrf, s.seen, "
    "s.strong_until, s.stage, r.role_no, r.agency_id, g.kind "
    "FROM session s JOIN account a ON a.account_id = s.account_id "
    "LEFT JOIN account_role r ON r.account_id = a.account_id AND r.since <= $5 "
    "AND (r.until IS NULL OR r.until > $5) "
    "LEFT JOIN agency g ON g.area_id = r.area AND g.agency_id = r.agency_id "
    "WHERE s.session_id = $1 AND s.ended IS NULL AND a.disabled IS NULL "
    "AND s.seen > $2 AND s.created > $3 AND s.seen <= $4 AND s.created <= $4 "
    "ORDER BY CASE WHEN r.role_no = s.role_no THEN 0 ELSE 1 END, r.role_no";

static void
person_from_row(struct rows *q, struct actor *a)
{
    *a = (struct actor){
        .account = row_int(q, 0),
        .login = row_text(q, 1),
        .name = row_text(q, 2),
        .role = ROLE_NONE,
        .csrf = row_text(q, 6),
        .strong_until = row_int_or(q, 8, 0),
    };
}

/* A role, or a kind of agency, that this program does not know opens nothing. */
static void
role_from_row(struct rows *q, struct actor *a)
{
    enum agency_kind kind = AGENCY_INCLUSION;
    enum role role;

    if (row_is_null(q, 3) || !role_find(row_text(q, 3), &role) ||
        (!row_is_null(q, 12) && !agency_kind_find(row_text(q, 12), &kind)))
        return;
    if (a->roles++)
        return;
    a->role = role;
    a->area = row_int_or(q, 4, 0);
    a->urn = row_int_or(q, 5, 0);
    a->role_no = row_int(q, 10);
    a->agency = row_int_or(q, 11, 0);
    a->kind = kind;
}

static bool
stage_from(const char *text, enum session_stage *out)
{
    for (int s = 0; s < (int)(sizeof stages / sizeof *stages); s++) {
        if (strcmp(text, stages[s]))
            continue;
        *out = (enum session_stage)s;
        return true;
    }
    return false;
}

struct looking {
    int64_t used, begun;        /* after these times */
    bool half;                  /* only those half-way, else only those signed in */
    enum session_stage stage;   /* found */
    bool stale;
};

static enum err
find(struct job *j, const char *id, struct looking *l, const struct actor **out)
{
    struct actor *a = job_alloc(j, sizeof *a);
    struct rows q;

    *out = NULL;
    db_ask(j, &q, sql_find, ARGS(TEXT(id), INT(l->used), INT(l->begun), INT(j->now + SLACK),
                                 INT(j->now)));
    while (db_next(&q)) {
        if (!*out) {
            person_from_row(&q, a);
            if (stage_from(row_text(&q, 9), &l->stage) && l->half == (l->stage != SESSION_IN))
                *out = a;
        }
        role_from_row(&q, a);
        l->stale = row_int(&q, 7) <= j->now - SESSION_GRAIN;
    }
    return db_done(&q);
}

enum err
session_find(struct job *j, const struct key *k, const char *token, const struct actor **out,
             bool *stale)
{
    struct looking l = {.used = j->now - SESSION_IDLE, .begun = j->now - SESSION_LONGEST};
    char id[KEY_HASH];
    enum err e;

    session_id(k, token, id);
    e = find(j, id, &l, out);
    *stale = l.stale;
    return e;
}

enum err
session_find_half(struct job *j, const struct key *k, const char *token, const struct actor **out,
                  enum session_stage *stage)
{
    struct looking l = {.used = j->now - SESSION_HALF, .begun = j->now - SESSION_HALF,
                        .half = true};
    char id[KEY_HASH];
    enum err e;

    session_id(k, token, id);
    e = find(j, id, &l, out);
    *stage = l.stage;
    return e;
}

enum err
session_find_idle(struct job *j, const struct key *k, const char *token, const struct actor **out)
{
    int64_t day_ago = j->now - 2 * SESSION_LONGEST;
    struct looking l = {.used = day_ago, .begun = day_ago};
    char id[KEY_HASH];

    session_id(k, token, id);
    return find(j, id, &l, out);
}

bool
session_is_strong(const struct job *j)
{
    return j->who && (!j->who->account || (j->who->strong_until > j->now &&
                                           j->who->strong_until <= j->now + SESSION_STRONG));
}

/* ---- what happens to one --------------------------------------------------------------- */

static const char sql_see[] =
    "UPDATE session SET seen = $2 WHERE session_id = $1 AND ended IS NULL AND seen < $2";

enum err
session_see(struct job *j, const struct key *k, const char *token)
{
    char id[KEY_HASH];

    session_id(k, token, id);
    return db_run(j, sql_see, ARGS(TEXT(id), INT(j->now)), NULL);
}

static const char sql_end[] =
    "UPDATE session SET ended = $2 WHERE session_id = $1 AND ended IS NULL";

static enum err
end(struct job *j, const char *id)
{
    return db_run(j, sql_end, ARGS(TEXT(id), INT(j->now)), NULL);
}

enum err
session_end(struct job *j, const struct key *k, const char *token)
{
    char id[KEY_HASH];

    session_id(k, token, id);
    return end(j, id);
}

static const char sql_wrong[] =
    "UPDATE session SET tries = tries + 1 WHERE session_id = $1 AND ended IS NULL RETURNING tries";

enum err
session_count_wrong(struct job *j, const struct key *k, const char *token, int64_t *left)
{
    char id[KEY_HASH];
    int64_t tries;
    enum err e;

    session_id(k, token, id);
    e = db_int(j, sql_wrong, ARGS(TEXT(id)), CODE_TRIES, &tries);
    *left = tries < CODE_TRIES ? CODE_TRIES - tries : 0;
    return e || *left ? e : end(j, id);
}

/* The form token stays, so that forms in other windows stay good; so does the beginning. */
static const char sql_renew[] =
    "UPDATE session SET session_id = $2, seen = $3, strong_until = $4 "
    "WHERE session_id = $1 AND ended IS NULL AND stage = 'in'";

enum err
session_strengthen(struct job *j, const struct key *k, const char *token, char *fresh)
{
    char id[KEY_HASH], new_id[KEY_HASH];
    int64_t changed = 0;
    enum err e;

    key_token(fresh);
    session_id(k, token, id);
    session_id(k, fresh, new_id);
    e = db_run(j, sql_renew,
               ARGS(TEXT(id), TEXT(new_id), INT(j->now), INT(j->now + SESSION_STRONG)), &changed);
    if (!e && !changed)
        return err_set(j, ERR_NOT_FOUND, "the session has ended meanwhile");
    return e;
}

static const char sql_act_as[] =
    "UPDATE session SET role_no = $2 WHERE session_id = $1 AND ended IS NULL AND stage = 'in' "
    "AND EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = session.account_id "
    "AND r.role_no = $2 AND r.since <= $3 AND (r.until IS NULL OR r.until > $3))";

enum err
session_act_as(struct job *j, const struct key *k, const char *token, int64_t role_no)
{
    char id[KEY_HASH];
    int64_t changed = 0;
    enum err e;

    session_id(k, token, id);
    e = db_run(j, sql_act_as, ARGS(TEXT(id), INT(role_no), INT(j->now)), &changed);
    if (!e && !changed)
        return err_set(j, ERR_NOT_FOUND, "that role is not yours at present");
    return e;
}

static const char sql_sweep[] = "DELETE FROM session WHERE created < $1";

enum err
session_sweep(struct job *j)
{
    return db_run(j, sql_sweep, ARGS(INT(j->now - 2 * SESSION_LONGEST)), NULL);
}

/* ---- those of an account ---------------------------------------------------------------- */

static const char sql_list[] =
    "SELECT session_id, created, seen, device FROM session WHERE account_id = $1 "
    "AND ended IS NULL AND stage = 'in' AND seen > $2 AND created > $3 "
    "ORDER BY created DESC, session_id";

static void
handle_of(const struct key *k, const char *id, char *out)
{
    key_hash(k, "session handle", id, out);
}

enum err
session_list(struct job *j, const struct key *k, int64_t account, const char *token,
             struct session_opens *out)
{
    size_t room = 16;
    struct session_open *list = job_array(j, room, sizeof *list);
    char here[KEY_HASH] = "";
    struct rows q;
    size_t n = 0;

    if (token)
        session_id(k, token, here);
    db_ask(j, &q, sql_list,
           ARGS(INT(account), INT(j->now - SESSION_IDLE), INT(j->now - SESSION_LONGEST)));
    while (db_next(&q)) {
        const char *id = row_text(&q, 0);
        if (n == room) {
            list = job_grow(j, list, room * sizeof *list, 2 * room * sizeof *list);
            room *= 2;
        }
        list[n] = (struct session_open){.created = row_int(&q, 1), .seen = row_int(&q, 2),
                                         .device = row_text(&q, 3), .here = !strcmp(id, here)};
        handle_of(k, id, list[n++].handle);
    }
    *out = (struct session_opens){list, n};
    return db_done(&q);
}

static const char sql_open[] =
    "SELECT session_id FROM session WHERE account_id = $1 AND ended IS NULL";

enum err
session_end_one(struct job *j, const struct key *k, int64_t account, const char *handle)
{
    const char *found = NULL;
    char other[KEY_HASH];
    struct rows q;
    enum err e;

    db_ask(j, &q, sql_open, ARGS(INT(account)));
    while (db_next(&q)) {
        const char *id = row_text(&q, 0);
        handle_of(k, id, other);
        if (key_same(other, handle))
            found = id;
    }
    e = db_done(&q);
    if (!e && !found)
        return err_set(j, ERR_NOT_FOUND, "that session has ended already");
    return e ? e : end(j, found);
}

static const char sql_end_others[] =
    "UPDATE session SET ended = $3 WHERE account_id = $1 AND session_id <> $2 AND ended IS NULL";

enum err
session_end_others(struct job *j, const struct key *k, int64_t account, const char *token)
{
    char here[KEY_HASH] = "";

    if (token)
        session_id(k, token, here);
    return db_run(j, sql_end_others, ARGS(INT(account), TEXT(here), INT(j->now)), NULL);
}
