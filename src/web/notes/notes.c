/* Notes on a child's record: who will read this sentence is said before it is saved. */
#include "ui/words.h"
#include "web/frame.h"
#include "web/guard/guard.h"
#include "web/notes/notes.h"
#include "web/notes/notes.html.h"
#include "web/pages.h"

static const char *
notes_path(struct job *j, int64_t person)
{
    return job_format(j, "/children/%lld/notes", (long long)person);
}

static bool
is_ticked(const struct request *q, int kind)
{
    char field[64];

    snprintf(field, sizeof field, "reads-%s", agency_kind_term((enum agency_kind)kind).name);
    return request_form(q, field) != NULL;
}

/* As sent; on a fresh form everybody whom the agreement names. */
static void
read_audience(const struct request *q, const struct note_audience *a, bool reads[AGENCY_KINDS])
{
    for (int k = 0; k < AGENCY_KINDS; k++)
        reads[k] = a->may[k] && (k == (int)a->own || q->method == GET ||
                                 is_ticked(q, k));
}

static void
make_notes(struct job *j, const struct child_note *v, size_t n, struct notes_page *p)
{
    struct note_shown *s = job_array(j, n, sizeof *s);

    for (size_t i = 0; i < n; i++) {
        const struct child_note *of = NULL;
        for (size_t k = 0; k < i; k++)
            if (v[k].id == v[i].follows)
                of = &v[k];
        s[i] = (struct note_shown){
            .by = job_format(j, "%s, %s", v[i].author, agency_kind_term(v[i].kind).words),
            .when = guard_when(j, v[i].written), .content = v[i].content,
            .audience = note_audience_words(j, v[i].reads),
            .id = job_format(j, "note-%lld", (long long)v[i].id),
            .follows = of ? job_format(j, "adds to the note of %s", guard_when(j, of->written))
                          : v[i].follows ? "adds to a note that you may not read" : NULL,
            .add = job_format(j, "%s?add=%lld#write", p->action, (long long)v[i].id)};
    }
    p->notes = s;
    p->n = n;
}

static void
make_form(struct job *j, const struct request *q, const struct note_audience *a,
          struct notes_page *p)
{
    struct option *o = job_array(j, AGENCY_KINDS, sizeof *o);
    bool reads[AGENCY_KINDS];

    read_audience(q, a, reads);
    for (int k = 0; k < AGENCY_KINDS; k++)
        if (a->may[k] && k != (int)a->own) {
            struct agreement_term t = agency_kind_term((enum agency_kind)k);
            o[p->n_reads++] = (struct option){t.name, words_capital(j, t.words), reads[k]};
        }
    p->reads = o;
    p->visible = note_audience_words(j, reads);
    p->content = q->method == POST ? request_form(q, "content") : NULL;
    if (!p->content)
        p->content = "";
}

/* The note that the form adds to, when it is one that may be read. */
static void
make_follows(struct job *j, int64_t asked, const struct child_note *v, size_t n,
             struct notes_page *p)
{
    p->follows = "";
    for (size_t i = 0; i < n; i++)
        if (v[i].id == asked) {
            p->follows = job_format(j, "%lld", (long long)asked);
            p->adds_to = job_format(j, "to the note of %s, %s", v[i].author,
                                    guard_when(j, v[i].written));
        }
}

static int64_t
asked_note(const struct request *q)
{
    const char *s = q->method == POST ? request_form(q, "follows") : NULL;

    return s ? strtoll(s, NULL, 10) : request_int(q, "add", 0);
}

enum err
notes_make(struct job *j, const struct request *q, int64_t person, struct notes_page *page)
{
    struct note_audience a;
    struct child_note *v;
    size_t n;
    enum err e = note_list(j, person, &v, &n);

    if (!e)
        e = note_may_read(j, &a);
    if (e)
        return e;
    make_notes(j, v, n, page);
    make_form(j, q, &a, page);
    make_follows(j, asked_note(q), v, n, page);
    return OK;
}

struct note_order
notes_order(const struct request *q, int64_t person, const struct note_audience *a)
{
    struct note_order o = {.person = person, .follows = asked_note(q),
                           .content = request_form(q, "content")};

    read_audience(q, a, o.reads);
    return o;
}

static enum err
show(struct job *j, const struct request *q, struct response *r, struct notes_page *p)
{
    int64_t person = request_part_id(q, 0);
    struct view *view = frame_view(j, q, "Notes");
    struct child c;
    enum err e = child_get(j, person, &c);

    p->action = notes_path(j, person);
    if (!e)
        e = notes_make(j, q, person, p);
    if (e)
        return e;
    view->back = job_format(j, "/children/%lld", (long long)person);
    view->back_text = c.name;
    p->view = view;
    p->heading = c.name;
    view_notes(&r->body, p);
    return OK;
}

enum err
page_notes(struct job *j, const struct request *q, struct response *r)
{
    struct notes_page p = {0};

    return show(j, q, r, &p);
}

enum err
page_note_add(struct job *j, const struct request *q, struct response *r)
{
    struct notes_page p = {0};
    struct problem wrong = {"content", NULL};
    struct note_order o = {0};
    struct note_audience a;
    int64_t id = 0;
    enum err e = note_may_read(j, &a);

    if (!e) {
        o = notes_order(q, request_part_id(q, 0), &a);
        e = note_add(j, &o, &id);
    }
    if (e != ERR_INPUT) {
        r->location = job_format(j, "%s#note-%lld", notes_path(j, o.person), (long long)id);
        return e;
    }
    wrong.text = job_copy(j, j->err.message);
    err_clear(j);
    p.problems = (struct problems){&wrong, 1};
    r->status = 422;
    return show(j, q, r, &p);
}
