#include "web/risk/at_risk.h"
#include "base/text.h"
#include "ui/words.h"
#include "web/frame.h"

const struct at_risk_outcome at_risk_outcomes[] = {
    {M_SUSP2, "those suspended more than once", "to be suspended more than once",
     "Suspended twice"},
    {M_SUSP, "those suspended", "to be suspended", "Suspended"},
    {M_PEX, "those permanently excluded", "to be permanently excluded", "Excluded"},
    {M_PA, "those persistently absent", "to be persistently absent", "Absent"},
    {M_SA, "those severely absent", "to be severely absent", "Absent"},
    {M_MOVE, "those who moved school mid-year", "to move school mid-year", "Moved"},
    {M_UNEXPLAINED, "those with an unexplained exit", "to have an unexplained exit", "Left"},
    {M_ANY, "those who lost schooling in any way", "to lose schooling in any way", "Any type"},
};
const size_t at_risk_n_outcomes = sizeof at_risk_outcomes / sizeof *at_risk_outcomes;

const struct at_risk_outcome *
at_risk_outcome(enum measure m)
{
    for (size_t i = 0; i < at_risk_n_outcomes; i++)
        if (at_risk_outcomes[i].measure == m)
            return &at_risk_outcomes[i];
    return at_risk_outcomes;
}

/* ---- the form ---- */

static const char *
years_text(struct job *j, int32_t first, int32_t last)
{
    if (first == last)
        return figures_year(j, first);
    return job_format(j, "%s to %s", figures_year(j, first), figures_year(j, last));
}

static struct choice
choose_outcome(struct job *j, enum measure chosen)
{
    struct option *v = job_array(j, at_risk_n_outcomes, sizeof *v);

    for (size_t i = 0; i < at_risk_n_outcomes; i++) {
        enum measure m = at_risk_outcomes[i].measure;
        v[i] = (struct option){measure_rows[m].name, measure_rows[m].title, m == chosen};
    }
    return (struct choice){"outcome", "Outcome", v, at_risk_n_outcomes};
}

/* The last three full years together, then each year alone, newest first. */
static struct choice
choose_years(struct job *j, const struct at_risk_facts *f)
{
    int32_t first = f->snapshot.first_year, last = f->full_year;
    struct option *v = job_array(j, (size_t)(last - first + 2), sizeof *v);
    size_t n = 0;

    if (last - 2 >= first)
        v[n++] = (struct option){job_format(j, "%d-%d", (int)last - 2, (int)last),
            years_text(j, last - 2, last), f->asked.first_year != f->asked.last_year};
    for (int32_t y = last; y >= first; y--)
        v[n++] = (struct option){job_format(j, "%d", (int)y), figures_year(j, y),
            f->asked.first_year == y && f->asked.last_year == y};
    return (struct choice){"years", "Years", v, n};
}

static struct choice
choose_window(struct job *j, enum care_window chosen)
{
    static const struct option all[] = {{"6", "The last 6 years", false},
                                        {"1", "The last year", false}, {"ever", "Ever", false}};
    static const enum care_window window[] = {CARE_6_YEARS, CARE_1_YEAR, CARE_EVER};
    struct option *v = job_array(j, 3, sizeof *v);

    for (size_t i = 0; i < 3; i++) {
        v[i] = all[i];
        v[i].chosen = window[i] == chosen;
    }
    return (struct choice){"care", "Social care within", v, 3};
}

/* ---- the group ---- */

static const char *
window_words(enum care_window w)
{
    return w == CARE_EVER ? "at any time" : w == CARE_1_YEAR ? "in the last year"
                                                             : "in the last six years";
}

static const char *
group_words(struct job *j, const struct concentration *c)
{
    if (c->care_missing)
        return "They have a social, emotional and mental health need. Social care is not counted, "
               "because no file of social care is loaded.";
    if (c->semh_missing)
        return job_format(j, "They have had a social worker %s. Needs are not counted, because no "
                          "census with types of need is loaded.", window_words(c->window));
    return job_format(j, "They have had a social worker %s, or have a social, emotional and mental "
                      "health need. Most are known to someone already. Few are known to everyone "
                      "who could help.", window_words(c->window));
}

static struct point
point_of(struct proportion s)
{
    return (struct point){s.part, s.whole, false};
}

static struct key_figure
one_of_four(struct job *j, const char *name, struct proportion s, const char *things,
            const char *more)
{
    char a[TEXT_NUMBER], b[TEXT_NUMBER];
    struct key_figure k = {.name = name, .more = more};

    if (s.whole <= 0)
        return k;
    k.figure = words_percent(j, point_of(s), 1);
    k.base = words_of(j, point_of(s), things);
    k.change = job_format(j, "95%% interval %s to %s", text_decimal(100 * s.low, 1, a),
                          text_decimal(100 * s.high, 1, b));
    return k;
}

static struct table
share_table(struct job *j, const struct concentration *c)
{
    static const struct column columns[] = {{"", false}, {"The group", true},
                                            {"Everyone else", true}, {"Total", true}};
    const struct proportion row[] = {c->group, c->pupils2, c->events, c->events2, c->repeats};
    static const char *const name[] = {"All pupils", "Pupils suspended more than once",
        "All suspensions", "Suspensions of pupils with two or more", "Repeat suspensions"};
    struct cell *cells = job_array(j, 20, sizeof *cells);

    for (size_t i = 0; i < 5; i++) {
        cells[4 * i].text = name[i];
        cells[4 * i + 1].text = words_count(j, row[i].part);
        cells[4 * i + 2].text = words_count(j, row[i].whole - row[i].part);
        cells[4 * i + 3].text = words_count(j, row[i].whole);
    }
    return (struct table){.name = "The group among pupils and suspensions", .columns = columns,
                          .n_columns = 4, .cells = cells, .n_rows = 5};
}

static const char *
share_how(struct job *j, const struct at_risk_facts *f)
{
    const struct concentration *c = f->concentration;
    char day[DATE_TEXT];

    return job_format(
        j,
        "Group: any social care referral, child in need, child protection or "
        "looked-after episode %s up to each year%s, or social, emotional and mental health as "
        "first "
        "or second need%s. Years are added up, so a pupil counts once in each. Intervals by "
        "Wilson’s method. As of %s.",
        window_words(c->window), c->care_missing ? " (not loaded)" : "",
        c->semh_missing ? " (not loaded)" : "", date_words(f->snapshot.as_of, day));
}

/* Times as common among some as among all. */
static double
times_as_common(const struct concentration *c)
{
    return (double)c->pupils2.part * (double)c->group.whole /
           ((double)c->pupils2.whole * (double)c->group.part);
}

static void
make_four(struct job *j, const struct concentration *c, struct at_risk_share *s)
{
    s->four[0] = one_of_four(j, "Pupils suspended more than once", c->pupils2, "pupils",
                             "Use this one in public. It counts children.");
    s->four[0].accent = true;
    s->four[1] = one_of_four(j, "All suspensions", c->events, "suspensions",
                             "Counts events, so one child can count many times.");
    s->four[2] = one_of_four(j, "Suspensions of pupils with two or more", c->events2, "suspensions",
                             "What “multiple suspensions” often means in reports.");
    s->four[3] = one_of_four(j, "Repeat suspensions", c->repeats, "suspensions",
                             "Every suspension after a pupil’s first in the year.");
}

static void
make_share(struct job *j, const struct at_risk_facts *f, struct at_risk *out)
{
    const struct concentration *c = f->concentration;
    struct at_risk_share *s = job_alloc(j, sizeof *s);

    s->all = point_of(c->group);
    s->some = point_of(c->pupils2);
    s->words = (struct figure_words){
        .says = job_format(
            j, "This group is %s among pupils suspended more than once as in all schools",
            words_times(j, times_as_common(c), "common")),
        .what =
            "The same group of pupils (green) as a share of all pupils and of pupils suspended "
            "two or more times in a school year"};
    s->bars = (struct concentration_words){
        "All pupils", "Pupils suspended more than once",
        job_format(j, "%s other pupils", words_count(j, c->group.whole - c->group.part)),
        words_percent(
            j, (struct point){c->pupils2.whole - c->pupils2.part, c->pupils2.whole, false}, 0)};
    s->source = figures_source(
        j,
        job_format(j,
                   "%s; %s suspended more than once, %s. School census, "
                   "suspension notifications, files of social care",
                   words_of(j, s->all, "pupils"), words_of(j, s->some, "pupils"),
                   c->first_year == c->last_year
                       ? "one year"
                       : job_format(j, "%s years together",
                                    words_number(j, c->last_year - c->first_year + 1))),
        &f->snapshot);
    s->table = share_table(j, c);
    s->how = share_how(j, f);
    s->list = figures_list(j, M_SUSP2, c->last_year, D_ALL, NULL);
    make_four(j, c, s);
    out->share = s;
    out->heading = words_make_up(j, s->all, s->some, "those suspended more than once");
    out->lede = group_words(j, c);
}

/* ---- ratios by group ---- */

/* Groups that a headline may name, and how; ethnic group and place are never named there. */
static const struct phrase {
    enum dimension dimension;
    const char *member, *who;
} phrases[] = {
    {D_SEMH, "1", "Pupils with a social, emotional and mental health need"},
    {D_SEN, "E", "Pupils with an education, health and care plan"},
    {D_SEN, "K", "Pupils with SEN support"},
    {D_FSM, "1", "Pupils eligible for free school meals"},
    {D_SEX, "M", "Boys"},
    {D_CARE, "any", "Pupils with social care contact in the last six years"},
    {D_CARE, "need", "Pupils who were a child in need in the last six years"},
    {D_CARE, "protection", "Pupils with a child protection plan in the last six years"},
    {D_CARE, "looked-after", "Looked-after pupils"},
};

static const char *
phrase_for(const struct ratio *r)
{
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (phrases[i].dimension == r->dimension && !strcmp(phrases[i].member, r->member))
            return phrases[i].who;
    return NULL;
}

/* The largest difference that is sure: by the lower end of its interval. */
static const char *
plot_says(struct job *j, const struct at_risk_facts *f, const struct at_risk_outcome *o)
{
    const struct ratio *best = NULL;

    for (size_t i = 0; i < f->n_ratios; i++)
        if (f->ratios[i].ratio > 0 && f->ratios[i].low > 1 && f->ratios[i].denominator >= 20 &&
            phrase_for(&f->ratios[i]) && (!best || f->ratios[i].low > best->low))
            best = &f->ratios[i];
    if (!best)
        return "No group differs clearly from its comparison group";
    return job_format(j, "%s are %s %s", phrase_for(best), words_times(j, best->ratio, "likely"),
                      o->to);
}

static struct interval_row
plot_row(struct job *j, const struct at_risk_facts *f, const struct ratio *r)
{
    struct point p = {r->numerator, r->denominator, false};
    char a[TEXT_NUMBER], b[TEXT_NUMBER];
    int places = r->ratio < 1 ? 2 : 1;
    struct interval_row row = {.label = words_capital(j, r->label),
                               .of = job_format(j, "of %s", words_count(j, r->denominator)),
                               .ratio = r->denominator < 20 ? 0 : r->ratio,
                               .low = r->low,
                               .high = r->high,
                               .accent = r->ratio >= 4 && r->denominator >= 20};

    if (f->asked.first_year == f->asked.last_year)
        row.href = figures_list(j, f->asked.outcome, f->asked.last_year, r->dimension, r->member);
    if (r->denominator >= 20)
        row.rate = words_percent(j, p, 1);
    if (row.ratio > 0) {
        row.times = job_copy(j, text_decimal(r->ratio, places, a));
        row.interval = job_format(j, "(%s to %s)", text_decimal(r->low, r->low < 1 ? 2 : 1, a),
                                  text_decimal(r->high, r->high < 1 ? 2 : 1, b));
    }
    return row;
}

static const char *
group_title(struct job *j, const struct ratio *r)
{
    switch (r->dimension) {
    case D_SEX: return "Sex, compared with girls";
    case D_ETHNICITY: return "Ethnic group, compared with White British";
    case D_SEN: return "Special educational needs, compared with none";
    case D_CARE: return "Social care in the last six years, compared with none";
    default: return job_format(j, "%s", dimension_rows[r->dimension].title);
    }
}

static void
make_plot(struct job *j, const struct at_risk_facts *f, struct at_risk *out)
{
    const struct at_risk_outcome *o = at_risk_outcome(f->asked.outcome);
    struct interval_row *rows = job_array(j, f->n_ratios + 1, sizeof *rows);
    struct interval_group *g = job_array(j, DIMENSIONS, sizeof *g);
    size_t n = 0;
    bool adjusted = false;

    for (size_t i = 0; i < f->n_ratios; i++) {
        if (!i || f->ratios[i].dimension != f->ratios[i - 1].dimension)
            g[n++] = (struct interval_group){group_title(j, &f->ratios[i]), &rows[i], 0};
        rows[i] = plot_row(j, f, &f->ratios[i]);
        g[n - 1].n++;
        adjusted |= f->ratios[i].adjusted;
    }
    out->plot = (struct intervals){"Groups of pupils beside their comparison groups", o->head,
                                   "Times as likely", g, n};
    out->plot_words = (struct figure_words){.says = plot_says(j, f, o),
        .what = job_format(j, "%s in a school year, %s. Times as likely as the comparison group, "
                           "or as pupils without that characteristic, with 95%% interval. Green: "
                           "at least four times.", measure_rows[f->asked.outcome].title,
                           years_text(j, f->asked.first_year, f->asked.last_year))};
    out->plot_source = figures_source(j, job_format(j, "“c” means fewer than 20 pupils, or too "
        "few to compare. The groups overlap and are not causes: a ratio says where to look first. "
        "%sSources: %s",
        adjusted ? "Where a group has none, one half is added to each count. " : "",
        measure_rows[f->asked.outcome].sources), &f->snapshot);
}

/* ---- girls ---- */

static void
make_girls(struct job *j, const struct at_risk_facts *f, struct at_risk *out)
{
    int32_t year = f->asked.last_year;
    struct point gs = figures_point(f->sexes, M_SUSP, year, D_SEX, "F");
    struct point bs = figures_point(f->sexes, M_SUSP, year, D_SEX, "M");
    struct point ga = figures_point(f->sexes, M_SA, year, D_SEX, "F");
    struct point ba = figures_point(f->sexes, M_SA, year, D_SEX, "M");

    if (point_missing(gs) || point_missing(bs) || point_missing(ga) || point_missing(ba) ||
        !bs.part || !ba.part)
        return;
    out->girls = job_format(j, "In %s girls were %s as boys to be suspended, and %s to be severely "
        "absent: %s of girls, %s of boys. Choose “%s” above to see who that is.",
        figures_year(j, year),
        words_times(j, (double)gs.part * (double)bs.whole / ((double)gs.whole * (double)bs.part),
                    "likely"),
        words_times(j, (double)ga.part * (double)ba.whole / ((double)ga.whole * (double)ba.part),
                    "likely"),
        words_percent(j, ga, 1), words_percent(j, ba, 1), measure_rows[M_SA].title);
}

static const char *
download(struct job *j, const struct at_risk_facts *f, const char *path)
{
    if (!page_offered(j->who, path))
        return NULL;
    return frame_with(j, path, "measure", measure_rows[f->asked.outcome].name);
}

void
at_risk_make(struct job *j, const struct at_risk_facts *f, const struct view *view,
             struct at_risk *out)
{
    const struct concentration *c = f->concentration;
    bool suspended = f->asked.outcome == M_SUSP2 || f->asked.outcome == M_SUSP;

    *out = (struct at_risk){.view = view,
        .caption = job_format(j, "Who is at risk · %s", years_text(j, f->asked.first_year,
                                                                  f->asked.last_year)),
        .outcome = choose_outcome(j, f->asked.outcome),
        .years = choose_years(j, f),
        .window = choose_window(j, f->asked.window)};
    make_plot(j, f, out);
    if (suspended && c && c->pupils2.whole > 0 && c->group.part > 0) {
        make_share(j, f, out);
    } else {
        out->heading = out->plot_words.says;
        out->lede = "A ratio says where to look first. It is not a cause, and the groups overlap.";
        out->plot_words.says = "Groups beside their comparison groups";
    }
    make_girls(j, f, out);
    out->csv = download(j, f, "/download/who-is-at-risk.csv");
    out->xlsx = download(j, f, "/download/who-is-at-risk.xlsx");
    if (out->xlsx) /* its groups are of one year */
        out->xlsx = frame_with_int(j, out->xlsx, "year", f->asked.last_year);
}
