/* A form while it is written: its page, saving, its answers to look over, sending. */
#include "ui/words.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/tell/tell.h"
#include "web/tell/answers.html.h"
#include "web/tell/tell.html.h"

static const char *
draft_path(struct job *j, const struct school_form *f, const char *rest)
{
    return job_format(j, "/tell/drafts/%lld%s", (long long)f->id, rest);
}

/* A draft of one's own; one that was sent leads on to what became of it. */
static enum err
read_draft(struct job *j, const struct request *q, struct response *r, struct school_form *f)
{
    enum err e = school_form_get(j, request_part_id(q, 0), f);

    if (!e && f->sent)
        r->location = tell_path(j, f);
    return e;
}

static struct view *
draft_view(struct job *j, const struct request *q, const struct school_form *f, const char *first)
{
    struct view *v = frame_view(j, q, job_format(j, "%s%s", first,
                                                 school_form_about(f->kind).title));

    v->back = "/tell";
    v->back_text = "All forms";
    return v;
}

static struct problems
problems_of(struct job *j, const struct school_form *f, const struct school_form_checked *c)
{
    struct school_form_about a = school_form_about(f->kind);
    struct problem *v = job_array(j, c->n + 1, sizeof *v);

    for (size_t i = 0; i < c->n; i++)
        v[i] = (struct problem){a.ask[c->problem[i].ask].column, c->problem[i].text};
    return (struct problems){v, c->n};
}

/* ---- the form -------------------------------------------------------------------------- */

static enum err
show_form(struct job *j, const struct request *q, struct response *r, const struct school_form *f,
          const struct school_form_checked *c)
{
    struct school_form_about a = school_form_about(f->kind);
    struct school_form_place *places;
    struct form_page p = {.view = draft_view(j, q, f, c->n ? "Error: " : ""), .lede = a.lede,
        .heading = school_form_changes(f) ? job_format(j, "Amend the %s", a.thing) : a.title,
        .caption = f->person || school_form_changes(f) ? school_form_pupil(j, f) : NULL,
        .action = draft_path(j, f, ""), .drop = draft_path(j, f, "/drop"),
        .version = f->version, .problems = problems_of(j, f, c)};
    char when[DATE_TEXT + 16];
    enum err e = school_form_places(j, &places, &p.n_places);

    if (!e)
        e = tell_answers(j, f, true, &p.known, &p.n_known);
    if (e)
        return e;
    p.places = places;
    p.saved = job_format(j, "Kept here since %s. You can leave it and go on another day.",
                         time_words(f->saved, when));
    tell_fields(j, f, &p.problems, &p);
    view_form(&r->body, &p);
    return OK;
}

enum err
page_draft(struct job *j, const struct request *q, struct response *r)
{
    static const struct school_form_checked unchecked;
    struct school_form f;
    enum err e = read_draft(j, q, r, &f);

    if (e || r->location)
        return e;
    if (school_form_cancels(&f)) { /* there is nothing to be asked */
        r->location = draft_path(j, &f, "/check");
        return OK;
    }
    return show_form(j, q, r, &f, &unchecked);
}

/* ---- saving ---------------------------------------------------------------------------- */

static enum err
make_rows(struct job *j, const struct school_form *theirs, const struct school_form *mine,
          struct both_page *p)
{
    struct school_form_about a = school_form_about(theirs->kind);
    struct both_row *v = job_array(j, a.n, sizeof *v);
    enum err e = OK;

    for (size_t i = 0; !e && i < a.n; i++) {
        struct both_row *row = &v[p->n];
        if (!strcmp(theirs->answer[i], mine->answer[i]))
            continue;
        row->label = a.ask[i].label;
        if (!(e = school_form_words(j, theirs, i, &row->theirs)))
            e = school_form_words(j, mine, i, &row->mine);
        p->n++;
    }
    p->rows = v;
    return e;
}

/* Fields to send again, without what the page itself adds. */
static void
keep_mine(struct job *j, const struct request *q, struct both_page *p)
{
    struct pair *v = job_array(j, q->n_form + 1, sizeof *v);

    for (size_t i = 0; i < q->n_form; i++)
        if (strcmp(q->form[i].name, "csrf") && strcmp(q->form[i].name, "version") &&
            strcmp(q->form[i].name, "do"))
            v[p->n_mine++] = q->form[i];
    p->mine = v;
}

static enum err
show_both(struct job *j, const struct request *q, struct response *r,
          const struct school_form *theirs, const struct school_form *mine)
{
    char when[DATE_TEXT + 16];
    struct both_page p = {.view = draft_view(j, q, mine, "Two versions: "),
        .heading = "This form was saved from another page meanwhile",
        .lede = job_format(j, "It was saved %s, while you were writing here. Nothing is "
                              "overwritten: choose which to keep.",
                           time_words(theirs->saved, when)),
        .action = draft_path(j, mine, ""), .keep = draft_path(j, mine, ""),
        .version = theirs->version};
    enum err e = make_rows(j, theirs, mine, &p);

    if (e)
        return e;
    keep_mine(j, q, &p);
    r->status = 409;
    view_both(&r->body, &p);
    return OK;
}

static enum err
after_saving(struct job *j, const struct request *q, struct response *r, struct school_form *f)
{
    const char *then = request_form(q, "do");
    struct school_form_checked c;
    enum err e;

    if (then && !strcmp(then, "later")) {
        r->location = "/tell";
        return OK;
    }
    if ((e = school_form_check(j, f, &c)))
        return e;
    if (!c.n) {
        r->location = draft_path(j, f, "/check");
        return OK;
    }
    f->version++; /* as it was saved */
    f->saved = j->now;
    r->status = 422;
    return show_form(j, q, r, f, &c);
}

/* The session idled out while this was written: it is kept, and shown after signing in. */
static enum err
save_late(struct job *j, struct response *r, const struct school_form *f, int64_t version)
{
    enum err e = f->version == version ? school_form_save(j, f) : OK;

    if (!e)
        r->location = frame_with(j, "/sign-in", "next", draft_path(j, f, ""));
    return e;
}

enum err
page_draft_save(struct job *j, const struct request *q, struct response *r)
{
    const char *version = request_form(q, "version");
    struct school_form f, saved;
    enum err e = read_draft(j, q, r, &f);

    if (e || r->location)
        return e;
    saved = f;
    tell_take(j, q, &f);
    f.version = version ? strtoll(version, NULL, 10) : 0;
    if (q->late)
        return save_late(j, r, &f, saved.version);
    if (f.version != saved.version)
        return show_both(j, q, r, &saved, &f);
    e = school_form_save(j, &f);
    return e ? e : after_saving(j, q, r, &f);
}

enum err
page_draft_drop(struct job *j, const struct request *q, struct response *r)
{
    enum err e = school_form_drop(j, request_part_id(q, 0));

    if (!e)
        r->location = "/tell";
    return e;
}

/* ---- looking it over, and sending --------------------------------------------------------- */

static const char *
same_says(struct job *j, const struct school_form *same)
{
    char when[DATE_TEXT + 16];

    return job_format(j, "%s told us of this on %s. If it has changed, amend that form instead.",
                      same->author, time_words(same->sent, when));
}

static enum err
show_answers(struct job *j, const struct request *q, struct response *r,
             const struct school_form *f, const struct school_form_checked *c)
{
    struct school_form_about a = school_form_about(f->kind);
    bool cancel = school_form_cancels(f);
    struct answers_page p = {.view = draft_view(j, q, f, "Check your answers: "),
        .heading = cancel ? job_format(j, "Cancel the %s?", a.thing) : "Check your answers",
        .lede = cancel ? "It will then count nowhere. What was sent before stays on record."
                       : "Nothing has been sent yet.",
        .caption = cancel ? school_form_pupil(j, f) : a.title, .remarks = c->remark,
        .n_remarks = c->n_remarks, .action = draft_path(j, f, "/send"),
        .change = cancel ? NULL : draft_path(j, f, ""), .drop = draft_path(j, f, "/drop"),
        .button = cancel ? "Cancel it" : school_form_changes(f) ? "Send what was amended" : "Send",
        .version = f->version};
    struct school_form same;
    enum err e = tell_answers(j, f, false, &p.answers, &p.n);

    if (!e && c->same && !(e = school_form_get(j, c->same, &same))) {
        p.same = tell_path(j, &same);
        p.same_says = same_says(j, &same);
    }
    if (!e)
        view_answers(&r->body, &p);
    return e;
}

enum err
page_draft_check(struct job *j, const struct request *q, struct response *r)
{
    struct school_form_checked c;
    struct school_form f;
    enum err e = read_draft(j, q, r, &f);

    if (e || r->location)
        return e;
    if ((e = school_form_check(j, &f, &c)))
        return e;
    return c.n ? show_form(j, q, r, &f, &c) : show_answers(j, q, r, &f, &c);
}

enum err
page_draft_send(struct job *j, const struct request *q, struct response *r)
{
    const char *version = request_form(q, "version");
    struct school_form f;
    int64_t task;
    enum err e = school_form_get(j, request_part_id(q, 0), &f);

    if (e)
        return e;
    if (version && !f.sent)
        f.version = strtoll(version, NULL, 10);
    e = school_form_send(j, &f, &task);
    if (!e)
        r->location = job_format(j, "/told/%lld?sent=1", (long long)f.id);
    return e;
}
