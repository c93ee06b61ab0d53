#include "web/pandemic/weeks.h"
#include "ui/words.h"
#include "web/figures.h"

enum { LAST_CHOICE = 39 };

/* ---- what is asked for ------------------------------------------------------------ */

struct same_weeks_asked
weeks_asked(const struct request *q)
{
    struct same_weeks_asked a = {.out = request_query(q, "codes") ? 0 : same_weeks_method()};
    int64_t from = request_int(q, "from", 0), to = request_int(q, "to", 0),
            year = request_int(q, "year", 0);

    a.from = from > 0 && from < SAME_WEEKS ? (int)from : 0;
    a.to = to > 0 && to < SAME_WEEKS ? (int)to : 0;
    a.year = year > 0 && year < INT16_MAX ? (int32_t)year : 0;
    for (size_t i = 0; request_query(q, "codes") && i < q->n_query; i++) {
        int code = strcmp(q->query[i].name, "out")
                       ? -1
                       : attendance_code(span_of(q->query[i].value));
        if (code >= 0)
            a.out |= UINT64_C(1) << code;
    }
    return a;
}

static struct choice
choose_year(struct job *j, const struct same_weeks *s)
{
    struct option *v = job_array(j, s->n_told + 1, sizeof *v);

    for (size_t i = 0; i < s->n_told; i++) {
        int32_t year = s->told[s->n_told - 1 - i];
        v[i] = (struct option){job_format(j, "%d", (int)year), figures_year(j, year),
                               year == s->asked.year};
    }
    return (struct choice){"year", "School year", v, s->n_told};
}

static struct choice
choose_week(struct job *j, const char *name, const char *label, int chosen)
{
    size_t n = (size_t)(chosen > LAST_CHOICE ? chosen : LAST_CHOICE);
    struct option *v = job_array(j, n, sizeof *v);

    for (size_t i = 0; i < n; i++) {
        const char *week = job_format(j, "%d", (int)i + 1);
        v[i] = (struct option){week, week, (int)i + 1 == chosen};
    }
    return (struct choice){name, label, v, n};
}

/* ---- codes ------------------------------------------------------------------------ */

static const char *
class_words(int code)
{
    static const char *const words[] = {
        [ATT_PRESENT] = "present", [ATT_ACTIVITY] = "present, elsewhere",
        [ATT_AUTHORISED] = "authorised absence", [ATT_UNAUTHORISED] = "unauthorised absence",
        [ATT_NOT_POSSIBLE] = "not possible", [ATT_COUNTED] = "possible, not missed",
        [ATT_NO_MARK] = "no mark"};

    if (!strcmp(attendance_name(code), "X"))
        return "possible, not missed from September 2020 to March 2022; else not possible";
    return words[attendance_class(code, DATE_OPEN)];
}

static void
make_codes(struct job *j, const struct same_weeks *s, struct weeks_part *out)
{
    struct weeks_code *v = job_array(j, s->n_codes + 1, sizeof *v);

    for (size_t i = 0; i < s->n_codes; i++) {
        const struct same_code *c = &s->code[i];
        v[i] = (struct weeks_code){
            .code = attendance_name(c->code), .label = attendance_label(c->code),
            .class = class_words(c->code), .now = words_count(j, c->now),
            .before = words_count(j, c->before), .out = s->asked.out >> c->code & 1};
    }
    out->codes = v;
    out->n_codes = s->n_codes;
    out->now_name = job_format(j, "Sessions in %s", figures_year(j, s->asked.year));
    out->before_name = "In the years before";
}

static const char *
codes_list(struct job *j, const struct same_weeks *s)
{
    const char *v[ATTENDANCE_CODES];
    size_t n = 0;

    for (int c = 0; c < ATTENDANCE_CODES; c++)
        if (s->asked.out >> c & 1)
            v[n++] = attendance_name(c);
    return n ? words_list(j, v, n) : "no code";
}

/* ---- the picture ------------------------------------------------------------------ */

static struct point
point_of(struct same_sums s)
{
    return (struct point){s.missed, s.possible, false};
}

/* A share in thousandths of a per cent. */
static int64_t
milli(struct same_sums s)
{
    return s.possible ? (s.missed * 100000 + s.possible / 2) / s.possible : 0;
}

static struct series_chart
make_chart(struct job *j, const struct same_weeks *s)
{
    struct series_dot *v = job_array(j, s->n_weeks + 1, sizeof *v);
    size_t every = s->n_weeks > 20 ? 5 : 1;

    for (size_t i = 0; i < s->n_weeks; i++) {
        const struct same_week *w = &s->week[i];
        v[i] = (struct series_dot){
            milli(w->now), milli(w->now), milli(w->before),
            i % every ? NULL : job_format(j, "%d", w->week),
            w->used && w->now.possible && (w->before.possible || !s->n_before), true};
    }
    return (struct series_chart){
        .name = job_format(j, "Sessions missed in school weeks %d to %d of %s and of the years "
                              "before; the table below holds them", s->asked.from, s->asked.to,
                           figures_year(j, s->asked.year)),
        .unit = "% missed, by school week", .v = v, .n = s->n_weeks, .lines = s->n_before > 0};
}

/* ---- tables ----------------------------------------------------------------------- */

static struct table
week_table(struct job *j, const struct same_weeks *s)
{
    enum { WEEK, NOW, NOW_OF, BEFORE, BEFORE_OF, COLUMNS };
    static const struct column columns[] = {{"School week", false}, {"Missed", true},
        {"Of sessions", true}, {"Missed before", true}, {"Of sessions before", true}};
    struct cell *c = job_array(j, COLUMNS * (s->n_weeks + 1), sizeof *c), *row = c;

    for (size_t i = 0; i < s->n_weeks; i++, row += COLUMNS) {
        const struct same_week *w = &s->week[i];
        row[WEEK].text = job_format(j, "%d", w->week);
        if (!w->used) {
            for (int k = NOW; k < COLUMNS; k++)
                row[k].absent = NO_DATA;
            continue;
        }
        row[NOW].text = words_percent(j, point_of(w->now), 1);
        row[NOW_OF].text = words_count(j, w->now.possible);
        row[BEFORE].text = words_percent(j, point_of(w->before), 1);
        row[BEFORE_OF].text = words_count(j, w->before.possible);
    }
    return (struct table){.name = "Sessions missed by school week", .columns = columns,
                          .n_columns = COLUMNS, .cells = c, .n_rows = s->n_weeks, .wide = true};
}

static const char *
interval_words(struct job *j, const struct interval *i)
{
    char low[TEXT_NUMBER], high[TEXT_NUMBER];

    return job_format(j, "%s to %s", text_decimal(100 * i->low, 1, low),
                      text_decimal(100 * i->high, 1, high));
}

static void
year_row(struct job *j, const struct same_year *y, struct cell *row)
{
    enum { YEAR, MISSED, INTERVAL, OF, OUT, PERSISTENT, SCHOOLS };
    struct point pupils = {y->persistent.part, y->persistent.whole, false};

    row[YEAR].text = figures_year(j, y->year);
    row[MISSED].text = words_percent(j, point_of(y->sums), 1);
    if (y->absence.known)
        row[INTERVAL].text = interval_words(j, &y->absence);
    else
        row[INTERVAL].absent = NONE;
    row[OF].text = words_count(j, y->sums.possible);
    row[OUT].text = words_count(j, y->sums.out);
    if (pupils.whole >= RATE_LEAST)
        row[PERSISTENT] = (struct cell){.text = words_percent(j, pupils, 1),
                                        .note = words_of(j, pupils, "pupils")};
    else
        row[PERSISTENT].absent = pupils.whole ? SUPPRESSED : NO_DATA;
    row[SCHOOLS].text = words_count(j, y->schools);
}

static struct table
year_table(struct job *j, const struct same_weeks *s)
{
    enum { COLUMNS = 7 };
    static const struct column columns[COLUMNS] = {{"School year", false}, {"Missed", true},
        {"95% interval", true}, {"Of sessions", true}, {"Left out", true},
        {"Persistently absent", true}, {"Schools", true}};
    struct cell *c = job_array(j, COLUMNS * (s->n_years + 1), sizeof *c);

    for (size_t i = 0; i < s->n_years; i++)
        year_row(j, &s->year[i], c + COLUMNS * i);
    return (struct table){.name = "The same school weeks of each year", .columns = columns,
                          .n_columns = COLUMNS, .cells = c, .n_rows = s->n_years, .wide = true};
}

/* ---- sentences -------------------------------------------------------------------- */

static const char *
weeks_words(struct job *j, const struct same_weeks *s)
{
    return s->asked.from == s->asked.to
               ? job_format(j, "school week %d", s->asked.from)
               : job_format(j, "school weeks %d to %d", s->asked.from, s->asked.to);
}

static const char *
years_before(struct job *j, const struct same_weeks *s)
{
    return s->n_before == 1 ? "year before"
                            : job_format(j, "%s years before",
                                         words_number(j, (int64_t)s->n_before));
}

static const char *
says(struct job *j, const struct same_weeks *s)
{
    const char *year = figures_year(j, s->asked.year);
    struct point now = {s->now.part, s->now.whole, false},
                 before = {s->before.part, s->before.whole, false};

    if (!s->n_used)
        return job_format(j, "No register tells of %s in %s and in the years before.",
                          weeks_words(j, s), year);
    if (!s->n_before)
        return job_format(j, "%s of sessions were missed in %s of %s; no year before has "
                             "registers to compare.", words_percent(j, now, 1),
                          weeks_words(j, s), year);
    if (!s->by.known || (s->by.low <= 0 && s->by.high >= 0))
        return job_format(j, "No clear change: %s of sessions were missed in %s of %s, %s in the "
                             "same weeks of the %s.", words_percent(j, now, 1),
                          weeks_words(j, s), year, words_percent(j, before, 1),
                          years_before(j, s));
    return job_format(j, "%s was missed in %s of %s than in the same weeks of the %s: %s of "
                         "sessions against %s.", s->by.low > 0 ? "More" : "Less",
                      weeks_words(j, s), year, years_before(j, s), words_percent(j, now, 1),
                      words_percent(j, before, 1));
}

static const char *
what(struct job *j, const struct same_weeks *s)
{
    return job_format(j, "Sessions missed of those possible in each school week, from registers. "
                         "Dots and the green line: %s.%s Left out: %s.",
                      figures_year(j, s->asked.year),
                      s->n_before ? " The dashed line: the years before, together." : "",
                      codes_list(j, s));
}

static const char *
by_words(struct job *j, const struct same_weeks *s)
{
    char by[TEXT_NUMBER];
    double v = 100 * s->by.value;

    if (!s->by.known)
        return NULL;
    return job_format(j, "Week by week, %s percentage points %s than before on average (95%% "
                         "interval of the difference %s).",
                      text_decimal(v < 0 ? -v : v, 1, by), v < 0 ? "less" : "more",
                      interval_words(j, &s->by));
}

static const char *
persistent_words(struct job *j, const struct same_weeks *s)
{
    struct point now = {0}, before = {0};

    for (size_t i = 0; i < s->n_years; i++) {
        struct point *p = s->year[i].year == s->asked.year ? &now : &before;
        if (p == &now || s->year[i].before) {
            p->part += s->year[i].persistent.part;
            p->whole += s->year[i].persistent.whole;
        }
    }
    if (now.whole < RATE_LEAST)
        return "Persistent absence is counted from the first school week on, with every code or "
               "with X and Y left out; it is not known for this choice.";
    return job_format(j, "Persistently absent by school week %d: %s of pupils (%s). %s.",
                      s->asked.to, words_percent(j, now, 1), words_of(j, now, "pupils"),
                      words_change(j, now, before,
                                   job_format(j, "the %s", years_before(j, s)), 1));
}

/* Weeks that are left out, and schools that are not the same. */
static const char *
notes(struct job *j, const struct same_weeks *s)
{
    int64_t least = INT64_MAX, most = 0;
    size_t left = s->n_weeks - s->n_used;
    const char *weeks = "", *schools = "";

    for (size_t i = 0; i < s->n_years; i++) {
        if (s->year[i].year != s->asked.year && !s->year[i].before)
            continue;
        least = s->year[i].schools < least ? s->year[i].schools : least;
        most = s->year[i].schools > most ? s->year[i].schools : most;
    }
    if (left)
        weeks = job_format(j, "%s left out of every year, because schools were closed or one of "
                              "the years has no register. ",
                           words_counted(j, (int64_t)left, "week is", "weeks are"));
    if (10 * least < 9 * most)
        schools = job_format(j, "Between %s and %s schools gave registers in a year, so that the "
                                "years are not of the same pupils' schools.",
                             words_count(j, least), words_count(j, most));
    return left || schools[0] ? job_format(j, "%s%s", weeks, schools) : NULL;
}

struct weeks_part *
weeks_make(struct job *j, const struct same_weeks *s, const struct snapshot *snapshot)
{
    struct weeks_part *p = job_alloc(j, sizeof *p);

    if (!s->n_told) {
        p->none = "No registers are loaded. With registers of this year and of the years before, "
                  "absence in the same school weeks is compared here.";
        return p;
    }
    p->words = (struct figure_words){says(j, s), what(j, s), true};
    p->year = choose_year(j, s);
    p->from = choose_week(j, "from", "From school week", s->asked.from);
    p->to = choose_week(j, "to", "To school week", s->asked.to);
    make_codes(j, s, p);
    p->chart = make_chart(j, s);
    p->years = year_table(j, s);
    p->weeks = week_table(j, s);
    p->by = by_words(j, s);
    p->persistent = persistent_words(j, s);
    p->notes = notes(j, s);
    p->source = figures_source(j, "Registers, term dates", snapshot);
    return p;
}
