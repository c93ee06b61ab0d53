#include "cli/index_task.h"
#include "base/log.h"
#include "directory/indexed.h"
#include "directory/shelf.h"
#include "people/area.h"
#include "web/server.h"

static enum err
follow(struct job *j, const struct index_task *t)
{
    bool made = false;
    enum err e = server_today(j, &j->today);

    if (!e)
        e = indexed_refresh(j, t->home, &made);
    if (made && !e)
        log_event(LOG_INFO, "directory-index", "area=%lld", (long long)j->area);
    return e;
}

static enum err
forget(struct job *j, const struct index_task *t)
{
    (void)t;
    return searched_sweep(j);
}

static enum err
in_each_area(struct job *j, const struct index_task *t,
             enum err (*fn)(struct job *, const struct index_task *))
{
    struct area *area;
    size_t n = 0;
    enum err e = area_list(j, &area, &n);

    for (size_t i = 0; i < n && !e; i++) {
        struct scope scope = job_scope_begin(j);
        j->area = area[i].area_id;
        e = fn(j, t);
        job_scope_end(j, scope);
    }
    return e;
}

enum err
index_task(struct job *j, void *arg)
{
    const struct index_task *t = arg;
    enum err e = db_open(j, t->url, DB_READ, &j->db);

    return e ? e : in_each_area(j, t, follow);
}

enum err
searched_task(struct job *j, void *arg)
{
    const struct index_task *t = arg;
    enum err e = db_open(j, t->url, DB_WRITE, &j->db);

    if (!e)
        e = shelf_tell(j, t->shelf);
    return e ? e : in_each_area(j, t, forget);
}
