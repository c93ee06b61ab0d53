#include "risk/refresh.h"
#include "store/db.h"

static const char sql_last_suspension[] =
    "SELECT MAX(s.started) FROM suspension s JOIN batch b ON b.area_id = s.area_id AND "
    "b.batch_id = s.batch_id WHERE s.area_id = $1 AND b.state = 'published' AND s.started <= $2";
/* A census is a batch: its year and term stand there. */
static const char sql_last_census[] =
    "SELECT MAX(school_year * 10 + term) FROM batch WHERE area_id = $1 AND "
    "state = 'published' AND kind = 'census'";

static int32_t
census_day_of(int64_t year_and_term)
{
    return timeline_census_day((int32_t)(year_and_term / 10), (enum term)(year_and_term % 10));
}

enum err
figures_last_day(struct job *j, int32_t *out)
{
    int64_t suspension = DATE_NONE, census = 0;
    enum err e = db_int(j, sql_last_suspension, ARGS(INT(j->area), INT(j->today)), DATE_NONE,
                        &suspension);

    if (!e)
        e = db_int(j, sql_last_census, ARGS(INT(j->area)), 0, &census);
    *out = (int32_t)suspension;
    if (!e && census && census_day_of(census) > *out)
        *out = census_day_of(census);
    if (*out > j->today)
        *out = j->today;
    return e;
}

/* The moment after which nothing was published or withdrawn: the same batches always give
 * the same file and the same figures.  Registers change neither. */
static const char sql_known[] =
    "SELECT MAX(CASE WHEN COALESCE(withdrawn, 0) > COALESCE(published, 0) THEN withdrawn "
    "ELSE COALESCE(published, 0) END) FROM batch WHERE area_id = $1 AND "
    "substr(COALESCE(kind, ''), 1, 5) <> 'marks'";
static const char sql_same[] =
    "SELECT COUNT(*) FROM snapshot WHERE area_id = $1 AND state = 'current' AND as_of = $2 AND "
    "known_at = $3 AND program = $4";

static enum err
complete_order(struct job *j, struct refresh_order *o)
{
    enum err e = OK;

    if (o->as_of == DATE_NONE)
        e = figures_last_day(j, &o->as_of);
    if (!e && !o->known_at)
        e = db_int(j, sql_known, ARGS(INT(j->area)), 0, &o->known_at);
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
    struct refresh_order o = *order;
    enum err e = complete_order(j, &o);

    return e ? e
             : timeline_get(j, timeline_path(j, home),
                            &(struct timeline_order){.as_of = o.as_of, .known_at = o.known_at},
                            out);
}

static enum err
make_figures(struct job *j, const char *home, const struct refresh_order *o,
             struct refreshed *out)
{
    struct timeline_order order = {.as_of = o->as_of, .known_at = o->known_at};
    int64_t start = clock_us();
    struct timeline *t;
    enum err e = timeline_get(j, timeline_path(j, home), &order, &t);

    out->build_us = clock_us() - start;
    if (e)
        return e;
    e = figures_make(j, t, &out->figures);
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
    struct refresh_order o = *order;
    int64_t same = 0;
    enum err e = complete_order(j, &o);

    bool present = order->as_of == DATE_NONE && !order->known_at;

    *out = (struct refreshed){0};
    if (!e)
        e = db_int(j, sql_same,
                   ARGS(INT(j->area), INT(o.as_of), INT(o.known_at), TEXT(ROOTED_VERSION)), 0,
                   &same);
    if (e || (same && !o.again))
        return e;
    if (o.as_of != DATE_NONE)
        e = make_figures(j, home, &o, out);
    /* the last census was withdrawn; a look at the past leaves the figures in force */
    if (!e && !out->made && present)
        e = figures_end(j);
    return e;
}
