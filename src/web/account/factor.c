#include "access/audit.h"
#include "access/sign_in.h"
#include "ui/words.h"
#include "web/account/account.h"
#include "web/account/factor.html.h"
#include "web/cookie.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/server_private.h"
#include "web/session/sign_in.h"

/* Whoever is signed in, or must set up a second factor before being so. */
static const struct actor *
who(const struct job *j, const struct request *q)
{
    return j->who ? j->who : q->half;
}

/* "ABCD EFGH …": easier to type. */
static const char *
in_groups(struct job *j, const char *secret)
{
    char *out = job_alloc(j, 2 * strlen(secret) + 1), *at = out;

    for (size_t i = 0; secret[i]; i++) {
        if (i && i % 4 == 0)
            *at++ = ' ';
        *at++ = secret[i];
    }
    return out;
}

/* As all programs read it: otpauth://totp/RootED:login?secret=…&issuer=… */
static const char *
uri_of(struct job *j, const struct request *q, const char *secret)
{
    const char *council = q->site->council[0] ? q->site->council : "council";
    const char *path = job_format(j, "otpauth://totp/RootED:%s", who(j, q)->login);

    path = frame_with(j, path, "secret", secret);
    return frame_with(j, path, "issuer", job_format(j, "RootED %.60s", council));
}

static const char *
says(const struct request *q, const struct factor_state *s)
{
    if (q->half)
        return "Before you go on, set up a second factor: something that is needed besides your "
               "passphrase, so that whoever learns it still cannot sign in.";
    return s->kind == FACTOR_NONE
               ? "Something that is needed besides your passphrase, so that whoever learns it "
                 "still cannot sign in."
               : "You have one. Setting up another puts it in place of the one you have, and of "
                 "your recovery codes.";
}

static enum err
show(struct job *j, const struct request *q, struct response *r, struct problems problems)
{
    struct factor_page p = {.view = frame_view(j, q, "Set up a second factor"),
                            .csrf = who(j, q)->csrf, .next = sign_in_next(j, q),
                            .must = q->half != NULL, .problems = problems};
    struct factor_state state;
    const char *secret;
    enum err e = factor_get(j, who(j, q)->account, &state);

    if (!e)
        e = factor_pending(j, &q->server->key, who(j, q)->account, &secret);
    if (e)
        return e;
    p.says = says(q, &state);
    if (secret) {
        p.secret = in_groups(j, secret);
        p.uri = uri_of(j, q, secret);
    }
    view_factor(&r->body, &p);
    return OK;
}

static const char *
own_path(struct job *j, const struct request *q)
{
    return frame_with(j, "/account/second-factor", "next", sign_in_next(j, q));
}

/* True: not now; r says where to go. */
static bool
not_strong(struct job *j, struct response *r)
{
    if (!j->who || session_is_strong(j))
        return false;
    r->location = "/account/again?next=/account/second-factor";
    return true;
}

enum err
page_factor(struct job *j, const struct request *q, struct response *r)
{
    if (j->who && !sign_in_strong(j, q, r))
        return OK;
    return show(j, q, r, (struct problems){0});
}

enum err
page_factor_begin(struct job *j, const struct request *q, struct response *r)
{
    if (not_strong(j, r))
        return OK;
    r->location = own_path(j, q);
    return factor_begin(j, &q->server->key, who(j, q)->account);
}

/* ---- codes that are shown once ---------------------------------------------------------- */

static void
show_paper(struct job *j, const struct request *q, struct response *r, const char *const *codes,
           int n)
{
    const char *next = sign_in_next(j, q);
    struct paper_page p = {
        .view = frame_view(j, q, n == LIST_CODES ? "Your printed list" : "Your recovery codes"),
        .on = next ? next : q->half ? frame_start(q->half) : "/account",
        .codes = codes,
        .n = (size_t)n,
        .whose = job_format(j, "RootED, login %s", who(j, q)->login),
        .lede = n == LIST_CODES
                    ? "Print this page now: it is shown once. At each sign-in you type the next "
                      "code after your passphrase."
                    : "Print or save this page now: it is shown once. With one of these you can "
                      "sign in when your program is lost.",
    };

    view_paper(&r->body, &p);
}

/* A new second factor: other sign-ins end, and who was half-way is signed in. */
static enum err
settle(struct job *j, const struct request *q, struct response *r)
{
    struct sign_in_code c = {.half = q->token, .key = &q->server->key, .who = q->half,
                             .address = q->address, .device = q->device};
    enum err e = session_end_others(j, &q->server->key, who(j, q)->account, q->token);

    if (!e && q->half)
        e = sign_in_finish(j, &c);
    else if (!e)
        audit_note(j, ACT_SELF, "second factor set up", false);
    if (!e && q->half)
        r->set_cookie = cookie_set(j, q->site, c.token);
    return e;
}

static enum err
give_paper(struct job *j, const struct request *q, struct response *r, int n)
{
    const char *const *codes;
    enum err e = factor_paper(j, &q->server->key, who(j, q)->account, n, &codes);

    if (!e)
        e = settle(j, q, r);
    if (!e)
        show_paper(j, q, r, codes, n);
    return e;
}

enum err
page_factor_confirm(struct job *j, const struct request *q, struct response *r)
{
    const char *typed = request_form(q, "code");
    bool right = false;
    enum err e = OK;

    if (not_strong(j, r))
        return OK;
    if (typed && strlen(typed) < 100)
        e = factor_confirm(j, &q->server->key, who(j, q)->account, typed, &right);
    if (e)
        return e;
    if (right)
        return give_paper(j, q, r, RECOVERY_CODES);
    err_set(j, ERR_INPUT, "That is not the code of this moment");
    err_hint(j, "Wait for the next one. If none is right, set the clock of your phone or "
                "computer.");
    r->status = 422;
    return show(j, q, r, sign_in_problem(j, "code"));
}

enum err
page_factor_list(struct job *j, const struct request *q, struct response *r)
{
    enum err e;

    if (not_strong(j, r))
        return OK;
    e = factor_use_list(j, who(j, q)->account);
    return e ? e : give_paper(j, q, r, LIST_CODES);
}

/* ---- new recovery codes --------------------------------------------------------------- */

enum err
page_codes(struct job *j, const struct request *q, struct response *r)
{
    struct view *v;

    if (!sign_in_strong(j, q, r))
        return OK;
    v = frame_view(j, q, "New recovery codes");
    view_codes(&r->body, v);
    return OK;
}

enum err
page_codes_make(struct job *j, const struct request *q, struct response *r)
{
    struct factor_state state;
    const char *const *codes;
    int n;
    enum err e;

    r->location = "/account/codes";
    if (!session_is_strong(j))
        return OK;
    e = factor_get(j, j->who->account, &state);
    if (e || (state.kind != FACTOR_PROGRAM && state.kind != FACTOR_LIST)) {
        r->location = "/account/second-factor";
        return e;
    }
    n = state.kind == FACTOR_LIST ? LIST_CODES : RECOVERY_CODES;
    e = factor_paper(j, &q->server->key, j->who->account, n, &codes);
    if (e)
        return e;
    r->location = NULL;
    audit_note(j, ACT_SELF, "new recovery codes", false);
    show_paper(j, q, r, codes, n);
    return OK;
}
