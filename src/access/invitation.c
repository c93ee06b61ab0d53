#include "access/invitation.h"
#include "access/account.h"
#include "access/audit.h"
#include "access/outbox.h"
#include "access/permit.h"
#include "access/setting.h"
#include "store/db.h"

#define DAY_US ((int64_t)24 * 3600 * 1000000)

static void
hash_of(const struct key *k, const char *token, char *out)
{
    key_hash(k, "invitation", token, out);
}

/* ---- making and withdrawing --------------------------------------------------------------- */

static enum err
allowed(struct job *j, int64_t account, const char *what)
{
    const char *subject = job_format(j, "account %lld: %s", (long long)account, what);

    return permit(j, ACT_ACCOUNTS, (struct subject){.what = subject});
}

static const char sql_waits[] =
    "SELECT COUNT(*) FROM account WHERE account_id = $1 AND passphrase = ''";

static enum err
check_waits(struct job *j, int64_t account)
{
    int64_t waits = 0;
    enum err e = db_int(j, sql_waits, ARGS(INT(account)), 0, &waits);

    if (e || waits)
        return e;
    err_set(j, ERR_CONFLICT, "this person has taken the account up already");
    return err_hint(j, "A forgotten passphrase is changed where the program runs: \"rooted user "
                       "password\".");
}

static const char sql_withdraw[] =
    "UPDATE invitation SET withdrawn = $2 WHERE account_id = $1 AND used IS NULL "
    "AND withdrawn IS NULL";

static enum err
withdraw(struct job *j, int64_t account)
{
    enum err e = db_run(j, sql_withdraw, ARGS(INT(account), INT(j->now)), NULL);

    return e ? e : outbox_drop(j, MAIL_INVITATION, account); /* its link would lead nowhere */
}

static const char sql_make[] =
    "INSERT INTO invitation (token, account_id, made, made_by, expires, used, withdrawn) "
    "VALUES ($1, $2, $3, $4, $5, NULL, NULL)";

enum err
invitation_make(struct job *j, const struct key *k, int64_t account, char *token)
{
    struct settings all;
    char hash[KEY_HASH];
    int64_t days = 0;
    enum err e = allowed(j, account, "invited");

    if (!e)
        e = check_waits(j, account);
    if (!e)
        e = setting_list(j, &all);
    if (!e)
        e = withdraw(j, account);
    if (e)
        return e;
    days = setting_number(&all, SETTING_INVITATION);
    key_token(token);
    hash_of(k, token, hash);
    return db_run(j, sql_make,
                  ARGS(TEXT(hash), INT(account), INT(j->now),
                       j->who && j->who->account ? INT(j->who->account) : NUL,
                       INT(j->now + days * DAY_US)),
                  NULL);
}

enum err
invitation_withdraw(struct job *j, int64_t account)
{
    enum err e = allowed(j, account, "invitation withdrawn");

    return e ? e : withdraw(j, account);
}

/* ---- how it stands ------------------------------------------------------------------------- */

static const char sql_get[] =
    "SELECT CASE WHEN a.passphrase = '' THEN 1 ELSE 0 END, "
    "(SELECT MAX(i.expires) FROM invitation i WHERE i.account_id = a.account_id "
    "AND i.used IS NULL AND i.withdrawn IS NULL) FROM account a WHERE a.account_id = $1";

enum err
invitation_get(struct job *j, int64_t account, struct invitation *out)
{
    struct rows q;
    enum err e = allowed(j, account, "invitation");

    *out = (struct invitation){INVITATION_NONE, 0};
    if (e)
        return e;
    db_ask(j, &q, sql_get, ARGS(INT(account)));
    while (db_next(&q)) {
        if (row_int(&q, 0) != 1)
            continue;
        out->expires = row_int_or(&q, 1, 0);
        out->state = out->expires > j->now ? INVITATION_OPEN : INVITATION_OVER;
    }
    return db_done(&q);
}

/* ---- the link -------------------------------------------------------------------------------- */

static const char sql_find[] =
    "SELECT a.account_id, a.login, a.name, i.expires FROM invitation i "
    "JOIN account a ON a.account_id = i.account_id WHERE i.token = $1 AND i.used IS NULL "
    "AND i.withdrawn IS NULL AND i.made <= $2 AND i.expires > $2 AND a.disabled IS NULL "
    "AND a.passphrase = ''";

enum err
invitation_find(struct job *j, const struct key *k, const char *token, struct invited *out)
{
    char hash[KEY_HASH];
    struct rows q;

    *out = (struct invited){0};
    hash_of(k, token, hash);
    db_ask(j, &q, sql_find, ARGS(TEXT(hash), INT(j->now)));
    while (db_next(&q))
        *out = (struct invited){row_int(&q, 0), row_text(&q, 1), row_text(&q, 2),
                                row_int(&q, 3)};
    return db_done(&q);
}

/* Of two who come at once one finds it used. */
static const char sql_use[] =
    "UPDATE invitation SET used = $2 WHERE token = $1 AND used IS NULL AND withdrawn IS NULL";

static enum err
take(struct job *j, struct invitation_use *u, int64_t account)
{
    const struct session_new new = {.account = account, .stage = SESSION_SET_UP,
                                    .address = u->address ? u->address : "",
                                    .device = u->device ? u->device : ""};
    char hash[KEY_HASH];
    int64_t changed = 0;
    enum err e;

    hash_of(u->key, u->token, hash);
    e = db_run(j, sql_use, ARGS(TEXT(hash), INT(j->now)), &changed);
    if (e || !changed)
        return e;
    e = account_store_passphrase(j, account, u->hash);
    return e ? e : session_begin(j, u->key, &new, u->session);
}

enum err
invitation_accept(struct job *j, struct invitation_use *u)
{
    struct invited who;
    enum err e = invitation_find(j, u->key, u->token, &who);

    u->session[0] = '\0';
    if (!e && who.account)
        e = take(j, u, who.account);
    if (!e)
        audit_note(j, ACT_SIGN_IN,
                   who.account ? job_format(j, "account %lld: invitation taken up",
                                            (long long)who.account)
                               : "an invitation that is not good",
                   !u->session[0]);
    return e;
}

static const char sql_sweep[] = "DELETE FROM invitation WHERE expires < $1";

enum err
invitation_sweep(struct job *j)
{
    return db_run(j, sql_sweep, ARGS(INT(j->now - 366 * DAY_US)), NULL);
}
