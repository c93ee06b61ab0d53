#include "people/area.h"
#include "access/custody.h"

static const char sql_area_list[] =
    "SELECT area_id, name FROM area WHERE area_id = $1 OR $1 = 0 ORDER BY area_id";

static void
area_from_row(struct rows *q, struct area *a)
{
    *a = (struct area){row_int(q, 0), row_text(q, 1)};
}

enum err
area_list(struct job *j, struct area **out, size_t *n)
{
    struct rows q;
    size_t most = 8;

    *out = job_array(j, most, sizeof **out);
    *n = 0;
    db_ask(j, &q, sql_area_list, ARGS(INT(0)));
    while (db_next(&q)) {
        if (*n == most) {
            *out = job_grow(j, *out, most * sizeof **out, 2 * most * sizeof **out);
            most *= 2;
        }
        area_from_row(&q, &(*out)[(*n)++]);
    }
    return db_done(&q);
}

enum err
area_get(struct job *j, int64_t area_id, struct area *out)
{
    struct rows q;
    enum err e;

    *out = (struct area){0};
    db_ask(j, &q, sql_area_list, ARGS(INT(area_id)));
    if (area_id > 0 && db_next(&q))
        area_from_row(&q, out);
    e = db_done(&q);
    if (!e && !out->area_id) {
        err_set(j, ERR_NOT_FOUND, "nothing of authority %lld is loaded", (long long)area_id);
        return err_hint(j, "Load a file of it first: rooted load FILE");
    }
    return e;
}

static const char sql_area_add[] =
    "INSERT INTO area (area_id, name, next_id) VALUES ($1, $2, 1) "
    "ON CONFLICT (area_id) DO NOTHING";

enum err
area_add(struct job *j, int64_t area_id, const char *name)
{
    if (!name)
        name = job_format(j, "Authority %03lld", (long long)area_id);
    return db_run(j, sql_area_add, ARGS(INT(area_id), TEXT(name)), NULL);
}

static const char sql_area_name[] = "UPDATE area SET name = $2 WHERE area_id = $1";

enum err
area_name(struct job *j, int64_t area_id, const char *name)
{
    return db_run(j, sql_area_name, ARGS(INT(area_id), TEXT(name)), NULL);
}

static const char sql_area_turn[] = "SELECT turn FROM counted WHERE area_id = $1";

enum err
area_turn(struct job *j, int64_t *out)
{
    return db_int_once(j, sql_area_turn, j->area, out);
}

static const char sql_area_next_id[] =
    "UPDATE area SET next_id = next_id + $2 WHERE area_id = $1 RETURNING next_id - $2";

enum err
area_next_id(struct job *j, int64_t n, int64_t *first)
{
    int64_t area = custody_authority(j->area); /* rows of sealed children come back with theirs */
    enum err e = db_int(j, sql_area_next_id, ARGS(INT(area), INT(n)), 0, first);

    if (!e && *first <= 0)
        return err_set(j, ERR_FAULT, "authority %lld has no counter", (long long)j->area);
    return e;
}
