#include "web/account/account.h"
#include "access/account.h"
#include "access/audit.h"
#include "access/passphrase.h"
#include "access/setting.h"
#include "base/date.h"
#include "ui/words.h"
#include "web/account/account.html.h"
#include "web/cookie.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/server_private.h"
#include "web/session/sign_in.h"

/* ---- the page ------------------------------------------------------------------------ */

static const char *
when(struct job *j, int64_t t)
{
    char text[DATE_TEXT + 16];

    return job_copy(j, time_words(t, text));
}

static enum err
list_sign_ins(struct job *j, const struct request *q, struct account_page *p)
{
    struct session_opens list;
    struct sign_in_row *rows;
    enum err e = session_list(j, &q->server->key, j->who->account, q->token, &list);

    if (e)
        return e;
    rows = job_array(j, list.n, sizeof *rows);
    for (size_t i = 0; i < list.n; i++) {
        const struct session_open *s = &list.v[i];
        rows[i] = (struct sign_in_row){s->device[0] ? s->device : "A program",
                                       when(j, s->created), when(j, s->seen), s->handle, s->here};
        p->others = p->others || !s->here;
    }
    p->rows = rows;
    p->n_rows = list.n;
    return OK;
}

static const char *
factor_words(struct job *j, const struct factor_state *s)
{
    switch (s->kind) {
    case FACTOR_PROGRAM:
        return job_format(j, "A program, since %s; %s left", when(j, s->changed),
                          words_counted(j, s->codes_left, "recovery code is",
                                        "recovery codes are"));
    case FACTOR_LIST:
        return job_format(j, "A printed list, since %s; %s left", when(j, s->changed),
                          words_counted(j, s->codes_left, "code is", "codes are"));
    case FACTOR_NONE:
    case FACTOR_RESET:
        break;
    }
    return "None yet";
}

static enum err
fill_facts(struct job *j, struct account_page *p)
{
    struct named *v = job_array(j, 4, sizeof *v);
    struct factor_state state;
    enum err e = factor_get(j, j->who->account, &state);

    if (e)
        return e;
    v[0] = (struct named){.name = "Name", .value = j->who->name};
    v[1] = (struct named){.name = "Login", .value = j->who->login};
    v[2] = (struct named){.name = "You act as", .value = role_title(j->who->role),
                          .href = "/account/role"};
    v[3] = (struct named){.name = "Second factor", .value = factor_words(j, &state)};
    p->facts = v;
    p->n_facts = 4;
    p->has_paper = state.kind == FACTOR_PROGRAM || state.kind == FACTOR_LIST;
    if (!p->has_paper)
        p->warning = "You sign in with a passphrase alone, which only a trial database allows. "
                     "Whoever learns your passphrase sees what you see.";
    return OK;
}

enum err
page_account(struct job *j, const struct request *q, struct response *r)
{
    struct account_page p = {.view = frame_view(j, q, "Your account"),
                             .strong = session_is_strong(j)};
    enum err e = fill_facts(j, &p);

    if (!e)
        e = list_sign_ins(j, q, &p);
    if (!e)
        view_account(&r->body, &p);
    return e;
}

enum err
page_account_end(struct job *j, const struct request *q, struct response *r)
{
    const char *handle = request_form(q, "handle");
    enum err e;

    r->location = "/account";
    if (!sign_in_strong_for(j, r->location, r))
        return OK;
    audit_note(j, ACT_SELF, "sign-in ended", false);
    if (!handle)
        return session_end_others(j, &q->server->key, j->who->account, q->token);
    e = session_end_one(j, &q->server->key, j->who->account, handle);
    if (e != ERR_NOT_FOUND) /* it had ended already */
        return e;
    err_clear(j);
    return OK;
}

/* ---- another passphrase ---------------------------------------------------------------- */

enum err
page_passphrase(struct job *j, const struct request *q, struct response *r)
{
    struct passphrase_page p = {.view = frame_view(j, q, "Change your passphrase")};

    view_passphrase(&r->body, &p);
    return OK;
}

struct changing {
    const struct request *q;
    struct response *r;
    struct problems problems;
    struct sign_in in;
    const char *fresh, *hash;
    char token[KEY_TOKEN];
};

static enum err
show_problem(struct job *j, void *arg)
{
    struct changing *c = arg;
    struct passphrase_page p = {.view = frame_view(j, c->q, "Change your passphrase"),
                                .problems = c->problems};

    view_passphrase(&c->r->body, &p);
    return OK;
}

static enum err
refuse(struct job *j, struct changing *c, const char *field)
{
    c->r->status = j->err.kind == ERR_BUSY ? 503 : 422;
    c->problems = sign_in_problem(j, field);
    return request_read(j, c->q, show_problem, c);
}

static enum err
change(struct job *j, void *arg)
{
    struct changing *c = arg;
    const struct key *k = &c->q->server->key;
    enum err e = sign_in_right_again(j, &c->in);

    if (e || !c->in.matches)
        return e;
    audit_note(j, ACT_SELF, "passphrase changed", false);
    e = account_store_passphrase(j, j->who->account, c->hash);
    if (!e)
        e = session_end_others(j, k, j->who->account, c->q->token);
    return e ? e : session_strengthen(j, k, c->q->token, c->token);
}

/* What is wrong with what was typed, before any work; NULL nothing. */
static const char *
check_typed(struct job *j, struct changing *c)
{
    const char *repeated = request_form(c->q, "repeated");

    if (!c->in.passphrase || strlen(c->in.passphrase) > 1024) {
        err_set(j, ERR_INPUT, "Give the passphrase that you have now");
        err_hint(j, "It shows that it is you.");
        return "passphrase";
    }
    if (!c->fresh || passphrase_check(j, j->who->login, c->fresh))
        return "fresh";
    if (repeated && !strcmp(repeated, c->fresh))
        return NULL;
    err_set(j, ERR_INPUT, "The two new passphrases are not the same");
    err_hint(j, "Type the new one twice.");
    return "repeated";
}

enum err
page_passphrase_change(struct job *j, const struct request *q, struct response *r)
{
    struct changing c = {
        .q = q, .r = r, .fresh = request_form(q, "fresh"),
        .in = {.login = j->who->login, .passphrase = request_form(q, "passphrase"),
               .key = &q->server->key, .address = q->address},
    };
    const char *field = check_typed(j, &c);
    enum err e;

    if (field)
        return refuse(j, &c, field);
    e = request_read(j, q, sign_in_look, &c.in);
    if (!e && c.in.waits_until) {
        sign_in_waits(j, c.in.waits_until);
        return refuse(j, &c, "passphrase");
    }
    c.in.fresh = c.fresh;
    if (!e)
        e = sign_in_turn(j, q, &c.in);
    if (e == ERR_BUSY && j->err.hint[0])
        return refuse(j, &c, "passphrase");
    c.hash = c.in.fresh_hash;
    if (!e)
        e = request_write(j, q, change, &c);
    if (e)
        return e;
    if (!c.in.matches) {
        err_set(j, ERR_INPUT, "That is not the passphrase you have now");
        err_hint(j, "Nothing was changed.");
        return refuse(j, &c, "passphrase");
    }
    r->set_cookie = cookie_set(j, q->site, c.token);
    r->location = "/account";
    return OK;
}
