#include "risk/refresh.h"
#include "store/db.h"

/* Facts with a day of their own, batch by batch as they lie; what is planned for later does not
 * make it later. */
#define LAST(day, table)                                                                       \
    "SELECT MAX((SELECT MAX(f." day ") FROM " table " f WHERE f.area_id = b.area_id AND "      \
    "f.batch_id = b.batch_id AND f." day " <= $2)) AS last_day FROM batch b WHERE "            \
    "b.area_id = $1 AND b.state = 'published'"
static const char sql_last_fact[] =
    "SELECT MAX(last_day) FROM (" LAST("started", "suspension") " UNION ALL "
    LAST("started", "register_entry") " UNION ALL " LAST("left_on", "leaver") " UNION ALL "
    LAST("decided", "exclusion_outcome") ") AS facts";
/* A census is a batch: its year and term stand there. */
static const char sql_last_census[] =
    "SELECT MAX(school_year * 10 + term) FROM batch WHERE area_id = $1 AND "
    "state = 'published' AND kind = 'census'";

static int32_t
census_day_of(int64_t year_and_term)
{
    return timeline_census_day((int32_t)(year_and_term / 10), (enum term)(year_and_term % 10));
}

/* Of what the column file is made from. */
static enum err
column_day(struct job *j, int32_t *out)
{
    int64_t fact = DATE_NONE, census = 0;
    enum err e = db_int(j, sql_last_fact, ARGS(INT(j->area), INT(j->today)), DATE_NONE, &fact);

    if (!e)
        e = db_int(j, sql_last_census, ARGS(INT(j->area)), 0, &census);
    *out = (int32_t)fact;
    if (!e && census && census_day_of(census) > *out)
        *out = census_day_of(census);
    if (*out > j->today)
        *out = j->today;
    return e;
}

enum err
figures_days(struct job *j, int32_t *columns, int32_t *registers)
{
    enum err e = column_day(j, columns);

    if (!e)
        e = marks_last_day(j, INT64_MAX, registers);
    if (!e && *registers > j->today)
        *registers = j->today;
    return e;
}

enum err
figures_last_day(struct job *j, int32_t *out)
{
    int32_t registers = DATE_NONE;
    enum err e = figures_days(j, out, &registers);

    if (registers > *out)
        *out = registers;
    return e;
}

enum err
figures_known_at(struct job *j, int64_t *out)
{
    return timeline_known(j, out);
}

static const char sql_same[] =
    "SELECT COUNT(*) FROM snapshot WHERE area_id = $1 AND state = 'current' AND as_of = $2 AND "
    "known_at = $3 AND program = $4";

/* A day of which only registers tell asks for no other column file. */
static enum err
complete_order(struct job *j, const struct refresh_order *order, struct risk_now *o)
{
    enum err e = OK;

    *o = (struct risk_now){.columns_day = order->as_of, .day = order->as_of,
                           .known_at = order->known_at};
    if (order->as_of == DATE_NONE && !(e = figures_days(j, &o->columns_day, &o->registers_to)))
        o->day = o->registers_to > o->columns_day ? o->registers_to : o->columns_day;
    if (!e && !o->known_at)
        e = figures_known_at(j, &o->known_at);
    return e;
}

enum err
figures_timeline(struct job *j, const char *home, const struct refresh_order *order,
                 struct timeline **out)
{
    struct risk_now o;
    enum err e = complete_order(j, order, &o);

    return e ? e
             : timeline_get(j, timeline_path(j, home),
                            &(struct timeline_order){.as_of = o.columns_day,
                                                     .known_at = o.known_at},
                            out);
}

enum err
figures_due(struct job *j, const struct risk_now *now, bool *due)
{
    int64_t same = 0;
    enum err e = db_int(j, sql_same,
                        ARGS(INT(j->area), INT(now->day), INT(now->known_at),
                             TEXT(ROOTED_VERSION)), 0, &same);

    *due = !same;
    return e;
}

static enum err
make_figures(struct job *j, const struct risk_now *now, bool whole, struct refreshed *out)
{
    struct figures_from from = {.t = now->t, .weeks = now->weeks, .aside = now->home,
                                .marks = now->marks, .places = now->places, .as_of = now->day,
                                .known_at = now->known_at, .whole = whole};
    enum err e = figures_make(j, &from, &out->figures);

    out->column_file = now->opening;
    if (e == ERR_NOT_FOUND) { /* files, but no census among them */
        err_clear(j);
        return OK;
    }
    out->made = !e;
    return e;
}

enum err
figures_refresh_now(struct job *j, const struct risk_now *now, bool again, struct refreshed *out)
{
    enum err e = OK;

    *out = (struct refreshed){0};
    if (now->columns_day != DATE_NONE)
        e = make_figures(j, now, again, out);
    return e || out->made ? e : figures_end(j); /* the last census was withdrawn */
}

/* Of the past, or alone: the weeks that are needed are opened when it is known which. */
enum err
figures_refresh(struct job *j, const char *home, const struct refresh_order *order,
                struct refreshed *out)
{
    bool present = order->as_of == DATE_NONE && !order->known_at, due;
    struct risk_now o;
    struct timeline *t;
    struct cost start;
    enum err e = complete_order(j, order, &o);

    *out = (struct refreshed){0};
    if (e || (e = figures_due(j, &o, &due)) || (!due && !order->again))
        return e;
    start = cost_now();
    if (o.columns_day != DATE_NONE &&
        !(e = timeline_get(j, timeline_path(j, home),
                           &(struct timeline_order){.as_of = o.columns_day,
                                                    .known_at = o.known_at}, &t))) {
        o.opening = cost_since(start);
        o.t = t;
        o.weeks = marks_path(j, home);
        o.home = home;
        e = make_figures(j, &o, order->again, out);
    }
    /* a look at the past leaves the figures in force */
    return e || out->made || !present ? e : figures_end(j);
}
