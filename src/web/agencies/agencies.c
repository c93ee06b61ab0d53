#include "web/agencies/agencies.h"
#include "access/agency.h"
#include "access/agreement.h"
#include "base/date.h"
#include "base/text.h"
#include "people/area.h"
#include "ui/words.h"
#include "web/agencies/agencies.html.h"
#include "web/frame.h"
#include "web/pages.h"

static const char *
typed(const struct request *q, const char *name)
{
    const char *s = q->method == POST ? request_form(q, name) : NULL;

    return s ? s : "";
}

static const char *
path_of(struct job *j, const struct agency *a)
{
    return job_format(j, "/agencies/%lld/%lld", (long long)a->area, (long long)a->id);
}

static const char *
when(struct job *j, int64_t at)
{
    char words[DATE_TEXT + 16];

    return job_copy(j, time_words(at, words));
}

/* ---- all of them ---------------------------------------------------------------------------- */

static void
fill_row(struct job *j, const struct agency *a, struct cell *c)
{
    c[0] = (struct cell){.text = a->name, .href = path_of(j, a)};
    c[1] = (struct cell){.text = agency_kind_title(a->kind),
                         .note = a->urn ? job_format(j, "URN %lld", (long long)a->urn) : NULL};
    c[2] = (struct cell){.text = job_format(j, "%03lld", (long long)a->area)};
    c[3] = (struct cell){.text = words_count(j, a->people)};
    c[4] = (struct cell){.text = a->ended ? job_format(j, "Ended, %s", when(j, a->ended))
                                          : "Takes part"};
}

enum err
page_agencies(struct job *j, const struct request *q, struct response *r)
{
    static const struct column columns[] = {
        {"Name", false}, {"Kind", false}, {"Authority", false}, {"People", true}, {"State", false},
    };
    enum { N = sizeof columns / sizeof *columns };
    struct agencies_page p = {.view = frame_view(j, q, "Agencies")};
    struct agency *list;
    struct cell *cells;
    size_t n;
    enum err e = agency_list(j, &list, &n);

    if (e)
        return e;
    cells = job_array(j, N * n, sizeof *cells);
    for (size_t i = 0; i < n; i++)
        fill_row(j, &list[i], cells + N * i);
    p.lede = "The council’s teams, schools, and others who help. A person acts for one of them, "
             "and its kind decides what of a child it is given.";
    p.table = (struct table){.name = "Agencies", .columns = columns, .n_columns = N,
                             .cells = cells, .n_rows = n, .stack = true};
    view_agencies(&r->body, &p);
    return OK;
}

/* ---- a new one ------------------------------------------------------------------------------ */

static enum err
only_area(struct job *j, const char **out)
{
    struct area *all;
    size_t n;
    enum err e = area_list(j, &all, &n);

    *out = !e && n == 1 ? job_format(j, "%03lld", (long long)all[0].area_id) : NULL;
    return e;
}

static struct option *
kinds(struct job *j, const char *chosen)
{
    struct option *v = job_array(j, AGENCY_KINDS, sizeof *v);

    for (int k = 0; k < AGENCY_KINDS; k++) {
        const char *name = agency_kind_term((enum agency_kind)k).name;
        v[k] = (struct option){name, agency_kind_title((enum agency_kind)k),
                               !strcmp(name, chosen)};
    }
    return v;
}

static enum err
show_new(struct job *j, const struct request *q, struct response *r, struct problem *wrong)
{
    struct agency_new_page p = {.problems = {wrong, wrong != NULL}};
    struct view *v = frame_view(j, q, "Add an agency");
    enum err e = only_area(j, &p.only);

    v->back = "/agencies";
    v->back_text = "Agencies";
    p.view = v;
    p.name = (struct text_field){.id = "name", .label = "Name", .hint = "Such as Ashmere Police",
                                 .value = typed(q, "name")};
    p.kind = (struct text_field){.id = "kind", .label = "What kind of agency is it?",
                                 .options = kinds(j, typed(q, "kind")), .n = AGENCY_KINDS};
    p.urn = (struct text_field){.id = "urn", .label = "URN, of a school",
                                .hint = "Six or seven digits, as in GIAS; else leave it empty",
                                .value = typed(q, "urn")};
    p.area = (struct text_field){.id = "area", .label = "Authority",
                                 .hint = "Its three-digit number, such as 896",
                                 .value = typed(q, "area")};
    p.name.problem = problem_of(&p.problems, "name");
    p.urn.problem = problem_of(&p.problems, "urn");
    p.area.problem = problem_of(&p.problems, "area");
    view_agency_new(&r->body, &p);
    return e;
}

enum err
page_agency_new(struct job *j, const struct request *q, struct response *r)
{
    enum err e = permit(j, ACT_AGENCIES, (struct subject){.what = "a new agency"});

    return e ? e : show_new(j, q, r, NULL);
}

/* Where the words of what is wrong belong. */
static const char *
field_of(const struct agency *a)
{
    if (!a->name[strspn(a->name, " ")] || strlen(a->name) > AGENCY_NAME)
        return "name";
    return a->area < 1 || a->area > 999 ? "area" : "urn";
}

enum err
page_agency_add(struct job *j, const struct request *q, struct response *r)
{
    struct agency a = {.name = typed(q, "name"), .area = request_int(q, "area", 0),
                       .urn = request_int(q, "urn", 0)};
    struct problem wrong;
    enum err e = OK;

    if (!agency_kind_find(typed(q, "kind"), &a.kind))
        e = err_set(j, ERR_USAGE, "choose which kind of agency it is");
    if (!e)
        e = agency_add(j, &a, &a.id);
    if (e != ERR_INPUT && e != ERR_CONFLICT) {
        r->location = "/agencies";
        return e;
    }
    wrong = (struct problem){e == ERR_CONFLICT ? "name" : field_of(&a),
                             job_copy(j, j->err.message)};
    err_clear(j);
    r->status = 422;
    return show_new(j, q, r, &wrong);
}

/* ---- one of them ----------------------------------------------------------------------------- */

static void
fill_facts(struct job *j, const struct agency *a, struct agency_page *p)
{
    struct named *v = job_array(j, 5, sizeof *v);
    size_t n = 0;

    v[n++] = (struct named){.name = "Kind", .value = agency_kind_title(a->kind)};
    if (a->urn)
        v[n++] = (struct named){.name = "URN", .value = job_format(j, "%lld", (long long)a->urn)};
    v[n++] = (struct named){.name = "Authority",
                            .value = job_format(j, "%03lld", (long long)a->area)};
    v[n++] = (struct named){.name = "Takes part since", .value = when(j, a->since)};
    if (a->ended)
        v[n++] = (struct named){.name = "Ended", .value = when(j, a->ended)};
    p->facts = v;
    p->n_facts = n;
}

static enum err
show(struct job *j, const struct request *q, struct response *r, struct problem *wrong)
{
    struct agency_page p = {.problems = {wrong, wrong != NULL}};
    struct view *v;
    struct agency a;
    enum err e = agency_get(j, request_part_id(q, 0), request_part_id(q, 1), &a);

    if (e)
        return e;
    v = frame_view(j, q, a.name);
    v->back = "/agencies";
    v->back_text = "Agencies";
    p.view = v;
    p.action = path_of(j, &a);
    p.ended = a.ended != 0;
    p.people = a.people ? job_format(j, "%s for it.",
                                     words_counted(j, a.people, "person acts", "people act"))
                        : "Nobody acts for it at present.";
    p.name = (struct text_field){.id = "name", .label = "Name",
                                 .value = wrong ? typed(q, "name") : a.name,
                                 .problem = problem_of(&p.problems, "name")};
    fill_facts(j, &a, &p);
    view_agency(&r->body, &p);
    return OK;
}

enum err
page_agency(struct job *j, const struct request *q, struct response *r)
{
    return show(j, q, r, NULL);
}

enum err
page_agency_change(struct job *j, const struct request *q, struct response *r)
{
    const char *what = typed(q, "do");
    struct problem wrong = {.field = "name"};
    struct agency a;
    enum err e = agency_get(j, request_part_id(q, 0), request_part_id(q, 1), &a);

    if (e)
        return e;
    r->location = path_of(j, &a);
    if (!strcmp(what, "end"))
        return agency_end(j, &a);
    if (strcmp(what, "name"))
        return err_set(j, ERR_USAGE, "that is nothing that can be done with an agency");
    e = agency_rename(j, &a, typed(q, "name"));
    if (e != ERR_INPUT && e != ERR_CONFLICT)
        return e;
    wrong.text = job_copy(j, j->err.message);
    err_clear(j);
    r->location = NULL;
    r->status = 422;
    return show(j, q, r, &wrong);
}
