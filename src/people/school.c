#include "people/school.h"
#include "access/permit.h"
#include "people/area.h"

static const char *
or_empty(const char *s)
{
    return s ? s : "";
}

static struct school
school_from_row(struct job *j, struct rows *q)
{
    struct school s = {.urn = row_int(q, 0),
                       .name = row_text(q, 1),
                       .type = or_empty(row_text(q, 2)),
                       .phase = or_empty(row_text(q, 3)),
                       .district = or_empty(row_text(q, 4)),
                       .closed = (int32_t)row_int_or(q, 5, DATE_NONE),
                       .pupils = row_int(q, 6),
                       .school_year = (int32_t)row_int(q, 7),
                       .term = (enum term)row_int(q, 8)};

    if (!s.name)
        s.name = job_format(j, "School %lld", (long long)s.urn);
    return s;
}

static const char sql_last_census[] =
    "SELECT MAX(school_year * 10 + term) FROM batch "
    "WHERE area_id = $1 AND kind = 'census' AND state = 'published'";

/* ---- counted once ---- */

static const char sql_clear[] = "DELETE FROM school_count WHERE area_id = $1";
/* Of each school the returns of its own last census, which the load counted. */
static const char sql_derive[] =
    "INSERT INTO school_count (area_id, place, urn, name, type_name, phase, district, closed, "
    "pupils, school_year, term) "
    "SELECT $1, ROW_NUMBER() OVER (ORDER BY e.name, t.urn), t.urn, e.name, e.type_name, e.phase, "
    "e.district, e.closed, t.pupils, t.taken / 10, t.taken % 10 FROM ("
    "SELECT r.urn, r.taken, SUM(r.on_roll) AS pupils FROM ("
    "SELECT c.urn, c.on_roll, c.school_year * 10 + c.term AS taken, "
    "MAX(c.school_year * 10 + c.term) OVER (PARTITION BY c.urn) AS last_taken "
    "FROM batch b CROSS JOIN census_return c "
    "WHERE b.area_id = $1 AND b.kind = 'census' AND b.state = 'published' "
    "AND c.area_id = b.area_id AND c.batch_id = b.batch_id AND c.on_roll > 0) r "
    "WHERE r.taken = r.last_taken GROUP BY r.urn, r.taken) t "
    "LEFT JOIN establishment e ON e.urn = t.urn";

enum err
school_derive(struct job *j)
{
    enum err e = db_run(j, sql_clear, ARGS(INT(j->area)), NULL);

    return e ? e : db_run(j, sql_derive, ARGS(INT(j->area)), NULL);
}

/* ---- read ---- */

static const char sql_schools[] =
    "SELECT urn, name, type_name, phase, district, closed, pupils, school_year, term "
    "FROM school_count WHERE area_id = $1 AND school_year * 10 + term = $2 "
    "AND ($3 = 0 OR urn = $3) ORDER BY place";

static enum err
list_at(struct job *j, int64_t turn, int64_t census, struct school **out, size_t *n)
{
    struct rows q;
    size_t room = 64;

    *out = job_array(j, room, sizeof **out);
    *n = 0;
    db_ask_kept(j, &q, &(struct db_kept){sql_schools, "ittttiiii", turn},
                ARGS(INT(j->area), INT(census), INT(permit_school(j->who))));
    while (db_next(&q)) {
        if (*n == room) {
            *out = job_grow(j, *out, room * sizeof **out, 2 * room * sizeof **out);
            room *= 2;
        }
        (*out)[(*n)++] = school_from_row(j, &q);
    }
    return db_done(&q);
}

enum err
school_list(struct job *j, struct school **out, size_t *n)
{
    int64_t turn, census;
    enum err e = permit(j, ACT_SCHOOLS, (struct subject){0});

    *n = 0;
    if (!e)
        e = area_turn(j, &turn);
    if (!e)
        e = db_int_kept(j, &(struct db_kept){sql_last_census, "i", turn}, ARGS(INT(j->area)), 0,
                        &census);
    return e ? e : list_at(j, turn, census, out, n);
}

static const char sql_school[] =
    "SELECT urn, name, type_name, phase, district, closed, pupils, school_year, term "
    "FROM school_count WHERE area_id = $1 AND urn = $2";

static const char sql_placed_here[] =
    "SELECT urn, name, type_name, phase, district, closed, 0, 0, 0 FROM establishment "
    "WHERE urn = $2 AND la = $1";

static enum err
find_school(struct job *j, const char *sql, int64_t urn, struct school *out, bool *found)
{
    struct rows q;

    db_ask(j, &q, sql, ARGS(INT(j->area), INT(urn)));
    *found = db_next(&q);
    if (*found)
        *out = school_from_row(j, &q);
    return db_done(&q);
}

enum err
school_get(struct job *j, int64_t urn, struct school *out)
{
    bool found = false;
    enum err e = permit(j, ACT_SCHOOLS, (struct subject){.urn = urn});

    if (!e)
        e = find_school(j, sql_school, urn, out, &found);
    if (!e && !found)
        e = find_school(j, sql_placed_here, urn, out, &found);
    if (e || found)
        return e;
    err_set(j, ERR_NOT_FOUND, "there is no such school here");
    return err_hint(j, "Choose a school from the list of schools.");
}

/* Of the batch that came last, where a term was sent again. */
static const char sql_year_groups[] =
    "SELECT COALESCE(c.year_group, -2), COUNT(*) FROM census_pupil c "
    "WHERE c.area_id = $1 AND c.urn = $2 AND c.on_roll = 1 AND c.batch_id = ("
    "SELECT r.batch_id FROM census_return r CROSS JOIN batch b "
    "WHERE r.area_id = $1 AND r.urn = $2 AND r.school_year = $3 AND r.term = $4 "
    "AND b.area_id = r.area_id AND b.batch_id = r.batch_id AND b.state = 'published' "
    "ORDER BY b.published DESC LIMIT 1) "
    "GROUP BY COALESCE(c.year_group, -2) ORDER BY 1";

enum err
school_year_groups(struct job *j, const struct school *s, struct school_year_group **out, size_t *n)
{
    enum { MOST = 24 };
    struct rows q;
    int64_t turn;
    enum err e = permit(j, ACT_SCHOOLS, (struct subject){.urn = s->urn});

    *out = job_array(j, MOST, sizeof **out);
    *n = 0;
    if (!e)
        e = area_turn(j, &turn);
    if (e)
        return e;
    db_ask_kept(j, &q, &(struct db_kept){sql_year_groups, "ii", turn},
                ARGS(INT(j->area), INT(s->urn), INT(s->school_year), INT(s->term)));
    while (db_next(&q) && *n < MOST)
        (*out)[(*n)++] = (struct school_year_group){(int32_t)row_int(&q, 0), row_int(&q, 1)};
    return db_done(&q);
}
