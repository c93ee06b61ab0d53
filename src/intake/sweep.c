#include "intake/shared.h"
#include "base/log.h"
#include "people/area.h"

enum { MOST_SWEPT = 1000 };

/* Taken by a load before anything else; swept only by who holds it. */
enum err
batch_lock(struct job *j)
{
    bool taken;
    enum err e = db_lock(j, job_format(j, "load-%lld", (long long)j->area), &taken);

    if (e || taken)
        return e;
    err_set(j, ERR_BUSY, "another load for authority %03lld is under way", (long long)j->area);
    return err_hint(j, "Try again when it has ended.");
}

static const char sql_loading[] =
    "SELECT batch_id FROM batch WHERE area_id = $1 AND state = 'loading' "
    "ORDER BY batch_id LIMIT $2";

static enum err
dead_batches(struct job *j, int64_t *ids, size_t *n)
{
    struct rows q;

    *n = 0;
    db_ask(j, &q, sql_loading, ARGS(INT(j->area), INT(MOST_SWEPT)));
    while (*n < MOST_SWEPT && db_next(&q))
        ids[(*n)++] = row_int(&q, 0);
    return db_done(&q);
}

enum err
batch_sweep(struct job *j, int64_t *n)
{
    int64_t *ids = job_array(j, MOST_SWEPT, sizeof *ids);
    size_t found = 0;
    enum err e = dead_batches(j, ids, &found);

    for (size_t i = 0; !e && i < found; i++) {
        e = facts_clear(j, ids[i], true);
        log_event(LOG_WARNING, "batch-swept", "id=%lld area=%lld", (long long)ids[i],
                  (long long)j->area);
    }
    *n = (int64_t)found;
    return e;
}

static enum err
sweep_area(struct job *j, int64_t *n)
{
    bool taken;
    enum err e = db_lock(j, job_format(j, "load-%lld", (long long)j->area), &taken);

    *n = 0;
    return e || !taken ? e : batch_sweep(j, n);
}

enum err
batch_sweep_all(struct job *j, int64_t *n)
{
    int64_t area = j->area, swept;
    struct area *all;
    size_t areas;
    enum err e = area_list(j, &all, &areas);

    *n = 0;
    for (size_t i = 0; !e && i < areas; i++) {
        struct scope s = job_scope_begin(j);
        j->area = all[i].area_id;
        e = sweep_area(j, &swept);
        *n += swept;
        job_scope_end(j, s);
    }
    j->area = area;
    return e ? e : shared_sweep_all(j);
}
