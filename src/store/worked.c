#include "store/worked.h"
#include "store/driver.h"

static const char *
made_of(struct job *j, const struct worked *w)
{
    return job_format(j, "%s %s", w->made_of, ROOTED_VERSION);
}

static const char sql_get[] =
    "SELECT content FROM worked_out WHERE area_id = $1 AND name = $2 AND made_of = $3";

enum err
worked_get(struct job *j, const struct worked *w, size_t least, const void **content)
{
    struct rows q;
    size_t n;

    *content = NULL;
    if (!w->made_of)
        return OK;
    db_ask(j, &q, sql_get, ARGS(INT(j->area), TEXT(w->name), TEXT(made_of(j, w))));
    if (db_next(&q)) {
        const void *found = row_blob(&q, 0, &n);
        if (n >= least)
            *content = found;
    }
    return db_done(&q);
}

static const char sql_put[] =
    "INSERT INTO worked_out (area_id, name, made_of, content) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (area_id, name) DO UPDATE SET made_of = $3, content = $4";

enum err
worked_put(struct job *j, const struct worked *w, const void *content, size_t n)
{
    if (!w->made_of || j->db->mode == DB_READ)
        return OK;
    return db_run(j, sql_put, ARGS(INT(j->area), TEXT(w->name), TEXT(made_of(j, w)),
                                   BLOB(content, n)), NULL);
}

static const char sql_forget[] = "DELETE FROM worked_out WHERE area_id = $1";

enum err
worked_forget(struct job *j)
{
    return db_run(j, sql_forget, ARGS(INT(j->area)), NULL);
}
