/* A restricted record opened in an emergency, and left. */
#include "access/permit.h"
#include "web/frame.h"
#include "web/guard/guard.h"
#include "web/guard/guard.html.h"
#include "web/pages.h"
#include "web/session/sign_in.h"

/* Only a record that is restricted for this person is opened so; any other is not there. */
static enum err
check_asked(struct job *j, int64_t person, struct guard *g)
{
    enum permit_reason reason;
    enum err e = permit_ask(j, ACT_CHILD, (struct subject){.person = person}, &reason);

    if (!e && reason != PERMIT_RESTRICTED)
        e = err_set(j, ERR_NOT_FOUND, "there is no restricted record that you could open so");
    return e ? e : guard_get(j, person, g);
}

static enum err
show(struct job *j, const struct request *q, struct response *r, struct emergency_page *p)
{
    const char *chosen = q->method == POST ? request_form(q, "reason") : NULL;
    int64_t person = request_part_id(q, 0);
    struct option *o = job_array(j, GLASS_REASONS, sizeof *o);
    struct guard g;
    enum err e = check_asked(j, person, &g);

    if (e)
        return e;
    for (int i = 0; i < GLASS_REASONS; i++) {
        const char *name = glass_reason_name((enum glass_reason)i);
        o[i] = (struct option){name, glass_reason_words((enum glass_reason)i),
                               chosen && !strcmp(chosen, name)};
    }
    p->view = frame_view(j, q, "Open a restricted record in an emergency");
    p->owner = g.owner_name ? g.owner_name : "The inclusion team";
    p->back = job_format(j, "/children/%lld", (long long)person);
    p->action = job_format(j, "%s/emergency", p->back);
    p->reasons = o;
    p->n_reasons = GLASS_REASONS;
    p->why = q->method == POST ? request_form(q, "why") : NULL;
    if (!p->why)
        p->why = "";
    view_emergency(&r->body, p);
    return OK;
}

enum err
page_emergency(struct job *j, const struct request *q, struct response *r)
{
    struct emergency_page p = {0};
    int64_t person = request_part_id(q, 0);
    struct guard g;
    enum err e = permit(j, ACT_GLASS, (struct subject){.person = person});

    if (!e)
        e = check_asked(j, person, &g);
    return e || !sign_in_strong(j, q, r) ? e : show(j, q, r, &p);
}

enum err
page_emergency_open(struct job *j, const struct request *q, struct response *r)
{
    int64_t person = request_part_id(q, 0);
    struct emergency_page p = {0};
    struct glass_order o = {.person = person, .why = request_form(q, "why")};
    struct problem wrong = {"reason", "Choose the reason"};
    enum err e = ERR_INPUT;

    if (!session_is_strong(j)) { /* the page asks for passphrase and code again */
        r->location = job_format(j, "/children/%lld/emergency", (long long)person);
        return OK;
    }
    if (glass_reason_find(request_form(q, "reason"), &o.reason)) {
        e = glass_begin(j, o);
        wrong = (struct problem){"why", job_copy(j, j->err.message)};
    }
    if (e != ERR_INPUT) {
        r->location = job_format(j, "/children/%lld", (long long)person);
        return e;
    }
    err_clear(j);
    p.problems = (struct problems){&wrong, 1};
    r->status = 422;
    return show(j, q, r, &p);
}

enum err
page_emergency_leave(struct job *j, const struct request *q, struct response *r)
{
    r->location = "/children";
    return glass_end(j, request_part_id(q, 0));
}
