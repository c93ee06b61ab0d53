#include "access/permit.h"
#include "base/text.h"
#include "directory/service.h"
#include "directory/uuid.h"
#include "people/area.h"
#include <string.h>

/* ---- what every change needs ------------------------------------------------------------- */

/* Who proposes may be a provider; who brings into force or returns keeps the directory. */
static enum err
allowed(struct job *j, enum service_act act, int64_t id)
{
    bool offers = act == SERVICE_SAVE || act == SERVICE_SEND || act == SERVICE_TAKE_BACK;
    enum act needs = offers && j->who && !permit_act(j->who, ACT_DIRECTORY) ? ACT_OFFER
                                                                            : ACT_DIRECTORY;

    return permit(j, needs,
                  (struct subject){.what = job_format(j, "service %lld", (long long)id)});
}

static int64_t
account_of(const struct job *j)
{
    return j->who ? j->who->account : 0;
}

#define INT_OR_NULL(x) ((x) ? INT(x) : NUL)

static const char sql_turn_up[] =
    "INSERT INTO directory_turn (area_id, turn) VALUES ($1, 1) "
    "ON CONFLICT (area_id) DO UPDATE SET turn = directory_turn.turn + 1";

enum err
service_turn_up(struct job *j)
{
    return db_run(j, sql_turn_up, ARGS(INT(j->area)), NULL);
}

/* A draft may be anything; what is sent or brought into force keeps to the table. */
static enum err
sound(struct job *j, const json_t *doc, enum service_act act)
{
    struct document_problem *v;
    size_t n;
    enum err e = act == SERVICE_SAVE ? OK : document_check(j, doc, &v, &n);

    if (act == SERVICE_SAVE || e || !n)
        return e;
    err_set(j, ERR_INPUT, "The service cannot be kept: %s %s",
            v[0].field ? v[0].field->label : v[0].path, v[0].message);
    return err_hint(j, "%zu thing%s to be put right; the first is at %s.", n,
                    n == 1 ? " is" : "s are", v[0].path);
}

static enum err
step(struct job *j, enum service_state from, enum service_act act, enum service_state *to)
{
    if (service_move(from, act, to))
        return OK;
    err_set(j, ERR_CONFLICT, "This version of the service cannot be dealt with so");
    return err_hint(j, "It is: %s. Somebody else may have decided on it meanwhile.",
                    service_state_words(from));
}

/* ---- in force ---------------------------------------------------------------------------- */

static const char sql_supersede[] =
    "UPDATE directory_version SET state = $4 "
    "WHERE area_id = $1 AND entry_id = $2 AND version_no = $3 AND state = 'live'";
static const char sql_into_force[] =
    "UPDATE directory_entry SET live_version = $3, live_since = $4, name = $5, "
    "organization = $6 WHERE area_id = $1 AND entry_id = $2";
static const char sql_own[] =
    "INSERT INTO directory_owner (area_id, entry_id, field, owner, account_id, since) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (area_id, entry_id, field) "
    "DO UPDATE SET owner = EXCLUDED.owner, account_id = EXCLUDED.account_id, "
    "since = EXCLUDED.since";

/* What a person changed is that person's from now on. */
static enum err
own(struct job *j, const struct service_version *v, const json_t *was, const json_t *doc)
{
    const char *const *field = document_members(j, was, doc);
    enum err e = OK;

    for (; !e && *field; field++)
        e = db_run(j, sql_own,
                   ARGS(INT(j->area), INT(v->service), TEXT(*field), TEXT(v->maker),
                        INT_OR_NULL(v->account), INT(j->now)),
                   NULL);
    return e;
}

static const char *
or_empty(const char *s)
{
    return s ? s : "";
}

/* The row of v is there already as LIVE; doc is its document. */
static enum err
into_force(struct job *j, const struct service_version *v, const json_t *doc)
{
    const char *past = service_state_name(SERVICE_PAST);
    struct service s;
    struct service_version old;
    json_t *was = NULL;
    enum err e = service_get(j, v->service, &s);

    if (!e && s.live_version && s.live_version != v->no) {
        e = service_version(j, s.id, s.live_version, &old, &was);
        if (!e)
            e = db_run(j, sql_supersede,
                       ARGS(INT(j->area), INT(s.id), INT(s.live_version), TEXT(past)), NULL);
    }
    if (!e && strcmp(v->maker, "source"))
        e = own(j, v, was, doc);
    if (!e)
        e = db_run(j, sql_into_force,
                   ARGS(INT(j->area), INT(v->service), INT(v->no), INT(j->now),
                        TEXT(or_empty(document_string(doc, "name"))),
                        TEXT(or_empty(document_string(doc, "organization.name")))),
                   NULL);
    return e ? e : service_turn_up(j);
}

/* ---- new --------------------------------------------------------------------------------- */

static const char sql_version_add[] =
    "INSERT INTO directory_version (area_id, entry_id, version_no, state, maker, source_id, "
    "run_id, account_id, based_on, made, decided, decided_by, reason, document) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

static enum err
version_row(struct job *j, const struct service_version *v, struct span text)
{
    return db_run(j, sql_version_add,
                  ARGS(INT(j->area), INT(v->service), INT(v->no),
                       TEXT(service_state_name(v->state)), TEXT(v->maker),
                       INT_OR_NULL(v->source), INT_OR_NULL(v->run), INT_OR_NULL(v->account),
                       INT_OR_NULL(v->based_on), INT(j->now), INT_OR_NULL(v->decided),
                       INT_OR_NULL(v->decided_by), TEXT(v->reason), TEXT_N(text.s, text.n)),
                  NULL);
}

static enum err
version_add(struct job *j, const struct service_version *v, const json_t *doc)
{
    enum err e = version_row(j, v, document_text(j, doc));

    return e || v->state != SERVICE_LIVE ? e : into_force(j, v, doc);
}

static struct service_version
made_by(const struct job *j, const struct service_maker *by, enum service_state state)
{
    bool live = state == SERVICE_LIVE;

    return (struct service_version){
        .maker = by->who, .source = by->source, .run = by->run, .account = by->account,
        .reason = by->reason, .state = state, .decided = live ? j->now : 0,
        .decided_by = live ? account_of(j) : 0};
}

static const char sql_entry_add[] =
    "INSERT INTO directory_entry (area_id, entry_id, uuid, name, organization, live_version, "
    "live_since, made, gone, hidden, hidden_why, merged_into) "
    "VALUES ($1, $2, $3, $4, $5, $7, $8, $6, NULL, NULL, NULL, NULL)";

static enum err
entry_row(struct job *j, const struct service_text *t, bool live, int64_t *id)
{
    enum err e = area_next_id(j, 1, id);

    if (!e)
        e = db_run(j, sql_entry_add,
                   ARGS(INT(j->area), INT(*id), TEXT(t->uuid), TEXT(or_empty(t->name)),
                        TEXT(or_empty(t->organization)), INT(j->now), live ? INT(1) : NUL,
                        live ? INT(j->now) : NUL),
                   NULL);
    if (e == ERR_CONFLICT) {
        err_clear(j);
        return err_set(j, ERR_CONFLICT, "There is a service of this id already");
    }
    return e;
}

static enum err
entry_add(struct job *j, json_t *doc, int64_t *id)
{
    const char *given = document_string(doc, "id");
    char uuid[UUID_TEXT];

    if (!given || !uuid_fold(span_of(given), uuid))
        uuid_new(uuid);
    json_object_set_new(doc, "id", json_string(uuid));
    return entry_row(j,
                     &(struct service_text){uuid, document_string(doc, "name"),
                                            document_string(doc, "organization.name"), {0}},
                     false, id);
}

enum err
service_add(struct job *j, json_t *doc, const struct service_maker *by, enum service_act act,
            struct service *out)
{
    enum service_state state = SERVICE_NEW;
    struct service_version v;
    int64_t id = 0;
    enum err e = allowed(j, act, 0);

    if (!e)
        e = step(j, SERVICE_NEW, act, &state);
    if (!e)
        e = entry_add(j, doc, &id);
    if (!e)
        e = sound(j, doc, act);
    if (e)
        return e;
    v = made_by(j, by, state);
    v.service = id;
    v.no = 1;
    e = version_add(j, &v, doc);
    return e ? e : service_get(j, id, out);
}

enum err
service_lay(struct job *j, const struct service_text *t, const struct service_maker *by,
            enum service_act act, int64_t *id)
{
    enum service_state state = SERVICE_NEW;
    struct service_version v;
    enum err e = step(j, SERVICE_NEW, act, &state);

    if (!e)
        e = entry_row(j, t, state == SERVICE_LIVE, id);
    if (e)
        return e;
    v = made_by(j, by, state);
    v.service = *id;
    v.no = 1;
    return version_row(j, &v, t->text);
}

static const char sql_next_version[] =
    "SELECT COALESCE(MAX(v.version_no), 0) + 1 FROM directory_version v "
    "WHERE v.area_id = $1 AND v.entry_id = $2";

enum err
service_propose(struct job *j, int64_t id, const struct service_proposal *p, enum service_act act,
                int64_t *no)
{
    enum service_state state = SERVICE_NEW;
    struct service s;
    struct service_version v;
    enum err e = allowed(j, act, id);

    if (!e)
        e = service_get(j, id, &s);
    if (!e)
        e = step(j, SERVICE_NEW, act, &state);
    if (!e && p->based_on && p->based_on != s.live_version) {
        err_set(j, ERR_CONFLICT, "The service was changed by somebody else meanwhile");
        e = err_hint(j, "Look at what it says now, and change that.");
    }
    if (e)
        return e;
    json_object_set_new(p->doc, "id", json_string(s.uuid));
    if ((e = sound(j, p->doc, act)) ||
        (e = db_int(j, sql_next_version, ARGS(INT(j->area), INT(id)), 1, no)))
        return e;
    v = made_by(j, &p->by, state);
    v.service = id;
    v.no = *no;
    v.based_on = s.live_version;
    return version_add(j, &v, p->doc);
}

/* ---- further ----------------------------------------------------------------------------- */

static const char sql_change[] =
    "UPDATE directory_version SET state = $4, made = $5, document = $6 "
    "WHERE area_id = $1 AND entry_id = $2 AND version_no = $3 AND state = $7";

enum err
service_change(struct job *j, const struct service_version *v, json_t *doc, enum service_act act)
{
    enum service_state to = v->state;
    struct service_version now;
    struct service s;
    struct span text;
    json_t *was = NULL;
    int64_t n = 0;
    enum err e = allowed(j, act, v->service);

    if (e || (e = service_get(j, v->service, &s)) ||
        (e = service_version(j, v->service, v->no, &now, &was)))
        return e;
    doc = doc ? doc : was;
    json_object_set_new(doc, "id", json_string(s.uuid));
    if ((e = step(j, now.state, act, &to)) || (e = sound(j, doc, act)))
        return e;
    text = document_text(j, doc);
    e = db_run(j, sql_change,
                  ARGS(INT(j->area), INT(v->service), INT(v->no),
                       TEXT(service_state_name(to)), INT(j->now), TEXT_N(text.s, text.n),
                       TEXT(service_state_name(now.state))),
                  &n);
    return e || n ? e : err_set(j, ERR_CONFLICT, "Somebody else has decided on it meanwhile");
}

/* What the version changed, laid upon what is live now.  ERR_CONFLICT: both changed a field. */
static enum err
rebase(struct job *j, const struct service_version *v, int64_t live, json_t **doc)
{
    struct service_version row;
    json_t *base = NULL, *now = NULL;
    const char *const *mine, *const *theirs;
    enum err e = v->based_on ? service_version(j, v->service, v->based_on, &row, &base) : OK;

    if (!e)
        e = service_version(j, v->service, live, &row, &now);
    if (e)
        return e;
    theirs = document_members(j, base, now);
    for (mine = document_members(j, base, *doc); *mine; mine++) {
        for (size_t i = 0; theirs[i]; i++)
            if (!strcmp(theirs[i], *mine)) {
                err_set(j, ERR_CONFLICT, "\"%s\" was changed meanwhile, too",
                        document_member_label(j, *mine));
                return err_hint(j, "Return this version, or change it so that it fits.");
            }
        document_take(now, *doc, *mine);
    }
    document_tidy(now);
    *doc = now;
    return OK;
}

static const char sql_decide[] =
    "UPDATE directory_version SET state = $4, decided = $5, decided_by = $6, "
    "reason = COALESCE($7, reason), document = COALESCE($8, document) "
    "WHERE area_id = $1 AND entry_id = $2 AND version_no = $3";

static enum err
decide(struct job *j, struct service_version *v, json_t *doc, const char *reason)
{
    struct span text = doc ? document_text(j, doc) : (struct span){0};
    enum err e = db_run(j, sql_decide,
                        ARGS(INT(j->area), INT(v->service), INT(v->no),
                             TEXT(service_state_name(v->state)), INT(j->now),
                             INT_OR_NULL(account_of(j)), TEXT(reason),
                             doc ? TEXT_N(text.s, text.n) : NUL),
                        NULL);

    return e || v->state != SERVICE_LIVE ? e : into_force(j, v, doc);
}

enum err
service_decide(struct job *j, int64_t id, int64_t no, enum service_act act, const char *reason)
{
    struct span why = span_trim(span_of(reason));
    struct service_version v;
    struct service s;
    json_t *doc = NULL;
    enum err e = allowed(j, act, id);

    if (e || (e = service_get(j, id, &s)) || (e = service_version(j, id, no, &v, &doc)) ||
        (e = step(j, v.state, act, &v.state)))
        return e;
    if (act == SERVICE_RETURN && !why.n)
        return err_set(j, ERR_INPUT, "Say why this is returned");
    if (act == SERVICE_APPROVE && s.live_version && v.based_on != s.live_version)
        e = rebase(j, &v, s.live_version, &doc);
    if (!e)
        e = sound(j, doc, act == SERVICE_APPROVE ? act : SERVICE_SAVE);
    return e ? e
             : decide(j, &v, act == SERVICE_APPROVE ? doc : NULL,
                      why.n ? job_copy_n(j, why.s, why.n) : NULL);
}

static const char sql_hide[] =
    "UPDATE directory_entry SET hidden = $3, hidden_why = $4 "
    "WHERE area_id = $1 AND entry_id = $2";

enum err
service_hide(struct job *j, int64_t id, const char *why)
{
    int64_t n = 0;
    enum err e = allowed(j, SERVICE_APPROVE, id);

    if (!e)
        e = db_run(j, sql_hide,
                   ARGS(INT(j->area), INT(id), why ? INT(j->now) : NUL, TEXT(why)), &n);
    if (!e && !n)
        return err_set(j, ERR_NOT_FOUND, "there is no such service");
    return e ? e : service_turn_up(j);
}
