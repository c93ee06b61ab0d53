#include "web/overview/overview.h"
#include "base/text.h"
#include "ui/words.h"
#include "web/frame.h"

/* The twelve types, in the order of their panels; what a sentence calls each, and whether
 * that is a plural. */
static const struct type {
    enum measure measure;
    const char *noun;
} types[] = {
    {M_SUSP, "suspension"}, {M_PEX, "permanent exclusion"}, {M_PA, "persistent absence"},
    {M_SA, "severe absence"}, {M_PTT, "part-time timetables"}, {M_AP, "alternative provision"},
    {M_MM, "managed moves"}, {M_MOVE, "mid-year moves"}, {M_EXIT, "early exit"},
    {M_EHE, "education at home"}, {M_CME, "missing education"}, {M_INT, "internal exclusion"},
};
enum { TYPES = sizeof types / sizeof *types, NAMED_MOST = 3 };

/* -1, 0 or 1: fell, no clear change, rose. */
static int
direction(struct point now, struct point before)
{
    if (!words_is_change(now, before))
        return 0;
    return now.part * before.whole > before.part * now.whole ? 1 : -1;
}

/* "suspension, severe absence and education at home have risen"; NULL: none did. */
static const char *
moved(struct job *j, struct figures f, int32_t since, int32_t year, int way)
{
    const char *name[TYPES], *all;
    size_t n = 0, named;

    for (size_t i = 0; i < TYPES; i++)
        if (direction(figures_all(f, types[i].measure, year),
                      figures_all(f, types[i].measure, since)) == way)
            name[n++] = types[i].noun;
    if (!n)
        return NULL;
    named = n > NAMED_MOST + 1 ? NAMED_MOST : n;
    if (named < n)
        name[named++] = job_format(j, "%s more", words_number(j, (int64_t)(n - NAMED_MOST)));
    all = words_list(j, name, named);
    return job_format(j, "%s %s", all,
                      way > 0 ? n > 1 ? "have risen" : "has risen"
                      : n > 1 ? "have fallen"
                              : "has fallen");
}

const char *
overview_says(struct job *j, struct figures f, int32_t since, int32_t year)
{
    const char *rose = moved(j, f, since, year, 1), *fell = moved(j, f, since, year, -1);
    const char *then = figures_year(j, since);

    if (since >= year)
        return "One school year so far: changes will show when there are two";
    if (rose && fell)
        return words_capital(j, job_format(j, "%s since %s; %s", rose, then, fell));
    if (rose || fell)
        return words_capital(j, job_format(j, "%s since %s", rose ? rose : fell, then));
    return job_format(j, "No type has clearly changed since %s", then);
}

/* Years are compared with 2021/22, the first after the closures of schools, where it is
 * there; else with the first. */
static int32_t
base_year(const struct overview_facts *f)
{
    return f->snapshot.first_year < 2021 && f->year > 2021 ? 2021 : f->snapshot.first_year;
}

static void
make_keys(struct job *j, const struct overview_facts *f, struct overview *out)
{
    static const enum measure shown[] = {M_ANY, M_SUSP, M_SUSP2, M_PEX};
    struct key_figure *k = job_array(j, 4, sizeof *k);
    const char *last = figures_year(j, f->year - 1);

    for (size_t i = 0; i < 4; i++) {
        enum measure m = shown[i];
        struct point now = figures_all(f->figures, m, f->year);
        struct point before = figures_all(f->figures, m, f->year - 1);

        k[i] = (struct key_figure){.name = measure_rows[m].title,
            .href = figures_list(j, m, f->year, D_ALL, NULL)};
        if (point_missing(now))
            continue;
        k[i].figure = m == M_PEX ? words_count(j, now.part) : figures_rate(j, m, now);
        k[i].base = m == M_PEX ? job_format(j, "of %s pupils", words_count(j, now.whole))
                               : words_of(j, now, "pupils");
        k[i].change = f->year == f->snapshot.first_year ? NULL
                      : m == M_PEX ? words_change_count(j, now, before, last)
                                   : words_change(j, now, before, last, measure_rows[m].decimals);
    }
    out->keys = k;
    out->n_keys = 4;
}

static void
make_panels(struct job *j, const struct overview_facts *f, struct overview *out)
{
    size_t years = (size_t)(f->year - f->snapshot.first_year + 1);
    struct overview_panel *p = job_array(j, TYPES, sizeof *p);

    for (size_t i = 0; i < TYPES; i++) {
        enum measure m = types[i].measure;
        struct point *v = job_array(j, years, sizeof *v);
        for (size_t y = 0; y < years; y++)
            v[y] = figures_all(f->figures, m, f->snapshot.first_year + (int32_t)y);
        p[i] = (struct overview_panel){{.name = measure_rows[m].title, .points = v, .n = years,
            .per = measure_rows[m].per, .decimals = measure_rows[m].decimals,
            .first = figures_year_short(j, f->snapshot.first_year),
            .last = figures_year_short(j, f->year),
            .accent = direction(v[years - 1], figures_all(f->figures, m, base_year(f))) > 0},
            words_unit(measure_rows[m].per)};
    }
    out->panels = p;
    out->n_panels = TYPES;
}

static void
make_types_table(struct job *j, const struct overview_facts *f, struct overview *out)
{
    size_t years = (size_t)(f->year - f->snapshot.first_year + 1), wide = years + 1;
    struct column *c = job_array(j, wide, sizeof *c);
    struct cell *cells = job_array(j, wide * TYPES, sizeof *cells);

    c[0] = (struct column){"Type", false};
    for (size_t y = 0; y < years; y++)
        c[y + 1] =
            (struct column){figures_year_short(j, f->snapshot.first_year + (int32_t)y), true};
    for (size_t i = 0; i < TYPES; i++) {
        const struct overview_panel *p = &out->panels[i];
        cells[i * wide].text = job_format(j, "%s, %s", p->trend.name, p->unit);
        for (size_t y = 0; y < years; y++) {
            struct cell *x = &cells[i * wide + y + 1];
            if (point_missing(p->trend.points[y]))
                x->absent = NO_DATA;
            else
                x->text = words_rate(j, p->trend.points[y], p->trend.per, p->trend.decimals);
        }
    }
    out->types_table = (struct table){.name = "Twelve types, by school year", .columns = c,
        .n_columns = wide, .cells = cells, .n_rows = TYPES, .wide = true};
}

static const char *
sources_list(struct job *j, const struct overview_facts *f, enum measure m, bool loaded)
{
    const char *name[RISK_SOURCES];
    size_t n = 0;

    for (size_t i = 0; i < n_type_sources; i++)
        if (type_sources[i].measure == m && f->used->of[type_sources[i].source] == loaded)
            name[n++] = job_format(j, "%s (%s)", source_rows[type_sources[i].source].title,
                                   type_sources[i].what);
    return n ? words_list(j, name, n) : NULL;
}

/* A type without data says so in its panel; here is which files would give it. */
static void
make_sources(struct job *j, const struct overview_facts *f, struct overview *out)
{
    static const struct column columns[] = {{"Type", false}, {"Known from", false},
                                            {"Not loaded for this year", false}};
    struct cell *c = job_array(j, 3 * TYPES, sizeof *c);

    for (size_t i = 0; i < TYPES; i++) {
        const char *has = sources_list(j, f, types[i].measure, true);
        const char *lacks = sources_list(j, f, types[i].measure, false);
        c[3 * i].text = measure_rows[types[i].measure].title;
        c[3 * i + 1] = has ? (struct cell){.text = has} : (struct cell){.absent = NO_DATA};
        c[3 * i + 2] = lacks ? (struct cell){.text = lacks} : (struct cell){.absent = NONE};
    }
    out->sources = (struct table){
        .name = job_format(j, "What each type is known from in %s", figures_year(j, f->year)),
        .columns = columns, .n_columns = 3, .cells = c, .n_rows = TYPES, .stack = true};
}

static const char *
closures(const struct overview_facts *f)
{
    if (f->snapshot.first_year > 2020 || f->year < 2019)
        return "";
    return "Schools were closed to most pupils from March to July 2020 and January to March "
           "2021: read 2019/20 and 2020/21 with care. ";
}

static void
make_types(struct job *j, const struct overview_facts *f, struct overview *out)
{
    out->types = (struct figure_words){
        .says = overview_says(j, f->figures, base_year(f), f->year),
        .what = job_format(j,
                           "Each type of exclusion by school year, all pupils on roll here. Each "
                           "panel has its own scale from zero. Green marks a type that is higher "
                           "than in %s, beyond year-to-year variation.",
                           figures_year(j, base_year(f)))};
    make_panels(j, f, out);
    make_types_table(j, f, out);
    make_sources(j, f, out);
    out->types_source = figures_source(j, job_format(j, "%sSources: see “What "
        "each type is known from”", closures(f)), &f->snapshot);
    out->definitions = page_offered(j->who, "/definitions") ? "/definitions" : NULL;
}

static struct table
edge_table(struct job *j, const struct cliff *c)
{
    static const struct column columns[] = {{"Needs", false}, {"Pupils", true},
                                            {"% of pupils", true}};
    static const char *const name[] = {"2 or more", "3 or more", "4 or more"};
    struct cell *cells = job_array(j, 9, sizeof *cells);

    for (size_t i = 0; i < 3; i++) {
        cells[3 * i].text = name[i];
        cells[3 * i + 1].text = words_count(j, c->at_least[i + 2]);
        cells[3 * i + 2].text = words_rate(j, (struct point){c->at_least[i + 2], c->pupils, false},
                                           100, 1);
    }
    return (struct table){.name = "Pupils near the edge by number of needs", .columns = columns,
                          .n_columns = 3, .cells = cells, .n_rows = 3};
}

static void
make_edge(struct job *j, const struct overview_facts *f, struct overview *out)
{
    const struct cliff *c = f->cliff;
    struct overview_edge *e = job_alloc(j, sizeof *e);
    char a[TEXT_NUMBER], b[TEXT_NUMBER], r[TEXT_NUMBER];

    *e = (struct overview_edge){
        .heading = job_format(j, "%s near the edge and nobody’s duty",
                              words_counted(j, c->at_least[3], "pupil is", "pupils are")),
        .needs =
            "They have three or more needs that fall just below a threshold, and meet none: no "
            "education, health and care plan, no social worker, no identified social, emotional "
            "and mental health need, fewer than two suspensions.",
        .open = page_offered(j->who, "/cliff-edge") ? "/cliff-edge" : NULL,
        .bars_name = "Pupils by number of needs just below a threshold",
        .bars = {{"2 or more", words_count(j, c->at_least[2]), c->at_least[2], false},
                 {"3 or more, the headline", words_count(j, c->at_least[3]), c->at_least[3],
                  true},
                 {"4 or more", words_count(j, c->at_least[4]), c->at_least[4], false}},
        .table = edge_table(j, c),
    };
    if (c->ratio > 0)
        e->risk =
            job_format(j,
                       "They are %s times as likely to be suspended later in that school year as "
                       "pupils with neither (95%% interval %s to %s).",
                       text_decimal(c->ratio, 1, r), text_decimal(c->low, 1, a),
                       text_decimal(c->high, 1, b));
    e->source = job_format(j, "Leaving out any one need changes the headline to between %s and %s. "
                           "Pupils: %s.%s%s%s", words_count(j, c->leave_one_out_low),
                           words_count(j, c->leave_one_out_high), words_count(j, c->pupils),
                           c->not_loaded[0] ? " Not looked at, because no file is loaded: " : "",
                           c->not_loaded, c->not_loaded[0] ? "." : "");
    out->edge = e;
}

static void
make_words(struct job *j, const struct overview_facts *f, struct overview *out)
{
    struct point any = figures_all(f->figures, M_ANY, f->year);
    struct point beyond = figures_all(f->figures, M_BEYOND, f->year);
    int64_t known = 0;
    char day[DATE_TEXT];

    for (size_t i = 0; i < TYPES; i++)
        known += !point_missing(figures_all(f->figures, types[i].measure, f->year));
    out->caption = job_format(j, "Overview · school year %s · %s", figures_year(j, f->year),
                              words_counted(j, f->schools, "school", "schools"));
    out->fresh_says = job_format(j, "Figures on this page use the sources below and nothing later "
                                 "than %s.", date_words(f->snapshot.as_of, day));
    if (point_missing(any) || any.part == 0 || beyond.no_data) {
        out->heading = "Who loses schooling here";
        out->lede = "There is not yet enough data to say. Load a school census to begin.";
        return;
    }
    out->heading = job_format(j, "%s pupils who lost schooling were never suspended or excluded",
        words_capital(j, words_fraction(j, (struct point){beyond.part, any.part, false})));
    out->lede =
        job_format(j,
                   "%s pupils met at least one of the %s types of exclusion that we have "
                   "data for. %s of them appear in no suspension or exclusion figure.",
                   words_count(j, any.part), words_number(j, known), words_count(j, beyond.part));
}

static void
make_links(struct job *j, const struct overview_facts *f, struct overview *out)
{
    struct link *l = job_array(j, 6, sizeof *l);
    struct link *years;
    size_t n = 0, n_others = 0,
           n_years = (size_t)(f->snapshot.last_year - f->snapshot.first_year + 1);

    l[n++] = (struct link){"#types", "Twelve types", false};
    if (out->edge)
        l[n++] = (struct link){"#edge", "Near the edge", false};
    l[n++] = (struct link){"#fresh", "How current the data is", false};
    if (out->definitions)
        l[n++] = (struct link){out->definitions, "Definitions", false};
    if (page_offered(j->who, "/download/who-is-at-risk.csv"))
        l[n++] = (struct link){frame_with_int(j, "/download/who-is-at-risk.csv", "year", f->year),
                               "Download (CSV)", false};
    if (page_offered(j->who, "/download/who-is-at-risk.xlsx"))
        l[n++] = (struct link){frame_with_int(j, "/download/who-is-at-risk.xlsx", "year", f->year),
                               "Download (XLSX)", false};
    out->on_page = (struct links){l, n};
    years = job_array(j, n_years, sizeof *years);
    for (int32_t y = f->snapshot.last_year; y >= f->snapshot.first_year; y--)
        if (y != f->year)
            years[n_others++] = (struct link){frame_with_int(j, "/overview", "year", y),
                                              figures_year(j, y), false};
    out->years = (struct links){years, n_others};
}

void
overview_make(struct job *j, const struct overview_facts *f, const struct view *view,
              struct overview *out)
{
    *out = (struct overview){.view = view, .fresh = f->fresh, .n_fresh = f->n_fresh};
    make_words(j, f, out);
    make_keys(j, f, out);
    make_types(j, f, out);
    out->dfe = figures_table(
        j, &(struct figures_asked){f->figures, f->year, D_ALL, "all"}, FAMILY_DFE);
    if (f->cliff && f->cliff->pupils)
        make_edge(j, f, out);
    make_links(j, f, out);
}
