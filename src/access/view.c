#include "access/view.h"
#include "base/text.h"
#include "store/query.h"

static const char sql_list[] =
    "SELECT view_id, name, query FROM saved_view WHERE area_id = $1 AND account_id = $2 AND "
    "page = $3 ORDER BY name, view_id";

enum err
view_list(struct job *j, const char *page, struct saved_view **out, size_t *n)
{
    struct rows q;

    *out = job_array(j, VIEWS_MOST, sizeof **out);
    *n = 0;
    db_ask(j, &q, sql_list, ARGS(INT(j->area), INT(j->who ? j->who->account : 0), TEXT(page)));
    while (*n < VIEWS_MOST && db_next(&q))
        (*out)[(*n)++] = (struct saved_view){row_int(&q, 0), row_text(&q, 1), row_text(&q, 2)};
    return db_done(&q);
}

static const char sql_drop_name[] =
    "DELETE FROM saved_view WHERE area_id = $1 AND account_id = $2 AND page = $3 AND name = $4";
static const char sql_count[] =
    "SELECT COUNT(*) FROM saved_view WHERE area_id = $1 AND account_id = $2 AND page = $3";
static const char sql_save[] =
    "INSERT INTO saved_view (area_id, view_id, account_id, page, name, query, made) "
    "SELECT $1, COALESCE(MAX(view_id), 0) + 1, $2, $3, $4, $5, $6 FROM saved_view "
    "WHERE area_id = $1";

enum err
view_save(struct job *j, struct view_place v)
{
    struct span name = span_trim(span_of(v.name));
    int64_t account = j->who ? j->who->account : 0, n;
    const char *kept = job_format(j, "%.*s", (int)name.n, name.s);
    enum err e;

    if (!name.n || name.n > VIEW_NAME)
        return err_set(j, ERR_INPUT, "Give the view a name of up to %d letters", VIEW_NAME);
    if (strlen(v.query) > VIEW_QUERY)
        return err_set(j, ERR_INPUT, "These choices are too long to keep");
    e = db_run(j, sql_drop_name, ARGS(INT(j->area), INT(account), TEXT(v.page), TEXT(kept)), NULL);
    if (!e)
        e = db_int(j, sql_count, ARGS(INT(j->area), INT(account), TEXT(v.page)), 0, &n);
    if (e)
        return e;
    if (n >= VIEWS_MOST)
        return err_set(j, ERR_INPUT, "You keep %d views already: remove one first", VIEWS_MOST);
    return db_run(j, sql_save, ARGS(INT(j->area), INT(account), TEXT(v.page), TEXT(kept),
                                    TEXT(v.query), INT(j->now)), NULL);
}

static const char sql_drop[] =
    "DELETE FROM saved_view WHERE area_id = $1 AND account_id = $2 AND view_id = $3";

enum err
view_drop(struct job *j, int64_t id)
{
    int64_t changed;
    enum err e = db_run(j, sql_drop,
                        ARGS(INT(j->area), INT(j->who ? j->who->account : 0), INT(id)), &changed);

    if (!e && !changed)
        err_set(j, ERR_NOT_FOUND, "there is no such view");
    return e ? e : changed ? OK : ERR_NOT_FOUND;
}
