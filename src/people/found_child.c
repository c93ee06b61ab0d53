#include "people/found_child.h"

enum { AT_ONCE = 500 }; /* children written in one transaction */

/* Said once for a page, so that all its rows are of one moment. */
static const char sql_newest[] =
    "SELECT COALESCE((SELECT newest FROM found_child_made WHERE area_id = $1), 0)";

enum err
found_child_newest(struct job *j, int64_t *taken)
{
    return db_int_once(j, sql_newest, j->area, taken);
}

/* ---- what is to be made --------------------------------------------------------------- */

struct since {
    int64_t turn, newest;
    bool missing;
};

static const char sql_start[] =
    "INSERT INTO found_child_made (area_id, turn, newest, missing) VALUES ($1, 0, 0, 1) "
    "ON CONFLICT (area_id) DO NOTHING";
static const char sql_since[] =
    "SELECT turn, newest, missing FROM found_child_made WHERE area_id = $1";
/* Before they are looked for: who loses a row from here on says so again, and who is cut off
 * looks again. */
static const char sql_looking[] =
    "UPDATE found_child_made SET missing = 2 WHERE area_id = $1 AND missing = 1";

static enum err
read_since(struct job *j, struct since *s)
{
    struct rows q;

    *s = (struct since){0};
    db_ask(j, &q, sql_since, ARGS(INT(j->area)));
    if (db_next(&q))
        *s = (struct since){row_int(&q, 0), row_int(&q, 1), row_int(&q, 2) != 0};
    return db_done(&q);
}

static enum err
begin_making(struct job *j, struct since *s)
{
    enum err e = db_begin(j);

    if (!e)
        e = db_run(j, sql_start, ARGS(INT(j->area)), NULL);
    if (!e)
        e = read_since(j, s);
    if (!e)
        e = db_run(j, sql_looking, ARGS(INT(j->area)), NULL);
    return e ? e : db_commit(j);
}

struct persons {
    int64_t *v;
    size_t n, room;
};

static enum err
add_persons(struct job *j, const char *sql, struct args a, struct persons *p)
{
    struct rows q;

    db_ask(j, &q, sql, a);
    while (db_next(&q)) {
        if (p->n == p->room) {
            size_t more = p->room ? 2 * p->room : 1024;
            p->v = job_grow(j, p->v, p->n * sizeof *p->v, more * sizeof *p->v);
            p->room = more;
        }
        p->v[p->n++] = row_int(&q, 0);
    }
    return db_done(&q);
}

static const char sql_overtaken[] =
    "SELECT f.person_id FROM found_child f WHERE f.area_id = $1 "
    "AND (NOT " FOUND_CHILD_HOLDS("$2") "OR NOT EXISTS (SELECT 1 FROM batch b "
    "WHERE b.area_id = f.area_id AND b.batch_id = f.batch_id AND b.state = 'published')) "
    "ORDER BY f.person_id";
static const char sql_missing[] =
    "SELECT DISTINCT i.person_id FROM identity i "
    "WHERE i.area_id = $1 AND i.person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM found_child f "
    "WHERE f.area_id = i.area_id AND f.person_id = i.person_id) "
    "AND EXISTS (SELECT 1 FROM census_pupil c WHERE c.area_id = i.area_id "
    "AND c.identity_id = i.identity_id) ORDER BY i.person_id";

static enum err
list_due(struct job *j, const struct since *s, struct persons *p)
{
    enum err e = add_persons(j, sql_overtaken, ARGS(INT(j->area), INT(s->newest)), p);

    if (e || (!s->missing && !s->newest))
        return e;
    return add_persons(j, sql_missing, ARGS(INT(j->area)), p);
}

/* ---- making it ------------------------------------------------------------------------ */

static const char sql_forget[] = "DELETE FROM found_child WHERE area_id = $1 AND person_id = $2";
static const char sql_make[] =
    "INSERT INTO found_child (area_id, person_id, batch_id, taken, forename, surname, upn, "
    "former_upn, born, sex, urn, on_roll, year_group, sen, ethnicity) " SQL_LAST_CENSUS_ROW(
        "x.area_id, x.person_id, c.batch_id, m.taken, i.forename, i.surname, i.upn, i.former_upn, "
        "i.born, i.sex, c.urn, c.on_roll, c.year_group, c.sen, c.ethnicity", "0", "");

/* Read and written in one transaction: nobody changes a child in between. */
static enum err
make_some(struct job *j, const int64_t *person, size_t n)
{
    enum err e = db_begin(j);

    for (size_t i = 0; !e && i < n; i++) {
        e = db_run(j, sql_forget, ARGS(INT(j->area), INT(person[i])), NULL);
        if (!e)
            e = db_run(j, sql_make, ARGS(INT(j->area), INT(person[i])), NULL);
    }
    return e ? e : db_commit(j);
}

/* A census that was published meanwhile may have overtaken what was made before it. */
static const char sql_made[] =
    "UPDATE found_child_made SET newest = CASE turn WHEN $2 THEN 0 ELSE newest END, "
    "missing = CASE missing WHEN 2 THEN 0 ELSE missing END WHERE area_id = $1";

static enum err
say_made(struct job *j, const struct since *s)
{
    enum err e = db_begin(j);

    if (!e)
        e = db_run(j, sql_made, ARGS(INT(j->area), INT(s->turn)), NULL);
    return e ? e : db_commit(j);
}

enum err
found_child_make(struct job *j)
{
    struct scope mem = job_scope_begin(j);
    struct persons due = {0};
    struct since s;
    enum err e = begin_making(j, &s);

    if (!e)
        e = list_due(j, &s, &due);
    for (size_t i = 0; !e && i < due.n; i += AT_ONCE)
        e = make_some(j, due.v + i, due.n - i < AT_ONCE ? due.n - i : AT_ONCE);
    if (!e && (s.newest || s.missing))
        e = say_made(j, &s);
    job_scope_end(j, mem);
    return e;
}
