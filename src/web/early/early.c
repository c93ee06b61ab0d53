#include "web/early/early.h"
#include "people/child.h"
#include "people/school.h"
#include "web/download/sheet.h"
#include "web/early/early.html.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/states/empty.h"

enum { FILE_MOST = 20000 };

static unsigned
asked_domains(const struct request *q)
{
    unsigned domains = 0;

    for (size_t i = 0; i < q->n_query; i++)
        for (int d = 0; d < SIGN_DOMAINS; d++)
            if (!strcmp(q->query[i].name, "kind") &&
                !strcmp(q->query[i].value, sign_domain_name((enum sign_domain)d)))
                domains |= 1u << d;
    return domains;
}

static struct early_asked
asked_of(struct job *j, const struct request *q)
{
    const char *sort = request_query(q, "sort");
    int64_t page = request_int(q, "page", 1), tier = request_int(q, "kinds", 0);
    int64_t year = request_int(q, "year", SIGN_ANY);
    struct early_asked a = {.of = SIGN_FILTER_ALL, .page = page < 1 || page > 10000 ? 1 : page};

    a.of.urn = permit_school(j->who);
    if (!a.of.urn)
        a.of.urn = request_int(q, "school", 0);
    a.of.domains = asked_domains(q);
    a.of.tier = tier >= 2 && tier <= 3 ? (int)tier : 0;
    a.of.year_group = year >= -1 && year <= 14 ? (int)year : SIGN_ANY;
    a.of.changed = request_int(q, "changed", 0) == 1;
    a.of.sort = sort && !strcmp(sort, "name") ? SIGN_SORT_NAME : SIGN_SORT_KINDS;
    return a;
}

/* The schools to choose from; one school's view has no choice. */
static enum err
read_schools(struct job *j, struct early_facts *f)
{
    struct sign_school *v;
    struct option *o;
    size_t n;
    enum err e = sign_schools(j, f->run, &v, &n);

    if (e)
        return e;
    o = job_array(j, n + 1, sizeof *o);
    o[0] = (struct option){"", "All schools", !f->asked.of.urn};
    for (size_t i = 0; i < n; i++) {
        bool chosen = v[i].urn == f->asked.of.urn;
        if (chosen)
            f->school = v[i].name;
        o[i + 1] = (struct option){job_format(j, "%lld", (long long)v[i].urn),
                                   job_format(j, "%s (%lld)", v[i].name, (long long)v[i].listed),
                                   chosen};
    }
    f->schools = o;
    f->n_schools = f->school_view ? 0 : n + 1;
    return OK;
}

static enum err
read_facts(struct job *j, struct early_facts *f)
{
    struct sign_filter school = SIGN_FILTER_ALL;
    struct sign_asked ask = {f->asked.of, EARLY_PAGE, (f->asked.page - 1) * EARLY_PAGE};
    enum err e;

    school.urn = f->asked.of.urn;
    if ((e = sign_facets(j, f->run, &school, &f->all)) ||
        (e = sign_facets(j, f->run, &f->asked.of, &f->facets)) ||
        (e = sign_list(j, f->run, &ask, &f->list)))
        return e;
    return read_schools(j, f);
}

/* bad, typed: what was wrong with a name for these choices; NULL. */
static enum err
show(struct job *j, const struct request *q, struct response *r, const struct problem *bad)
{
    struct sign_run run;
    struct early_facts f = {.asked = asked_of(j, q), .run = &run,
                            .school_view = permit_school(j->who) != 0};
    struct saved_view *views = NULL;
    struct early_page p;
    enum err e = sign_run_current(j, &run);

    if (e == ERR_NOT_FOUND)
        return empty_no_figures(j, q, r, "Pupils to talk about");
    if (e || (e = read_facts(j, &f)) || (e = view_list(j, "/early", &views, &f.n_views)))
        return e;
    f.views = views;
    f.children = page_offered(j->who, "/children/:person");
    early_make(j, &f, frame_view(j, q, "Pupils to talk about"), &p);
    if (bad) {
        const char *typed = request_form(q, "name"), *query = request_form(q, "query");
        p.problems = (struct problems){bad, 1};
        p.view_name = typed ? typed : "";
        p.query = query ? query : "";
        r->status = 422;
    }
    view_early(&r->body, &p);
    return OK;
}

enum err
page_early(struct job *j, const struct request *q, struct response *r)
{
    return show(j, q, r, NULL);
}

/* Only an address of this page is kept: what the choices say is read anew each time. */
enum err
page_view_save(struct job *j, const struct request *q, struct response *r)
{
    const char *name = request_form(q, "name"), *query = request_form(q, "query");
    struct view_place v = {"/early", name ? name : "", query && *query == '?' ? query : ""};
    struct problem bad = {"name", NULL};
    enum err e = view_save(j, v);

    if (e == ERR_INPUT) {
        bad.text = job_copy(j, j->err.message);
        err_clear(j);
        return show(j, q, r, &bad);
    }
    if (!e)
        r->location = job_format(j, "/early%s", v.query);
    return e;
}

enum err
page_view_drop(struct job *j, const struct request *q, struct response *r)
{
    enum err e = view_drop(j, request_part_id(q, 0));

    if (!e)
        r->location = "/early";
    return e;
}

/* One line a sign, so that a spreadsheet can sort and count them. */
static struct sheet
early_sheet(struct job *j, const struct sign_run *run, const struct sign_page *list)
{
    static const struct sheet_column columns[] = {{.name = "name"}, {.name = "school"},
        {.name = "urn"}, {.name = "year_group"}, {.name = "kinds_of_sign", .kind = SHEET_COUNT},
        {.name = "sign"}, {.name = "reason"}, {.name = "new"}, {.name = "data_to"}};
    size_t n = 0, at = 0;
    struct sheet_cell *c;
    char day[DATE_TEXT];

    (void)run;
    for (size_t i = 0; i < list->n; i++)
        n += list->row[i].n;
    c = job_array(j, 9 * n + 1, sizeof *c);
    for (size_t i = 0; i < list->n; i++)
        for (size_t k = 0; k < list->row[i].n; k++, at++) {
            const struct sign_listed *p = &list->row[i];
            const struct sign_reason *w = &p->reason[k];
            struct sheet_cell *row = &c[9 * at];
            row[0] = sheet_text(p->name);
            row[1] = sheet_text(p->school);
            row[2] = sheet_text(job_format(j, "%lld", (long long)p->urn));
            row[3] = sheet_text(child_year_group(j, p->year_group));
            row[4] = sheet_count(p->tier);
            row[5] = sheet_text(w->rule->id);
            row[6] = sheet_text(w->words);
            row[7] = sheet_text(w->is_new ? "yes" : "");
            row[8] = sheet_text(job_copy(j, date_iso(w->data_day, day)));
        }
    return (struct sheet){.name = "signs", .title = "Warning signs", .columns = columns,
                          .n_columns = 9, .cells = c, .n_rows = n, .total = -1};
}

enum err
page_early_csv(struct job *j, const struct request *q, struct response *r)
{
    struct sign_run run;
    struct sign_asked ask = {asked_of(j, q).of, FILE_MOST, 0};
    struct sign_page list;
    struct sheet s;
    char day[DATE_TEXT];
    enum err e = sign_run_current(j, &run);

    if (e || (e = sign_list(j, &run, &ask, &list)))
        return e;
    s = early_sheet(j, &run, &list);
    return download_csv(j, r, &s, job_format(j, "rooted-warning-signs-%s.csv",
                                             date_iso(run.day, day)));
}
