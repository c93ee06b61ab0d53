#include "web/cookie.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/server_private.h"
#include "web/session/sign_in.h"
#include "web/session/sign_in.html.h"

/* The address asked for, with its question. */
static const char *
own_address(struct job *j, const struct request *q)
{
    const char *at = q->path;

    for (size_t i = 0; i < q->n_query; i++)
        at = frame_with(j, at, q->query[i].name, q->query[i].value);
    return at;
}

bool
sign_in_strong(struct job *j, const struct request *q, struct response *r)
{
    return sign_in_strong_for(j, own_address(j, q), r);
}

bool
sign_in_strong_for(struct job *j, const char *form, struct response *r)
{
    if (session_is_strong(j))
        return true;
    r->location = frame_with(j, "/account/again", "next", form);
    return false;
}

static enum err
show(struct job *j, const struct request *q, struct response *r, struct problems problems)
{
    struct factor_state state;
    struct code_view v = {
        .view = frame_view(j, q, "Show that it is you"),
        .next = sign_in_next(j, q),
        .csrf = j->who->csrf,
        .passphrase = true,
        .problems = problems,
        .demonstration = q->site->demonstration,
    };
    enum err e = factor_get(j, j->who->account, &state);

    v.code = state.kind != FACTOR_NONE;
    v.list = state.kind == FACTOR_LIST;
    if (!e)
        view_code(&r->body, &v);
    return e;
}

enum err
page_again(struct job *j, const struct request *q, struct response *r)
{
    if (!session_is_strong(j))
        return show(j, q, r, (struct problems){0});
    r->location = sign_in_next(j, q);
    if (!r->location)
        r->location = "/account";
    return OK;
}

/* In a job of its own: the handler of such a page begins without a database. */
struct showing {
    const struct request *q;
    struct response *r;
    struct problems problems;
};

static enum err
show_read(struct job *j, void *arg)
{
    struct showing *s = arg;

    return show(j, s->q, s->r, s->problems);
}

static enum err
wrong(struct job *j, const struct request *q, struct response *r, int64_t waits_until)
{
    struct showing s = {q, r, {0}};

    if (waits_until) {
        sign_in_waits(j, waits_until);
    } else if (!j->err.kind) {
        err_set(j, ERR_INPUT, "The passphrase or the code is not right");
        err_hint(j, "Each code is good once: wait for the program's next one.");
    }
    r->status = waits_until ? 429 : j->err.kind == ERR_BUSY ? 503 : 422;
    s.problems = sign_in_problem(j, "passphrase");
    return request_read(j, q, show_read, &s);
}

enum err
page_again_check(struct job *j, const struct request *q, struct response *r)
{
    const char *passphrase = request_form(q, "passphrase"), *code = request_form(q, "code");
    struct sign_in_again a = {
        .in = {.login = j->who->login, .passphrase = passphrase ? passphrase : "",
               .key = &q->server->key, .address = q->address, .device = q->device},
        .code = {.typed = code && strlen(code) < 100 ? code : "", .half = q->token,
                 .key = &q->server->key, .who = j->who},
    };
    enum err e;

    if (strlen(a.in.passphrase) > 1024)
        return wrong(j, q, r, 0);
    e = request_read(j, q, sign_in_look, &a.in);
    if (!e && a.in.waits_until)
        return wrong(j, q, r, a.in.waits_until);
    if (!e)
        e = sign_in_turn(j, q, &a.in);
    if (e == ERR_BUSY && j->err.hint[0])
        return wrong(j, q, r, 0);
    if (!e)
        e = request_write(j, q, sign_in_again_settle, &a);
    if (e)
        return e;
    if (!a.code.token[0])
        return wrong(j, q, r, a.in.waits_until);
    r->set_cookie = cookie_set(j, q->site, a.code.token);
    r->location = sign_in_next(j, q);
    if (!r->location)
        r->location = "/account";
    return OK;
}
