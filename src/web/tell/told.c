/* What was sent, and what became of it. */
#include "ui/words.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/tell/tell.h"
#include "web/tell/told.html.h"

enum { PAGE = 50 };

/* ---- one form ---------------------------------------------------------------------------- */

static const char *
told_says(struct job *j, const struct school_form *f)
{
    char when[DATE_TEXT + 16];
    const char *who = job_format(j, "Sent %s by %s.", time_words(f->sent, when), f->author);

    if (!strcmp(f->state, "refused"))
        return job_format(j, "%s It could not be taken: %s", who, f->message ? f->message : "");
    if (f->withdrawn)
        return job_format(j, "%s The council took it back: it counts nowhere now.", who);
    if (!strcmp(f->state, "sent"))
        return job_format(j, "%s It is being read, which takes a moment.", who);
    if (f->changed_by)
        return job_format(j, "%s A later form changed it.", who);
    return job_format(j, "%s It is on the child’s record.", who);
}

/* What told of it before, where that was no form. */
static const char *
of_says(struct job *j, const struct school_form *f)
{
    const char *what = school_form_cancels(f) ? "cancels" : "amends";

    if (!f->of.batch)
        return NULL;
    if (!f->of_title)
        return job_format(j, "It %s what a file told us, which is not kept any more: what this "
                             "form says stands by itself.", what);
    return job_format(j, "It %s what line %lld of “%s” told us. %s", what,
                      (long long)f->of.line, f->of_title,
                      f->of_withdrawn
                          ? "The council took that file back since: what this form says stands by "
                            "itself."
                          : "That line stays as it is; files that tell of it again do not undo "
                            "this form. Where a school census has it, the census stands first.");
}

static void
link_others(struct job *j, const struct school_form *f, struct told_page *p)
{
    int64_t other = f->changed_by ? f->changed_by : f->changes;

    if (other) {
        p->other = job_format(j, "/told/%lld", (long long)other);
        p->other_says = f->changed_by ? "The later form" : "The form that it changes";
    }
    if (f->person && permit_act(j->who, ACT_CHILD))
        p->child = job_format(j, "/children/%lld", (long long)f->person);
    if (f->batch && permit_act(j->who, ACT_DATA))
        p->batch = job_format(j, "/data/batches/%lld", (long long)f->batch);
}

static const char *
heading_of(struct job *j, const struct school_form *f, bool fresh)
{
    struct school_form_about a = school_form_about(f->kind);
    bool cancelled = school_form_cancels(f), amended = !strcmp(f->status, "amended");

    if (fresh)
        return job_format(j, "%s %s", words_capital(j, a.thing),
                          cancelled ? "cancelled" : amended ? "amended" : "sent");
    return job_format(j, "%s%s: %s", a.title,
                      cancelled ? ", cancelled" : amended ? ", amended" : "",
                      school_form_pupil(j, f));
}

enum err
page_told_one(struct job *j, const struct request *q, struct response *r)
{
    const char **clocks, **remarks;
    struct school_form f;
    struct told_page p = {.fresh = request_query(q, "sent") != NULL};
    struct view *view;
    enum err e = school_form_get(j, request_part_id(q, 0), &f);

    if (!e && !f.sent)
        r->location = tell_path(j, &f);
    if (e || r->location)
        return e;
    if ((e = tell_answers(j, &f, false, &p.answers, &p.n)) ||
        (e = school_form_remarks(j, &f, &remarks, &p.n_remarks)) ||
        (e = tell_clocks(j, &f, &clocks, &p.n_clocks)))
        return e;
    p.clocks = clocks;
    p.remarks = remarks;
    view = frame_view(j, q, p.fresh ? "Sent" : school_form_about(f.kind).title);
    view->back = "/told";
    view->back_text = "All that was sent";
    p.again = strcmp(f.state, "sent") ? NULL : job_format(j, "/told/%lld", (long long)f.id);
    p.view = view;
    p.heading = heading_of(j, &f, p.fresh);
    p.reference = job_format(j, "F%lld", (long long)f.id);
    p.state = tell_state(&f, &p.state_class);
    p.says = told_says(j, &f);
    p.of = of_says(j, &f);
    p.next = school_form_about(f.kind).next;
    if (school_form_may_change(&f))
        p.change = job_format(j, "/told/%lld", (long long)f.id);
    link_others(j, &f, &p);
    view_told(&r->body, &p);
    return OK;
}

enum err
page_told_change(struct job *j, const struct request *q, struct response *r)
{
    const char *what = request_form(q, "do");
    struct school_form f;
    int64_t id;
    enum err e = school_form_get(j, request_part_id(q, 0), &f);

    if (!e)
        e = school_form_change(j, &f, what && !strcmp(what, "cancel"), &id);
    if (!e)
        r->location = job_format(j, "/tell/drafts/%lld", (long long)id);
    return e;
}

/* ---- the list ------------------------------------------------------------------------------ */

static struct pages
make_pages(struct job *j, int64_t page, bool more)
{
    struct pages p = {.previous_text = "Later forms", .next_text = "Earlier forms"};

    if (page > 1)
        p.previous = frame_with_int(j, "/told", "page", page - 1);
    if (more)
        p.next = frame_with_int(j, "/told", "page", page + 1);
    return p;
}

enum err
page_told(struct job *j, const struct request *q, struct response *r)
{
    int64_t page = request_int(q, "page", 1), at = page < 1 || page > 10000 ? 1 : page;
    bool school = permit_school(j->who) != 0;
    struct school_form_filter f = {.most = PAGE + 1, .skip = (size_t)(at - 1) * PAGE};
    struct view *view = frame_view(j, q, school ? "What my school told us"
                                                : "What schools told us by form");
    struct told_list_page p = {.view = view, .heading = view->title, .tell = "/tell"};
    struct school_form *v;
    size_t n;
    enum err e = school_form_list(j, f, &v, &n);

    if (e)
        return e;
    view->back = "/tell";
    view->back_text = "All forms";
    p.lede = "Each form counts as a file of one row: who sent it and when stays on record.";
    p.none = "Nothing has been sent by form yet.";
    p.table = tell_sent_table(j, v, n > PAGE ? PAGE : n, school);
    p.pages = make_pages(j, at, n > PAGE);
    view_told_list(&r->body, &p);
    return OK;
}
