#include "report/at_risk.h"
#include "access/permit.h"
#include "base/text.h"
#include "stats/disclosure.h"
#include "stats/interval.h"

/* Sessions are not children: a rate of sessions needs as many as 20 children have. */
enum { SESSIONS_A_CHILD = 100 };

static struct disclosure_limits
limits_of(enum measure m)
{
    struct disclosure_limits l = DISCLOSURE_LIMITS;

    if (m == M_DFE_ABSENCE)
        l.base *= SESSIONS_A_CHILD;
    return l;
}

/* Social care's groups overlap, so they do not add up to all pupils. */
static bool
adds_up(enum dimension d)
{
    return d != D_CARE && d != D_ALL;
}

/* One dimension of one measure and year: rows[0 .. n-1], and all pupils. */
struct slice {
    struct at_risk_row *rows;
    size_t n;
    struct at_risk_row *all; /* NULL: not there */
};

static enum err
hide_slice(struct job *j, const struct slice *s, bool *changed)
{
    enum measure m = s->rows[0].figure.measure;
    bool total = adds_up(s->rows[0].figure.dimension) && s->all;
    size_t n = s->n + total;
    int64_t *cells = job_array(j, n, sizeof *cells), sum = 0;
    uint8_t *marks = job_alloc(j, n);
    struct disclosure_table t = {cells, 1, n, false, total};
    enum err e;

    for (size_t i = 0; i < s->n; i++) {
        sum += cells[i] = s->rows[i].figure.numerator;
        marks[i] = s->rows[i].state == AT_RISK_HIDDEN;
    }
    if (total) {
        cells[s->n] = sum;
        marks[s->n] = s->all->state == AT_RISK_HIDDEN;
    }
    e = disclosure_hide(j, &t, limits_of(m), marks);
    for (size_t i = 0; i < s->n && !e; i++)
        if (marks[i] && s->rows[i].state != AT_RISK_HIDDEN) {
            s->rows[i].state = AT_RISK_HIDDEN;
            *changed = true;
        }
    if (!e && total && marks[s->n] && s->all->state != AT_RISK_HIDDEN) {
        s->all->state = AT_RISK_HIDDEN;
        *changed = true;
    }
    return e;
}

static bool
same_slice(const struct figure *a, const struct figure *b)
{
    return a->measure == b->measure && a->school_year == b->school_year &&
           a->dimension == b->dimension;
}

static struct at_risk_row *
all_of(struct at_risk_row *rows, size_t n, const struct figure *f)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].figure.dimension == D_ALL && rows[i].figure.measure == f->measure &&
            rows[i].figure.school_year == f->school_year)
            return &rows[i];
    return NULL;
}

/* Slices share the total: done in turn until none changes. */
static enum err
hide_small(struct job *j, struct at_risk_row *rows, size_t n)
{
    bool changed = true;
    enum err e = OK;

    while (changed && !e) {
        changed = false;
        for (size_t i = 0; i < n && !e;) {
            struct slice s = {&rows[i], 1, NULL};
            while (i + s.n < n && same_slice(&rows[i].figure, &rows[i + s.n].figure))
                s.n++;
            s.all = all_of(rows, n, &rows[i].figure);
            if (rows[i].state != AT_RISK_NO_DATA && rows[i].figure.measure != M_DFE_ABSENCE)
                e = hide_slice(j, &s, &changed);
            i += s.n;
        }
    }
    return e;
}

static bool
is_of_children(enum measure m)
{
    return m != M_DFE_SUSP && m != M_DFE_PEX && m != M_DFE_ABSENCE;
}

static void
hide_rates(struct at_risk_row *r)
{
    const struct figure *f = &r->figure;
    bool shown;

    if (r->state != AT_RISK_SHOWN)
        return;
    shown = is_of_children(f->measure)
                ? disclosure_percent_is_shown(f->numerator, f->denominator, limits_of(f->measure))
                : disclosure_rate_is_shown(f->numerator, f->denominator, limits_of(f->measure));
    if (!shown)
        r->state = AT_RISK_RATE_HIDDEN;
}

/* Children: Wilson.  Suspensions and exclusions: exact limits of the count.  Sessions of one
 * pupil go together, so none is given for the absence rate. */
static void
add_interval(struct at_risk_row *r)
{
    const struct figure *f = &r->figure;
    double per = measure_rows[f->measure].per;
    struct interval i = {0};

    if (r->state == AT_RISK_NO_DATA || f->denominator <= 0)
        return;
    if (is_of_children(f->measure) && f->numerator <= f->denominator) {
        i = interval_wilson((struct part){f->numerator, f->denominator}, 0.95);
        r->low = per * i.low;
        r->high = per * i.high;
    } else if (f->measure == M_DFE_SUSP || f->measure == M_DFE_PEX) {
        i = interval_count(f->numerator, 0.95);
        r->low = per * i.low / (double)f->denominator;
        r->high = per * i.high / (double)f->denominator;
    }
    r->interval = i.known;
}

/* All pupils must be among the rows while counts are hidden; what was not asked for goes. */
static size_t
keep_asked(struct at_risk_row *rows, size_t n, int dimension)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (dimension < 0 || rows[i].figure.dimension == (enum dimension)dimension)
            rows[kept++] = rows[i];
    return kept;
}

/* One measure and year at a time, so that a slice finds its total nearby. */
static enum err
prepare_year(struct job *j, const struct at_risk_asked *asked, struct at_risk_row *rows, size_t n)
{
    enum err e = asked->internal ? OK : hide_small(j, rows, n);

    for (size_t i = 0; i < n && !e; i++) {
        if (!asked->internal)
            hide_rates(&rows[i]);
        add_interval(&rows[i]);
        e = dimension_label(j, rows[i].figure.dimension, rows[i].figure.member, &rows[i].label);
    }
    return e;
}

static int
by_year_then_dimension(const void *a, const void *b)
{
    const struct figure *x = &((const struct at_risk_row *)a)->figure;
    const struct figure *y = &((const struct at_risk_row *)b)->figure;

    if (x->measure != y->measure)
        return x->measure < y->measure ? -1 : 1;
    if (x->school_year != y->school_year)
        return x->school_year < y->school_year ? -1 : 1;
    if (x->dimension != y->dimension)
        return x->dimension < y->dimension ? -1 : 1;
    if (strlen(x->member) != strlen(y->member) && x->dimension != D_ETHNICITY)
        return strlen(x->member) < strlen(y->member) ? -1 : 1; /* 9 before 10 */
    return strcmp(x->member, y->member);
}

enum err
at_risk_list(struct job *j, const struct at_risk_asked *asked, struct at_risk_row **out, size_t *n)
{
    struct figure_filter f = {asked->measure, asked->school_year, -1, NULL};
    struct figure *figures;
    struct at_risk_row *rows;
    enum err e = permit(j, ACT_EXPORT, (struct subject){.what = "report who-is-at-risk"});

    *n = 0;
    if (!e)
        e = figure_list(j, f, &figures, n);
    if (e)
        return e;
    *out = rows = job_array(j, *n + 1, sizeof *rows);
    for (size_t i = 0; i < *n; i++) {
        rows[i].figure = figures[i];
        rows[i].state = figures[i].no_data ? AT_RISK_NO_DATA : AT_RISK_SHOWN;
    }
    qsort(rows, *n, sizeof *rows, by_year_then_dimension);
    for (size_t i = 0, k; i < *n && !e; i = k) {
        for (k = i; k < *n && rows[k].figure.measure == rows[i].figure.measure &&
                    rows[k].figure.school_year == rows[i].figure.school_year;)
            k++;
        e = prepare_year(j, asked, rows + i, k - i);
    }
    *n = keep_asked(rows, *n, asked->dimension);
    return e;
}

const char *
at_risk_count(struct job *j, const struct at_risk_row *r)
{
    char buf[TEXT_NUMBER];

    if (r->state == AT_RISK_NO_DATA)
        return "no data";
    return r->state == AT_RISK_HIDDEN ? "c" : job_copy(j, text_count(r->figure.numerator, buf));
}

const char *
at_risk_rate(struct job *j, const struct at_risk_row *r)
{
    const struct measure_row *m = &measure_rows[r->figure.measure];
    char buf[TEXT_NUMBER];

    if (r->state == AT_RISK_NO_DATA)
        return "no data";
    if (r->state != AT_RISK_SHOWN)
        return "c";
    if (r->figure.denominator <= 0)
        return "";
    return job_copy(j, text_rate(r->figure.numerator, r->figure.denominator, m->per, m->decimals,
                                 buf));
}

const char *
at_risk_interval(struct job *j, const struct at_risk_row *r)
{
    const struct measure_row *m = &measure_rows[r->figure.measure];
    char low[TEXT_NUMBER], high[TEXT_NUMBER];

    if (r->state != AT_RISK_SHOWN || !r->interval)
        return "";
    return job_format(j, "%s to %s", text_decimal(r->low, m->decimals, low),
                      text_decimal(r->high, m->decimals, high));
}
