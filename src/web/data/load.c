#include "web/data/data.h"
#include "web/data/load.html.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/server_private.h"
#include "web/upload.h"

enum { REFRESH = 5 }; /* seconds: a load of a whole authority takes half a minute */

static void
show_form(struct job *j, const struct request *q, struct response *r, struct problems problems)
{
    struct view *v = frame_view(j, q, "Load files");
    struct load_form f;

    v->back = "/data";
    v->back_text = "All data";
    f = (struct load_form){v, problems};
    view_load_form(&r->body, &f);
}

enum err
page_load(struct job *j, const struct request *q, struct response *r)
{
    show_form(j, q, r, (struct problems){0});
    return OK;
}

enum err
page_load_files(struct job *j, const struct request *q, struct response *r)
{
    const char *what = request_form(q, "do");
    bool check = what && !strcmp(what, "check");
    int64_t task;
    enum err e = check ? upload_check(j, q, &task) : upload_load(j, q, &task);

    if (e == ERR_INPUT) {
        const struct problem wrong = {
            "files", q->n_uploads ? job_format(j, "%s. %s", j->err.message, j->err.hint)
                                  : "Choose at least one file"};
        err_clear(j);
        r->status = 422;
        show_form(j, q, r, (struct problems){&wrong, 1});
        return OK;
    }
    if (!e)
        r->location = job_format(j, "/data/loads/%lld", (long long)task);
    return e;
}

enum err
page_load_progress(struct job *j, const struct request *q, struct response *r)
{
    struct task t;
    struct load_progress p = {0};
    struct view *v;
    enum err e = task_get(j, request_part_id(q, 0), &t);

    if (e)
        return e;
    if (!strcmp(t.kind, "check") && !strcmp(t.state, "done")) {
        r->location = job_format(j, "/data/checks/%lld", (long long)t.id);
        return OK;
    }
    load_progress_make(j, &t, &p);
    v = frame_view(j, q, p.heading);
    v->back = "/data";
    v->back_text = "All data";
    v->refresh = p.running && !request_query(q, "still") ? REFRESH : 0;
    p.again = q->path;
    p.still = frame_with(j, q->path, "still", "1");
    p.view = v;
    view_load_progress(&r->body, &p);
    return OK;
}
