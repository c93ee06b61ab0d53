/* Which form, and whom it is about. */
#include "people/school.h"
#include "ui/words.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/tell/tell.h"
#include "web/tell/tell.html.h"

enum { SHOWN = 20, RECENT = 5 };

enum err
page_tell(struct job *j, const struct request *q, struct response *r)
{
    struct offered_form *v = job_array(j, SCHOOL_FORM_KINDS + 1, sizeof *v);
    bool school = permit_school(j->who) != 0;
    struct school_form *drafts, *sent;
    struct view *view = frame_view(j, q, school ? "Tell the council" : "Forms of schools");
    struct tell_page p = {.view = view, .heading = view->title, .told = "/told", .forms = v,
                          .n = SCHOOL_FORM_KINDS + 1};
    size_t n = 0, n_sent = 0;
    enum err e = school_form_list(j, (struct school_form_filter){.drafts = true, .most = SHOWN},
                                  &drafts, &n);

    if (!e)
        e = school_form_list(j, (struct school_form_filter){.most = RECENT}, &sent, &n_sent);
    if (e)
        return e;
    p.lede = school ? "If your system does not export it, tell us here. What you send counts as a "
                      "file would."
                    : "Send a form for a school that cannot. What is sent counts as a file would.";
    for (int i = 0; i < SCHOOL_FORM_KINDS; i++) {
        struct school_form_about a = school_form_about((enum school_form_kind)i);
        v[i] = (struct offered_form){job_format(j, "/tell/new/%s", a.name), a.title, a.lede};
    }
    v[SCHOOL_FORM_KINDS] = (struct offered_form){"/tell/suspensions",
        "Amend or cancel a suspension",
        "Of those that we know of, whether by a census, a list, your system or a form."};
    p.drafts = tell_sent_table(j, drafts, n, school);
    p.sent = tell_sent_table(j, sent, n_sent, school);
    view_tell(&r->body, &p);
    return OK;
}

/* ---- whom it is about ------------------------------------------------------------------ */

struct choosing {
    struct school_form_about about;
    const char *words;
    int64_t urn;
    struct child *v;
    size_t n, total;
};

enum err
tell_schools(struct job *j, int64_t chosen, struct choice *out)
{
    struct school *v;
    struct option *o;
    size_t n;
    enum err e = school_list(j, &v, &n);

    if (e)
        return e;
    o = job_array(j, n + 1, sizeof *o);
    o[0] = (struct option){"", "Choose a school", !chosen};
    for (size_t i = 0; i < n; i++)
        o[i + 1] = (struct option){job_format(j, "%lld", (long long)v[i].urn), v[i].name,
                                   v[i].urn == chosen};
    *out = (struct choice){"school", "School", o, n + 1};
    return OK;
}

static void
fill_pupils(struct job *j, const struct choosing *c, struct choose_page *p)
{
    struct option *o = job_array(j, c->n + 1, sizeof *o);
    const char **ids = job_array(j, c->n + 1, sizeof *ids);
    char day[DATE_TEXT];

    for (size_t i = 0; i < c->n; i++) {
        const struct child *k = &c->v[i];
        const char *group = child_year_group(j, k->year_group);
        ids[i] = i ? job_format(j, "person-%zu", i + 1) : "person";
        o[i].value = job_format(j, "%lld", (long long)k->person);
        o[i].text = job_format(j, "%s%s%s, born %s%s", k->name, *group ? ", " : "", group,
                               k->born == DATE_NONE ? "on a day not known"
                                                    : date_words(k->born, day),
                               k->on_roll ? "" : ", has left");
    }
    p->pupils = (struct field){.look = LOOK_RADIOS, .name = "person", .label = "Which pupil?",
        .problem = problem_of(&p->problems, "person"), .options = o, .ids = ids, .n = c->n};
    if (p->pupils.problem)
        p->pupils.about = "person-problem";
    p->count = c->total > c->n ? "There are more. Give more of the name, or the UPN."
                               : words_counted(j, (int64_t)c->n, "pupil found", "pupils found");
}

static enum err
show_choose(struct job *j, const struct request *q, struct response *r, struct choosing *c,
            struct problems problems)
{
    struct child_search s = {.words = c->words, .urn = c->urn, .limit = SHOWN,
                             .year_group = CHILD_ANY_YEAR};
    struct view *view = frame_view(j, q, c->about.title);
    struct choose_page p = {.view = view, .problems = problems, .heading = c->about.title,
        .lede = c->about.lede, .words = c->words, .urn = c->urn,
        .action = job_format(j, "/tell/new/%s", c->about.name)};
    enum err e = permit_school(j->who) ? OK : tell_schools(j, c->urn, &p.schools);

    view->back = "/tell";
    view->back_text = "All forms";
    if (!e && c->urn && *c->words)
        e = child_search(j, &s, &c->v, &c->n, &c->total);
    if (e)
        return e;
    fill_pupils(j, c, &p);
    if (*c->words)
        p.none = c->urn ? job_format(j, "No pupil of the school was found for “%s”. Try the start "
                                        "of a name, or the UPN.", c->words)
                        : "Choose the school that tells, then look again.";
    view_choose(&r->body, &p);
    return OK;
}

static bool
read_kind(const struct request *q, struct choosing *c, enum school_form_kind *kind)
{
    if (!school_form_kind_find(q->part[0], kind))
        return false;
    c->about = school_form_about(*kind);
    return true;
}

static enum err
no_such_form(struct job *j)
{
    return err_set(j, ERR_NOT_FOUND, "there is no such form");
}

enum err
page_tell_choose(struct job *j, const struct request *q, struct response *r)
{
    const char *words = request_query(q, "q");
    struct choosing c = {.words = words ? words : ""};
    enum school_form_kind kind;

    if (!read_kind(q, &c, &kind))
        return no_such_form(j);
    c.urn = permit_school(j->who);
    if (!c.urn)
        c.urn = request_int(q, "school", 0);
    return show_choose(j, q, r, &c, (struct problems){0});
}

static int64_t
form_int(const struct request *q, const char *name)
{
    const char *s = request_form(q, name);

    return s ? strtoll(s, NULL, 10) : 0;
}

enum err
page_tell_begin(struct job *j, const struct request *q, struct response *r)
{
    static const struct problem none_chosen = {"person", "Choose the pupil, or type the details"};
    const char *words = request_form(q, "q"), *person = request_form(q, "person");
    struct choosing c = {.words = words ? words : ""};
    struct school_form_start s = {.urn = form_int(q, "school")};
    int64_t id;
    enum err e;

    if (!read_kind(q, &c, &s.kind))
        return no_such_form(j);
    c.urn = permit_school(j->who) ? permit_school(j->who) : s.urn;
    s.person = form_int(q, "person");
    if (!s.person && (!person || strcmp(person, "none") != 0)) {
        r->status = 422;
        return show_choose(j, q, r, &c, (struct problems){&none_chosen, 1});
    }
    e = school_form_start(j, s, &id);
    if (!e)
        r->location = job_format(j, "/tell/drafts/%lld", (long long)id);
    return e;
}
