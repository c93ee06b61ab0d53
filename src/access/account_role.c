#include "access/account_role.h"
#include "access/agency.h"
#include "access/agreement.h"
#include "access/permit.h"
#include "base/text.h"
#include "store/db.h"

bool
account_role_holds(const struct account_role *r, int64_t now)
{
    return r->since <= now && (!r->until || r->until > now);
}

const char *
account_role_words(struct job *j, const struct account_role *r)
{
    if (!r->agency_name)
        return role_title(r->role);
    return job_format(j, "%s, %s", role_title(r->role), r->agency_name);
}

/* ---- reading ------------------------------------------------------------------------------ */

#define SQL_ROLE                                                                               \
    "SELECT r.account_id, r.role_no, r.role, r.area, r.urn, r.agency_id, g.name, g.kind, "     \
    "r.since, r.until, a.name, r.why, r.end_why FROM account_role r "                          \
    "LEFT JOIN agency g ON g.area_id = r.area AND g.agency_id = r.agency_id "                  \
    "LEFT JOIN account a ON a.account_id = r.given_by WHERE r.account_id = $1 "
static const char sql_list[] = SQL_ROLE "ORDER BY r.role_no";
static const char sql_get[] = SQL_ROLE "AND r.role_no = $2";

static void
role_from_row(struct rows *q, struct account_role *r)
{
    *r = (struct account_role){
        .account = row_int(q, 0), .number = row_int(q, 1), .role = ROLE_NONE,
        .area = row_int_or(q, 3, 0), .urn = row_int_or(q, 4, 0),
        .agency = row_int_or(q, 5, 0), .agency_name = row_text(q, 6), .since = row_int(q, 8),
        .until = row_int_or(q, 9, 0), .giver = row_text(q, 10), .why = row_text(q, 11),
        .end_why = row_text(q, 12)};
    /* a later program's role or kind opens nothing here */
    if (!row_is_null(q, 7) && !agency_kind_find(row_text(q, 7), &r->kind))
        return;
    if (!role_find(row_text(q, 2), &r->role))
        r->role = ROLE_NONE;
}

enum err
account_role_list(struct job *j, int64_t account, struct account_role **out, size_t *n)
{
    size_t room = 8;
    struct account_role *v = job_array(j, room, sizeof *v);
    struct rows q;

    *n = 0;
    db_ask(j, &q, sql_list, ARGS(INT(account)));
    while (db_next(&q)) {
        if (*n == room) {
            v = job_grow(j, v, room * sizeof *v, 2 * room * sizeof *v);
            room *= 2;
        }
        role_from_row(&q, &v[(*n)++]);
    }
    *out = v;
    return db_done(&q);
}

enum err
account_role_get(struct job *j, int64_t account, int64_t number, struct account_role *out)
{
    bool found = false;
    struct rows q;
    enum err e;

    db_ask(j, &q, sql_get, ARGS(INT(account), INT(number)));
    while (db_next(&q)) {
        role_from_row(&q, out);
        found = true;
    }
    e = db_done(&q);
    return e || found ? e : err_set(j, ERR_NOT_FOUND, "this account has no such role");
}

/* ---- giving --------------------------------------------------------------------------------- */

static enum err
check_why(struct job *j, const char *why, const char **out)
{
    struct span s = span_trim(span_of(why ? why : ""));

    if (!s.n) {
        err_set(j, ERR_INPUT, "Say why");
        return err_hint(j, "Who looks at it later has only these words to go by.");
    }
    if (s.n > ROLE_WHY)
        return err_set(j, ERR_INPUT, "Say why in at most %d letters", ROLE_WHY);
    *out = job_format(j, "%.*s", (int)s.n, s.s);
    return OK;
}

static const char sql_agency[] =
    "SELECT kind, urn FROM agency WHERE area_id = $1 AND agency_id = $2 AND ended IS NULL";

/* Of an agency that takes part: its kind, and its school. */
static enum err
look_agency(struct job *j, struct account_role *r)
{
    bool known = false;
    struct rows q;
    enum err e;

    db_ask(j, &q, sql_agency, ARGS(INT(r->area), INT(r->agency)));
    while (db_next(&q)) {
        known = agency_kind_find(row_text(&q, 0), &r->kind);
        r->urn = row_int_or(&q, 1, 0);
    }
    e = db_done(&q);
    return e || known ? e : err_set(j, ERR_INPUT, "Choose an agency that takes part");
}

/* A school's people act for their school, a provider's for their provider; the others never act
 * for a school. */
static enum err
check_kind(struct job *j, const struct account_role *r)
{
    enum agency_kind kind = role_agency(r->role);

    if (kind == AGENCY_INCLUSION ? r->kind != AGENCY_SCHOOL : r->kind == kind)
        return OK;
    if (kind == AGENCY_INCLUSION || kind == AGENCY_SCHOOL)
        err_set(j, ERR_INPUT, kind == AGENCY_SCHOOL ? "A %s acts for a school"
                                                    : "A %s does not act for a school",
                role_title(r->role));
    else
        err_set(j, ERR_INPUT, "A %s acts for an agency of the kind \"%s\"", role_title(r->role),
                agency_kind_title(kind));
    return err_hint(j, "Choose another agency, or another role.");
}

static enum err
check_agency(struct job *j, struct account_role *r)
{
    enum err e;

    if (role_scope(r->role) == SCOPE_NONE) {
        r->area = r->agency = r->urn = 0;
        return OK;
    }
    e = look_agency(j, r);
    if (!e)
        e = check_kind(j, r);
    if (role_scope(r->role) != SCOPE_SCHOOL)
        r->urn = 0;
    return e;
}

static enum err
check_times(struct job *j, struct account_role *r)
{
    if (!r->since)
        r->since = j->now;
    if (!r->until || (r->until > r->since && r->until > j->now))
        return OK;
    err_set(j, ERR_INPUT, "The last day must not be over, and not before the first");
    return err_hint(j, "Leave it empty when no end is known.");
}

static const char sql_same[] =
    "SELECT COUNT(*) FROM account_role WHERE account_id = $1 AND role = $2 "
    "AND COALESCE(area, 0) = $3 AND COALESCE(agency_id, 0) = $4 AND (until IS NULL OR until > $5) "
    "AND ($6 = 0 OR since < $6)";

static enum err
refuse_same(struct job *j, const struct account_role *r)
{
    int64_t n = 0;
    enum err e = db_int(j, sql_same,
                        ARGS(INT(r->account), TEXT(role_name(r->role)), INT(r->area),
                             INT(r->agency), INT(r->since), INT(r->until)),
                        0, &n);

    return e || !n ? e : err_set(j, ERR_CONFLICT, "This person has that role there at that time");
}

static const char sql_next[] =
    "SELECT COALESCE(MAX(role_no), 0) + 1 FROM account_role WHERE account_id = $1";
static const char sql_give[] =
    "INSERT INTO account_role (account_id, role_no, role, area, agency_id, urn, since, until, "
    "given_by, why, end_why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL)";

static struct arg
or_none(int64_t v)
{
    return v ? INT(v) : NUL;
}

static enum err
insert(struct job *j, const struct account_role *r, const char *why, int64_t *number)
{
    enum err e = db_int(j, sql_next, ARGS(INT(r->account)), 1, number);

    if (!e)
        e = db_run(j, sql_give,
                   ARGS(INT(r->account), INT(*number), TEXT(role_name(r->role)),
                        or_none(r->area), or_none(r->agency), or_none(r->urn), INT(r->since),
                        or_none(r->until), or_none(j->who ? j->who->account : 0), TEXT(why)),
                   NULL);
    return e;
}

/* Else an administrator, who sees no child, is one step from seeing all. */
static enum err
refuse_oneself(struct job *j, const struct account_role *r)
{
    if (!j->who || !j->who->account || j->who->account != r->account)
        return OK;
    err_set(j, ERR_CONFLICT, "Nobody gives a role to themselves");
    return err_hint(j, "Ask another administrator, or whoever runs the program.");
}

enum err
account_role_give(struct job *j, const struct account_role *given, int64_t *number)
{
    struct account_role r = *given;
    const char *why;
    enum err e = permit(j, ACT_ACCOUNTS,
                        (struct subject){.what = job_format(j, "account %lld: role %s of agency "
                                                            "%03lld-%lld given",
                                                            (long long)r.account,
                                                            role_name(r.role), (long long)r.area,
                                                            (long long)r.agency)});

    if (!e)
        e = refuse_oneself(j, &r);
    if (!e)
        e = check_agency(j, &r);
    if (!e)
        e = check_times(j, &r);
    if (!e)
        e = check_why(j, r.why, &why);
    if (!e)
        e = refuse_same(j, &r);
    return e ? e : insert(j, &r, why, number);
}

/* ---- ending --------------------------------------------------------------------------------- */

static const char sql_others[] =
    "SELECT COUNT(*) FROM account_role r JOIN account a ON a.account_id = r.account_id "
    "WHERE r.role = 'administrator' AND a.disabled IS NULL AND r.since <= $3 "
    "AND (r.until IS NULL OR r.until > $3) AND NOT (r.account_id = $1 AND r.role_no = $2)";

/* Else nobody could undo it from a page. */
static enum err
keep_one_administrator(struct job *j, const struct account_role *r)
{
    int64_t others = 1;
    enum err e = OK;

    if (r->role == ROLE_ADMINISTRATOR)
        e = db_int(j, sql_others, ARGS(INT(r->account), INT(r->number), INT(j->now)), 0, &others);
    if (e || others)
        return e;
    err_set(j, ERR_CONFLICT, "This is the only administrator there is");
    return err_hint(j, "Give somebody else that role first.");
}

static const char sql_end[] =
    "UPDATE account_role SET until = $3, end_why = $4 WHERE account_id = $1 AND role_no = $2 "
    "AND (until IS NULL OR until > $3)";

enum err
account_role_end(struct job *j, const struct account_role *r, const char *given)
{
    int64_t changed = 0;
    const char *why;
    enum err e = permit(j, ACT_ACCOUNTS,
                        (struct subject){.what = job_format(j, "account %lld: role %lld ended",
                                                            (long long)r->account,
                                                            (long long)r->number)});

    if (!e)
        e = check_why(j, given, &why);
    if (!e)
        e = keep_one_administrator(j, r);
    if (!e)
        e = db_run(j, sql_end,
                   ARGS(INT(r->account), INT(r->number), INT(j->now), TEXT(why)), &changed);
    if (!e && !changed)
        return err_set(j, ERR_CONFLICT, "This role is over already");
    return e;
}
