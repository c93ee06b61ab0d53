#include "web/figures.h"
#include "base/text.h"
#include "ui/words.h"
#include "web/frame.h"

static const struct figure *
find(struct figures f, enum measure m, int32_t year, enum dimension d, const char *member)
{
    for (size_t i = 0; i < f.n; i++) {
        const struct figure *x = &f.v[i];
        if (x->measure == m && x->school_year == year && x->dimension == d &&
            (d == D_ALL || !strcmp(x->member, member)))
            return x;
    }
    return NULL;
}

static struct point
point_of(const struct figure *x)
{
    return x ? (struct point){x->numerator, x->denominator, x->no_data}
             : (struct point){.no_data = true};
}

struct point
figures_point(struct figures f, enum measure m, int32_t year, enum dimension d, const char *member)
{
    return point_of(find(f, m, year, d, member));
}

struct point
figures_all(struct figures f, enum measure m, int32_t year)
{
    return figures_point(f, m, year, D_ALL, "all");
}

int32_t
figures_full_year(const struct snapshot *s)
{
    int32_t year = s->last_year;

    while (year > s->first_year && s->as_of + 14 < date_year_end(year))
        year--;
    return year;
}

const char *
figures_year(struct job *j, int32_t year)
{
    char buf[DATE_TEXT];

    return job_copy(j, date_year_name(year, buf));
}

const char *
figures_year_short(struct job *j, int32_t year)
{
    return job_format(j, "%02d/%02d", (int)(year % 100), (int)((year + 1) % 100));
}

const char *
figures_list(struct job *j, enum measure m, int32_t year, enum dimension d, const char *member)
{
    const char *path;

    if (measure_rows[m].family != FAMILY_CHILD || !permit_act(j->who, ACT_CHILDREN))
        return NULL;
    path = job_format(j, "/children?measure=%s&year=%d%s%s", measure_rows[m].name, (int)year,
                      d == D_ALL ? "" : "&by=", d == D_ALL ? "" : dimension_rows[d].name);
    return d == D_ALL ? path : frame_with(j, path, "group", member);
}

const char *
figures_rate(struct job *j, enum measure m, struct point p)
{
    const struct measure_row *r = &measure_rows[m];

    if (point_missing(p))
        return NULL;
    if (r->per == 100)
        return words_percent(j, p, r->decimals);
    return words_rate(j, p, r->per, r->decimals);
}

const char *
figures_source(struct job *j, const char *sources, const struct snapshot *s)
{
    char day[DATE_TEXT];

    return job_format(j, "%s. As of %s.", words_capital(j, sources), date_words(s->as_of, day));
}

enum err
figures_cliff(struct job *j, int32_t year, struct cliff *out)
{
    enum err e = cliff_get(j, year, out);

    if (e != ERR_NOT_FOUND)
        return e;
    err_clear(j);
    *out = (struct cliff){.school_year = year, .not_loaded = "", .missing = EDGE_NEVER};
    return OK;
}

/* ---- a family of measures as a table ---- */

/* Fewer than twenty children have no rate; of absence it is enrolments that are counted. */
static bool
too_few(const struct figure *x)
{
    return (x->measure == M_DFE_ABSENCE ? x->spread.enrolments : x->denominator) < RATE_LEAST;
}

static const char *
interval_words(struct job *j, const struct figure *x)
{
    const struct measure_row *r = &measure_rows[x->measure];
    struct interval i = figure_interval(x);
    char low[TEXT_NUMBER], high[TEXT_NUMBER];

    if (!i.known)
        return NULL;
    return job_format(j, "%s to %s", text_decimal(r->per * i.low, r->decimals, low),
                      text_decimal(r->per * i.high, r->decimals, high));
}

/* Suspensions are events, several of one child: a rate, not a share. */
static struct cell
rate_cell(struct job *j, enum measure m, struct point p)
{
    const struct measure_row *r = &measure_rows[m];

    if (m == M_DFE_SUSP || m == M_DFE_PEX)
        return (struct cell){.text = words_rate(j, p, r->per, r->decimals),
                             .note = "per 100 pupils"};
    return (struct cell){.text = figures_rate(j, m, p),
                         .note = r->per == 100 ? NULL : words_unit(r->per)};
}

enum { T_MEASURE, T_COUNT, T_OF, T_RATE, T_INTERVAL, T_COLUMNS };

static void
measure_row(struct job *j, const struct figures_asked *a, enum measure m, struct cell *row)
{
    const struct figure *x = find(a->figures, m, a->year, a->dimension, a->member);
    const struct measure_row *r = &measure_rows[m];
    struct point p = point_of(x);

    row[T_MEASURE] = (struct cell){.text = r->title};
    if (point_missing(p)) {
        for (int i = T_COUNT; i < T_COLUMNS; i++)
            row[i].absent = NO_DATA;
        return;
    }
    row[T_COUNT] = (struct cell){.text = words_count(j, p.part), .hidden = r->title,
        .href = p.part ? figures_list(j, m, a->year, a->dimension, a->member) : NULL};
    row[T_OF] = (struct cell){.text = words_count(j, p.whole),
                              .note = m == M_DFE_ABSENCE ? "sessions" : NULL};
    if (too_few(x)) {
        row[T_RATE].absent = row[T_INTERVAL].absent = SUPPRESSED;
        return;
    }
    row[T_RATE] = rate_cell(j, m, p);
    row[T_INTERVAL].text = interval_words(j, x);
}

struct table
figures_table(struct job *j, const struct figures_asked *a, enum family family)
{
    static const struct column child[] = {{"", false}, {"Pupils", true}, {"Of", true},
        {"Rate", true}, {"95% interval", true}};
    static const struct column dfe[] = {{"", false}, {"Count", true}, {"Of", true},
        {"Rate", true}, {"95% interval", true}};
    struct cell *c = job_array(j, (size_t)MEASURES * T_COLUMNS, sizeof *c);
    size_t n = 0;

    for (int m = 0; m < MEASURES; m++)
        if (measure_rows[m].family == family)
            measure_row(j, a, (enum measure)m, &c[T_COLUMNS * n++]);
    return (struct table){.name = family == FAMILY_CHILD ? "Pupils by what happened to them"
                                                         : "Figures by DfE’s definitions",
                          .columns = family == FAMILY_CHILD ? child : dfe,
                          .n_columns = T_COLUMNS, .cells = c, .n_rows = n, .stack = true};
}
