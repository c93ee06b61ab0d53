#include "risk/refresh.h"
#include "store/db.h"

/* Facts with a day of their own; what is planned for later does not make it later. */
#define LAST(day, table)                                                                       \
    "SELECT MAX(f." day ") AS last_day FROM " table " f JOIN batch b ON "                      \
    "b.area_id = f.area_id AND b.batch_id = f.batch_id WHERE f.area_id = $1 AND "              \
    "b.state = 'published' AND f." day " <= $2"
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
figures_last_day(struct job *j, int32_t *out)
{
    int32_t marks = DATE_NONE;
    enum err e = column_day(j, out);

    if (!e)
        e = marks_last_day(j, INT64_MAX, &marks);
    if (!e && marks > *out)
        *out = marks < j->today ? marks : j->today;
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
struct due {
    int32_t as_of, columns_as_of;
    int64_t known_at;
    bool whole;
};

static enum err
complete_order(struct job *j, struct due *o)
{
    enum err e = OK;

    o->columns_as_of = o->as_of;
    if (o->as_of == DATE_NONE && !(e = figures_last_day(j, &o->as_of)))
        e = column_day(j, &o->columns_as_of);
    if (!e && !o->known_at)
        e = figures_known_at(j, &o->known_at);
    return e;
}

static int64_t
clock_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

enum err
figures_timeline(struct job *j, const char *home, const struct refresh_order *order,
                 struct timeline **out)
{
    struct due o = {.as_of = order->as_of, .known_at = order->known_at};
    enum err e = complete_order(j, &o);

    return e ? e
             : timeline_get(j, timeline_path(j, home),
                            &(struct timeline_order){.as_of = o.columns_as_of,
                                                     .known_at = o.known_at},
                            out);
}

static enum err
make_figures(struct job *j, const char *home, const struct due *o,
             const struct figures_opened *opened, struct refreshed *out)
{
    struct timeline_order order = {.as_of = o->columns_as_of, .known_at = o->known_at};
    struct figures_from from = {.weeks = marks_path(j, home), .as_of = o->as_of,
                                .known_at = o->known_at, .whole = o->whole,
                                .t = opened->t, .marks = opened->marks,
                                .places = opened->places};
    int64_t start = clock_us();
    struct timeline *t;
    enum err e = OK;

    if (!from.t && !(e = timeline_get(j, timeline_path(j, home), &order, &t)))
        from.t = t;
    out->build_us = clock_us() - start;
    if (e)
        return e;
    e = figures_make(j, &from, &out->figures);
    if (e == ERR_NOT_FOUND) { /* files, but no census among them */
        err_clear(j);
        return OK;
    }
    out->made = !e;
    return e;
}

enum err
figures_refresh(struct job *j, const char *home, const struct refresh_order *order,
                struct refreshed *out)
{
    return figures_refresh_opened(j, home, order, &(struct figures_opened){0}, out);
}

enum err
figures_refresh_opened(struct job *j, const char *home, const struct refresh_order *order,
                       const struct figures_opened *opened, struct refreshed *out)
{
    struct due o = {.as_of = order->as_of, .known_at = order->known_at,
                    .whole = order->again};
    int64_t same = 0;
    bool present = order->as_of == DATE_NONE && !order->known_at;
    enum err e = complete_order(j, &o);

    *out = (struct refreshed){0};
    if (!e)
        e = db_int(j, sql_same,
                   ARGS(INT(j->area), INT(o.as_of), INT(o.known_at), TEXT(ROOTED_VERSION)), 0,
                   &same);
    if (e || (same && !order->again))
        return e;
    if (o.columns_as_of != DATE_NONE)
        e = make_figures(j, home, &o, opened, out);
    /* the last census was withdrawn; a look at the past leaves the figures in force */
    if (!e && !out->made && present)
        e = figures_end(j);
    return e;
}
