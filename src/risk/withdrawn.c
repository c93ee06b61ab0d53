/* Snapshots that a sealed record withdrew: their figures go once others are in force, a few rows at
 * a time. */
#include "risk/snapshot_year.h"
#include "store/db.h"

static const char sql_next[] =
    "SELECT COALESCE(MIN(snapshot_id), 0) FROM snapshot WHERE area_id = $1 AND state = 'withdrawn'";
static const char sql_dimension[] =
    "SELECT MIN(dimension) FROM figure WHERE area_id = $1 AND snapshot_id = $2";
static const char sql_figures[] =
    "DELETE FROM figure WHERE area_id = $1 AND snapshot_id = $2 AND dimension = $3";
static const char *const sql_rest[] = {
    "DELETE FROM statistic WHERE area_id = $1 AND snapshot_id = $2",
    "DELETE FROM snapshot_year WHERE area_id = $1 AND snapshot_id = $2",
    "DELETE FROM snapshot WHERE area_id = $1 AND snapshot_id = $2", /* last: until then it is met */
};

/* One dimension; *left false: there was none. */
static enum err
drop_dimension(struct job *j, int64_t snapshot, bool *left)
{
    const char *dimension = NULL;
    struct rows q;
    enum err e;

    db_ask(j, &q, sql_dimension, ARGS(INT(j->area), INT(snapshot)));
    if (db_next(&q))
        dimension = row_text(&q, 0);
    e = db_done(&q);
    *left = dimension != NULL;
    return e || !dimension
               ? e
               : db_run(j, sql_figures, ARGS(INT(j->area), INT(snapshot), TEXT(dimension)), NULL);
}

enum err
snapshot_drop_withdrawn(struct job *j)
{
    for (;;) {
        bool left = true;
        int64_t snapshot;
        enum err e = db_int(j, sql_next, ARGS(INT(j->area)), 0, &snapshot);

        if (e || !snapshot)
            return e;
        while (!e && left)
            e = drop_dimension(j, snapshot, &left);
        for (size_t i = 0; !e && i < sizeof sql_rest / sizeof *sql_rest; i++)
            e = db_run(j, sql_rest[i], ARGS(INT(j->area), INT(snapshot)), NULL);
        if (e)
            return e;
    }
}
