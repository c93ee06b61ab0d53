#include "base/text.h"
#include "ui/words.h"
#include "web/frame.h"
#include "web/schools/schools.h"

static const char *
member_of(struct job *j, int64_t urn)
{
    return job_format(j, "%lld", (long long)urn);
}

/* As people say it; the table of GIAS has "ap" and "16 plus". */
static const char *
phase_words(struct job *j, const char *phase)
{
    return !strcmp(phase, "ap") ? "Alternative provision" : words_capital(j, phase);
}

/* ---- the list ---- */

static struct choice
choose_phase(struct job *j, const struct schools_facts *f)
{
    struct option *v = job_array(j, f->n + 1, sizeof *v);
    size_t n = 0;

    v[n++] = (struct option){"", "All phases", !f->phase};
    for (size_t i = 0; i < f->n; i++) {
        size_t k = 1;
        if (!f->v[i].phase[0])
            continue;
        while (k < n && strcmp(v[k].value, f->v[i].phase))
            k++;
        if (k == n)
            v[n++] = (struct option){f->v[i].phase, phase_words(j, f->v[i].phase),
                                     f->phase && !strcmp(f->phase, f->v[i].phase)};
    }
    return (struct choice){"phase", "Phase", v, n};
}

static const enum measure shares[] = {M_SUSP, M_PA, M_CLIFF};
enum { SHARES = sizeof shares / sizeof *shares };

/* A school and its points, found by its number. */
struct school_shares {
    int64_t urn;
    struct point point[SHARES];
};

static int
by_urn(const void *a, const void *b)
{
    const struct school_shares *x = a, *y = b;

    return (x->urn > y->urn) - (x->urn < y->urn);
}

static struct school_shares *
find_shares(struct school_shares *v, size_t n, int64_t urn)
{
    struct school_shares key = {.urn = urn};

    return n ? bsearch(&key, v, n, sizeof *v, by_urn) : NULL;
}

/* The shares of every school, and the paths of their lists but for the school's number. */
struct all_shares {
    struct school_shares *v;
    size_t n;
    const char *list[SHARES];
};

static struct all_shares
read_shares(struct job *j, const struct schools_facts *f)
{
    struct school_shares *v = job_array(j, f->n, sizeof *v), *s;
    struct all_shares all = {.v = v, .n = f->n};
    int64_t urn;

    for (size_t k = 0; k < SHARES; k++)
        all.list[k] = figures_list(j, shares[k], f->year, D_SCHOOL, "");
    for (size_t i = 0; i < f->n; i++) {
        v[i].urn = f->v[i].urn;
        for (size_t k = 0; k < SHARES; k++)
            v[i].point[k].no_data = true;
    }
    if (f->n)
        qsort(v, f->n, sizeof *v, by_urn);
    for (size_t i = 0; i < f->figures.n; i++) {
        const struct figure *x = &f->figures.v[i];
        s = text_to_int(x->member, strlen(x->member), &urn) ? find_shares(v, f->n, urn) : NULL;
        for (size_t k = 0; s && k < SHARES; k++)
            if (x->measure == shares[k] && x->school_year == f->year && x->dimension == D_SCHOOL)
                s->point[k] = (struct point){x->numerator, x->denominator, x->no_data};
    }
    return all;
}

/* A share of a school's pupils; fewer than 20 have none. */
static struct cell
share_cell(struct job *j, struct point p, const char *list, const char *member, enum measure m)
{
    if (point_missing(p))
        return (struct cell){.absent = NO_DATA};
    if (p.whole < RATE_LEAST)
        return (struct cell){.absent = SUPPRESSED};
    return (struct cell){.text = words_percent(j, p, 1),
                         .href = p.part && list ? job_format(j, "%s%s", list, member) : NULL,
                         .hidden = measure_rows[m].title};
}

static void
school_row(struct job *j, const struct school *s, const struct all_shares *all, struct cell *row)
{
    const char *member = member_of(j, s->urn);
    const struct school_shares *own = find_shares(all->v, all->n, s->urn);

    row[0] = (struct cell){.text = s->name, .href = job_format(j, "/schools/%s", member),
                           .note = s->closed != DATE_NONE ? "Closed" : NULL};
    row[1].text = s->phase[0] ? phase_words(j, s->phase) : NULL;
    row[1].absent = s->phase[0] ? PRESENT : NO_DATA;
    row[2].text = words_count(j, s->pupils);
    for (size_t k = 0; own && k < SHARES; k++)
        row[3 + k] = share_cell(j, own->point[k], all->list[k], member, shares[k]);
}

static struct table
schools_table(struct job *j, const struct schools_facts *f)
{
    static const struct column columns[] = {{"School", false}, {"Phase", false}, {"Pupils", true},
        {"Suspended", true}, {"Persistently absent", true}, {"Near the edge", true}};
    struct all_shares all = {0}; /* no figures: no shares */
    size_t wide = f->figures.n ? 3 + SHARES : 3, n = 0;
    struct cell *c = job_array(j, wide * f->n, sizeof *c);

    if (f->figures.n)
        all = read_shares(j, f);
    for (size_t i = 0; i < f->n; i++)
        if (!f->phase || !strcmp(f->phase, f->v[i].phase))
            school_row(j, &f->v[i], &all, &c[wide * n++]);
    return (struct table){.name = "Schools", .columns = columns, .n_columns = wide, .cells = c,
                          .n_rows = n, .stack = true};
}

void
schools_page_make(struct job *j, const struct schools_facts *f, const struct view *view,
                  struct schools_page *out)
{
    int64_t pupils = 0;

    *out = (struct schools_page){.view = view, .table = schools_table(j, f),
        .phases = choose_phase(j, f), .none = "No school census is loaded yet."};
    for (size_t i = 0; i < f->n; i++)
        pupils += f->v[i].pupils;
    out->heading = f->n ? words_counted(j, (int64_t)f->n, "school", "schools") : "Schools";
    if (!f->n)
        return;
    out->caption = job_format(j, "Schools · census of the %s term %s",
                              date_term_name(f->v[0].term), figures_year(j, f->v[0].school_year));
    out->lede = job_format(j, "%s on roll, as the last census counts them.",
                           words_counted(j, pupils, "pupil", "pupils"));
    out->source = f->figures.n
        ? job_format(j, "In order of name. Shares are of pupils in the school year %s; “c” means "
                     "fewer than 20 pupils. A share may be high because a school keeps its pupils. "
                     "School census, suspension notifications.", figures_year(j, f->year))
        : "In order of name. School census.";
}

/* ---- one school ---- */

static const enum measure shown[] = {M_SUSP, M_SUSP2, M_PEX, M_PA, M_SA, M_PTT, M_MOVE, M_EXIT};
enum { SHOWN = sizeof shown / sizeof *shown };

static void
school_keys(struct job *j, const struct school_facts *f, const char *member,
            struct school_page *out)
{
    static const enum measure key[] = {M_ANY, M_SUSP, M_PA, M_CLIFF};
    const char *last = figures_year(j, f->year - 1);

    for (size_t i = 0; i < 4; i++) {
        struct point now = figures_point(f->figures, key[i], f->year, D_SCHOOL, member);
        struct point before = figures_point(f->figures, key[i], f->year - 1, D_SCHOOL, member);
        struct key_figure *k = &out->keys[out->n_keys++];
        *k = (struct key_figure){.name = measure_rows[key[i]].title};
        if (point_missing(now))
            continue;
        k->figure = now.whole < RATE_LEAST ? words_count(j, now.part) : words_percent(j, now, 1);
        k->base = words_of(j, now, "pupils");
        k->href = figures_list(j, key[i], f->year, D_SCHOOL, member);
        if (f->year > f->snapshot.first_year && !point_missing(before))
            k->change = words_change(j, now, before, last, 1);
    }
}

static void
school_panels(struct job *j, const struct school_facts *f, const char *member,
              struct school_page *out)
{
    size_t years = (size_t)(f->year - f->snapshot.first_year + 1);
    struct school_panel *p = job_array(j, SHOWN, sizeof *p);

    for (size_t i = 0; i < SHOWN; i++) {
        const struct measure_row *m = &measure_rows[shown[i]];
        struct point *v = job_array(j, years, sizeof *v);
        for (size_t y = 0; y < years; y++) {
            v[y] = figures_point(f->figures, shown[i], f->snapshot.first_year + (int32_t)y,
                                 D_SCHOOL, member);
            v[y].no_data |= v[y].whole < RATE_LEAST; /* too few for a rate */
        }
        p[i] = (struct school_panel){{.name = m->title, .points = v, .n = years, .per = m->per,
            .decimals = m->decimals, .first = figures_year_short(j, f->snapshot.first_year),
            .last = figures_year_short(j, f->year)}, words_unit(m->per)};
    }
    out->panels = p;
    out->n_panels = SHOWN;
}

struct trend_at {
    int32_t first, year;
    const char *member;
};

static struct cell
trend_cell(struct job *j, const struct school_panel *p, size_t k, const struct trend_at *at)
{
    struct point v = p->trend.points[at->year - at->first];

    if (point_missing(v))
        return (struct cell){.absent = NO_DATA};
    return (struct cell){.text = words_rate(j, v, p->trend.per, p->trend.decimals),
        .href = v.part ? figures_list(j, shown[k], at->year, D_SCHOOL, at->member) : NULL,
        .hidden = p->trend.name};
}

static void
school_trend_table(struct job *j, const struct school_facts *f, const char *member,
                   struct school_page *out)
{
    size_t years = (size_t)(f->year - f->snapshot.first_year + 1), wide = years + 1;
    struct column *c = job_array(j, wide, sizeof *c);
    struct cell *cells = job_array(j, wide * SHOWN, sizeof *cells);
    struct trend_at at = {f->snapshot.first_year, 0, member};

    c[0].text = "Measure";
    for (size_t y = 0; y < years; y++)
        c[y + 1] =
            (struct column){figures_year_short(j, f->snapshot.first_year + (int32_t)y), true};
    for (size_t i = 0; i < SHOWN; i++) {
        const struct school_panel *p = &out->panels[i];
        cells[i * wide].text = job_format(j, "%s, %s", p->trend.name, p->unit);
        for (at.year = at.first; at.year <= f->year; at.year++)
            cells[i * wide + (size_t)(at.year - at.first) + 1] = trend_cell(j, p, i, &at);
    }
    out->trend_table = (struct table){.name = "Figures of this school, by school year",
                                      .columns = c,
                                      .n_columns = wide,
                                      .cells = cells,
                                      .n_rows = SHOWN,
                                      .wide = true};
}

/* Every measure in the last full year, in both families. */
static void
school_year(struct job *j, const struct school_facts *f, const char *member,
            struct school_page *out)
{
    struct figures_asked a = {f->figures, f->year, D_SCHOOL, member};

    out->types = figures_table(j, &a, FAMILY_CHILD);
    out->dfe = figures_table(j, &a, FAMILY_DFE);
    out->types_heading = job_format(j, "What happened in %s", figures_year(j, f->year));
    out->types_says = "Children are counted once a row, at the school that was their main one. "
                      "Each number opens its list. “c” means fewer than 20 pupils.";
    out->dfe_says = "To hold beside the published figures of this school. Enrolments, suspensions "
                    "and sessions are counted, not children, so no list of pupils has the same "
                    "length.";
}

static void
school_groups(struct job *j, const struct school_facts *f, const char *member,
              struct school_page *out)
{
    static const struct column columns[] = {{"Year group", false}, {"Pupils", true}};
    struct cell *c = job_array(j, 2 * f->n_groups, sizeof *c);
    bool offered = page_offered(j->who, "/children");

    for (size_t i = 0; i < f->n_groups; i++) {
        int32_t group = f->groups[i].year_group;
        const char *name = child_year_group(j, group);
        const char *path = frame_with(j, "/children", "school", member);
        c[2 * i].text = name[0] ? name : "Not given";
        if (offered && name[0])
            c[2 * i].href = frame_with_int(j, path, "group_year", group);
        c[2 * i + 1].text = words_count(j, f->groups[i].pupils);
    }
    out->groups = (struct table){.name = "Pupils by year group", .columns = columns, .n_columns = 2,
                                 .cells = c, .n_rows = f->n_groups};
}

static const char *
school_caption(struct job *j, const struct school *s)
{
    const char *all = job_format(j, "School %lld", (long long)s->urn);

    if (s->type[0])
        all = job_format(j, "%s · %s", all, s->type);
    if (s->phase[0])
        all = job_format(j, "%s · %s", all, phase_words(j, s->phase));
    if (s->district[0])
        all = job_format(j, "%s · %s", all, s->district);
    return all;
}

void
school_page_make(struct job *j, const struct school_facts *f, const struct view *view,
                 struct school_page *out)
{
    const struct school *s = f->school;
    const char *member = member_of(j, s->urn);

    *out = (struct school_page){.view = view, .caption = school_caption(j, s), .heading = s->name};
    if (s->pupils)
        out->lede = job_format(j, "%s on roll at the census of the %s term %s.",
                               words_counted(j, s->pupils, "pupil", "pupils"),
                               date_term_name(s->term), figures_year(j, s->school_year));
    else
        out->lede = "No census of this school is loaded.";
    if (s->pupils && page_offered(j->who, "/schools/:urn/meeting"))
        out->meeting = job_format(j, "/schools/%s/meeting", member);
    if (s->pupils && page_offered(j->who, "/children"))
        out->pupils = frame_with(j, "/children", "school", member);
    school_groups(j, f, member, out);
    if (!f->snapshot.id || !f->figures.n)
        return;
    school_keys(j, f, member, out);
    school_panels(j, f, member, out);
    school_trend_table(j, f, member, out);
    school_year(j, f, member, out);
    school_beside(j, f, out);
    school_flow(j, f, out);
    out->words = (struct figure_words){
        .says = job_format(j, "What happened to pupils here, %s to %s",
                           figures_year(j, f->snapshot.first_year), figures_year(j, f->year)),
        .what = "Pupils whose main school this was. Each panel has its own scale from zero; one "
                "pupil "
                "more or less moves a small school’s line. Hatched: no data, or fewer than 20 "
                "pupils."};
    out->source = figures_source(j, "School census, suspension notifications", &f->snapshot);
}
