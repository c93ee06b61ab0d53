/* A school beside schools of its type, as DfE published them. */
#include "base/text.h"
#include "ui/words.h"
#include "web/published/published.h"
#include "web/schools/schools.h"

enum { MEASURE, HERE, PUBLISHED, AUTHORITY, REGION, ENGLAND, NEIGHBOURS, COLUMNS };
static const double LEAST_APART = 1e-9;

static const struct figure *
own_of(const struct school_facts *f, enum measure m)
{
    for (size_t i = 0; i < f->figures.n; i++) {
        const struct figure *x = &f->figures.v[i];
        int64_t urn = 0;
        if (x->measure == m && x->school_year == f->published->school_year &&
            x->dimension == D_SCHOOL && text_to_int(x->member, strlen(x->member), &urn) &&
            urn == f->school->urn)
            return x;
    }
    return NULL;
}

static bool
too_few(const struct figure *x)
{
    return (x->measure == M_DFE_ABSENCE ? x->spread.enrolments : x->denominator) < RATE_LEAST;
}

static struct cell
own_cell(struct job *j, const struct figure *x)
{
    struct interval i;
    int decimals;
    char low[TEXT_NUMBER], high[TEXT_NUMBER];

    if (!x || x->no_data || x->denominator <= 0)
        return (struct cell){.absent = NO_DATA};
    if (too_few(x))
        return (struct cell){.absent = SUPPRESSED};
    i = figure_interval(x);
    decimals = measure_rows[x->measure].decimals;
    return (struct cell){
        .text = words_rate(j, (struct point){x->numerator, x->denominator, false}, 100, decimals),
        .note = i.known ? job_format(j, "%s to %s", text_decimal(100 * i.low, decimals, low),
                                     text_decimal(100 * i.high, decimals, high))
                        : NULL};
}

static struct cell
beside_cell(struct job *j, const struct beside_figure *f)
{
    struct cell c = published_cell(j, &f->rate);

    if (f->all && f->rate.state != BENCHMARK_NONE)
        c.note = "all schools";
    return c;
}

static struct cell
neighbours_cell(struct job *j, const struct beside_row *r)
{
    struct cell c = beside_cell(j, &r->middle);

    if (!r->neighbours)
        return (struct cell){.absent = NO_DATA};
    c.note = job_format(j, "%.*s to %.*s, %s%s", (int)r->low.rate.n, r->low.rate.text,
                        (int)r->high.rate.n, r->high.rate.text,
                        words_counted(j, (int64_t)r->neighbours, "authority", "authorities"),
                        r->middle.all ? ", all schools" : "");
    return c;
}

/* "suspensions" of "Suspensions, DfE's definition". */
static const char *
short_title(struct job *j, enum measure m)
{
    const char *title = measure_rows[m].title;
    char *s = job_copy_n(j, title, strcspn(title, ","));

    if (s[0] >= 'A' && s[0] <= 'Z')
        s[0] = (char)(s[0] | 32);
    return s;
}

/* Does the school's interval leave the authority's figure out, and on which side? */
enum side { SIDE_NOT_KNOWN, SIDE_WITHIN, SIDE_ABOVE, SIDE_BELOW, SIDES };
static enum side
side_of(const struct figure *x, const struct beside_figure *theirs)
{
    struct interval i;
    double v = (double)theirs->rate.ten_thousandths / 1e6;

    if (!x || x->no_data || x->denominator <= 0 || too_few(x) ||
        theirs->rate.state != BENCHMARK_GIVEN)
        return SIDE_NOT_KNOWN;
    i = figure_interval(x);
    if (!i.known)
        return SIDE_NOT_KNOWN;
    return i.low > v + LEAST_APART ? SIDE_ABOVE : i.high < v - LEAST_APART ? SIDE_BELOW
                                                                           : SIDE_WITHIN;
}

static const char *
beside_says(struct job *j, const struct school_facts *f)
{
    const struct published_school *p = f->published;
    const char *name[SIDES][PUBLISHED_SCHOOL_ROWS], *year = figures_year(j, p->school_year);
    size_t n[SIDES] = {0};
    const char *says = "";

    for (size_t i = 0; i < p->n; i++) {
        enum measure m = p->row[i].measure;
        enum side side = side_of(own_of(f, m), &p->row[i].of[BESIDE_AUTHORITY]);
        name[side][n[side]++] = short_title(j, m);
    }
    if (n[SIDE_ABOVE])
        says = job_format(j, "Above the authority’s figure in %s by more than chance: %s. ", year,
                          words_list(j, name[SIDE_ABOVE], n[SIDE_ABOVE]));
    if (n[SIDE_BELOW])
        says = job_format(j, "%sBelow the authority’s figure in %s by more than chance: %s. ",
                          says, year, words_list(j, name[SIDE_BELOW], n[SIDE_BELOW]));
    if (n[SIDE_NOT_KNOWN] == p->n)
        says = job_format(j, "No figure of this school for %s can be compared. ", year);
    else if (!n[SIDE_ABOVE] && !n[SIDE_BELOW])
        says = job_format(j, "In %s no figure of this school lies apart from the authority’s by "
                             "more than chance. ", year);
    return job_format(j, "%sSchools differ in their children: a figure apart from others is a "
                         "question, not an answer.%s", says,
                      p->chosen ? "" : " Statistical neighbours are not set (rooted setup "
                                       "--neighbours).");
}

static const struct column *
columns_of(struct job *j, const struct published_school *p)
{
    struct column *c = job_array(j, COLUMNS, sizeof *c);

    c[MEASURE].text = job_format(j, "Per 100, %s", figures_year(j, p->school_year));
    c[HERE] = (struct column){"This school", true};
    c[PUBLISHED] = (struct column){"As DfE has it", true};
    c[AUTHORITY] = (struct column){"Authority", true};
    c[REGION] = (struct column){p->region ? p->region : "Region", true};
    c[ENGLAND] = (struct column){"England", true};
    c[NEIGHBOURS] = (struct column){"Statistical neighbours", true};
    return c;
}

void
school_beside(struct job *j, const struct school_facts *f, struct school_page *out)
{
    const struct published_school *p = f->published;
    size_t wide = p && p->chosen ? COLUMNS : NEIGHBOURS;
    struct cell *c;

    out->beside_says = "To hold this school beside schools of its type in the authority and in "
                       "England, load DfE’s files from explore education statistics.";
    if (!p || !p->school_year)
        return;
    c = job_array(j, wide * p->n + 1, sizeof *c);
    for (size_t i = 0; i < p->n; i++) {
        const struct beside_row *r = &p->row[i];
        struct cell *row = &c[wide * i];
        row[MEASURE].text = words_capital(j, short_title(j, r->measure));
        row[HERE] = own_cell(j, own_of(f, r->measure));
        for (int of = 0; of < BESIDES; of++)
            row[PUBLISHED + of] = beside_cell(j, &r->of[of]);
        if (wide == COLUMNS)
            row[NEIGHBOURS] = neighbours_cell(j, r);
    }
    out->beside = (struct table){.name = "This school beside others, by DfE’s definitions",
                                 .columns = columns_of(j, p), .n_columns = wide, .cells = c,
                                 .n_rows = p->n, .wide = true};
    out->beside_says = beside_says(j, f);
    out->beside_source = "This school: school census, by DfE’s definitions, with its 95% interval. "
                         "Others: explore education statistics, DfE, schools of the same type "
                         "unless said otherwise; of neighbours the middle one and the range.";
}
