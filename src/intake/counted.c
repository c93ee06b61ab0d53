#include "intake/counted.h"
#include "intake/coverage.h"
#include "people/area.h"
#include "people/school.h"

static const char sql_edition[] = "SELECT edition FROM edition WHERE name = 'gias'";
static const char sql_stamp[] =
    "INSERT INTO counted (area_id, gias, program, turn) VALUES ($1, $2, $3, 1) "
    "ON CONFLICT (area_id) DO UPDATE SET gias = excluded.gias, program = excluded.program, "
    "turn = counted.turn + 1";

enum err
counted_derive(struct job *j)
{
    int64_t gias;
    enum err e = db_int(j, sql_edition, NO_ARGS, 0, &gias);

    if (!e)
        e = school_derive(j);
    if (!e)
        e = coverage_derive(j);
    return e ? e : db_run(j, sql_stamp, ARGS(INT(j->area), INT(gias), TEXT(ROOTED_VERSION)), NULL);
}

static const char sql_current[] =
    "SELECT COUNT(*) FROM counted WHERE area_id = $1 AND program = $2 "
    "AND gias = (SELECT e.edition FROM edition e WHERE e.name = 'gias')";

static enum err
catch_up(struct job *j)
{
    int64_t current;
    enum err e = db_int(j, sql_current, ARGS(INT(j->area), TEXT(ROOTED_VERSION)), 0, &current);

    if (e || current)
        return e;
    if ((e = db_begin(j)) || (e = counted_derive(j)))
        return e;
    return db_commit(j);
}

enum err
counted_catch_up(struct job *j)
{
    int64_t area = j->area;
    struct area *all;
    size_t n;
    enum err e = area_list(j, &all, &n);

    for (size_t i = 0; !e && i < n; i++) {
        struct scope s = job_scope_begin(j);
        j->area = all[i].area_id;
        e = catch_up(j);
        job_scope_end(j, s);
    }
    j->area = area;
    return e;
}
