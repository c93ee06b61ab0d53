#include "risk/now.h"
#include "risk/refresh.h"

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

enum err
risk_now_open(struct job *j, const char *home, struct risk_now *now)
{
    struct timeline_order columns = {.as_of = now->columns_day, .known_at = now->known_at};
    struct marks_order weeks = {now->day, now->known_at, false, DATE_NONE, DATE_NONE};
    struct cost start = cost_now();
    struct timeline *t;
    struct marks *marks;
    enum err e;

    if (now->day == DATE_NONE)
        return OK;
    if ((e = timeline_get(j, timeline_path(j, home), &columns, &t)))
        return e;
    now->opening = cost_since(start);
    now->weeks = marks_path(j, home);
    now->home = home;
    if ((e = marks_get(j, now->weeks, &weeks, &marks)))
        return e;
    now->t = t;
    now->marks = marks;
    return OK;
}

enum err
risk_now_order(struct job *j, struct risk_now *now)
{
    struct places *places = job_alloc(j, sizeof *places);

    now->places = places;
    return now->t ? places_of(j, now->t, places) : OK;
}
