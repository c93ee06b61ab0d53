#include "work/task.h"
#include "store/db.h"

static const char sql_next[] = "SELECT COALESCE(MAX(task_id), 0) + 1 FROM task WHERE area_id = $1";
static const char sql_add[] =
    "INSERT INTO task (area_id, task_id, kind, input, state, asked, asked_by, done, total, "
    "attempts) VALUES ($1, $2, $3, $4, 'waiting', $5, $6, 0, 0, 0)";

enum err
task_add(struct job *j, const char *kind, const char *input, const char *asked_by, int64_t *id)
{
    enum err e = db_int(j, sql_next, ARGS(INT(j->area)), 1, id);

    if (!e)
        e = db_run(j, sql_add,
                   ARGS(INT(j->area), INT(*id), TEXT(kind), TEXT(input), INT(j->now),
                        TEXT(asked_by)),
                   NULL);
    return e;
}

static void
task_from_row(struct rows *q, struct task *t)
{
    *t = (struct task){
        .area = row_int(q, 0),
        .id = row_int(q, 1),
        .kind = row_text(q, 2),
        .input = row_text(q, 3),
        .state = row_text(q, 4),
        .asked = row_int(q, 5),
        .asked_by = row_text(q, 6),
        .started = row_int(q, 7),
        .ended = row_int(q, 8),
        .done = row_int(q, 9),
        .total = row_int(q, 10),
        .message = row_text(q, 11),
    };
}

static const char sql_get[] =
    "SELECT area_id, task_id, kind, input, state, asked, asked_by, started, ended, done, total, "
    "message FROM task WHERE area_id = $1 AND task_id = $2";

enum err
task_get(struct job *j, int64_t id, struct task *out)
{
    struct rows q;
    bool found = false;
    enum err e;

    db_ask(j, &q, sql_get, ARGS(INT(j->area), INT(id)));
    while (db_next(&q)) {
        found = true;
        task_from_row(&q, out);
    }
    e = db_done(&q);
    return e || found ? e : err_set(j, ERR_NOT_FOUND, "there is no such task");
}

static const char sql_list[] =
    "SELECT area_id, task_id, kind, input, state, asked, asked_by, started, ended, done, total, "
    "message FROM task WHERE area_id = $1 ORDER BY task_id DESC LIMIT $2";

enum err
task_list(struct job *j, int64_t most, const struct task **out, size_t *n)
{
    struct task *list = job_array(j, (size_t)most, sizeof *list);
    struct rows q;

    *n = 0;
    db_ask(j, &q, sql_list, ARGS(INT(j->area), INT(most)));
    while (db_next(&q) && *n < (size_t)most)
        task_from_row(&q, &list[(*n)++]);
    *out = list;
    return db_done(&q);
}

static const char sql_inputs[] =
    "SELECT input FROM task WHERE area_id > 0 AND state IN ('waiting', 'running')";

enum err
task_inputs(struct job *j, const char **out)
{
    struct rows q;

    *out = "";
    db_ask(j, &q, sql_inputs, NO_ARGS);
    while (db_next(&q))
        *out = job_format(j, "%s\n%s", *out, row_text(&q, 0));
    return db_done(&q);
}
