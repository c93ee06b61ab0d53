/* Sealing a record, and bringing it back: passphrase and code are given again before. */
#include "access/permit.h"
#include "intake/sealing.h"
#include "people/child.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/sealed/sealed.h"
#include "web/sealed/sealed.html.h"
#include "web/server_private.h"
#include "web/session/sign_in.h"
#include "work/task.h"

static const char *
typed(const struct request *q, const char *name)
{
    const char *s = q->method == POST ? request_form(q, name) : NULL;

    return s ? s : "";
}

static void
show(struct job *j, const struct request *q, struct response *r, struct seal_page *p)
{
    struct view *v = frame_view(j, q, p->seals ? "Seal a record" : "Bring a sealed record back");

    p->view = v;
    v->back = p->back;
    v->back_text = p->heading;
    p->why = typed(q, "why");
    p->name = typed(q, "name");
    view_seal(&r->body, p);
}

static struct problem
problem_of_order(struct job *j, const struct request *q)
{
    bool name = typed(q, "why")[0] && typed(q, "name")[0];
    struct problem wrong = {name ? "name" : "why", job_copy(j, j->err.message)};

    err_clear(j);
    return wrong;
}

/* What was wrong, on the same page. */
static void
show_again(struct job *j, const struct request *q, struct response *r, struct seal_page *p,
           const struct problem *wrong)
{
    p->problems = (struct problems){wrong, 1};
    r->status = 422;
    show(j, q, r, p);
}

/* Nobody asked for them in particular: it happens after each load, too. */
static enum err
figures_again(struct job *j)
{
    int64_t task;

    return task_add(j, "figures", "{\"again\":true}", "rooted", &task);
}

static enum err
seal_page_of(struct job *j, const struct request *q, struct seal_page *p)
{
    int64_t person = request_part_id(q, 0);
    struct child c;
    enum err e = permit(j, ACT_SEAL, (struct subject){.person = person});

    if (!e)
        e = child_get(j, person, &c);
    if (e)
        return e;
    *p = (struct seal_page){.seals = true, .heading = c.name,
                            .back = job_format(j, "/children/%lld/access", (long long)person),
                            .action = job_format(j, "/children/%lld/seal", (long long)person)};
    return OK;
}

enum err
page_seal(struct job *j, const struct request *q, struct response *r)
{
    struct seal_page p;
    enum err e = seal_page_of(j, q, &p);

    if (!e && sign_in_strong(j, q, r))
        show(j, q, r, &p);
    return e;
}

enum err
page_seal_it(struct job *j, const struct request *q, struct response *r)
{
    const char *name = typed(q, "name");
    const struct seal_order o = {.person = request_part_id(q, 0), .why = typed(q, "why"),
                                 .custodian = &name, .n = name[0] != '\0'};
    struct seal_page p;
    enum err e;

    if (!session_is_strong(j)) {
        r->location = job_format(j, "/children/%lld/seal", (long long)o.person);
        return OK;
    }
    /* the record is not looked at before: that would be in the authority's audit */
    e = sealing_seal(j, &q->server->key, &o);
    if (e == ERR_INPUT) {
        struct problem wrong = problem_of_order(j, q);
        e = seal_page_of(j, q, &p);
        if (!e)
            show_again(j, q, r, &p, &wrong);
        return e;
    }
    r->location = job_format(j, "/sealed/%lld", (long long)o.person);
    return e ? e : figures_again(j);
}

/* ---- and back ------------------------------------------------------------------------------ */

static enum err
is_there(struct job *j, void *arg)
{
    (void)j;
    (void)arg;
    return OK;
}

static enum err
open_page_of(struct job *j, const struct request *q, struct seal_page *p)
{
    int64_t person = request_part_id(q, 0);

    *p = (struct seal_page){.heading = "A sealed record",
                            .back = job_format(j, "/sealed/%lld", (long long)person),
                            .action = job_format(j, "/sealed/%lld/open", (long long)person)};
    return custody_within(j, person, is_there, NULL);
}

enum err
page_unseal(struct job *j, const struct request *q, struct response *r)
{
    struct seal_page p;
    enum err e = open_page_of(j, q, &p);

    if (!e && sign_in_strong(j, q, r))
        show(j, q, r, &p);
    return e;
}

enum err
page_unseal_it(struct job *j, const struct request *q, struct response *r)
{
    int64_t person = request_part_id(q, 0);
    struct seal_page p;
    enum err e = open_page_of(j, q, &p);

    if (e)
        return e;
    if (!session_is_strong(j)) {
        r->location = job_format(j, "/sealed/%lld/open", (long long)person);
        return OK;
    }
    e = sealing_open(j, &q->server->key, person, typed(q, "why"));
    if (e == ERR_INPUT) {
        struct problem wrong = problem_of_order(j, q);
        show_again(j, q, r, &p, &wrong);
        return OK;
    }
    r->location = job_format(j, "/children/%lld", (long long)person);
    return e ? e : figures_again(j);
}
