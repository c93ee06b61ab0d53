/* A link that is good once: whom it invites chooses a passphrase, and goes on to set up a second
 * factor. Opening it changes nothing. */
#include "web/session/invitation.h"
#include "access/account.h"
#include "access/invitation.h"
#include "web/cookie.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/server_private.h"
#include "web/session/invitation.html.h"
#include "web/session/sign_in.h"

/* Used, over, withdrawn and invented look the same. */
static void
show_not_good(struct job *j, const struct request *q, struct response *r)
{
    struct invitation_page p = {.view = frame_view(j, q, "This link is good no more")};

    r->status = 404;
    view_invitation(&r->body, &p);
}

struct taking_up {
    const struct request *q;
    struct response *r;
    struct problems problems;
    const char *fresh, *field;
    struct sign_in in;
    struct invitation_use use;
    char login[LOGIN_MOST + 1];  /* "" the link is not good */
};

static enum err
show(struct job *j, void *arg)
{
    struct taking_up *t = arg;
    struct invitation_page p = {.problems = t->problems, .action = t->q->path};
    struct invited who;
    enum err e = invitation_find(j, t->use.key, t->use.token, &who);

    if (e)
        return e;
    if (!who.account) {
        show_not_good(j, t->q, t->r);
        return OK;
    }
    p.view = frame_view(j, t->q, "Your invitation");
    p.name = who.name;
    p.login = who.login;
    view_invitation(&t->r->body, &p);
    return OK;
}

static struct taking_up
taking_up(const struct request *q, struct response *r)
{
    return (struct taking_up){
        .q = q, .r = r, .use = {.key = &q->server->key, .token = q->part[0],
                                .address = q->address, .device = q->device}};
}

enum err
page_invitation(struct job *j, const struct request *q, struct response *r)
{
    struct taking_up t = taking_up(q, r);

    return show(j, &t);
}

static enum err
look(struct job *j, void *arg)
{
    struct taking_up *t = arg;
    struct invited who;
    enum err e = invitation_find(j, t->use.key, t->use.token, &who);

    if (!e && who.account)
        snprintf(t->login, sizeof t->login, "%s", who.login);
    return e;
}

/* NULL: what was typed can be taken. */
static const char *
check_typed(struct job *j, const struct taking_up *t)
{
    const char *repeated = request_form(t->q, "repeated");

    if (passphrase_check(j, t->login, t->fresh))
        return "fresh";
    if (repeated && !strcmp(repeated, t->fresh))
        return NULL;
    err_set(j, ERR_INPUT, "The two passphrases are not the same");
    err_hint(j, "Type the same one twice.");
    return "repeated";
}

static enum err
refuse(struct job *j, struct taking_up *t, const char *field)
{
    t->r->status = j->err.kind == ERR_BUSY ? 503 : 422;
    t->problems = sign_in_problem(j, field);
    return request_read(j, t->q, show, t);
}

/* Whoever was signed in with this browser before is signed out by it. */
static enum err
take_up(struct job *j, void *arg)
{
    struct taking_up *t = arg;
    enum err e = invitation_accept(j, &t->use);

    if (!e && t->use.session[0] && t->q->token)
        e = session_end(j, t->use.key, t->q->token);
    return e;
}

enum err
page_invitation_accept(struct job *j, const struct request *q, struct response *r)
{
    struct taking_up t = taking_up(q, r);
    const char *fresh = request_form(q, "fresh"), *field;
    enum err e = request_read(j, q, look, &t);

    t.fresh = fresh ? fresh : "";
    if (!e && !t.login[0])
        return request_read(j, q, show, &t);
    if (!e && (field = check_typed(j, &t)))
        return refuse(j, &t, field);
    t.in = (struct sign_in){.anew = true, .fresh = t.fresh, .key = t.use.key};
    if (!e)
        e = sign_in_turn(j, q, &t.in);
    if (e == ERR_BUSY && j->err.hint[0])
        return refuse(j, &t, "fresh");
    t.use.hash = t.in.fresh_hash;
    if (!e)
        e = request_write(j, q, take_up, &t);
    if (e)
        return e;
    if (!t.use.session[0])
        return request_read(j, q, show, &t);
    r->set_cookie = cookie_set(j, q->site, t.use.session);
    r->location = "/account/second-factor";
    return OK;
}
