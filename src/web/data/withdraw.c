#include "base/text.h"
#include "intake/school_form_known.h"
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

/* Forms that name what this batch told: they were sent after it, and stay. */
static enum err
amended(struct job *j, const struct batch *b, const char **out)
{
    int64_t n;
    enum err e = school_form_of_batch(j, b->id, &n);

    if (!e && n)
        *out = job_format(j, "%s what this batch told of suspensions. What %s stands then by "
                             "itself: withdraw %s too if it is wrong.",
                          n == 1 ? "A form amends or cancels"
                                 : job_format(j, "%s forms amend or cancel", words_count(j, n)),
                          n == 1 ? "it says" : "they say", n == 1 ? "its batch" : "their batches");
    return e;
}

static enum err
show(struct job *j, const struct request *q, struct response *r, const struct batch *b,
     struct withdraw_page *p)
{
    struct view *v = frame_view(j, q, job_format(j, "Withdraw %s", b->title));
    enum err e = amended(j, b, &p->amended);

    p->back = v->back = batch_path(j, b);
    v->back_text = b->title;
    p->view = v;
    p->action = job_format(j, "%s/withdraw", p->back);
    p->heading = p->sure ? job_format(j, "Take %s out of all figures?", b->title) : v->title;
    p->lede = job_format(j, "It brought %s, loaded by %s.",
                         words_counted(j, b->loaded, "row", "rows"), b->loaded_by);
    if (!e)
        view_withdraw(&r->body, p);
    return e;
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
        return show(j, q, r, &b, &p);
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
    return show(j, q, r, &b, &p);
}
