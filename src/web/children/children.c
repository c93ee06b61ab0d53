#include "web/children/children.h"
#include "people/school.h"
#include "web/children/child.h"
#include "web/children/child.html.h"
#include "web/children/child_signs.h"
#include "web/children/children.html.h"
#include "web/download/sheet.h"
#include "web/frame.h"
#include "web/pages.h"

static int64_t
asked_page(const struct request *q)
{
    int64_t page = request_int(q, "page", 1);

    return page < 1 || page > 100000 ? 1 : page;
}

/* ---- found by name or school ---- */

static enum err
read_schools(struct job *j, struct children_found *f)
{
    struct school *v;
    struct option *o;
    size_t n;
    enum err e = school_list(j, &v, &n);

    if (e)
        return e;
    o = job_array(j, n + 1, sizeof *o);
    o[0] = (struct option){"", "All schools", !f->urn};
    for (size_t i = 0; i < n; i++)
        o[i + 1] = (struct option){job_format(j, "%lld", (long long)v[i].urn), v[i].name,
                                   v[i].urn == f->urn};
    f->schools = o;
    f->n_schools = n + 1;
    return OK;
}

/* What each missed in the last full year, once there are figures. */
static enum err
read_missed(struct job *j, struct children_found *f)
{
    int64_t *person = job_array(j, f->n + 1, sizeof *person);
    struct missed *v = job_array(j, f->n + 1, sizeof *v);
    struct snapshot s;
    enum err e = snapshot_current(j, &s);

    if (e == ERR_NOT_FOUND) {
        err_clear(j);
        return OK;
    }
    for (size_t i = 0; i < f->n; i++)
        person[i] = f->v[i].person;
    if (e)
        return e;
    f->missed_year = figures_full_year(&s);
    f->missed = v;
    return figure_missed(j, f->missed_year, person, f->n, v);
}

static enum err
show_found(struct job *j, const struct request *q, struct response *r)
{
    const char *words = request_query(q, "q");
    struct children_found f = {.words = words ? words : "", .urn = request_int(q, "school", 0),
        .page = asked_page(q), .school_view = permit_school(j->who) != 0};
    struct child_search s = {.words = f.words, .urn = f.urn, .limit = FOUND_PAGE,
        .year_group = (int32_t)request_int(q, "group_year", CHILD_ANY_YEAR),
        .offset = (size_t)(f.page - 1) * FOUND_PAGE};
    struct children_page p;
    struct child *v = NULL;
    enum err e = OK;

    f.asked = f.words[0] || f.urn || f.school_view;
    if (!f.school_view)
        e = read_schools(j, &f);
    if (!e && f.asked)
        e = child_search(j, &s, &v, &f.n, &f.total);
    if (!e && f.words[0])
        e = child_search_ask(j, &s, &f.ask);
    f.v = v;
    if (!e && f.n)
        e = read_missed(j, &f);
    if (e)
        return e;
    f.group_year = s.year_group;
    children_found_make(j, &f, frame_view(j, q, f.school_view ? "My pupils" : "Find a child"), &p);
    view_children(&r->body, &p);
    return OK;
}

/* ---- behind a figure ---- */

/* The group of the address; all pupils where it names none. */
static enum err
read_group(struct job *j, const struct request *q, struct children_listed *f)
{
    const char *group = request_query(q, "group");

    f->dimension = D_ALL;
    if (!group || !dimension_find(request_query(q, "by"), &f->dimension) || f->dimension == D_ALL) {
        f->dimension = D_ALL;
        return OK;
    }
    f->member = group;
    return dimension_label(j, f->dimension, group, &f->group);
}

static enum err
read_listed(struct job *j, const struct request *q, struct children_listed *f, int64_t most)
{
    struct figure_child *v = NULL;
    struct children_asked a;
    enum err e = read_group(j, q, f);

    a = (struct children_asked){
        {(int)f->measure, f->year, f->dimension == D_ALL ? -1 : (int)f->dimension, f->member},
        most, (f->page - 1) * most};
    if (!e)
        e = figure_children(j, &a, &v, &f->n, &f->total);
    f->v = v;
    return e;
}

static enum err
show_listed(struct job *j, const struct request *q, struct response *r, enum measure m)
{
    struct snapshot s;
    struct children_listed f = {.measure = m, .page = asked_page(q), .snapshot = &s};
    struct children_page p;
    struct view *view;
    enum err e = snapshot_current(j, &s);

    if (e)
        return e;
    f.year = (int32_t)request_int(q, "year", figures_full_year(&s));
    e = read_listed(j, q, &f, LISTED_PAGE);
    if (e)
        return e;
    view = frame_view(j, q, job_format(j, "%s, %s", measure_rows[m].title,
                                       figures_year(j, f.year)));
    children_listed_make(j, &f, view, &p);
    view_children(&r->body, &p);
    return OK;
}

/* The list as a file: who may see it may keep it; the audit says who did. */
enum { LIST_MOST = 20000 };

static struct sheet
list_sheet(struct job *j, const struct figure_child *v, size_t n)
{
    static const struct sheet_column columns[] = {{.name = "name"}, {.name = "school"},
        {.name = "urn"}, {.name = "year_group"}, {.name = "suspensions", .kind = SHEET_COUNT},
        {.name = "suspended_sessions", .kind = SHEET_COUNT},
        {.name = "permanent_exclusions", .kind = SHEET_COUNT},
        {.name = "possible_sessions", .kind = SHEET_COUNT},
        {.name = "missed_sessions", .kind = SHEET_COUNT}};
    struct sheet_cell *c = job_array(j, 9 * n, sizeof *c);

    for (size_t i = 0; i < n; i++) {
        struct sheet_cell *row = &c[9 * i];
        row[0] = sheet_text(v[i].name);
        if (v[i].hidden) { /* counted, and no more */
            for (size_t k = 1; k < 9; k++)
                row[k] = sheet_text("");
            continue;
        }
        row[1] = sheet_text(v[i].school);
        row[2] = sheet_text(job_format(j, "%lld", (long long)v[i].urn));
        row[3] = sheet_text(child_year_group(j, v[i].year_group));
        row[4] = sheet_count(v[i].suspensions);
        row[5] = sheet_count(v[i].suspended_sessions);
        row[6] = sheet_count(v[i].exclusions);
        row[7] = sheet_count(v[i].possible);
        row[8] = sheet_count(v[i].absent);
    }
    return (struct sheet){.name = "pupils", .title = "Pupils", .columns = columns,
                          .n_columns = 9, .cells = c, .n_rows = n, .total = -1};
}

enum err
page_children_csv(struct job *j, const struct request *q, struct response *r)
{
    struct snapshot snapshot;
    struct children_listed f = {.page = 1};
    struct sheet s;
    enum err e = snapshot_current(j, &snapshot);

    if (!e && (!measure_find(request_query(q, "measure"), &f.measure) ||
               measure_rows[f.measure].family != FAMILY_CHILD))
        e = err_set(j, ERR_NOT_FOUND, "there is no such list");
    if (e)
        return e;
    f.year = (int32_t)request_int(q, "year", figures_full_year(&snapshot));
    e = read_listed(j, q, &f, LIST_MOST);
    if (e)
        return e;
    s = list_sheet(j, f.v, f.n);
    return download_csv(j, r, &s, job_format(j, "rooted-%s-%d.csv", measure_rows[f.measure].name,
                                             (int)f.year));
}

enum err
page_children(struct job *j, const struct request *q, struct response *r)
{
    const char *name = request_query(q, "measure");
    enum measure m;

    if (!name)
        return show_found(j, q, r);
    if (measure_find(name, &m) && measure_rows[m].family == FAMILY_CHILD)
        return show_listed(j, q, r, m);
    err_set(j, ERR_NOT_FOUND, "there is no such list");
    return err_hint(j, "Open the list from the figure on its page.");
}

/* ---- one child ---- */

/* Whoever works for the whole area is told that a restricted record exists, and whom to ask. */
static enum err
refused(struct job *j, const struct request *q, struct response *r, enum err denied)
{
    int64_t person = request_part_id(q, 0);
    enum permit_reason why;
    enum err e;

    if (permit_school(j->who))
        return denied;
    e = permit_ask(j, ACT_CHILD, (struct subject){.person = person}, &why);
    if (e || why != PERMIT_RESTRICTED)
        return e ? e : denied;
    guard_restricted(j, q, r, person);
    return j->err.kind;
}

enum err
page_child(struct job *j, const struct request *q, struct response *r)
{
    struct child c;
    struct child_page_facts f = {.child = &c, .today = j->today,
        .school_view = permit_school(j->who) != 0, .originals = permit_act(j->who, ACT_ORIGINAL)};
    struct fact *facts = NULL;
    struct child_signs signs;
    struct type_line *types = NULL;
    struct child_page p;
    struct guard_line guard = {0};
    enum err e = child_get(j, request_part_id(q, 0), &c);

    if (e == ERR_DENIED)
        return refused(j, q, r, e);
    if (!e)
        e = guard_line_of(j, c.person, &guard);
    if (!e)
        e = fact_list(j, c.person, &facts, &f.n);
    if (!e)
        e = fact_care_until(j, &f.care_until);
    if (!e)
        e = type_lines(j, c.person, &types, &f.n_types);
    if (!e)
        e = child_signs_words(j, c.person, &signs);
    if (e)
        return e;
    f.facts = facts;
    f.types = types;
    if ((e = child_weeks_read(j, &f)))
        return e;
    f.signs = signs.words;
    f.n_signs = signs.n;
    f.signs_day = signs.day;
    f.originals =
        f.originals && page_offered(j->who, "/children/:person/facts/:kind/:batch/:file/:line");
    child_page_make(j, &f, frame_view(j, q, c.name), &p);
    p.guard = guard;
    if (page_offered(j->who, "/children/:person/seen"))
        p.seen = job_format(j, "/children/%lld/seen", (long long)c.person);
    view_child(&r->body, &p);
    return OK;
}
