#include "access/account.h"
#include "access/account_role.h"
#include "access/agency.h"
#include "access/passphrase.h"
#include "access/session.h"
#include "access/setting.h"
#include "base/text.h"
#include "store/db.h"

const char *
account_login(struct job *j, const char *given)
{
    struct span s = span_trim(span_of(given));
    char *login = job_copy_n(j, s.s, s.n);

    for (char *p = login; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return login;
}

/* ---- reading ------------------------------------------------------------------ */

#define SQL_ACCOUNT(now)                                                                       \
    "SELECT a.account_id, a.login, a.name, r.role, r.area, r.urn, a.created, a.disabled, "     \
    "g.name FROM account a LEFT JOIN account_role r ON r.account_id = a.account_id "           \
    "AND r.role_no = " ACCOUNT_ROLE_FIRST("a.account_id", now)                                 \
    " LEFT JOIN agency g ON g.area_id = r.area AND g.agency_id = r.agency_id "

static enum err
account_from_row(struct rows *q, struct account *a)
{
    const char *role = row_text(q, 3);

    *a = (struct account){
        .id = row_int(q, 0),
        .login = row_text(q, 1),
        .name = row_text(q, 2),
        .role = ROLE_NONE,
        .area = row_int_or(q, 4, 0),
        .urn = row_int_or(q, 5, 0),
        .created = row_int(q, 6),
        .disabled = row_int_or(q, 7, 0),
        .agency = row_text(q, 8),
    };
    if (!role || role_find(role, &a->role))
        return OK;
    err_set(q->j, ERR_FAULT, "account %lld has a role that this program does not know",
            (long long)a->id);
    return err_hint(q->j, "Use the program that made the account.");
}

static const char sql_get[] = SQL_ACCOUNT("$2") "WHERE a.login = $1";

enum err
account_get(struct job *j, const char *login, struct account *out)
{
    struct rows q;
    bool found = false;
    enum err bad = OK, e;

    db_ask(j, &q, sql_get, ARGS(TEXT(account_login(j, login)), INT(j->now)));
    while (db_next(&q)) {
        found = true;
        bad = account_from_row(&q, out);
    }
    e = db_done(&q);
    if (e || bad || found)
        return e ? e : bad;
    err_set(j, ERR_NOT_FOUND, "there is no account with that login");
    return err_hint(j, "\"rooted user list\" shows all accounts.");
}

static const char sql_list[] = SQL_ACCOUNT("$1") "ORDER BY a.login";

enum err
account_list(struct job *j, const struct account **out, size_t *n)
{
    size_t room = 16;
    struct account *list = job_array(j, room, sizeof *list);
    struct rows q;
    enum err bad = OK, e;

    *n = 0;
    db_ask(j, &q, sql_list, ARGS(INT(j->now)));
    while (!bad && db_next(&q)) {
        if (*n == room) {
            list = job_grow(j, list, room * sizeof *list, 2 * room * sizeof *list);
            room *= 2;
        }
        bad = account_from_row(&q, &list[(*n)++]);
    }
    *out = list;
    e = db_done(&q);
    return e ? e : bad;
}

static const char sql_use[] =
    "SELECT COALESCE(f.kind, 'none'), (SELECT COUNT(*) FROM session s "
    "WHERE s.account_id = a.account_id AND s.created > $2 AND s.ended IS NULL "
    "AND s.stage = 'in' AND s.seen > $1), "
    "(SELECT COUNT(*) FROM account_role r WHERE r.account_id = a.account_id AND r.since <= $3 "
    "AND (r.until IS NULL OR r.until > $3)), CASE WHEN a.passphrase = '' THEN 1 ELSE 0 END "
    "FROM account a LEFT JOIN second_factor f ON f.account_id = a.account_id ORDER BY a.login";

enum err
account_list_use(struct job *j, struct account_use *out, size_t n)
{
    struct rows q;
    size_t i = 0;

    db_ask(j, &q, sql_use,
           ARGS(INT(j->now - SESSION_IDLE), INT(j->now - SESSION_LONGEST), INT(j->now)));
    while (db_next(&q) && i < n)
        out[i++] = (struct account_use){factor_of(row_text(&q, 0)), row_int(&q, 1),
                                        row_int(&q, 2), row_int(&q, 3) == 1};
    return db_done(&q);
}

static const char sql_find[] = SQL_ACCOUNT("$2") "WHERE a.account_id = $1";

enum err
account_find(struct job *j, int64_t id, struct account *out)
{
    struct rows q;
    bool found = false;
    enum err bad = OK, e;

    db_ask(j, &q, sql_find, ARGS(INT(id), INT(j->now)));
    while (db_next(&q)) {
        found = true;
        bad = account_from_row(&q, out);
    }
    e = db_done(&q);
    if (e || bad || found)
        return e ? e : bad;
    return err_set(j, ERR_NOT_FOUND, "there is no such account");
}

/* ---- changing ------------------------------------------------------------------ */

static enum err
check_login(struct job *j, const char *login)
{
    size_t n = strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789.-_@");

    if (n >= 2 && n <= LOGIN_MOST && !login[n])
        return OK;
    err_set(j, ERR_INPUT, "\"%.64s\" cannot be a login", login);
    return err_hint(j, "Use 2 to %d of a-z, 0-9, dot, dash, underscore and @.", LOGIN_MOST);
}

static enum err
check_role(struct job *j, const struct account *a)
{
    enum role_scope scope = role_scope(a->role);

    if (scope != SCOPE_NONE && (a->area < 1 || a->area > 999)) {
        err_set(j, ERR_INPUT, "a %s belongs to an authority", role_title(a->role));
        return err_hint(j, "Give its three-digit number with --area.");
    }
    if (scope == SCOPE_SCHOOL && a->urn < 1) {
        err_set(j, ERR_INPUT, "a %s belongs to a school", role_title(a->role));
        return err_hint(j, "Give the school's URN with --urn.");
    }
    return OK;
}

static const char sql_next[] = "SELECT COALESCE(MAX(account_id), 0) + 1 FROM account";
static const char sql_add[] =
    "INSERT INTO account (account_id, login, name, passphrase, created, disabled, failures, "
    "locked_until) VALUES ($1, $2, $3, $4, $5, NULL, 0, NULL)";

static enum err
insert_account(struct job *j, const struct account *a, const char *hash, int64_t *id)
{
    enum err e = db_int(j, sql_next, NO_ARGS, 1, id);

    if (!e)
        e = db_run(j, sql_add, ARGS(INT(*id), TEXT(a->login), TEXT(a->name), TEXT(hash),
                                    INT(j->now)), NULL);
    if (e == ERR_CONFLICT) {
        err_set(j, ERR_CONFLICT, "there is an account with that login already");
        err_hint(j, "Choose another login, or change it with \"rooted user password\".");
    }
    return e;
}

static enum err
check_account(struct job *j, const struct account *a)
{
    enum err e = check_login(j, a->login);

    if (!e && (!a->name || !*a->name)) {
        err_set(j, ERR_INPUT, "an account needs the person's name");
        return err_hint(j, "Give it with --name \"First Last\".");
    }
    return e;
}

enum err
account_open(struct job *j, const struct account *a, const char *hash, int64_t *id)
{
    struct account fresh = *a;
    enum err e;

    fresh.login = account_login(j, a->login);
    e = check_account(j, &fresh);
    return e ? e : insert_account(j, &fresh, hash, id);
}

static const char sql_agency[] =
    "SELECT MIN(agency_id) FROM agency WHERE area_id = $1 AND name = $2 AND ended IS NULL";

static enum err
agency_of(struct job *j, const struct account *a, int64_t *id)
{
    const struct agency like = {.area = a->area, .urn = a->urn, .kind = role_agency(a->role)};
    enum err e;

    *id = 0;
    if (role_scope(a->role) == SCOPE_NONE)
        return OK;
    if (!a->agency)
        return agency_for(j, &like, id);
    e = db_int(j, sql_agency, ARGS(INT(a->area), TEXT(a->agency)), 0, id);
    if (e || *id)
        return e;
    err_set(j, ERR_INPUT, "there is no agency \"%.80s\" in that authority", a->agency);
    return err_hint(j, "An administrator adds it on the page Agencies.");
}

static enum err
first_role(struct job *j, const struct account *a, int64_t id)
{
    struct account_role r = {.account = id, .role = a->role, .area = a->area,
                             .why = "As the account was made"};
    int64_t number;
    enum err e = agency_of(j, a, &r.agency);

    return e ? e : account_role_give(j, &r, &number);
}

enum err
account_add(struct job *j, const struct account *a, const char *passphrase, int64_t *id)
{
    struct account fresh = *a;
    const char *hash;
    enum err e;

    fresh.login = account_login(j, a->login);
    e = check_account(j, &fresh);
    if (!e)
        e = check_role(j, &fresh);
    if (!e)
        e = passphrase_check(j, fresh.login, passphrase);
    if (!e)
        e = passphrase_hash(j, passphrase, &hash);
    if (!e)
        e = insert_account(j, &fresh, hash, id);
    return e ? e : first_role(j, &fresh, *id);
}

static const char sql_end_sessions[] =
    "UPDATE session SET ended = $2 WHERE account_id = $1 AND ended IS NULL";

static enum err
end_sessions(struct job *j, int64_t account)
{
    return db_run(j, sql_end_sessions, ARGS(INT(account), INT(j->now)), NULL);
}

static const char sql_disable[] =
    "UPDATE account SET disabled = $2 WHERE account_id = $1 AND disabled IS NULL";

enum err
account_disable(struct job *j, const char *login)
{
    struct account a;
    enum err e = account_get(j, login, &a);

    if (!e)
        e = db_run(j, sql_disable, ARGS(INT(a.id), INT(j->now)), NULL);
    return e ? e : end_sessions(j, a.id);
}

static const char sql_enable[] =
    "UPDATE account SET disabled = NULL WHERE account_id = $1";

enum err
account_enable(struct job *j, const char *login)
{
    struct account a;
    enum err e = account_get(j, login, &a);

    return e ? e : db_run(j, sql_enable, ARGS(INT(a.id)), NULL);
}

static const char sql_passphrase[] =
    "UPDATE account SET passphrase = $2 WHERE account_id = $1";

enum err
account_store_passphrase(struct job *j, int64_t account, const char *hash)
{
    return db_run(j, sql_passphrase, ARGS(INT(account), TEXT(hash)), NULL);
}

enum err
account_change_passphrase(struct job *j, const char *login, const char *passphrase)
{
    struct account a;
    const char *hash;
    enum err e = account_get(j, login, &a);

    if (!e)
        e = passphrase_check(j, a.login, passphrase);
    if (!e)
        e = passphrase_hash(j, passphrase, &hash);
    if (!e)
        e = account_store_passphrase(j, a.id, hash);
    return e ? e : end_sessions(j, a.id);
}

enum err
account_reset_factor(struct job *j, const struct key *k, int64_t account, const char *why,
                     const char **code)
{
    enum err e = factor_reset(j, k, account, why, code);

    return e ? e : end_sessions(j, account);
}

/* ---- the demonstration's people -------------------------------------------------- */

/* They open made-up children on loopback only; that is why they can be printed here. */
static const struct demo_account demo[] = {
    {"analyst", "river stone lantern", "Ada Fenwick", ROLE_ANALYST},
    {"lead", "quiet orchard morning", "Ines Marlow", ROLE_INCLUSION_LEAD},
    {"senco", "copper kettle garden", "Sam Hartley", ROLE_SENCO},
    {"attendance", "gentle bicycle harvest", "Priya Nair", ROLE_ATTENDANCE_LEAD},
    {"admin", "winter harbour bridge", "Noor Castell", ROLE_ADMINISTRATOR},
    {"officer", "silver meadow compass", "Omar Quist", ROLE_GOVERNANCE},
    {"directory", "patient willow harbour", "Bea Lindqvist", ROLE_DIRECTORY_MANAGER},
    {"provider", "amber bridge whistle", "Tom Achebe", ROLE_PROVIDER},
    {"evaluator", "steady maple almanac", "Ruth Okafor", ROLE_EVALUATOR},
};

static const char sql_demo_area[] = "SELECT MIN(area_id) FROM area WHERE area_id > 0";
/* The school of the SENCO: a secondary one, with the most pupils at its last census. */
static const char sql_demo_school[] =
    "SELECT c.urn FROM census_pupil c "
    "JOIN batch b ON b.area_id = c.area_id AND b.batch_id = c.batch_id "
    "WHERE c.area_id = $1 AND b.state = 'published' AND c.on_roll = 1 AND c.year_group = 9 "
    "GROUP BY c.urn ORDER BY COUNT(*) DESC, c.urn LIMIT 1";

static enum err
demo_place(struct job *j, int64_t *area, int64_t *urn)
{
    struct settings all;
    enum err e = setting_list(j, &all);

    if (!e && !setting_is_demonstration(&all)) {
        err_set(j, ERR_INPUT, "demonstration sign-ins exist only in a demonstration database");
        return err_hint(j, "Add real people with \"rooted user add\".");
    }
    if (!e)
        e = db_int(j, sql_demo_area, NO_ARGS, 0, area);
    if (!e)
        e = db_int(j, sql_demo_school, ARGS(INT(*area)), 0, urn);
    if (!e && !*urn) {
        err_set(j, ERR_NOT_FOUND, "there is no school yet for the SENCO of the demonstration");
        return err_hint(j, "Load the made-up school census first.");
    }
    return e;
}

/* Sam also looks after attendance: somebody who acts as one or the other. */
static enum err
second_role(struct job *j, const struct account *a)
{
    struct account_role r = {.account = a->id, .role = ROLE_ATTENDANCE_LEAD, .area = a->area,
                             .why = "Looks after attendance, too"};
    const struct agency like = {.area = a->area, .kind = AGENCY_SCHOOL, .urn = a->urn};
    int64_t number;
    enum err e = agency_for(j, &like, &r.agency);

    return e ? e : account_role_give(j, &r, &number);
}

enum err
account_demo(struct job *j, const struct key *k, const struct demo_account **out, size_t *n)
{
    int64_t area = 0, urn = 0;
    enum err e = demo_place(j, &area, &urn);

    for (size_t i = 0; i < sizeof demo / sizeof *demo && !e; i++) {
        struct account a = {.login = demo[i].login, .name = demo[i].name, .role = demo[i].role,
                            .area = area, .urn = urn};
        e = account_get(j, demo[i].login, &a);
        if (e == ERR_NOT_FOUND) {
            err_clear(j);
            e = account_add(j, &a, demo[i].passphrase, &a.id);
            if (!e && a.role == ROLE_SENCO)
                e = second_role(j, &a);
        }
        if (!e)
            e = factor_demo(j, k, a.id, demo[i].login);
    }
    *out = demo;
    *n = sizeof demo / sizeof *demo;
    return e;
}
