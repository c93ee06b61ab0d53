/* An address that must not be found out: written, shown to inclusion leads, and ended. */
#include "intake/sealing.h"
#include "people/child.h"
#include "web/frame.h"
#include "web/guard/address.html.h"
#include "web/guard/guard.h"
#include "web/pages.h"
#include "web/server_private.h"
#include "work/task.h"

static const char *
typed(const struct request *q, const char *name, const char *kept)
{
    const char *s = q->method == POST ? request_form(q, name) : kept;

    return s ? s : "";
}

static enum err
show(struct job *j, const struct request *q, struct response *r, struct address_page *p)
{
    int64_t person = request_part_id(q, 0);
    struct view *v = frame_view(j, q, "Safe address");
    struct safe_address safe;
    struct child c;
    enum err e = permit(j, ACT_ADDRESS, (struct subject){.person = person});

    if (!e)
        e = child_get(j, person, &c);
    if (!e)
        e = safe_address_get(j, &q->server->key, person, &safe);
    if (e)
        return e;
    p->view = v;
    v->back = job_format(j, "/children/%lld", (long long)person);
    v->back_text = c.name;
    p->heading = c.name;
    p->action = job_format(j, "/children/%lld/address", (long long)person);
    p->marked = safe.marked;
    p->lede = safe.marked
                  ? job_format(j, "Marked since %s. No page, list or download tells where the "
                                  "child lives, and no search is by it.",
                               guard_when(j, safe.since))
                  : "Marked, no page, list or download tells where the child lives, and no search "
                    "is by it. Postcodes of the files are taken out of what is shown and counted.";
    p->address = typed(q, "address", safe.address);
    p->why = typed(q, "why", safe.why);
    view_address(&r->body, p);
    return OK;
}

enum err
page_address(struct job *j, const struct request *q, struct response *r)
{
    struct address_page p = {0};

    return show(j, q, r, &p);
}

static enum err
change(struct job *j, const struct request *q)
{
    const struct safe_order o = {request_part_id(q, 0), typed(q, "address", NULL),
                                 typed(q, "why", NULL)};
    int64_t task;
    enum err e = strcmp(typed(q, "do", NULL), "end")
                     ? sealing_address(j, &q->server->key, &o)
                     : sealing_address_end(j, &q->server->key, o.person);

    return e ? e : task_add(j, "figures", "{\"again\":true}", "rooted", &task);
}

enum err
page_address_change(struct job *j, const struct request *q, struct response *r)
{
    struct address_page p = {0};
    struct problem wrong = {"address", NULL};
    enum err e = change(j, q);

    if (e != ERR_INPUT) {
        r->location = job_format(j, "/children/%lld/address", (long long)request_part_id(q, 0));
        return e;
    }
    if (typed(q, "address", NULL)[0] && !typed(q, "why", NULL)[0])
        wrong.field = "why";
    wrong.text = job_copy(j, j->err.message);
    err_clear(j);
    p.problems = (struct problems){&wrong, 1};
    r->status = 422;
    return show(j, q, r, &p);
}
