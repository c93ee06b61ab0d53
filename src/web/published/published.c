#include "web/published/published.h"
#include "access/setting.h"
#include "base/text.h"
#include "ui/words.h"
#include "web/figures.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/published/published.html.h"
#include "web/states/empty.h"

/* ---- cells -------------------------------------------------------------------------- */

struct cell
published_cell(struct job *j, const struct benchmark_figure *f)
{
    struct span text = {f->text, f->n};
    const char *mark = benchmark_mark(text);

    if (f->state == BENCHMARK_NONE)
        return (struct cell){.absent = NO_DATA};
    if (f->state == BENCHMARK_GIVEN)
        return (struct cell){.text = job_format(j, "%.*s", (int)f->n, f->text)};
    return (struct cell){.text = mark && *mark ? mark : job_format(j, "%.*s", (int)f->n, f->text)};
}

static struct cell
our_cell(struct job *j, const struct published *p)
{
    const struct figure *f = &p->ours;

    if (f->no_data || !f->denominator)
        return (struct cell){.absent = NO_DATA};
    return (struct cell){
        .text = words_rate(j, (struct point){f->numerator, f->denominator, false}, 100,
                           measure_rows[p->measure].decimals),
        .note = job_format(j, "%s of %s", words_count(j, f->numerator),
                           words_count(j, f->denominator))};
}

static struct cell
difference_cell(struct job *j, const struct published *p)
{
    char number[TEXT_NUMBER];

    if (!p->compared)
        return (struct cell){.absent = PRESENT};
    if (p->same)
        return (struct cell){.text = "the same"};
    return (struct cell){
        .text = job_format(j, "%s%s", p->difference > 0 ? "+" : "",
                           text_decimal((double)p->difference / 10000, 2, number)),
        .note = job_format(j, "%s.", words_capital(j, words_list(j, p->why, p->n_why)))};
}

static struct table
our_table(struct job *j, const struct published_page *p)
{
    struct column *columns = job_array(j, 6, sizeof *columns);
    struct cell *c = job_array(j, 6 * p->n, sizeof *c);

    columns[0].text = "Per 100, by DfE’s definition";
    columns[1] = (struct column){"Ours", true};
    columns[2] = (struct column){"DfE’s", true};
    columns[3] = (struct column){"Difference, and why", false};
    columns[4] = (struct column){p->region ? p->region : "Region", true};
    columns[5] = (struct column){"England", true};
    for (size_t i = 0; i < p->n; i++) {
        const struct published *x = &p->row[i];
        struct cell *row = &c[6 * i];
        row[0].text = measure_rows[x->measure].title;
        row[1] = our_cell(j, x);
        row[2] = published_cell(j, &x->rate);
        if (x->count.state == BENCHMARK_GIVEN)
            row[2].note = job_format(j, "%.*s counted", (int)x->count.n, x->count.text);
        row[3] = difference_cell(j, x);
        row[4] = published_cell(j, &x->region);
        row[5] = published_cell(j, &x->england);
    }
    return (struct table){.name = "Our figures and DfE’s", .columns = columns, .n_columns = 6,
                          .cells = c, .n_rows = p->n, .stack = true};
}

static struct table
other_table(struct job *j, const struct published_facts *f)
{
    static const struct column columns[] = {{"Authority", false}, {"Suspensions per 100", true},
        {"Permanent exclusions per 100", true}, {"Absence, %", true}};
    struct cell *c = job_array(j, 4 * f->n_neighbours + 1, sizeof *c);

    for (size_t i = 0; i < f->n_neighbours; i++) {
        const struct neighbour *n = &f->neighbour[i];
        struct cell *row = &c[4 * i];
        row[0].text = n->name;
        row[0].note = n->ours ? "this authority" : NULL;
        row[1] = published_cell(j, &n->suspensions);
        row[2] = published_cell(j, &n->exclusions);
        row[3] = published_cell(j, &n->absence);
    }
    return (struct table){.name = "Other authorities", .columns = columns, .n_columns = 4,
                          .cells = c, .n_rows = f->n_neighbours, .stack = true};
}

/* ---- the page ----------------------------------------------------------------------- */

static struct choice
year_choice(struct job *j, const struct published_facts *f)
{
    int32_t first = f->snapshot->first_year, last = f->snapshot->last_year;
    size_t n = last >= first ? (size_t)(last - first + 1) : 0;
    struct option *o = job_array(j, n + 1, sizeof *o);

    for (size_t i = 0; i < n; i++) {
        int32_t year = last - (int32_t)i;
        o[i] = (struct option){job_format(j, "%d", (int)year), figures_year(j, year),
                               year == f->page->school_year};
    }
    return (struct choice){"year", "School year", o, n};
}

static size_t
count_of(const struct published_page *p, bool same)
{
    size_t n = 0;

    for (size_t i = 0; i < p->n; i++)
        n += p->row[i].compared && p->row[i].same == same;
    return n;
}

static const char *
lede(struct job *j, const struct published_page *p)
{
    size_t same = count_of(p, true), other = count_of(p, false);

    if (!same && !other)
        return "To hold our figures beside the ones that DfE publishes, load its files from "
               "explore education statistics.";
    if (!other)
        return "Every figure that can be compared is the same as the one that DfE published.";
    return job_format(j, "%s of %s figures differ from the ones that DfE published; what explains "
                         "each stands beside it.",
                      words_capital(j, words_number(j, (int64_t)other)),
                      words_number(j, (int64_t)(same + other)));
}

void
published_make(struct job *j, const struct published_facts *f, const struct view *view,
               struct published_view *out)
{
    const struct published_page *p = f->page;
    bool any = count_of(p, true) || count_of(p, false);

    *out = (struct published_view){
        .view = view, .caption = job_format(j, "School year %s", figures_year(j, p->school_year)),
        .lede = lede(j, p), .years = year_choice(j, f), .ours = our_table(j, p),
        .others = other_table(j, f),
        .none = any ? NULL : "No published figure of this authority and year is loaded.",
        .others_says = f->chosen
            ? "Our statistical neighbours, in order of their suspensions. Authorities differ in "
              "their children and their schools."
            : "All authorities that are loaded, in order of their suspensions. Set the statistical "
              "neighbours with rooted setup --neighbours to see those alone.",
        .source = figures_source(j, "Ours: school census. DfE’s: explore education statistics",
                                 f->snapshot)};
}

enum err
page_published(struct job *j, const struct request *q, struct response *r)
{
    struct published_page page;
    struct neighbour *neighbours = NULL;
    struct settings set;
    struct snapshot snapshot;
    struct published_facts f = {.page = &page, .snapshot = &snapshot};
    struct published_view p;
    int32_t year = 0;
    enum err e = snapshot_current(j, &snapshot);

    if (e == ERR_NOT_FOUND)
        return empty_no_figures(j, q, r, "Beside DfE's figures");
    if (!e)
        year = (int32_t)request_int(q, "year", figures_full_year(&snapshot));
    if (!e)
        e = published_get(j, year, &page);
    if (!e)
        e = published_neighbours(j, year, &neighbours, &f.n_neighbours);
    if (!e)
        e = setting_list(j, &set);
    if (e)
        return e;
    f.neighbour = neighbours;
    f.chosen = set.value[SETTING_NEIGHBOURS] && *set.value[SETTING_NEIGHBOURS];
    published_make(j, &f, frame_view(j, q, "Beside DfE’s figures"), &p);
    view_published(&r->body, &p);
    return OK;
}
