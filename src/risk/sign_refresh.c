/* What follows a load: signs of the last day with data. */
#include "risk/refresh.h"
#include "risk/sign_packs.h"
#include "risk/sign_run.h"
#include "store/db.h"

enum err
signs_last_day(struct job *j, int32_t *out)
{
    return figures_last_day(j, out);
}

static const char sql_same[] =
    "SELECT COUNT(*) FROM sign_run WHERE area_id = $1 AND state = 'current' AND day = $2 AND "
    "known_at = $3 AND program = $4 AND pack_id = $5";

enum err
signs_due(struct job *j, const struct risk_now *now, bool *due)
{
    struct sign_pack pack;
    int64_t id = 0, n = 0;
    enum err e = OK;

    if (now->day != DATE_NONE && !(e = sign_pack_in_force(j, &pack, &id)))
        e = db_int(j, sql_same,
                   ARGS(INT(j->area), INT(now->day), INT(now->known_at), TEXT(ROOTED_VERSION),
                        INT(id)),
                   0, &n);
    *due = !n;
    return e;
}

static const char sql_end[] =
    "UPDATE sign_run SET state = 'kept' WHERE area_id = $1 AND state = 'current'";

enum err
signs_refresh_now(struct job *j, const struct risk_now *now, struct sign_run_made *out)
{
    struct sign_run_order o = {now->t, now->marks, now->day, now->known_at, now->registers_to,
                               now->places};

    *out = (struct sign_run_made){0};
    if (now->day == DATE_NONE) /* nothing is left: nobody is on a roll */
        return db_run(j, sql_end, ARGS(INT(j->area)), NULL);
    return sign_run_make(j, &o, out);
}

enum err
signs_refresh(struct job *j, const char *home, bool again, struct sign_run_made *out)
{
    struct risk_now now;
    bool due;
    enum err e = risk_now(j, &now);

    *out = (struct sign_run_made){0};
    if (e || (e = signs_due(j, &now, &due)) || (!due && !again))
        return e;
    e = risk_now_open(j, home, &now);
    if (!e)
        e = risk_now_order(j, &now);
    return e ? e : signs_refresh_now(j, &now, out);
}
