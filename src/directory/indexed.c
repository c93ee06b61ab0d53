#include "directory/fresh.h"
#include "directory/indexed.h"
#include "directory/thesaurus.h"

const char *
indexed_path(struct job *j, const char *home)
{
    return job_format(j, "%s/directory-%lld.index", home, (long long)j->area);
}

enum err
indexed_version(struct job *j, int64_t *out)
{
    int64_t turn = 0;
    enum err e = service_turn(j, &turn);

    *out = turn << 20 | (j->today & 0xFFFFF);
    return e;
}

static enum err
add_entry(struct job *j, void *arg, const struct service_step *step)
{
    json_t *doc = NULL;
    enum err e = document_parse(j, step->text, &doc);

    if (e)
        return e;
    document_conceal(doc);
    return indexed_entry(j, arg, step->service, doc);
}

static enum err
make(struct job *j, const char *path)
{
    struct fresh_days days = {0};
    struct indexing i = {.days = &days};
    struct thesaurus t;
    int64_t version = 0;
    enum err e = indexed_version(j, &version); /* before the rows: what comes meanwhile is newer */

    if (!e)
        e = fresh_days_get(j, &days);
    if (!e)
        e = thesaurus_load(j, &t);
    if (!e)
        e = db_open_beside(j, j->db, DB_READ, &i.beside);
    if (!e)
        e = search_index_begin(j, &t, &i.builder);
    if (!e)
        e = service_walk(j, add_entry, &i);
    return e ? e : search_index_write(j, i.builder, path, version);
}

enum err
indexed_make(struct job *j, const char *home)
{
    struct scope scope = job_scope_begin(j);
    enum err e = make(j, indexed_path(j, home));

    job_scope_end(j, scope);
    return e;
}

enum err
indexed_refresh(struct job *j, const char *home, bool *made)
{
    int64_t version = 0, there = 0;
    enum err e = indexed_version(j, &version);

    *made = false;
    if (e)
        return e;
    e = search_index_peek(j, indexed_path(j, home), &there);
    if (e && e != ERR_NOT_FOUND && e != ERR_ENV)
        return e;
    if (e == ERR_NOT_FOUND && version >> 20 == 0) { /* no directory, and nobody looked for one */
        err_clear(j);
        return OK;
    }
    if (!e && there == version)
        return OK;
    err_clear(j);
    *made = true;
    return indexed_make(j, home);
}
