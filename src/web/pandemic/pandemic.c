#include "web/pandemic/pandemic.h"
#include "base/text.h"
#include "ui/words.h"
#include "web/figures.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/pandemic/pandemic.html.h"
#include "web/states/empty.h"

static const struct {
    const char *what, *unit, *things;
} kinds[SERIES_KINDS] = {
    [SERIES_SUSPENSIONS] = {"Suspensions that began in each month, for 10,000 pupils on each day "
                            "that schools were open", "per 10,000 pupil-days", "suspensions"},
    [SERIES_ABSENCE] = {"Sessions missed of those possible, by half term", "% missed", "absence"},
};

static const char *
decimal(struct job *j, double v, int places)
{
    char number[TEXT_NUMBER];

    return job_copy(j, text_decimal(v, places, number));
}

static const char *
between(struct job *j, const struct series_effect *e)
{
    return job_format(j, "%s to %s", decimal(j, e->low, 2), decimal(j, e->high, 2));
}

static int64_t
milli(double v)
{
    return (int64_t)(v * 1000 + (v < 0 ? -0.5 : 0.5));
}

static struct series_chart
make_chart(struct job *j, const struct series *s)
{
    struct series_dot *v = job_array(j, s->n + 1, sizeof *v);
    int32_t labelled = 0;

    for (size_t i = 0; i < s->n; i++) {
        const struct series_point *p = &s->point[i];
        int32_t year = p->month / 12;
        v[i] = (struct series_dot){milli(p->rate), milli(p->fitted), milli(p->without), NULL,
                                   p->used, p->after};
        if (p->month % 12 >= 8 && year != labelled) {
            v[i].label = job_format(j, "%d", (int)year);
            labelled = year;
        }
    }
    return (struct series_chart){
        .name = job_format(j, "%s, %zu points; the table below holds them", kinds[s->kind].what,
                           s->used),
        .unit = kinds[s->kind].unit, .break_words = "September 2021", .v = v, .n = s->n,
        .lines = s->fitted};
}

/* Sums by school year: what the points are made of. */
static struct table
year_table(struct job *j, const struct series *s)
{
    static const struct column columns[] = {{"School year", false}, {"Counted", true},
                                            {"Of", true}, {"Rate", true}};
    struct cell *c = job_array(j, 4 * (SERIES_POINTS / 12 + 1), sizeof *c);
    size_t rows = 0;

    for (size_t i = 0; i < s->n;) {
        int32_t year = (s->point[i].month - 7) / 12;
        int64_t events = 0, exposure = 0;
        for (; i < s->n && (s->point[i].month - 7) / 12 == year; i++) {
            events += s->point[i].used ? s->point[i].events : 0;
            exposure += s->point[i].used ? s->point[i].exposure : 0;
        }
        if (!exposure)
            continue;
        c[4 * rows].text = figures_year(j, year);
        c[4 * rows + 1].text = words_count(j, events);
        c[4 * rows + 2].text = words_count(j, exposure);
        c[4 * rows + 3].text = words_rate(j, (struct point){events, exposure, false},
                                          s->kind == SERIES_ABSENCE ? 100 : 10000, 2);
        rows++;
    }
    return (struct table){.name = kinds[s->kind].what, .columns = columns, .n_columns = 4,
                          .cells = c, .n_rows = rows};
}

static struct table
effect_table(struct job *j, const struct series *s)
{
    static const struct column columns[] = {{"Compared with the line before", false},
                                            {"Change", true}, {"95% interval", true}};
    const struct {
        const char *name;
        const struct series_effect *e;
    } rows[] = {{"Step in September 2021", &s->step},
                {"Turn of the line, a year", &s->slope},
                {"At the end of the data", &s->end},
                {"At the end, times as many (counts)", &s->ratio}};
    struct cell *c = job_array(j, 12, sizeof *c);

    for (size_t i = 0; i < 4; i++) {
        c[3 * i].text = rows[i].name;
        c[3 * i + 1].text = decimal(j, rows[i].e->by, 2);
        c[3 * i + 2].text = between(j, rows[i].e);
    }
    return (struct table){.name = "Change against the line before", .columns = columns,
                          .n_columns = 3, .cells = c, .n_rows = s->fitted ? 4 : 0};
}

/* Only what leaves "no change" out by both models is called a change. */
static const char *
sentence(struct job *j, const struct series *s)
{
    const char *things = words_capital(j, kinds[s->kind].things);

    if (!s->fitted)
        return "There are too few points before or after September 2021 to say whether anything "
               "changed.";
    if (s->end.low > 0 && s->ratio.low > 1)
        return job_format(j, "%s now %s above the line of the years before the pandemic, by more "
                             "than chance.", things,
                          s->kind == SERIES_ABSENCE ? "lies" : "lie");
    if (s->end.high < 0 && s->ratio.high < 1)
        return job_format(j, "%s now %s below the line of the years before the pandemic, by more "
                             "than chance.", things,
                          s->kind == SERIES_ABSENCE ? "lies" : "lie");
    if (s->end.low > 0 || s->end.high < 0)
        return job_format(j, "%s may have changed: one way of working it out says so, the other "
                             "does not.", things);
    return job_format(j, "%s %s no clear change against the line of the years before the "
                         "pandemic.", things, s->kind == SERIES_ABSENCE ? "shows" : "show");
}

static const char *
what(struct job *j, const struct series *s)
{
    return job_format(j, "%s. Dots are what was counted.%s", kinds[s->kind].what,
                      s->fitted ? " The green line is fitted with a step and a turn in September "
                                  "2021; the dashed line goes on as before."
                                : "");
}

static void
make_series(struct job *j, const struct series *s, struct pandemic_series *out)
{
    *out = (struct pandemic_series){
        .words = {sentence(j, s), what(j, s), false}, .chart = make_chart(j, s),
        .table = year_table(j, s), .effects = effect_table(j, s)};
    if (s->fitted)
        out->checks = job_format(
            j, "The first three rows: a straight line with a step, a turn and a level for each "
               "month of the year, by least squares; errors of Newey and West with %d lags, "
               "Bartlett weights, no prewhitening and no small-sample factor. Durbin-Watson %s "
               "(2: neighbouring months are independent); Ljung-Box Q %s, p %s. The last row: "
               "counts by quasi-Poisson regression with two waves a year.",
            s->lag, decimal(j, s->durbin_watson, 2), decimal(j, s->box.q, 1),
            decimal(j, s->box.p, 3));
}

void
pandemic_make(struct job *j, const struct series *s, const struct snapshot *snapshot,
              const struct view *view, struct pandemic_page *out)
{
    *out = (struct pandemic_page){
        .view = view,
        .source = figures_source(j, "School census, suspension notifications, term dates",
                                 snapshot)};
    for (int k = 0; k < SERIES_KINDS; k++)
        make_series(j, &s[k], &out->series[k]);
}

enum err
page_pandemic(struct job *j, const struct request *q, struct response *r)
{
    struct series *s = job_array(j, SERIES_KINDS, sizeof *s);
    struct same_weeks *weeks = job_alloc(j, sizeof *weeks);
    struct snapshot snapshot;
    struct pandemic_page p;
    enum err e = snapshot_current(j, &snapshot);

    for (int k = 0; k < SERIES_KINDS && !e; k++)
        e = series_get(j, (enum series_kind)k, &s[k]);
    if (!e)
        e = same_weeks_get(j, weeks_asked(q), weeks);
    if (e == ERR_NOT_FOUND)
        return empty_no_figures(j, q, r, "Before and after the pandemic");
    if (e)
        return e;
    pandemic_make(j, s, &snapshot, frame_view(j, q, "Before and after the pandemic"), &p);
    p.weeks = weeks_make(j, weeks, &snapshot);
    view_pandemic(&r->body, &p);
    return OK;
}
