/* The sentences of a child's types, kept with the snapshot and read again. */
#include "risk/type_lines.h"
#include "access/permit.h"
#include "store/db.h"

/* The newest year first; a school gets what its own records say ($4), others all ($4 = 0). */
static const char sql_lines[] =
    "SELECT t.measure, t.school_year, t.words, "
    "(SELECT e.name FROM establishment e WHERE e.urn = t.urn) "
    "FROM snapshot_year s CROSS JOIN child_type t WHERE s.area_id = $1 AND s.snapshot_id = $2 "
    "AND t.area_id = s.area_id AND t.snapshot_id = s.rows_of AND t.person_id = $3 "
    "AND t.school_year = s.school_year AND ($4 = 0 OR t.urn = $4) "
    "ORDER BY t.school_year DESC, t.place";

enum err
type_lines(struct job *j, int64_t person, struct type_line **out, size_t *n)
{
    enum { ROOM = 400 };
    struct snapshot snapshot;
    struct rows q;
    enum err e = permit(j, ACT_CHILD, (struct subject){.person = person});

    *n = 0;
    *out = NULL;
    if (e)
        return e;
    e = snapshot_current(j, &snapshot);
    if (e == ERR_NOT_FOUND) {
        err_clear(j);
        return OK;
    }
    if (e)
        return e;
    *out = job_array(j, ROOM, sizeof **out);
    db_ask(j, &q, sql_lines,
           ARGS(INT(j->area), INT(snapshot.id), INT(person), INT(permit_school(j->who))));
    while (db_next(&q) && *n < ROOM) {
        enum measure m;
        if (measure_find(row_text(&q, 0), &m))
            (*out)[(*n)++] = (struct type_line){.title = measure_rows[m].title,
                                                .school_year = (int32_t)row_int(&q, 1),
                                                .words = row_text(&q, 2),
                                                .school = row_text(&q, 3)};
    }
    return db_done(&q);
}
