#include "web/overview/overview.h"
#include "web/data/fresh.h"
#include "web/frame.h"
#include "web/overview/overview.html.h"
#include "web/pages.h"
#include "web/states/empty.h"

/* Schools with pupils that year. */
static enum err
count_schools(struct job *j, int32_t year, int64_t *out)
{
    struct figure *v;
    size_t n;
    enum err e = figure_list(j, (struct figure_filter){M_ANY, year, D_SCHOOL, NULL}, &v, &n);

    *out = 0;
    for (size_t i = 0; !e && i < n; i++)
        *out += v[i].denominator > 0 && strcmp(v[i].member, MEMBER_NO_SCHOOL) != 0;
    return e;
}

static enum err
read_facts(struct job *j, const struct request *q, struct overview_facts *f)
{
    struct figure *v;
    const struct coverage_source *sources;
    struct cliff *c = job_alloc(j, sizeof *c);
    struct sources_used *used = job_alloc(j, sizeof *used);
    enum err e;

    f->year = (int32_t)request_int(q, "year", figures_full_year(&f->snapshot));
    if (f->year < f->snapshot.first_year || f->year > f->snapshot.last_year)
        f->year = figures_full_year(&f->snapshot);
    f->cliff = c;
    f->used = used;
    e = figure_list(j, (struct figure_filter){-1, -1, D_ALL, NULL}, &v, &f->figures.n);
    f->figures.v = v;
    if (!e)
        e = figures_cliff(j, f->year, c);
    if (!e)
        e = sources_used(j, f->year, used);
    if (!e)
        e = count_schools(j, f->year, &f->schools);
    if (!e)
        e = coverage_sources(j, &sources);
    if (!e)
        f->fresh = fresh_rows(j, sources, j->today, &f->n_fresh);
    return e;
}

enum err
page_overview(struct job *j, const struct request *q, struct response *r)
{
    struct overview_facts f = {0};
    struct overview p;
    enum err e = snapshot_current(j, &f.snapshot);

    if (e == ERR_NOT_FOUND)
        return empty_no_figures(j, q, r, "Overview");
    if (!e)
        e = read_facts(j, q, &f);
    if (e)
        return e;
    overview_make(j, &f, frame_view(j, q, "Overview"), &p);
    view_overview(&r->body, &p);
    return OK;
}
