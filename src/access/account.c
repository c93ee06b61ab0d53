#include "access/account.h"
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

static enum err
account_from_row(struct rows *q, struct account *a)
{
    const char *role = row_text(q, 3);

    *a = (struct account){
        .id = row_int(q, 0),
        .login = row_text(q, 1),
        .name = row_text(q, 2),
        .area = row_int(q, 4),
        .urn = row_int(q, 5),
        .created = row_int(q, 6),
        .disabled = row_int(q, 7),
    };
    if (role_find(role, &a->role))
        return OK;
    err_set(q->j, ERR_FAULT, "account %lld has a role that this program does not know",
            (long long)a->id);
    return err_hint(q->j, "Use the program that made the account.");
}

static const char sql_get[] =
    "SELECT account_id, login, name, role, area, urn, created, disabled "
    "FROM account WHERE login = $1";

enum err
account_get(struct job *j, const char *login, struct account *out)
{
    struct rows q;
    bool found = false;
    enum err bad = OK, e;

    db_ask(j, &q, sql_get, ARGS(TEXT(account_login(j, login))));
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

static const char sql_list[] =
    "SELECT account_id, login, name, role, area, urn, created, disabled "
    "FROM account ORDER BY login";

enum err
account_list(struct job *j, const struct account **out, size_t *n)
{
    size_t room = 16;
    struct account *list = job_array(j, room, sizeof *list);
    struct rows q;
    enum err bad = OK, e;

    *n = 0;
    db_ask(j, &q, sql_list, NO_ARGS);
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
    "AND s.stage = 'in' AND s.seen > $1) "
    "FROM account a LEFT JOIN second_factor f ON f.account_id = a.account_id ORDER BY a.login";

enum err
account_list_use(struct job *j, struct account_use *out, size_t n)
{
    struct rows q;
    size_t i = 0;

    db_ask(j, &q, sql_use, ARGS(INT(j->now - SESSION_IDLE), INT(j->now - SESSION_LONGEST)));
    while (db_next(&q) && i < n)
        out[i++] = (struct account_use){factor_of(row_text(&q, 0)), row_int(&q, 1)};
    return db_done(&q);
}

static const char sql_find[] =
    "SELECT account_id, login, name, role, area, urn, created, disabled "
    "FROM account WHERE account_id = $1";

enum err
account_find(struct job *j, int64_t id, struct account *out)
{
    struct rows q;
    bool found = false;
    enum err bad = OK, e;

    db_ask(j, &q, sql_find, ARGS(INT(id)));
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
check_account(struct job *j, const struct account *a, const char *login)
{
    enum role_scope scope = role_scope(a->role);
    enum err e = check_login(j, login);

    if (e)
        return e;
    if (!a->name || !*a->name) {
        err_set(j, ERR_INPUT, "an account needs the person's name");
        return err_hint(j, "Give it with --name \"First Last\".");
    }
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
    "INSERT INTO account (account_id, login, name, passphrase, role, area, urn, created, "
    "disabled, failures, locked_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, 0, NULL)";

static enum err
insert_account(struct job *j, const struct account *a, const char *hash, int64_t *id)
{
    enum role_scope scope = role_scope(a->role);
    enum err e = db_int(j, sql_next, NO_ARGS, 1, id);

    if (!e)
        e = db_run(j, sql_add,
                   ARGS(INT(*id), TEXT(a->login), TEXT(a->name), TEXT(hash),
                        TEXT(role_name(a->role)), scope == SCOPE_NONE ? NUL : INT(a->area),
                        scope == SCOPE_SCHOOL ? INT(a->urn) : NUL, INT(j->now)),
                   NULL);
    if (e == ERR_CONFLICT) {
        err_set(j, ERR_CONFLICT, "there is an account with that login already");
        err_hint(j, "Choose another login, or change it with \"rooted user password\".");
    }
    return e;
}

enum err
account_add(struct job *j, const struct account *a, const char *passphrase, int64_t *id)
{
    struct account fresh = *a;
    const char *hash;
    enum err e;

    fresh.login = account_login(j, a->login);
    e = check_account(j, &fresh, fresh.login);
    if (!e)
        e = passphrase_check(j, fresh.login, passphrase);
    if (!e)
        e = passphrase_hash(j, passphrase, &hash);
    if (!e)
        e = insert_account(j, &fresh, hash, id);
    return e;
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
    {"admin", "winter harbour bridge", "Noor Castell", ROLE_ADMINISTRATOR},
    {"officer", "silver meadow compass", "Omar Quist", ROLE_GOVERNANCE},
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
        }
        if (!e)
            e = factor_demo(j, k, a.id, demo[i].login);
    }
    *out = demo;
    *n = sizeof demo / sizeof *demo;
    return e;
}
