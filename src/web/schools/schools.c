#include "web/schools/schools.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/schools/schools.html.h"

static enum err
read_snapshot(struct job *j, struct snapshot *out)
{
    enum err e = snapshot_current(j, out);

    if (e != ERR_NOT_FOUND)
        return e;
    err_clear(j);
    *out = (struct snapshot){0};
    return OK;
}

/* Suspension, absence and near-the-edge of every school in a year. */
static enum err
read_figures(struct job *j, struct schools_facts *f)
{
    static const enum measure wanted[] = {M_SUSP, M_PA, M_CLIFF};
    struct figure *all = NULL;

    for (size_t i = 0; i < 3; i++) {
        struct figure *v;
        size_t n;
        enum err e = figure_list(j, (struct figure_filter){(int)wanted[i], f->year, D_SCHOOL, NULL},
                                 &v, &n);
        if (e)
            return e;
        all = job_grow(j, all, f->figures.n * sizeof *all, (f->figures.n + n) * sizeof *all);
        if (n)
            memcpy(all + f->figures.n, v, n * sizeof *v);
        f->figures.n += n;
    }
    f->figures.v = all;
    return OK;
}

enum err
page_schools(struct job *j, const struct request *q, struct response *r)
{
    struct schools_facts f = {.phase = request_query(q, "phase")};
    struct snapshot s = {0};
    struct schools_page p;
    struct school *v;
    enum err e = school_list(j, &v, &f.n);

    f.v = v;
    if (f.phase && !f.phase[0])
        f.phase = NULL;
    if (e)
        return e;
    if (permit_school(j->who) && f.n == 1) { /* a school has no list of schools */
        r->location = job_format(j, "/schools/%lld", (long long)v[0].urn);
        return OK;
    }
    if (permit_act(j->who, ACT_FIGURES))
        e = read_snapshot(j, &s);
    if (!e && s.id) {
        f.year = figures_full_year(&s);
        e = read_figures(j, &f);
    }
    if (e)
        return e;
    schools_page_make(j, &f, frame_view(j, q, "Schools"), &p);
    view_schools(&r->body, &p);
    return OK;
}

enum err
page_school(struct job *j, const struct request *q, struct response *r)
{
    struct school s;
    struct school_facts f = {.school = &s};
    struct school_year_group *groups;
    struct figure *v = NULL;
    struct school_page p;
    struct flow_line *flow = NULL;
    struct published_school published = {0};
    struct view *view;
    enum err e = school_get(j, request_part_id(q, 0), &s);

    if (!e)
        e = school_year_groups(j, &s, &groups, &f.n_groups);
    if (!e)
        e = read_snapshot(j, &f.snapshot);
    if (!e && f.snapshot.id)
        e = figure_list_school(j, s.urn, &v, &f.figures.n);
    f.year = f.snapshot.id ? figures_full_year(&f.snapshot) : 0;
    if (!e && f.snapshot.id)
        e = flow_school(j, s.urn, f.year, &flow, &f.n_flow);
    if (!e && f.snapshot.id)
        e = published_school(j, &(struct school_asked){s.urn, s.phase, f.year}, &published);
    if (e)
        return e;
    f.groups = groups;
    f.figures.v = v;
    f.flow = flow;
    f.published = &published;
    view = frame_view(j, q, s.name);
    if (!permit_school(j->who)) {
        view->back = "/schools";
        view->back_text = "All schools";
    }
    school_page_make(j, &f, view, &p);
    view_school(&r->body, &p);
    return OK;
}
