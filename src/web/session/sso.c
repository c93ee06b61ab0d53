/* Signing in through a provider.  The proxy has its word checked; claims that came any other way
 * are not even read (http.c). */
#include "access/sso.h"
#include "web/cookie.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/server_private.h"
#include "web/session/sign_in.h"
#include "web/session/sso.html.h"

/* The address of this site, as the proxy is asked for it. */
static const char *
whole(struct job *j, const struct request *q, const char *path)
{
    if (q->site->tls)
        return job_format(j, "%s%s", q->site->address, path);
    return job_format(j, "http://%s%s", q->host ? q->host : "", path);
}

const char *
sso_begin_path(struct job *j, const struct request *q, const char *issuer, const char *next)
{
    const char *to = whole(j, q, frame_with(j, "/sign-in/sso", "next", next));

    return frame_with(j, frame_with(j, "/sso/back", "iss", issuer), "target_link_uri", to);
}

const char *
sso_end_path(struct job *j, const struct request *q)
{
    return frame_with(j, "/sso/back", "logout", whole(j, q, "/"));
}

static void
say(struct job *j, const struct sso_found *f, struct sso_page *p)
{
    const char *name = f->provider_name ? f->provider_name : "";

    switch (f->state) {
    case SSO_NOBODY:
        p->lede = "Nobody can be signed in here that way: the provider is not one that this "
                  "program trusts, or your account is closed. Ask the person at the council who "
                  "runs the program.";
        return;
    case SSO_OLD:
        p->lede = job_format(j, "You signed in at %s more than ten minutes ago. Do it once more.",
                             name);
        return;
    case SSO_FACTOR:
        p->lede = job_format(j, "You signed in at %s without a second factor. Records of children "
                                "are opened only with one: sign out there, and in again with "
                                "it.", name);
        return;
    case SSO_NEW:
        p->lede = job_format(j, "%s knows you, but no account here is linked with you yet. Type "
                                "the code that an administrator handed to you; that is needed "
                                "once.", name);
        p->button = "Link my account and sign in";
        p->code = true;
        return;
    case SSO_KNOWN:
        p->lede = job_format(j, "%s says who you are.", name);
        p->button = job_format(j, "Sign in as %s", f->name ? f->name : "yourself");
        return;
    }
}

static void
show(struct job *j, const struct request *q, struct response *r, const struct sso_found *f,
     struct problems problems)
{
    struct sso_page p = {.view = frame_view(j, q, "Sign in"), .next = sign_in_next(j, q),
                         .problems = problems};

    say(j, f, &p);
    if (f->state != SSO_KNOWN)
        p.again = sso_end_path(j, q);
    if (!p.button)
        r->status = 403;
    view_sso(&r->body, &p);
}

enum err
page_sso(struct job *j, const struct request *q, struct response *r)
{
    struct sso_found f;
    enum err e;

    if (j->who) {
        r->location = frame_start(j->who);
        return OK;
    }
    if (!q->sso) /* not by the proxy, or nobody signed in there */
        return err_set(j, ERR_NOT_FOUND, "nobody signs in here this way");
    e = sso_look(j, q->sso, &f);
    if (!e)
        show(j, q, r, &f, (struct problems){0});
    return e;
}

enum err
page_sso_check(struct job *j, const struct request *q, struct response *r)
{
    const char *code = request_form(q, "code"), *next = sign_in_next(j, q);
    struct sso_sign_in s = {.key = &q->server->key, .address = q->address, .device = q->device,
                            .code = code && *code && strlen(code) <= 100 ? code : NULL};
    enum err e;

    if (!q->sso)
        return err_set(j, ERR_NOT_FOUND, "nobody signs in here this way");
    s.claims = *q->sso;
    e = sso_sign_in(j, &s);
    if (e)
        return e;
    if (s.token[0]) {
        r->location = next ? next : "/";
        r->set_cookie = cookie_set(j, q->site, s.token);
        return q->token ? session_end(j, s.key, q->token) : OK;
    }
    if (s.found.state == SSO_NEW && code) {
        err_set(j, ERR_INPUT, "That code is not right, or it was used, or its week is over");
        err_hint(j, "Ask the administrator for another.");
        r->status = 422;
        show(j, q, r, &s.found, sign_in_problem(j, "code"));
        return OK;
    }
    show(j, q, r, &s.found, (struct problems){0});
    return OK;
}

enum err
page_signed_out(struct job *j, const struct request *q, struct response *r)
{
    struct view *v = frame_view(j, q, "You are signed out");
    struct sso_page p = {.view = v, .again = sso_end_path(j, q)};

    if (!q->proxied) {
        r->location = "/";
        return OK;
    }
    v->refresh = 1;
    v->refresh_to = p.again;
    view_signed_out(&r->body, &p);
    return OK;
}
