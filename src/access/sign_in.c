#include "access/sign_in.h"
#include "access/account.h"
#include "access/account_role.h"
#include "access/audit.h"
#include "access/passphrase.h"
#include "access/setting.h"
#include "access/tries.h"
#include "store/db.h"

static const char sql_look[] =
    "SELECT a.account_id, r.role, r.area, a.passphrase FROM account a "
    "LEFT JOIN account_role r ON r.account_id = a.account_id "
    "AND r.role_no = " ACCOUNT_ROLE_FIRST("a.account_id", "$2")
    " WHERE a.login = $1 AND a.disabled IS NULL";

static enum err
find_account(struct job *j, struct sign_in *s)
{
    struct rows q;
    size_t n;

    s->hash[0] = '\0';
    db_ask(j, &q, sql_look, ARGS(TEXT(account_login(j, s->login)), INT(j->now)));
    while (db_next(&q)) {
        const char *hash = row_peek(&q, 3, &n);
        s->account = row_int(&q, 0);
        s->area = row_int_or(&q, 2, 0);
        snprintf(s->hash, sizeof s->hash, "%.*s", (int)n, hash);
        /* without a role in force they see a page that says so */
        if (row_is_null(&q, 1) || !role_find(row_text(&q, 1), &s->role))
            s->role = ROLE_NONE;
    }
    return db_done(&q);
}

static struct tries
tries_here(struct job *j, const struct sign_in *s)
{
    return tries_of(s->key, account_login(j, s->login), s->address ? s->address : "");
}

enum err
sign_in_look(struct job *j, void *arg)
{
    struct sign_in *s = arg;
    struct tries t = tries_here(j, s);
    enum err e = tries_wait(j, &t, &s->waits_until);

    s->hash[0] = '\0';
    return e || s->waits_until ? e : find_account(j, s);
}

void
sign_in_hash(struct sign_in *s)
{
    s->matches = s->anew || passphrase_matches(s->hash[0] ? s->hash : NULL, s->passphrase);
    if (s->fresh && s->matches && !passphrase_hash_into(s->fresh, s->fresh_hash))
        s->matches = false;
}

/* ---- let in ------------------------------------------------------------------------- */

/* What a right passphrase is good for in this database. */
static enum err
stage_of(struct job *j, int64_t account, enum session_stage *out)
{
    struct factor_state state;
    struct settings all;
    enum err e = setting_list(j, &all);

    if (!e)
        e = factor_get(j, account, &state);
    if (e)
        return e;
    if (state.kind != FACTOR_NONE)
        *out = SESSION_CODE;
    else
        *out = setting_demands_factor(&all) ? SESSION_SET_UP : SESSION_IN;
    return OK;
}

/* In the name of somebody who is not signed in yet. */
static void
note_as(struct job *j, const struct actor *who, const char *what, bool refused)
{
    const struct actor *before = j->who;
    int64_t area = j->area;

    j->who = who;
    j->area = who->area;
    audit_note(j, ACT_SIGN_IN, what, refused);
    j->who = before;
    j->area = area;
}

static const char sql_unchanged[] =
    "SELECT COUNT(*) FROM account WHERE account_id = $1 AND disabled IS NULL AND passphrase = $2";

/* The passphrase may have been changed, or the account disabled, while it was hashed. */
static enum err
let_in(struct job *j, struct sign_in *s, const struct tries *t)
{
    const struct actor now = {.account = s->account, .role = s->role, .area = s->area};
    struct session_new new = {.account = s->account, .address = s->address ? s->address : "",
                              .device = s->device ? s->device : ""};
    int64_t same = 0;
    enum err e = db_int(j, sql_unchanged, ARGS(INT(s->account), TEXT(s->hash)), 0, &same);

    if (!e && same)
        e = stage_of(j, s->account, &s->stage);
    if (e || !same)
        return e;
    new.stage = s->stage;
    /* only a whole sign-in ends the counting: else who has the passphrase guesses codes for ever */
    if (s->stage == SESSION_IN)
        e = tries_right(j, t);
    note_as(j, &now, s->stage == SESSION_IN ? NULL : "passphrase", false);
    return e ? e : session_begin(j, s->key, &new, s->token);
}

enum err
sign_in_settle(struct job *j, void *arg)
{
    struct sign_in *s = arg;
    struct tries t = tries_here(j, s);
    enum err e;

    s->token[0] = '\0';
    /* others may have tried while this one was hashed; tries while waiting make it no longer */
    e = tries_wait(j, &t, &s->waits_until);
    if (!e && !s->waits_until)
        e = s->matches ? let_in(j, s, &t) : tries_wrong(j, &t);
    if (!e && !s->token[0])
        audit_words(j, ACT_SIGN_IN, "login", account_login(j, s->login), true);
    return e;
}

enum err
sign_in_refused(struct job *j)
{
    err_set(j, ERR_INPUT, "The login and the passphrase do not belong together");
    return err_hint(j, "Check both and try again. After %d wrong tries in a row a login waits "
                       "for a minute or longer.", TRIES);
}

enum err
sign_in_waits(struct job *j, int64_t until)
{
    int64_t minutes = (until - j->now + 59999999) / 60000000;

    err_set(j, ERR_INPUT, "There were too many wrong tries, so nothing is tried for %lld minute%s",
            (long long)minutes, minutes == 1 ? "" : "s");
    return err_hint(j, "Wait that long and try again. If it was not you, tell the person at the "
                       "council who gave you the account.");
}

/* ---- the code ------------------------------------------------------------------------- */

/* A wrong code counts as a wrong passphrase does, and the half session ends after a few. */
static enum err
wrong_code(struct job *j, struct sign_in_code *c, const struct tries *t)
{
    enum err e = tries_wrong(j, t);

    note_as(j, c->who, "code", true);
    return e ? e : session_count_wrong(j, c->key, c->half, &c->left);
}

static enum err
exchange(struct job *j, struct sign_in_code *c)
{
    const struct session_new new = {.account = c->who->account, .stage = c->stage,
                                    .address = c->address, .device = c->device};
    enum err e = session_end(j, c->key, c->half);

    return e ? e : session_begin(j, c->key, &new, c->token);
}

enum err
sign_in_code(struct job *j, struct sign_in_code *c)
{
    struct tries t = tries_of(c->key, c->who->login, c->address);
    struct factor_state state;
    bool right = false;
    enum err e = tries_wait(j, &t, &c->waits_until);

    c->token[0] = '\0';
    c->left = 1;
    if (e || c->waits_until)
        return e;
    e = factor_get(j, c->who->account, &state);
    if (!e)
        e = factor_take(j, c->key, c->who->account, c->typed, &right);
    if (e || !right)
        return e ? e : wrong_code(j, c, &t);
    c->stage = state.kind == FACTOR_RESET ? SESSION_SET_UP : SESSION_IN;
    note_as(j, c->who, c->stage == SESSION_IN ? NULL : "handed code", false);
    e = c->stage == SESSION_IN ? tries_right(j, &t) : OK;
    return e ? e : exchange(j, c);
}

enum err
sign_in_finish(struct job *j, struct sign_in_code *c)
{
    struct tries t = tries_of(c->key, c->who->login, c->address);
    enum err e = tries_right(j, &t);

    c->stage = SESSION_IN;
    note_as(j, c->who, NULL, false);
    return e ? e : exchange(j, c);
}

/* ---- again ---------------------------------------------------------------------------- */

enum err
sign_in_right_again(struct job *j, struct sign_in *in)
{
    struct tries t = tries_here(j, in);
    int64_t same = 0;
    enum err e = db_int(j, sql_unchanged, ARGS(INT(in->account), TEXT(in->hash)), 0, &same);

    if (e)
        return e;
    in->matches = in->matches && same;
    if (in->matches)
        return OK;
    audit_note(j, ACT_SELF, "passphrase again", true);
    return tries_wrong(j, &t);
}

static enum err
take_code(struct job *j, struct sign_in_again *a, bool *right)
{
    struct factor_state state;
    enum err e = factor_get(j, a->in.account, &state);

    *right = state.kind == FACTOR_NONE;
    return e || *right ? e : factor_take(j, a->in.key, a->in.account, a->code.typed, right);
}

enum err
sign_in_again_settle(struct job *j, void *arg)
{
    struct sign_in_again *a = arg;
    struct tries t = tries_here(j, &a->in);
    bool right = false;
    enum err e = tries_wait(j, &t, &a->in.waits_until);

    a->code.token[0] = '\0';
    if (!e && !a->in.waits_until && a->in.matches)
        e = take_code(j, a, &right);
    if (!e)
        audit_note(j, ACT_SELF, "passphrase and code again", !right);
    if (!e && right)
        return session_strengthen(j, a->in.key, a->code.half, a->code.token);
    return e || a->in.waits_until ? e : tries_wrong(j, &t);
}
