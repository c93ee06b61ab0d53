/* What follows a load: signs of the last day with data. */
#include "risk/refresh.h"
#include "risk/sign_packs.h"
#include "risk/sign_run.h"
#include "store/db.h"

struct last {
    int32_t figures, registers, day;
    int64_t known_at;
};

static enum err
last_of(struct job *j, struct last *l)
{
    enum err e = figures_last_day(j, &l->figures);

    if (!e)
        e = timeline_known(j, &l->known_at);
    if (!e)
        e = marks_last_day(j, l->known_at, &l->registers);
    if (!e && l->registers > j->today)
        l->registers = j->today;
    l->day = l->registers > l->figures ? l->registers : l->figures;
    return e;
}

enum err
signs_last_day(struct job *j, int32_t *out)
{
    struct last l;
    enum err e = last_of(j, &l);

    *out = l.day;
    return e;
}

static const char sql_same[] =
    "SELECT COUNT(*) FROM sign_run WHERE area_id = $1 AND state = 'current' AND day = $2 AND "
    "known_at = $3 AND program = $4 AND pack_id = $5";

static enum err
is_same(struct job *j, const struct last *l, bool *same)
{
    struct sign_pack pack;
    int64_t id = 0, n = 0;
    enum err e = sign_pack_in_force(j, &pack, &id);

    if (!e)
        e = db_int(j, sql_same,
                   ARGS(INT(j->area), INT(l->day), INT(l->known_at), TEXT(ROOTED_VERSION),
                        INT(id)),
                   0, &n);
    *same = n > 0;
    return e;
}

static const char sql_end[] =
    "UPDATE sign_run SET state = 'kept' WHERE area_id = $1 AND state = 'current'";

enum err
signs_refresh(struct job *j, const char *home, bool again, struct sign_run_made *out)
{
    struct refresh_order figures = {DATE_NONE, 0, false};
    struct sign_run_order o = {0};
    struct timeline *t;
    struct marks *marks;
    struct last l;
    bool same = false;
    enum err e = last_of(j, &l);

    *out = (struct sign_run_made){0};
    if (!e && l.figures == DATE_NONE) /* nothing is left: nobody is on a roll */
        return db_run(j, sql_end, ARGS(INT(j->area)), NULL);
    if (!e)
        e = is_same(j, &l, &same);
    if (e || (same && !again))
        return e;
    e = figures_timeline(j, home, &figures, &t);
    if (!e)
        e = marks_get(j, marks_path(j, home),
                      &(struct marks_order){l.day, l.known_at, false,
                                            date_year_start(date_school_year(l.day) - 1),
                                            l.day + 1}, /* no sign looks further back */
                      &marks);
    if (e)
        return e;
    o = (struct sign_run_order){t, marks, l.day, l.known_at, l.registers};
    return sign_run_make(j, &o, out);
}
