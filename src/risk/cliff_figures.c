/* Near the edge as counts of a year, and as figures.h gives it. */
#include "access/permit.h"
#include "risk/statistics.h"
#include "stats/interval.h"
#include "store/db.h"

/* Counts of one year.  with[i]: three or more needs, i among them; without[i]: three or more
 * when i is not looked at. */
struct edge {
    int64_t pupils, least2, least3, least4, with[NEEDS], without[NEEDS];
    int64_t later, later_of, neither, neither_of;
    int64_t plans, plans2; /* with a plan; of them with two or more needs */
};

_Static_assert((int)CLIFF_NEEDS == (int)NEEDS, "figures.h counts them");

static const char *const with_names[NEEDS] = {
#define NEED(id, name, about, signal, sources) "with_" #id,
#include "risk/needs.def"
#undef NEED
};
static const char *const without_names[NEEDS] = {
#define NEED(id, name, about, signal, sources) "without_" #id,
#include "risk/needs.def"
#undef NEED
};

/* Suspended after the autumn census day and before the end of that school year. */
static bool
suspended_later(const struct timeline *t, const struct child_year *row)
{
    int32_t day = timeline_census_day(row->year, TERM_AUTUMN);
    struct timeline_range r = timeline_of(t, TIMELINE_EVENT, row->person);

    for (; r.from < r.to; r.from++) {
        const struct timeline_event *e = &t->event[r.from];
        if (e->counts && e->category == CATEGORY_SUSPENSION && e->started > day &&
            e->started < date_year_end(row->year))
            return true;
    }
    return false;
}

static void
add_pupil(const struct years *y, const struct child_year *row, struct edge *e)
{
    bool later_known = y->has[row->year - y->first] & BIT(M_DFE_SUSP);

    e->pupils++;
    e->least2 += cliff_is(row, 2);
    e->least3 += cliff_is(row, 3);
    e->least4 += cliff_is(row, 4);
    if (row->thresholds & BIT(T_PLAN)) {
        e->plans++;
        e->plans2 += __builtin_popcount(row->needs) >= 2;
    }
    for (int i = 0; i < NEEDS; i++) {
        struct child_year less = *row;
        less.needs &= (uint16_t)~BIT(i);
        e->without[i] += cliff_is(&less, 3);
        e->with[i] += cliff_is(row, 3) && row->needs & BIT(i);
    }
    if (!later_known || row->thresholds)
        return;
    if (cliff_is(row, 3)) {
        e->later_of++;
        e->later += suspended_later(y->t, row);
    } else {
        e->neither_of++;
        e->neither += suspended_later(y->t, row);
    }
}

static void
put_edge(struct job *j, struct statistics *out, int32_t year, const struct edge *e)
{
    const struct { const char *item; int64_t value; } fixed[] = {
        {"pupils", e->pupils}, {"least2", e->least2}, {"least3", e->least3},
        {"least4", e->least4}, {"later", e->later}, {"later_of", e->later_of},
        {"neither", e->neither}, {"neither_of", e->neither_of},
        {"plans", e->plans}, {"plans2", e->plans2},
    };

    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        statistic_put(j, out, (struct statistic){"cliff", year, fixed[i].item, fixed[i].value});
    for (int i = 0; i < NEEDS; i++) {
        statistic_put(j, out, (struct statistic){"cliff", year, with_names[i], e->with[i]});
        statistic_put(j, out,
                      (struct statistic){"cliff", year, without_names[i], e->without[i]});
    }
}

struct cliff_edges {
    struct edge of[RISK_YEARS];
};

struct cliff_edges *
cliff_new(struct job *j)
{
    return job_alloc(j, sizeof(struct cliff_edges));
}

void
cliff_add(struct cliff_edges *x, const struct years *y, const struct child_years *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        if (rows->row[i].school != TIMELINE_NONE && (rows->row[i].base & BIT(M_CLIFF)))
            add_pupil(y, &rows->row[i], &x->of[rows->row[i].year - y->first]);
        timeline_walked(y->t, i);
    }
}

void
cliff_put(struct job *j, const struct years *y, const struct cliff_edges *x,
          struct statistics *out)
{
    for (int32_t year = y->first; year <= y->last; year++) {
        if (y->has[year - y->first] & BIT(M_CLIFF))
            put_edge(j, out, year, &x->of[year - y->first]);
        statistic_put(j, out,
                      (struct statistic){"care-until", year, "day",
                                         y->care_until == DATE_NONE ? 0 : y->care_until});
        statistic_put(j, out, (struct statistic){"care-until", year, "loaded", y->edge});
    }
}

static const char sql_cliff[] =
    "SELECT c.item, c.value FROM snapshot_year s JOIN statistic c ON c.area_id = s.area_id "
    "AND c.snapshot_id = s.rows_of AND c.school_year = s.school_year "
    "WHERE s.area_id = $1 AND s.snapshot_id = $2 AND s.school_year = $3 AND c.name = 'cliff'";

static int64_t
lower(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void
take_item(struct cliff *out, const char *item, int64_t v)
{
    if (!strcmp(item, "pupils"))
        out->pupils = v;
    else if (!strncmp(item, "least", 5))
        out->at_least[item[5] - '0'] = v;
    else if (!strcmp(item, "later"))
        out->later_cliff.part = v;
    else if (!strcmp(item, "later_of"))
        out->later_cliff.whole = v;
    else if (!strcmp(item, "neither"))
        out->later_neither.part = v;
    else if (!strcmp(item, "neither_of"))
        out->later_neither.whole = v;
    else if (!strcmp(item, "plans"))
        out->plans = v;
    else if (!strcmp(item, "plans2"))
        out->plans2 = v;
}

/* Leaving out a need that nothing here loads changes nothing, so the range is over all. */
static void
take_need(struct cliff *out, const char *item, int64_t v)
{
    for (int i = 0; i < NEEDS; i++) {
        if (!strcmp(item, with_names[i]))
            out->with[i] = v;
        if (strcmp(item, without_names[i]))
            continue;
        out->without[i] = v;
        out->leave_one_out_low = lower(out->leave_one_out_low, v);
        if (v > out->leave_one_out_high)
            out->leave_one_out_high = v;
    }
}

static enum err
read_cliff(struct job *j, int64_t snapshot, struct cliff *out)
{
    struct rows q;
    bool found = false;
    enum err e;

    out->leave_one_out_low = INT64_MAX;
    db_ask_kept(j, &q, &(struct db_kept){sql_cliff, "ti", 0},
                ARGS(INT(j->area), INT(snapshot), INT(out->school_year)));
    while (db_next(&q)) {
        const char *item = row_text(&q, 0);
        found = true;
        take_item(out, item, row_int(&q, 1));
        take_need(out, item, row_int(&q, 1));
    }
    e = db_done(&q);
    if (e || found)
        return e;
    err_set(j, ERR_NOT_FOUND, "nobody can be told to be near the edge in this school year yet");
    return err_hint(j, "It needs the autumn census of the year and the year before it.");
}

const char *
edge_words(struct job *j, unsigned sources)
{
    static const char *const names[] = {
#define EDGE(id, name) name,
#include "risk/edge_sources.def"
#undef EDGE
    };
    const char *words = "";

    for (int i = 0; i < EDGE_SOURCES; i++)
        if (sources & EDGE_BIT(i))
            words = *words ? job_format(j, "%s; %s", words, names[i]) : names[i];
    return words;
}

/* All that a need or threshold looks at. */
static const unsigned edge_all =
#define NEED(id, name, about, signal, sources) (sources) |
#include "risk/needs.def"
#undef NEED
#define THRESHOLD(id, about, sources) (sources) |
#include "risk/thresholds.def"
#undef THRESHOLD
    0;

static enum err
name_missing(struct job *j, const struct snapshot *s, struct cliff *out)
{
    struct statistic asked = {"care-until", out->school_year, "day", 0};
    char day[DATE_TEXT];
    int64_t until = 0, loaded = 0;
    enum err e = statistic_sum(j, s->id, asked, out->school_year, &until);

    asked.item = "loaded";
    if (!e)
        e = statistic_sum(j, s->id, asked, out->school_year, &loaded);
    out->missing = edge_all & ~(unsigned)loaded;
    out->not_loaded = edge_words(j, out->missing);
    if (until && until <= timeline_census_day(out->school_year, TERM_AUTUMN))
        out->not_loaded = job_format(j, "%s%ssocial care after %s", out->not_loaded,
                                     *out->not_loaded ? "; " : "",
                                     date_words((int32_t)until - 1, day));
    return e;
}

enum err
cliff_get(struct job *j, int32_t school_year, struct cliff *out)
{
    struct snapshot s;
    struct interval r;
    enum err e = permit(j, ACT_FIGURES, (struct subject){0});

    *out = (struct cliff){.school_year = school_year};
    if (!e)
        e = snapshot_current(j, &s);
    if (!e)
        e = read_cliff(j, s.id, out);
    if (!e)
        e = name_missing(j, &s, out);
    if (e || !out->later_cliff.part || !out->later_neither.part)
        return e;
    r = interval_risk_ratio((struct part){out->later_cliff.part, out->later_cliff.whole},
                            (struct part){out->later_neither.part, out->later_neither.whole},
                            0.95);
    out->ratio = r.value;
    out->low = r.low;
    out->high = r.high;
    return OK;
}
