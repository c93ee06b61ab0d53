#include "people/school_child.h"
#include "people/area.h"
#include "people/found_child.h"
#include "people/school_names.h"

/* ---- whether it is up to date ---- */

static const char sql_changed[] =
    "INSERT INTO school_child_made (area_id, turn, ready) VALUES ($1, 1, 0) "
    "ON CONFLICT (area_id) DO UPDATE SET turn = school_child_made.turn + 1, ready = 0";

enum err
school_child_changed(struct job *j)
{
    return db_run(j, sql_changed, ARGS(INT(j->area)), NULL);
}

static const char sql_ready[] = "SELECT ready FROM school_child_made WHERE area_id = $1";

enum err
school_child_ready(struct job *j, bool *ready)
{
    int64_t is = 0;
    enum err e = db_int(j, sql_ready, ARGS(INT(j->area)), 0, &is);

    *ready = is == 1;
    return e;
}

static const char sql_turn[] = "SELECT turn FROM school_child_made WHERE area_id = $1";

static enum err
turn_now(struct job *j, int64_t *turn)
{
    return db_int(j, sql_turn, ARGS(INT(j->area)), 0, turn);
}

static const char sql_made[] =
    "INSERT INTO school_child_made (area_id, turn, ready) VALUES ($1, 0, 1) "
    "ON CONFLICT (area_id) DO UPDATE SET ready = 1 WHERE school_child_made.turn = $2";

static enum err
say_made(struct job *j, int64_t turn)
{
    enum err e = db_begin(j);

    if (!e)
        e = db_run(j, sql_made, ARGS(INT(j->area), INT(turn)), NULL);
    return e ? e : db_commit(j);
}

/* ---- one school: as it should be, as it is ---- */

struct listed {
    const char *surname, *forename; /* keys; "" on a roll */
    int64_t person;
};
struct list {
    struct listed *v;
    size_t n;
};

static enum err
read_list(struct job *j, const char *sql, struct args a, struct list *l)
{
    size_t room = 0;
    struct rows q;

    *l = (struct list){NULL, 0};
    db_ask(j, &q, sql, a);
    while (db_next(&q)) {
        if (l->n == room) {
            room = room ? 2 * room : 256;
            l->v = job_grow(j, l->v, l->n * sizeof *l->v, room * sizeof *l->v);
        }
        l->v[l->n++] = (struct listed){row_text(&q, 0), row_text(&q, 1), row_int(&q, 2)};
    }
    return db_done(&q);
}

static bool
same(const struct list *a, const struct list *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->v[i].person != b->v[i].person || strcmp(a->v[i].surname, b->v[i].surname) != 0 ||
            strcmp(a->v[i].forename, b->v[i].forename) != 0)
            return false;
    return true;
}

static const char sql_names_kept[] =
    "SELECT surname_key, forename_key, person_id FROM school_child "
    "WHERE area_id = $1 AND urn = $2 ORDER BY 1, 2, 3";
static const char sql_roll_told[] =
    "SELECT '', '', i.person_id FROM census_pupil c CROSS JOIN identity i "
    "WHERE c.area_id = $1 AND c.batch_id = $3 AND c.urn = $2 AND c.on_roll = 1 "
    "AND i.area_id = c.area_id AND i.identity_id = c.identity_id AND i.person_id IS NOT NULL "
    "GROUP BY i.person_id "
    "ORDER BY MIN(c.year_group), MIN(i.surname_key), MIN(i.forename_key), i.person_id";
static const char sql_roll_kept[] =
    "SELECT '', '', person_id FROM school_roll WHERE area_id = $1 AND urn = $2 ORDER BY place";
static const char sql_last_census[] =
    "SELECT c.batch_id FROM census_return c CROSS JOIN batch b "
    "WHERE c.area_id = $1 AND c.urn = $2 AND c.on_roll > 0 "
    "AND b.area_id = c.area_id AND b.batch_id = c.batch_id AND b.state = 'published' "
    "ORDER BY c.school_year DESC, c.term DESC, b.published DESC LIMIT 1";

enum err
school_child_census(struct job *j, int64_t urn, int64_t *batch)
{
    return db_int(j, sql_last_census, ARGS(INT(j->area), INT(urn)), 0, batch);
}

struct school_lists {
    struct list names, roll;
};

static void
list_names(struct job *j, const struct school_names *all, int64_t urn, struct list *l)
{
    uint32_t *at;

    l->n = school_names_of(j, all, urn, &at);
    l->v = job_array(j, l->n + 1, sizeof *l->v);
    for (size_t i = 0; i < l->n; i++)
        l->v[i] = (struct listed){all->v[at[i]].surname, all->v[at[i]].forename,
                                  all->v[at[i]].person};
}

static enum err
read_told(struct job *j, const struct school_names *all, int64_t urn, struct school_lists *s)
{
    int64_t batch;
    enum err e = school_child_census(j, urn, &batch);

    list_names(j, all, urn, &s->names);
    return e ? e : read_list(j, sql_roll_told, ARGS(INT(j->area), INT(urn), INT(batch)), &s->roll);
}

static int
by_name(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    int c = strcmp(x->surname, y->surname);

    if (!c)
        c = strcmp(x->forename, y->forename);
    return c ? c : (x->person > y->person) - (x->person < y->person);
}

/* An engine may have an order of its own. */
static void
sort_names(struct list *l)
{
    size_t i = 1;

    while (i < l->n && by_name(&l->v[i - 1], &l->v[i]) <= 0)
        i++;
    if (i < l->n)
        qsort(l->v, l->n, sizeof *l->v, by_name);
}

static enum err
read_kept(struct job *j, int64_t urn, struct school_lists *s)
{
    enum err e = read_list(j, sql_names_kept, ARGS(INT(j->area), INT(urn)), &s->names);

    sort_names(&s->names);
    return e ? e : read_list(j, sql_roll_kept, ARGS(INT(j->area), INT(urn)), &s->roll);
}

/* ---- writing ---- */

static const char sql_forget_names[] = "DELETE FROM school_child WHERE area_id = $1 AND urn = $2";
static const char sql_forget_roll[] = "DELETE FROM school_roll WHERE area_id = $1 AND urn = $2";

static enum err
write_names(struct job *j, int64_t urn, const struct list *l)
{
    struct bulk *b;
    int64_t n;
    enum err e = db_run(j, sql_forget_names, ARGS(INT(j->area), INT(urn)), NULL);

    if (!e)
        e = db_bulk_begin(j, "school_child", "area_id, urn, surname_key, forename_key, person_id",
                          "iitti", &b);
    for (size_t i = 0; !e && i < l->n; i++) {
        const struct arg v[] = {INT(j->area), INT(urn), TEXT(l->v[i].surname),
                                TEXT(l->v[i].forename), INT(l->v[i].person)};
        e = db_bulk_row(b, v);
    }
    return e ? e : db_bulk_end(b, &n);
}

static enum err
write_roll(struct job *j, int64_t urn, const struct list *l)
{
    struct bulk *b;
    int64_t n;
    enum err e = db_run(j, sql_forget_roll, ARGS(INT(j->area), INT(urn)), NULL);

    if (!e)
        e = db_bulk_begin(j, "school_roll", "area_id, urn, place, person_id", "iiii", &b);
    for (size_t i = 0; !e && i < l->n; i++) {
        const struct arg v[] = {INT(j->area), INT(urn), INT(i + 1), INT(l->v[i].person)};
        e = db_bulk_row(b, v);
    }
    return e ? e : db_bulk_end(b, &n);
}

/* *turn becomes -1 when a batch was published or withdrawn since: what was read is old. */
static enum err
write_school(struct job *j, int64_t urn, const struct school_lists *s, int64_t *turn)
{
    int64_t now;
    enum err e = db_begin(j);

    if (e || (e = turn_now(j, &now)))
        return e;
    if (now != *turn) {
        *turn = -1;
        return db_commit(j);
    }
    if ((e = write_names(j, urn, &s->names)) || (e = write_roll(j, urn, &s->roll)))
        return e;
    return db_commit(j);
}

/* Reads without holding the writer, and writes only what differs. */
static enum err
make_school(struct job *j, const struct school_names *all, int64_t urn, int64_t *turn)
{
    struct scope mem = job_scope_begin(j);
    struct school_lists told, kept;
    enum err e = read_told(j, all, urn, &told);

    if (!e)
        e = read_kept(j, urn, &kept);
    if (!e && (!same(&told.names, &kept.names) || !same(&told.roll, &kept.roll)))
        e = write_school(j, urn, &told, turn);
    job_scope_end(j, mem);
    return e;
}

/* Those that have pupils, and those that had. */
static const char sql_schools[] =
    "SELECT '', '', urn FROM census_return WHERE area_id = $1 "
    "UNION SELECT '', '', urn FROM school_child WHERE area_id = $1 "
    "UNION SELECT '', '', urn FROM school_roll WHERE area_id = $1 ORDER BY 3";

static enum err
make_each(struct job *j, int64_t *turn)
{
    struct scope mem = job_scope_begin(j);
    struct school_names all;
    struct list schools;
    enum err e = read_list(j, sql_schools, ARGS(INT(j->area)), &schools);

    if (!e)
        e = school_names_read(j, &all);
    for (size_t i = 0; !e && *turn >= 0 && i < schools.n; i++)
        e = make_school(j, &all, schools.v[i].person, turn);
    job_scope_end(j, mem);
    return e;
}

static enum err
make_schools(struct job *j)
{
    int64_t turn;
    enum err e = turn_now(j, &turn);

    if (!e)
        e = make_each(j, &turn);
    if (!e)
        e = found_child_make(j);
    if (!e) /* only the word that it is whole must outlive a power cut, with all before it */
        e = db_reloadable(j, false);
    return e || turn < 0 ? e : say_made(j, turn);
}

enum err
school_child_make(struct job *j)
{
    struct scope mem = job_scope_begin(j);
    bool ready;
    enum err e = school_child_ready(j, &ready);

    if (!e && !ready && !(e = db_reloadable(j, true)))
        e = make_schools(j);
    job_scope_end(j, mem);
    return e;
}

enum err
school_child_catch_up(struct job *j)
{
    int64_t area = j->area;
    struct area *all;
    size_t n;
    enum err e = area_list(j, &all, &n);

    for (size_t i = 0; !e && i < n; i++) {
        j->area = all[i].area_id;
        e = school_child_make(j);
    }
    j->area = area;
    return e;
}
