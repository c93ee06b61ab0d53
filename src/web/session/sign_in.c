#include "access/session.h"
#include "access/sign_in.h"
#include "web/cookie.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/route.h"
#include "web/server_private.h"
#include "web/session/sign_in.html.h"

enum { MOST_WAITING = 16 }; /* for their passphrase to be hashed */

/* Where somebody wanted to go before signing in: a page of ours, or NULL. */
static const char *
wanted(struct job *j, const char *next)
{
    struct target t;
    struct route r;

    if (!next || next[0] != '/' || next[1] == '/' || !route_parse(j, next, &t))
        return NULL;
    route_find(j, "GET", t.path, &r);
    return r.page && strcmp(t.path, "/sign-in") ? next : NULL;
}

static void
show(struct job *j, const struct request *q, struct response *r, struct problems problems)
{
    const char *next = request_form(q, "next");
    struct sign_in_view v = {
        .view = frame_view(j, q, "Sign in"),
        .login = request_form(q, "login"),
        .next = wanted(j, next ? next : request_query(q, "next")),
        .ended = q->method == GET && q->token
                     ? "You were signed out: after 30 minutes without a page, or 12 hours in all."
                     : NULL,
        .problems = problems,
        .demonstration = q->site->demonstration,
    };

    if (!v.login)
        v.login = "";
    view_sign_in(&r->body, &v);
}

enum err
page_sign_in(struct job *j, const struct request *q, struct response *r)
{
    if (j->who)
        r->location = frame_start(j->who);
    else
        show(j, q, r, (struct problems){0});
    return OK;
}

/* Hashing takes 64 MB: one at a time, and a flood is turned away rather than queued. */
static enum err
hash_in_turn(struct job *j, struct server *s, struct sign_in *in)
{
    bool full;

    pthread_mutex_lock(&s->lock);
    full = s->hashes_waiting >= MOST_WAITING;
    s->hashes_waiting += !full;
    pthread_mutex_unlock(&s->lock);
    if (full)
        return err_set(j, ERR_BUSY, "too many people are signing in at this moment");
    pthread_mutex_lock(&s->hashing);
    sign_in_hash(in);
    pthread_mutex_unlock(&s->hashing);
    pthread_mutex_lock(&s->lock);
    s->hashes_waiting--;
    pthread_mutex_unlock(&s->lock);
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

    if (!e)
        e = hash_in_turn(j, q->server, in);
    return e ? e : request_write(j, q, settle, &x);
}

static enum err
refused(struct job *j, const struct request *q, struct response *r)
{
    const char *words;

    sign_in_refused(j);
    words = job_format(j, "%s. %s", j->err.message, j->err.hint);
    err_clear(j);
    r->status = 422;
    show(j, q, r, (struct problems){(struct problem[]){{"login", words}}, 1});
    return OK;
}

enum err
page_sign_in_check(struct job *j, const struct request *q, struct response *r)
{
    struct sign_in in = {.login = request_form(q, "login"),
                         .passphrase = request_form(q, "passphrase"), .key = &q->server->key};
    const char *next = wanted(j, request_form(q, "next"));
    struct actor now = {0};
    enum err e;

    if (!in.login || !in.passphrase || strlen(in.login) > 256 || strlen(in.passphrase) > 1024)
        return refused(j, q, r);
    e = try(j, q, &in);
    if (e)
        return e;
    if (!in.token[0])
        return refused(j, q, r);
    now = (struct actor){.account = in.account, .role = in.role};
    r->location = next ? next : frame_start(&now);
    r->set_cookie = cookie_set(j, q->site, in.token);
    return OK;
}

enum err
page_sign_out(struct job *j, const struct request *q, struct response *r)
{
    audit_note(j, ACT_SELF, "sign out", false);
    r->location = "/";
    r->set_cookie = cookie_set(j, q->site, "");
    r->forget = true;
    return q->token ? session_end(j, &q->server->key, q->token) : OK;
}
