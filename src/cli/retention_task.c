#include "cli/retention_task.h"
#include "base/text.h"
#include "intake/retention.h"
#include "people/area.h"
#include "store/db.h"

static const char sql_asked[] =
    "SELECT COUNT(*) FROM task WHERE area_id = $1 AND kind = 'retention' "
    "AND state IN ('waiting', 'running')";

static enum err
ask_area(struct job *j)
{
    bool time;
    int64_t waiting = 0, id;
    enum err e = retention_is_time(j, &time);

    if (!e && time)
        e = db_int(j, sql_asked, ARGS(INT(j->area)), 0, &waiting);
    if (e || !time || waiting || (e = db_begin(j)))
        return e;
    e = task_add(j, "retention", "{}", "each day", &id);
    return e ? e : db_commit(j);
}

enum err
retention_ask(struct job *j)
{
    int64_t area = j->area;
    struct area *all;
    size_t n;
    enum err e = area_list(j, &all, &n);

    for (size_t i = 0; !e && i < n; i++) {
        j->area = all[i].area_id;
        e = ask_area(j);
    }
    j->area = area;
    return e;
}

enum err
retention_task(struct job *j, struct task *t, void *arg)
{
    struct retention_done done;
    char gone[TEXT_NUMBER], held[TEXT_NUMBER];
    enum err e = retention_apply(j, &(struct retention_order){arg, t->asked_by}, &done);

    if (!e)
        task_say(j, t, "%s removed because their time was over, %s stayed.",
                 text_count((int64_t)done.n_gone, gone), text_count((int64_t)done.n_held, held));
    return e;
}
