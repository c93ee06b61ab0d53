#include "access/sign_in.h"
#include "access/account.h"
#include "access/audit.h"
#include "access/passphrase.h"
#include "access/session.h"
#include "store/db.h"

int64_t
sign_in_wait(int64_t failures)
{
    const int64_t minute = (int64_t)60 * 1000000;
    int64_t doubled = failures - SIGN_IN_TRIES;

    if (doubled < 0)
        return 0;
    return doubled >= 6 ? 60 * minute : minute << doubled;
}

static const char sql_look[] =
    "SELECT account_id, role, area, passphrase FROM account "
    "WHERE login = $1 AND disabled IS NULL AND (locked_until IS NULL OR locked_until <= $2)";

enum err
sign_in_look(struct job *j, void *arg)
{
    struct sign_in *s = arg;
    struct rows q;
    size_t n;

    s->hash[0] = '\0';
    db_ask(j, &q, sql_look, ARGS(TEXT(account_login(j, s->login)), INT(j->now)));
    while (db_next(&q)) {
        const char *hash = row_peek(&q, 3, &n);
        s->account = row_int(&q, 0);
        s->area = row_int(&q, 2);
        snprintf(s->hash, sizeof s->hash, "%.*s", (int)n, hash);
        /* a role that this program does not know opens nothing */
        if (!role_find(row_text(&q, 1), &s->role))
            s->hash[0] = '\0';
    }
    return db_done(&q);
}

void
sign_in_hash(struct sign_in *s)
{
    s->matches = passphrase_matches(s->hash[0] ? s->hash : NULL, s->passphrase);
}

static const char sql_right[] =
    "UPDATE account SET failures = 0, locked_until = NULL WHERE account_id = $1 "
    "AND disabled IS NULL AND passphrase = $2";

/* The passphrase may have been changed, or the account disabled, while it was hashed. */
static enum err
let_in(struct job *j, struct sign_in *s)
{
    const struct actor *before = j->who;
    const struct actor now = {.account = s->account, .role = s->role, .area = s->area};
    int64_t area = j->area, changed = 0;
    enum err e = db_run(j, sql_right, ARGS(INT(s->account), TEXT(s->hash)), &changed);

    if (e || !changed)
        return e;
    j->who = &now;
    j->area = s->area;
    audit_note(j, ACT_SIGN_IN, NULL, false);
    j->who = before;
    j->area = area;
    return session_add(j, s->key, s->account, s->token);
}

static const char sql_failures[] = "SELECT failures FROM account WHERE account_id = $1";
static const char sql_wrong[] =
    "UPDATE account SET failures = $2, locked_until = $3 WHERE account_id = $1";

static enum err
count_failure(struct job *j, const struct sign_in *s)
{
    int64_t failures, wait;
    enum err e = db_int(j, sql_failures, ARGS(INT(s->account)), 0, &failures);

    if (e)
        return e;
    wait = sign_in_wait(++failures);
    return db_run(j, sql_wrong,
                  ARGS(INT(s->account), INT(failures), wait ? INT(j->now + wait) : NUL),
                  NULL);
}

enum err
sign_in_settle(struct job *j, void *arg)
{
    struct sign_in *s = arg;
    enum err e = OK;

    s->token[0] = '\0';
    if (s->matches)
        e = let_in(j, s);
    else if (s->hash[0]) /* tries while waiting do not make the wait longer */
        e = count_failure(j, s);
    if (!e && !s->token[0])
        audit_words(j, ACT_SIGN_IN, "login", account_login(j, s->login), true);
    return e;
}

enum err
sign_in_refused(struct job *j)
{
    err_set(j, ERR_INPUT, "The login and the passphrase do not belong together");
    return err_hint(j, "Check both and try again. After %d wrong tries in a row an account waits "
                       "for a minute or longer, and even the right passphrase is not taken then.",
                    SIGN_IN_TRIES);
}
