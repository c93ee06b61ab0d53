#include "base/text.h"
#include "ui/words.h"
#include "web/data/data.h"
#include "web/data/withdraw.html.h"
#include "web/frame.h"
#include "web/pages.h"

static const char *
batch_path(struct job *j, const struct batch *b)
{
    return job_format(j, "/data/batches/%lld", (long long)b->id);
}

static void
show(struct job *j, const struct request *q, struct response *r, const struct batch *b,
     struct withdraw_page *p)
{
    struct view *v = frame_view(j, q, job_format(j, "Withdraw %s", b->title));

    p->back = v->back = batch_path(j, b);
    v->back_text = b->title;
    p->view = v;
    p->action = job_format(j, "%s/withdraw", p->back);
    p->heading = p->sure ? job_format(j, "Take %s out of all figures?", b->title) : v->title;
    p->lede = job_format(j, "It brought %s, loaded by %s.",
                         words_counted(j, b->loaded, "row", "rows"), b->loaded_by);
    view_withdraw(&r->body, p);
}

enum err
page_withdraw(struct job *j, const struct request *q, struct response *r)
{
    struct withdraw_page p = {.why = ""};
    struct batch b;
    enum err e = batch_get(j, request_part_id(q, 0), &b);

    if (e)
        return e;
    if (batch_may_withdraw(&b))
        show(j, q, r, &b, &p);
    else
        r->location = batch_path(j, &b); /* which says what became of it */
    return OK;
}

/* Figures without the batch are made behind the pages; the progress page follows them. */
static enum err
withdraw(struct job *j, struct response *r, const struct batch *b, const char *why)
{
    int64_t task;
    enum err e = batch_withdraw(j, b->id, why);

    if (!e)
        e = task_add(j, "figures", "{}", j->who ? j->who->login : "nobody", &task);
    if (!e)
        r->location = job_format(j, "/data/loads/%lld", (long long)task);
    return e;
}

enum err
page_withdraw_batch(struct job *j, const struct request *q, struct response *r)
{
    const char *typed = request_form(q, "why"), *sure = request_form(q, "sure");
    struct span why = span_trim(span_of(typed ? typed : ""));
    struct withdraw_page p = {.why = job_format(j, "%.*s", (int)why.n, why.s)};
    struct problem wrong = {"why", NULL};
    struct batch b;
    enum err e = batch_get(j, request_part_id(q, 0), &b);

    if (e)
        return e;
    if (!why.n)
        wrong.text = "Say why it should not be there";
    else if (why.n > WHY_MOST)
        wrong.text = "Say it in fewer words";
    if (wrong.text) {
        p.problems = (struct problems){&wrong, 1};
        r->status = 422;
    } else if (sure && !strcmp(sure, "yes")) {
        return withdraw(j, r, &b, p.why);
    } else if (!batch_may_withdraw(&b)) {
        r->location = batch_path(j, &b);
        return OK;
    } else {
        p.sure = true;
    }
    show(j, q, r, &b, &p);
    return OK;
}
