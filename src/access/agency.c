#include "access/agency.h"
#include "access/agreement.h"
#include "access/permit.h"
#include "base/text.h"
#include "store/db.h"

static const char *const titles[] = {
#define AGENCY(id, name, words, title) [id] = title,
#include "access/agency_kinds.def"
#undef AGENCY
};

const char *
agency_kind_title(enum agency_kind k)
{
    return titles[k];
}

static const char *
name_of(enum agency_kind k)
{
    return agency_kind_term(k).name;
}

/* ---- reading ------------------------------------------------------------------------------ */

#define SQL_AGENCY                                                                             \
    "SELECT g.area_id, g.agency_id, g.name, g.kind, g.urn, g.since, g.ended, "                 \
    "(SELECT COUNT(DISTINCT r.account_id) FROM account_role r JOIN account a "                 \
    "ON a.account_id = r.account_id WHERE r.area = g.area_id AND r.agency_id = g.agency_id "   \
    "AND a.disabled IS NULL AND r.since <= $1 AND (r.until IS NULL OR r.until > $1)) "         \
    "FROM agency g "
static const char sql_list[] =
    SQL_AGENCY "ORDER BY g.area_id, CASE WHEN g.ended IS NULL THEN 0 ELSE 1 END, g.name, "
               "g.agency_id";
static const char sql_get[] = SQL_AGENCY "WHERE g.area_id = $2 AND g.agency_id = $3";

static bool
agency_from_row(struct rows *q, struct agency *g)
{
    *g = (struct agency){
        .area = row_int(q, 0), .id = row_int(q, 1), .name = row_text(q, 2),
        .urn = row_int_or(q, 4, 0), .since = row_int(q, 5), .ended = row_int_or(q, 6, 0),
        .people = row_int(q, 7)};
    return agency_kind_find(row_text(q, 3), &g->kind);
}

static enum err
allowed(struct job *j, const char *what)
{
    return permit(j, ACT_AGENCIES, (struct subject){.what = what});
}

enum err
agency_list(struct job *j, struct agency **out, size_t *n)
{
    size_t room = 32;
    struct agency *v = job_array(j, room, sizeof *v);
    struct rows q;
    enum err e = allowed(j, NULL);

    *n = 0;
    *out = v;
    if (e)
        return e;
    db_ask(j, &q, sql_list, ARGS(INT(j->now)));
    while (db_next(&q)) {
        if (*n == room) {
            v = job_grow(j, v, room * sizeof *v, 2 * room * sizeof *v);
            room *= 2;
        }
        *n += agency_from_row(&q, &v[*n]);
    }
    *out = v;
    return db_done(&q);
}

enum err
agency_get(struct job *j, int64_t area, int64_t id, struct agency *out)
{
    struct rows q;
    bool found = false;
    enum err e = allowed(j, job_format(j, "agency %03lld-%lld", (long long)area, (long long)id));

    if (e)
        return e;
    db_ask(j, &q, sql_get, ARGS(INT(j->now), INT(area), INT(id)));
    while (db_next(&q))
        found = agency_from_row(&q, out);
    e = db_done(&q);
    return e || found ? e : err_set(j, ERR_NOT_FOUND, "there is no such agency");
}

/* ---- changing ------------------------------------------------------------------------------ */

static enum err
check_name(struct job *j, const char *given, const char **out)
{
    struct span s = span_trim(span_of(given ? given : ""));

    if (!s.n) {
        err_set(j, ERR_INPUT, "Give the agency’s name");
        return err_hint(j, "Such as \"Ashmere Police\".");
    }
    if (s.n > AGENCY_NAME)
        return err_set(j, ERR_INPUT, "A name has at most %d letters", AGENCY_NAME);
    *out = job_format(j, "%.*s", (int)s.n, s.s);
    return OK;
}

static enum err
check(struct job *j, const struct agency *a, const char **name)
{
    enum err e = check_name(j, a->name, name);

    if (!e && (a->area < 1 || a->area > 999)) {
        err_set(j, ERR_INPUT, "Give the authority’s three-digit number");
        return err_hint(j, "Such as 896.");
    }
    if (!e && a->kind == AGENCY_SCHOOL && (a->urn < 100000 || a->urn > 9999999)) {
        err_set(j, ERR_INPUT, "Give the school’s URN, six or seven digits");
        return err_hint(j, "It is in GIAS, the government’s list of schools.");
    }
    return e;
}

static const char sql_same[] =
    "SELECT COUNT(*) FROM agency WHERE area_id = $1 AND name = $2 AND agency_id <> $3 "
    "AND ended IS NULL";

static enum err
refuse_same(struct job *j, int64_t area, int64_t id, const char *name)
{
    int64_t n = 0;
    enum err e = db_int(j, sql_same, ARGS(INT(area), TEXT(name), INT(id)), 0, &n);

    return e || !n ? e : err_set(j, ERR_CONFLICT, "There is an agency of that name already");
}

static const char sql_next[] =
    "SELECT COALESCE(MAX(agency_id), 0) + 1 FROM agency WHERE area_id = $1";
static const char sql_add[] =
    "INSERT INTO agency (area_id, agency_id, name, kind, urn, since, ended) "
    "VALUES ($1, $2, $3, $4, $5, $6, NULL)";

static enum err
insert(struct job *j, const struct agency *a, const char *name, int64_t *id)
{
    enum err e = db_int(j, sql_next, ARGS(INT(a->area)), 1, id);

    if (!e)
        e = db_run(j, sql_add,
                   ARGS(INT(a->area), INT(*id), TEXT(name), TEXT(name_of(a->kind)),
                        a->kind == AGENCY_SCHOOL ? INT(a->urn) : NUL, INT(j->now)),
                   NULL);
    return e;
}

enum err
agency_add(struct job *j, const struct agency *a, int64_t *id)
{
    const char *name;
    enum err e = allowed(j, "a new agency");

    if (!e)
        e = check(j, a, &name);
    if (!e)
        e = refuse_same(j, a->area, 0, name);
    return e ? e : insert(j, a, name, id);
}

static const char sql_rename[] =
    "UPDATE agency SET name = $3 WHERE area_id = $1 AND agency_id = $2";

enum err
agency_rename(struct job *j, const struct agency *a, const char *name)
{
    const char *fresh;
    enum err e = allowed(j, job_format(j, "agency %03lld-%lld: name", (long long)a->area,
                                       (long long)a->id));

    if (!e)
        e = check_name(j, name, &fresh);
    if (!e)
        e = refuse_same(j, a->area, a->id, fresh);
    return e ? e : db_run(j, sql_rename, ARGS(INT(a->area), INT(a->id), TEXT(fresh)), NULL);
}

static const char sql_end[] =
    "UPDATE agency SET ended = $3 WHERE area_id = $1 AND agency_id = $2 AND ended IS NULL";
static const char sql_end_roles[] =
    "UPDATE account_role SET until = $3, end_why = 'The agency takes part no more' "
    "WHERE area = $1 AND agency_id = $2 AND (until IS NULL OR until > $3)";

enum err
agency_end(struct job *j, const struct agency *a)
{
    int64_t changed = 0;
    enum err e = allowed(j, job_format(j, "agency %03lld-%lld: ended", (long long)a->area,
                                       (long long)a->id));

    if (!e)
        e = db_run(j, sql_end, ARGS(INT(a->area), INT(a->id), INT(j->now)), &changed);
    if (!e && !changed)
        return err_set(j, ERR_CONFLICT, "This agency has ended already");
    return e ? e : db_run(j, sql_end_roles, ARGS(INT(a->area), INT(a->id), INT(j->now)), NULL);
}

/* ---- when an account is made --------------------------------------------------------------- */

static const char sql_first[] =
    "SELECT MIN(agency_id) FROM agency WHERE area_id = $1 AND kind = $2 "
    "AND COALESCE(urn, 0) = $3 AND ended IS NULL";
static const char sql_school[] = "SELECT MIN(name) FROM establishment WHERE urn = $1";

static enum err
name_for(struct job *j, const struct agency *like, const char **out)
{
    struct rows q;

    *out = NULL;
    if (like->kind != AGENCY_SCHOOL) {
        *out = titles[like->kind];
        return OK;
    }
    db_ask(j, &q, sql_school, ARGS(INT(like->urn)));
    if (db_next(&q))
        *out = row_text(&q, 0);
    if (!*out)
        *out = job_format(j, "School %lld", (long long)like->urn);
    return db_done(&q);
}

enum err
agency_for(struct job *j, const struct agency *like, int64_t *id)
{
    int64_t urn = like->kind == AGENCY_SCHOOL ? like->urn : 0;
    const char *name;
    enum err e = db_int(j, sql_first,
                        ARGS(INT(like->area), TEXT(name_of(like->kind)), INT(urn)), 0, id);

    if (e || *id)
        return e;
    e = name_for(j, like, &name);
    return e ? e : insert(j, like, name, id);
}
