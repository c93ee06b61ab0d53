#include "web/session/sign_in.h"
#include "access/sso.h"
#include "web/cookie.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/route.h"
#include "web/server_private.h"
#include "web/session/sign_in.html.h"

const char *
sign_in_next(struct job *j, const struct request *q)
{
    const char *form = request_form(q, "next"), *next = form ? form : request_query(q, "next");
    struct target t;
    struct route r;

    if (!next || next[0] != '/' || next[1] == '/' || !route_parse(j, next, &t))
        return NULL;
    route_find(j, "GET", t.path, &r);
    return r.page && strncmp(t.path, "/sign-in", 8) ? next : NULL;
}

struct problems
sign_in_problem(struct job *j, const char *field)
{
    struct problem *p = job_alloc(j, sizeof *p);

    *p = (struct problem){field, job_format(j, "%s. %s", j->err.message, j->err.hint)};
    err_clear(j);
    return (struct problems){p, 1};
}

static const char *
ended_words(struct job *j, const struct request *q)
{
    const char *next = sign_in_next(j, q);

    if (!q->token || q->half)
        return NULL;
    if (next && !strcmp(next, "/account/kept"))
        return "You were signed out before that arrived, after 30 minutes without a page or 12 "
               "hours in all. What you had typed is kept: sign in and you see it again.";
    return "You were signed out: after 30 minutes without a page, or 12 hours in all.";
}

/* Behind the proxy that knows them; a page that comes back with a problem has no database. */
static enum err
fill_providers(struct job *j, const struct request *q, struct sign_in_view *v)
{
    struct sso_provider *p = NULL;
    struct sso_link_view *out;
    size_t n = 0;
    enum err e = q->proxied && j->db ? sso_providers(j, &p, &n) : OK;

    out = job_array(j, n, sizeof *out);
    for (size_t i = 0; i < n; i++)
        out[i] = (struct sso_link_view){p[i].name, sso_begin_path(j, q, p[i].issuer, v->next)};
    v->providers = out;
    v->n_providers = n;
    return e;
}

static enum err
show(struct job *j, const struct request *q, struct response *r, struct problems problems)
{
    struct sign_in_view v = {
        .view = frame_view(j, q, "Sign in"),
        .login = request_form(q, "login"),
        .next = sign_in_next(j, q),
        .ended = q->method == GET ? ended_words(j, q) : NULL,
        .problems = problems,
        .demonstration = q->site->demonstration,
    };

    enum err e = fill_providers(j, q, &v);

    if (!v.login)
        v.login = "";
    if (!e)
        view_sign_in(&r->body, &v);
    return e;
}

enum err
page_sign_in(struct job *j, const struct request *q, struct response *r)
{
    if (j->who)
        r->location = frame_start(j->who);
    else
        return show(j, q, r, (struct problems){0});
    return OK;
}

/* The session that was there before ends with the new one's beginning. */
struct exchange_sessions {
    struct sign_in *in;
    const char *old;
};

static enum err
settle(struct job *j, void *arg)
{
    struct exchange_sessions *x = arg;
    enum err e = sign_in_settle(j, x->in);

    if (!e && x->old && x->in->token[0])
        e = session_end(j, x->in->key, x->old);
    return e;
}

static enum err
try(struct job *j, const struct request *q, struct sign_in *in)
{
    struct exchange_sessions x = {in, q->token};
    enum err e = request_read(j, q, sign_in_look, in);

    /* who waits is turned away before any work is done */
    if (e || in->waits_until)
        return e;
    e = sign_in_turn(j, q, in);
    return e ? e : request_write(j, q, settle, &x);
}

static enum err
refused(struct job *j, const struct request *q, struct response *r, int64_t waits_until)
{
    if (waits_until)
        sign_in_waits(j, waits_until);
    else
        sign_in_refused(j);
    r->status = waits_until ? 429 : 422;
    return show(j, q, r, sign_in_problem(j, "login"));
}

/* Where a session of this stage goes on. */
static const char *
on_from(struct job *j, enum session_stage stage, const char *next, const struct actor *now)
{
    if (stage == SESSION_CODE)
        return frame_with(j, "/sign-in/code", "next", next);
    if (stage == SESSION_SET_UP)
        return frame_with(j, "/account/second-factor", "next", next);
    return next ? next : frame_start(now);
}

enum err
page_sign_in_check(struct job *j, const struct request *q, struct response *r)
{
    struct sign_in in = {.login = request_form(q, "login"),
                         .passphrase = request_form(q, "passphrase"), .key = &q->server->key,
                         .address = q->address, .device = q->device};
    struct actor now = {0};
    enum err e;

    if (!in.login || !in.passphrase || strlen(in.login) > 256 || strlen(in.passphrase) > 1024)
        return refused(j, q, r, 0);
    e = try(j, q, &in);
    if (e == ERR_BUSY && j->err.hint[0]) {
        r->status = 503;
        return show(j, q, r, sign_in_problem(j, "login"));
    }
    if (e)
        return e;
    if (!in.token[0])
        return refused(j, q, r, in.waits_until);
    now = (struct actor){.account = in.account, .role = in.role};
    r->location = on_from(j, in.stage, sign_in_next(j, q), &now);
    r->set_cookie = cookie_set(j, q->site, in.token);
    return OK;
}

enum err
page_sign_out(struct job *j, const struct request *q, struct response *r)
{
    int64_t provider = 0;
    enum err e = q->token ? sso_of_session(j, &q->server->key, q->token, &provider) : OK;

    audit_note(j, ACT_SELF, "sign out", false);
    /* a form may not lead to another site, so that a page stands between */
    r->location = provider && q->proxied ? "/sign-in/out" : "/";
    r->set_cookie = cookie_set(j, q->site, "");
    r->forget = true;
    return e || !q->token ? e : session_end(j, &q->server->key, q->token);
}

/* ---- the code ------------------------------------------------------------------------- */

static enum err
show_code(struct job *j, const struct request *q, struct response *r, struct problems problems)
{
    struct factor_state state;
    struct code_view v = {
        .view = frame_view(j, q, "Your code"),
        .next = sign_in_next(j, q),
        .csrf = q->half->csrf,
        .code = true,
        .problems = problems,
        .demonstration = q->site->demonstration,
    };
    enum err e = factor_get(j, q->half->account, &state);

    v.list = state.kind == FACTOR_LIST;
    v.handed = state.kind == FACTOR_RESET;
    if (!e)
        view_code(&r->body, &v);
    return e;
}

static bool
is_half(const struct request *q, enum session_stage stage)
{
    return q->half && q->stage == stage;
}

enum err
page_code(struct job *j, const struct request *q, struct response *r)
{
    if (j->who)
        r->location = frame_start(j->who);
    else if (!is_half(q, SESSION_CODE))
        r->location = frame_with(j, "/sign-in", "next", sign_in_next(j, q));
    else
        return show_code(j, q, r, (struct problems){0});
    return OK;
}

static enum err
wrong_code(struct job *j, const struct request *q, struct response *r, const struct sign_in_code *c)
{
    if (!c->left) {
        r->location = frame_with(j, "/sign-in", "next", sign_in_next(j, q));
        return OK;
    }
    r->status = c->waits_until ? 429 : 422;
    if (c->waits_until) {
        sign_in_waits(j, c->waits_until);
    } else {
        err_set(j, ERR_INPUT, "That code is not right, or it was used already");
        err_hint(j, "A program shows a new one every half minute; each is good once. A code from "
                    "paper is good once too.");
    }
    return show_code(j, q, r, sign_in_problem(j, "code"));
}

enum err
page_code_check(struct job *j, const struct request *q, struct response *r)
{
    const char *typed = request_form(q, "code");
    struct sign_in_code c = {.typed = typed ? typed : "", .half = q->token,
                             .key = &q->server->key, .who = q->half, .address = q->address,
                             .device = q->device};
    enum err e;

    if (!is_half(q, SESSION_CODE))
        return page_code(j, q, r);
    if (strlen(c.typed) > 100)
        c.typed = "";
    e = sign_in_code(j, &c);
    if (e)
        return e;
    if (!c.token[0])
        return wrong_code(j, q, r, &c);
    r->location = on_from(j, c.stage, sign_in_next(j, q), q->half);
    r->set_cookie = cookie_set(j, q->site, c.token);
    return OK;
}
