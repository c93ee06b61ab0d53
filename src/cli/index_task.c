#include "cli/index_task.h"
#include "base/log.h"
#include "directory/indexed.h"
#include "directory/shelf.h"
#include "people/area.h"
#include "web/server.h"

/* With a new index, which comes each day at least, old searches go. */
static enum err
follow(struct job *j, const struct index_task *t)
{
    bool made = false;
    enum err e = server_today(j, &j->today);

    if (!e)
        e = indexed_refresh(j, t->home, &made);
    if (e || !made)
        return e;
    log_event(LOG_INFO, "directory-index", "area=%lld", (long long)j->area);
    return searched_sweep(j);
}

enum err
index_task(struct job *j, void *arg)
{
    const struct index_task *t = arg;
    struct area *area;
    size_t n = 0;
    enum err e = db_open(j, t->url, DB_WRITE, &j->db);

    if (!e)
        e = area_list(j, &area, &n);
    for (size_t i = 0; i < n && !e; i++) {
        struct scope scope = job_scope_begin(j);
        j->area = area[i].area_id;
        e = follow(j, t);
        job_scope_end(j, scope);
    }
    return e ? e : shelf_tell(j, t->shelf);
}
