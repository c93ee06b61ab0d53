#include "web/frame.h"
#include "web/pages.h"
#include "web/risk/at_risk.h"
#include "web/risk/at_risk.html.h"
#include "web/risk/cliff.h"
#include "web/risk/cliff.html.h"
#include "web/states/empty.h"

/* ---- who is at risk ---- */

/* "2022-2024" or "2024", within the years there are; else the last three full years. */
static struct pooled_years
asked_years(const struct request *q, const struct snapshot *s)
{
    const char *text = request_query(q, "years");
    int32_t full = figures_full_year(s);
    struct pooled_years y = {full - 2 >= s->first_year ? full - 2 : full, full};
    int first, last, n = 0;

    if (!text)
        return y;
    if (sscanf(text, "%4d-%4d%n", &first, &last, &n) == 2 && !text[n] && first >= s->first_year &&
        first <= last && last <= full)
        return (struct pooled_years){first, last};
    if (sscanf(text, "%4d%n", &first, &n) == 1 && !text[n] && first >= s->first_year &&
        first <= full)
        return (struct pooled_years){first, first};
    return y;
}

static struct at_risk_chosen
asked(const struct request *q, const struct snapshot *s)
{
    struct pooled_years y = asked_years(q, s);
    const char *care = request_query(q, "care");
    struct at_risk_chosen c = {at_risk_outcomes[0].measure, y.first, y.last, CARE_6_YEARS};
    enum measure m;

    if (measure_find(request_query(q, "outcome"), &m))
        c.outcome = at_risk_outcome(m)->measure;
    if (care && !strcmp(care, "1"))
        c.window = CARE_1_YEAR;
    else if (care && !strcmp(care, "ever"))
        c.window = CARE_EVER;
    return c;
}

/* Suspension and severe absence by sex, in the last of the years. */
static enum err
read_sexes(struct job *j, int32_t year, struct figures *out)
{
    struct figure *a, *b, *all;
    size_t n_a, n_b;
    enum err e = figure_list(j, (struct figure_filter){M_SUSP, year, D_SEX, NULL}, &a, &n_a);

    if (!e)
        e = figure_list(j, (struct figure_filter){M_SA, year, D_SEX, NULL}, &b, &n_b);
    if (e)
        return e;
    all = job_array(j, n_a + n_b, sizeof *all);
    if (n_a)
        memcpy(all, a, n_a * sizeof *a);
    if (n_b)
        memcpy(all + n_a, b, n_b * sizeof *b);
    *out = (struct figures){all, n_a + n_b};
    return OK;
}

static enum err
read_at_risk(struct job *j, const struct request *q, struct at_risk_facts *f)
{
    struct concentration *c = job_alloc(j, sizeof *c);
    struct ratio *ratios;
    struct pooled_years y;
    enum err e;

    f->full_year = figures_full_year(&f->snapshot);
    f->asked = asked(q, &f->snapshot);
    y = (struct pooled_years){f->asked.first_year, f->asked.last_year};
    f->concentration = c;
    e = concentration_get(j, y, f->asked.window, c);
    if (!e)
        e = figure_ratios(j, f->asked.outcome, y, &ratios, &f->n_ratios);
    if (e)
        return e;
    f->ratios = ratios;
    return read_sexes(j, f->asked.last_year, &f->sexes);
}

enum err
page_at_risk(struct job *j, const struct request *q, struct response *r)
{
    struct at_risk_facts f = {0};
    struct at_risk p;
    enum err e = snapshot_current(j, &f.snapshot);

    if (e == ERR_NOT_FOUND)
        return empty_no_figures(j, q, r, "Who is at risk");
    if (!e)
        e = read_at_risk(j, q, &f);
    if (e)
        return e;
    at_risk_make(j, &f, frame_view(j, q, "Who is at risk"), &p);
    view_at_risk(&r->body, &p);
    return OK;
}

/* ---- near the edge ---- */

static int
by_name(const void *a, const void *b)
{
    const struct cliff_place *x = a, *y = b;
    return strcmp(x->name, y->name);
}

struct cliff_places {
    struct cliff_place *v;
    size_t n;
};

static enum err
read_places(struct job *j, const struct cliff_facts *f, enum dimension d, struct cliff_places *out)
{
    struct figure *v;
    size_t n;
    enum err e = figure_list(j, (struct figure_filter){M_CLIFF, f->year, (int)d, NULL}, &v, &n);

    if (e)
        return e;
    out->v = job_array(j, n + 1, sizeof *out->v);
    for (size_t i = 0; i < n && !e; i++) {
        if (v[i].no_data || !v[i].denominator)
            continue;
        out->v[out->n] = (struct cliff_place){.member = v[i].member,
            .point = {v[i].numerator, v[i].denominator, false}};
        e = dimension_label(j, d, v[i].member, &out->v[out->n++].name);
    }
    if (!e && out->n)
        qsort(out->v, out->n, sizeof *out->v, by_name);
    return e;
}

/* Every year in which somebody can be told to be near the edge. */
static enum err
read_cliff_years(struct job *j, struct cliff_facts *f)
{
    int32_t first = f->snapshot.first_year, last = f->snapshot.last_year;
    struct cliff *c = job_array(j, (size_t)(last - first + 1), sizeof *c);
    enum err e = OK;

    for (int32_t year = first; year <= last && !e; year++) {
        e = figures_cliff(j, year, &c[f->n_years]);
        f->n_years += !e && c[f->n_years].pupils > 0;
    }
    f->years = c;
    return e;
}

static enum err
read_cliff(struct job *j, const struct request *q, struct cliff_facts *f)
{
    struct cliff *c = job_alloc(j, sizeof *c);
    struct cliff_places schools = {0}, districts = {0};
    struct figure *v;
    enum err e;

    f->full_year = figures_full_year(&f->snapshot);
    f->year = (int32_t)request_int(q, "year", f->full_year);
    if (f->year < f->snapshot.first_year || f->year > f->snapshot.last_year)
        f->year = f->full_year;
    f->cliff = c;
    e = figures_cliff(j, f->year, c);
    if (!e)
        e = figure_list(j, (struct figure_filter){M_CLIFF, -1, D_ALL, NULL}, &v, &f->figures.n);
    if (e)
        return e;
    f->figures.v = v;
    if ((e = read_places(j, f, D_SCHOOL, &schools)) ||
        (e = read_places(j, f, D_DISTRICT, &districts)))
        return e;
    f->schools = schools.v;
    f->n_schools = schools.n;
    f->districts = districts.v;
    f->n_districts = districts.n;
    return read_cliff_years(j, f);
}

enum err
page_cliff_edge(struct job *j, const struct request *q, struct response *r)
{
    struct cliff_facts f = {0};
    struct cliff_page p;
    enum err e = snapshot_current(j, &f.snapshot);

    if (e == ERR_NOT_FOUND)
        return empty_no_figures(j, q, r, "Near the edge");
    if (!e)
        e = read_cliff(j, q, &f);
    if (e)
        return e;
    cliff_page_make(j, &f, frame_view(j, q, "Near the edge"), &p);
    view_cliff(&r->body, &p);
    return OK;
}
