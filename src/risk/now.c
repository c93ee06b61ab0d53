#include "risk/now.h"
#include "base/thread.h"
#include "risk/refresh.h"
#include "store/db.h"

static const size_t OPEN_MEMORY = (size_t)512 * JOB_MB;

enum err
risk_now(struct job *j, struct risk_now *out)
{
    enum err e;

    *out = (struct risk_now){.columns_day = DATE_NONE, .day = DATE_NONE,
                             .registers_to = DATE_NONE};
    e = figures_days(j, &out->columns_day, &out->registers_to);
    if (!e)
        e = figures_known_at(j, &out->known_at);
    out->day = out->registers_to > out->columns_day ? out->registers_to : out->columns_day;
    return e;
}

/* Column file and weeks are opened beside each other, each in a job of its own that ends with the
 * one that asked. */
enum { COLUMNS, WEEKS, OPENED };
struct opening {
    const char *home;
    struct risk_now *now;
    struct db *db;
    struct job kept[OPENED];
};

static enum err
open_columns(struct job *j, void *arg)
{
    const struct opening *o = arg;
    struct timeline_order order = {.as_of = o->now->columns_day, .known_at = o->now->known_at};
    struct cost start = cost_now();
    struct timeline *t;
    enum err e;

    db_use(j, o->db);
    e = timeline_get(j, timeline_path(j, o->home), &order, &t);
    o->now->opening = cost_since(start);
    o->now->t = e ? NULL : t;
    return e;
}

static enum err
open_weeks(struct job *j, void *arg)
{
    const struct opening *o = arg;
    struct marks_order order = {o->now->day, o->now->known_at, false, DATE_NONE, DATE_NONE};
    struct marks *marks;
    enum err e = db_open_beside(j, o->db, DB_READ, &j->db);

    o->now->weeks = marks_path(j, o->home);
    if (!e)
        e = marks_get(j, o->now->weeks, &order, &marks);
    o->now->marks = e ? NULL : marks;
    return e;
}

static enum err
open_one(struct job *j, void *arg, size_t which)
{
    struct opening *o = arg;
    struct job *own = &o->kept[which];
    enum err e = job_run(own, which == COLUMNS ? open_columns : open_weeks, o);

    if (e)
        j->err = own->err;
    return e;
}

static void
end_opening(void *arg)
{
    struct opening *o = arg;

    for (int i = 0; i < OPENED; i++)
        job_end(&o->kept[i]);
}

/* Numbers of persons lie among those of other things, so their span tells how many at most. */
static const char sql_span[] =
    "SELECT COALESCE((SELECT MAX(person_id) FROM person WHERE area_id = $1) - "
    "(SELECT MIN(person_id) FROM person WHERE area_id = $1), 0)";
enum { MOST_BESIDE = 1000 * 1000 }; /* of a region both at once take too much memory */

enum err
risk_now_open(struct job *j, const char *home, struct risk_now *now)
{
    struct cleanup *end = job_on_end(j, end_opening);
    struct opening *o = job_alloc(j, sizeof *o);
    int64_t span;
    enum err e;

    if (now->day == DATE_NONE)
        return OK;
    if ((e = db_int(j, sql_span, ARGS(INT(j->area)), 0, &span)))
        return e;
    now->home = home;
    *o = (struct opening){.home = home, .now = now, .db = j->db};
    for (int i = 0; i < OPENED; i++)
        job_init_child(&o->kept[i], j, OPEN_MEMORY);
    end->arg = o;
    return thread_each(j, span > MOST_BESIDE ? 1 : OPENED, OPENED, JOB_MB, open_one, o);
}

enum err
risk_now_order(struct job *j, struct risk_now *now)
{
    struct places *places = job_alloc(j, sizeof *places);

    now->places = places;
    return now->t ? places_of(j, now->t, places) : OK;
}
