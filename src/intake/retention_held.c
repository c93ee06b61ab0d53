/* Who is held, and which records are theirs. */
#include "access/custody.h"
#include "intake/retention_in.h"

static const char sql_in_force[] =
    "SELECT COALESCE(person_id, 0) FROM retention_hold WHERE area_id = $1 AND ended IS NULL "
    "ORDER BY 1";
static const char sql_how_many[] =
    "SELECT COUNT(*) FROM retention_hold WHERE area_id = $1 AND ended IS NULL";

enum err
retention_held(struct job *j, int64_t **out, size_t *n, bool *all)
{
    int64_t most;
    struct rows q;
    enum err e = db_int(j, sql_how_many, ARGS(INT(j->area)), 0, &most);

    *n = 0;
    *all = false;
    if (e)
        return e;
    *out = job_array(j, (size_t)most + 1, sizeof **out);
    db_ask(j, &q, sql_in_force, ARGS(INT(j->area)));
    while (*n < (size_t)most && db_next(&q)) {
        int64_t person = row_int(&q, 0);
        *all = *all || !person;
        if (person)
            (*out)[(*n)++] = person;
    }
    return db_done(&q);
}

/* CROSS JOIN keeps SQLite to the cheap order: from the few holds to their children's records. */
static const char sql_records[] =
    "SELECT DISTINCT i.identity_id, CASE WHEN i.area_id = $1 THEN 0 ELSE 1 END "
    "FROM retention_hold h CROSS JOIN identity i WHERE h.area_id IN ($1, $2) "
    "AND h.ended IS NULL AND i.area_id = h.area_id AND i.person_id = h.person_id "
    "ORDER BY i.identity_id";

enum err
retention_held_records(struct job *j, struct retention_records *out)
{
    struct rows q;

    *out = (struct retention_records){0};
    db_ask(j, &q, sql_records, ARGS(INT(j->area), INT(custody_area(j->area))));
    while (db_next(&q)) {
        if (out->n == out->room) {
            size_t room = out->room ? 2 * out->room : 64;
            out->v = job_grow(j, out->v, out->n * sizeof *out->v, room * sizeof *out->v);
            out->sealed = job_grow(j, out->sealed, out->n * sizeof *out->sealed,
                                   room * sizeof *out->sealed);
            out->room = room;
        }
        out->v[out->n] = row_int(&q, 0);
        out->sealed[out->n++] = row_int(&q, 1) == 1;
    }
    return db_done(&q);
}
