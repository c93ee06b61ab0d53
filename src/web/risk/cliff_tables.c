/* Near the edge by need, by place and by year. */
#include "base/text.h"
#include "stats/interval.h"
#include "ui/words.h"
#include "web/risk/cliff.h"

static const double LEVEL = 0.95;
static const char *const need_names[CLIFF_NEEDS] = {
#define NEED(id, name, about, signal, sources) name,
#include "risk/needs.def"
#undef NEED
};

/* A share; of fewer than 20 pupils none is shown. */
static struct cell
share_cell(struct job *j, struct point p)
{
    if (point_missing(p))
        return (struct cell){.absent = NO_DATA};
    return p.whole < RATE_LEAST ? (struct cell){.absent = SUPPRESSED}
                                : (struct cell){.text = words_percent(j, p, 1)};
}

/* ---- by need -------------------------------------------------------------------------- */

static void
make_needs(struct job *j, const struct cliff_facts *f, struct cliff_page *out)
{
    enum { NEED, WITH, SHARE, WITHOUT, COLUMNS };
    static const struct column columns[] = {{"Need", false}, {"Of those near the edge", true},
        {"Share of them", true}, {"Near the edge without it", true}};
    const struct cliff *c = f->cliff;
    struct cell *cells = job_array(j, COLUMNS * CLIFF_NEEDS, sizeof *cells);
    int most = 0;

    for (int i = 0; i < CLIFF_NEEDS; i++) {
        struct cell *row = &cells[COLUMNS * i];
        row[NEED].text = need_names[i];
        row[WITH].text = words_count(j, c->with[i]);
        row[SHARE] = share_cell(j, (struct point){c->with[i], c->at_least[3], false});
        row[WITHOUT].text = words_count(j, c->without[i]);
        most = c->with[i] > c->with[most] ? i : most;
    }
    if (c->at_least[3] <= 0)
        return;
    out->by_need = (struct table){.name = "Pupils near the edge, by need", .columns = columns,
        .n_columns = COLUMNS, .cells = cells, .n_rows = CLIFF_NEEDS, .wide = true};
    out->need_says = job_format(
        j, "Most often it is “%s”: %s. The last column counts again as if that need had not been "
           "looked at; between %s and %s pupils would be near the edge.", need_names[most],
        words_of(j, (struct point){c->with[most], c->at_least[3], false}, "pupils"),
        words_count(j, c->leave_one_out_low), words_count(j, c->leave_one_out_high));
}

/* ---- by place ------------------------------------------------------------------------- */

struct places {
    const struct cliff_place *v;
    size_t n;
    enum dimension dimension;
    const char *heading, *name;
};

static struct table
place_table(struct job *j, const struct cliff_facts *f, const struct places *p)
{
    struct column *columns = job_array(j, 4, sizeof *columns);
    struct cell *c = job_array(j, 4 * p->n, sizeof *c);

    columns[0].text = p->heading;
    columns[1] = (struct column){"Near the edge", true};
    columns[2] = (struct column){"Pupils", true};
    columns[3] = (struct column){"Share", true};
    for (size_t i = 0; i < p->n; i++) {
        const struct cliff_place *s = &p->v[i];
        struct cell *row = &c[4 * i];
        row[0].text = s->name;
        if (s->point.part)
            row[0].href = figures_list(j, M_CLIFF, f->year, p->dimension, s->member);
        row[1].text = words_count(j, s->point.part);
        row[2].text = words_count(j, s->point.whole);
        row[3] = share_cell(j, s->point);
    }
    return (struct table){.name = p->name, .columns = columns, .n_columns = 4, .cells = c,
                          .n_rows = p->n, .stack = true};
}

/* ---- by year -------------------------------------------------------------------------- */

static void
year_row(struct job *j, const struct cliff *c, struct cell *row)
{
    struct interval i = interval_wilson((struct part){c->at_least[3], c->pupils}, LEVEL);
    struct point p = {c->at_least[3], c->pupils, false},
                 later = {c->later_cliff.part, c->later_cliff.whole, false};
    char low[TEXT_NUMBER], high[TEXT_NUMBER];

    row[0].text = figures_year(j, c->school_year);
    row[1].text = words_count(j, c->at_least[3]);
    row[1].href = c->at_least[3] ? figures_list(j, M_CLIFF, c->school_year, D_ALL, NULL) : NULL;
    row[2] = share_cell(j, p);
    row[2].note = i.known && !row[2].absent
                      ? job_format(j, "%s to %s", text_decimal(100 * i.low, 1, low),
                                   text_decimal(100 * i.high, 1, high))
                      : NULL;
    row[3].text = job_format(j, "%s to %s", words_count(j, c->leave_one_out_low),
                             words_count(j, c->leave_one_out_high));
    row[4].text = words_count(j, c->at_least[2]);
    row[5].text = words_count(j, c->at_least[4]);
    row[6] = share_cell(j, later);
}

static const char *
year_says(struct job *j, const struct cliff_facts *f)
{
    const struct cliff *a = &f->years[0], *b = &f->years[f->n_years - 1];
    struct point before = {a->at_least[3], a->pupils, false},
                 now = {b->at_least[3], b->pupils, false};

    return job_format(j, "Near the edge in %s: %s of pupils. %s.", figures_year(j, b->school_year),
                      words_percent(j, now, 1),
                      words_change(j, now, before, figures_year(j, a->school_year), 1));
}

static void
make_by_year(struct job *j, const struct cliff_facts *f, struct cliff_page *out)
{
    enum { COLUMNS = 7 };
    static const struct column columns[COLUMNS] = {{"School year", false}, {"Near the edge", true},
        {"Share of pupils", true}, {"Leaving any one need out", true}, {"Two or more", true},
        {"Four or more", true}, {"Suspended later", true}};
    struct cell *c = job_array(j, COLUMNS * (f->n_years + 1), sizeof *c);
    struct bar *bars = job_array(j, f->n_years + 1, sizeof *bars);

    if (f->n_years < 2)
        return;
    for (size_t i = 0; i < f->n_years; i++) {
        const struct cliff *x = &f->years[i];
        year_row(j, x, &c[COLUMNS * i]);
        bars[i] = (struct bar){figures_year(j, x->school_year),
                               words_percent(j, (struct point){x->at_least[3], x->pupils, false},
                                             1),
                               x->pupils ? x->at_least[3] * 100000 / x->pupils : 0,
                               x->school_year == f->year};
    }
    out->by_year = (struct table){.name = "Near the edge, by school year", .columns = columns,
        .n_columns = COLUMNS, .cells = c, .n_rows = f->n_years, .wide = true};
    out->year_bars = bars;
    out->year_words = (struct figure_words){
        .says = year_says(j, f),
        .what = "Share of pupils with three or more needs and no threshold, on the autumn census "
                "day of each year. A source that was not loaded for a year makes it smaller."};
}

void
cliff_tables(struct job *j, const struct cliff_facts *f, struct cliff_page *out)
{
    const struct places schools = {f->schools, f->n_schools, D_SCHOOL, "School",
                                   "Pupils near the edge, by school"};
    const struct places districts = {f->districts, f->n_districts, D_DISTRICT,
                                     "District of the home", "Pupils near the edge, by district"};

    make_needs(j, f, out);
    out->schools = place_table(j, f, &schools);
    out->districts = place_table(j, f, &districts);
    make_by_year(j, f, out);
}
