#include "risk/members.h"
#include "access/audit.h"
#include "access/guard.h"
#include "base/text.h"
#include "store/db.h"

static const char sql_snapshot[] =
    "SELECT snapshot_id, as_of, known_at, made, first_year, last_year FROM snapshot "
    "WHERE area_id = $1 AND state = 'current'";

enum err
snapshot_current(struct job *j, struct snapshot *out)
{
    struct rows q;
    enum err e;

    *out = (struct snapshot){0};
    db_ask(j, &q, sql_snapshot, ARGS(INT(j->area)));
    if (db_next(&q))
        *out = (struct snapshot){
            .id = row_int(&q, 0), .as_of = (int32_t)row_int(&q, 1), .known_at = row_int(&q, 2),
            .made = row_int(&q, 3), .first_year = (int32_t)row_int(&q, 4),
            .last_year = (int32_t)row_int(&q, 5)};
    e = db_done(&q);
    if (e || out->id)
        return e;
    err_set(j, ERR_NOT_FOUND, "there are no figures yet");
    return err_hint(j, "Load a school census: figures are made after each load.");
}

/* ---- figures ------------------------------------------------------------------------ */

struct list { struct figure *row; size_t n, room; };

static void
append(struct job *j, struct list *l, const struct figure *f)
{
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : 64;
        l->row = job_grow(j, l->row, l->n * sizeof *l->row, room * sizeof *l->row);
        l->room = room;
    }
    l->row[l->n++] = *f;
}

#define SQL_FIGURE                                                                             \
    "SELECT f.school_year, f.member, f.numerator, f.denominator, f.state, "                    \
    "COALESCE(f.enrolments, 0), COALESCE(f.missed_squares, 0), "                               \
    "COALESCE(f.possible_squares, 0), COALESCE(f.missed_by_possible, 0), f.measure "
static const char sql_figures[] =
    SQL_FIGURE "FROM snapshot_year s CROSS JOIN figure f WHERE s.area_id = $1 "
    "AND s.snapshot_id = $2 AND s.school_year >= $4 AND s.school_year <= $5 "
    "AND f.area_id = s.area_id AND f.snapshot_id = s.rows_of AND f.dimension = $3 "
    "AND f.school_year = s.school_year AND f.measure = $6 "
    "AND (CAST($7 AS TEXT) = '' OR f.member = $7) ORDER BY f.school_year, f.member";
static const struct db_kept kept_figures = {sql_figures, "itiitiiiit", 0};
/* Every measure of one group.  The index holds all that is asked of f, which is what makes
 * SQLite take it; CROSS JOIN keeps it to that order. */
static const char sql_figures_of[] =
    SQL_FIGURE "FROM (SELECT DISTINCT y.rows_of FROM snapshot_year y WHERE y.area_id = $1 "
    "AND y.snapshot_id = $2) r CROSS JOIN figure f CROSS JOIN snapshot_year s "
    "WHERE f.area_id = $1 AND f.snapshot_id = r.rows_of AND f.dimension = $3 AND f.member = $6 "
    "AND s.area_id = $1 AND s.snapshot_id = $2 AND s.school_year = f.school_year "
    "AND s.rows_of = f.snapshot_id AND s.school_year >= $4 AND s.school_year <= $5";

static void
figure_from_row(struct rows *q, struct figure *f)
{
    f->school_year = (int32_t)row_int(q, 0);
    f->member = row_text(q, 1);
    f->numerator = row_int(q, 2);
    f->denominator = row_int(q, 3);
    f->no_data = strcmp(row_text(q, 4), "ok") != 0;
    f->spread = (struct spread){row_int(q, 5), row_int(q, 6), row_int(q, 7), row_int(q, 8)};
}

static enum err
list_one(struct job *j, int64_t snapshot, const struct figure_filter *f, struct figure like,
         struct list *out)
{
    int32_t from = f->school_year < 0 ? 0 : f->school_year;
    int32_t to = f->school_year < 0 ? INT32_MAX : f->school_year;
    struct rows q;

    db_ask_kept(j, &q, &kept_figures,
                ARGS(INT(j->area), INT(snapshot), TEXT(dimension_rows[like.dimension].name),
                     INT(from), INT(to), TEXT(measure_rows[like.measure].name),
                     TEXT(f->member ? f->member : "")));
    while (db_next(&q)) {
        figure_from_row(&q, &like);
        append(j, out, &like);
    }
    return db_done(&q);
}

static int
by_measure(const void *a, const void *b)
{
    const struct figure *x = a, *y = b;

    return x->measure != y->measure ? (int)x->measure - (int)y->measure
                                    : x->school_year - y->school_year;
}

static enum err
list_of_member(struct job *j, int64_t snapshot, const struct figure_filter *f, struct list *out)
{
    struct figure like = {.dimension = (enum dimension)f->dimension};
    int32_t from = f->school_year < 0 ? 0 : f->school_year;
    int32_t to = f->school_year < 0 ? INT32_MAX : f->school_year;
    struct rows q;
    size_t n;

    db_ask(j, &q, sql_figures_of,
           ARGS(INT(j->area), INT(snapshot), TEXT(dimension_rows[like.dimension].name), INT(from),
                INT(to), TEXT(f->member)));
    while (db_next(&q))
        if (measure_find(row_peek(&q, 9, &n), &like.measure)) {
            figure_from_row(&q, &like);
            append(j, out, &like);
        }
    if (out->n)
        qsort(out->row, out->n, sizeof *out->row, by_measure);
    return db_done(&q);
}

static enum err
list_all(struct job *j, int64_t snapshot, const struct figure_filter *f, struct list *out)
{
    enum err e = OK;

    if (f->measure < 0 && f->dimension >= 0 && f->member && f->member[0])
        return list_of_member(j, snapshot, f, out);
    for (int m = 0; m < MEASURES && !e; m++)
        for (int d = 0; d < DIMENSIONS && !e; d++) {
            struct figure like = {.measure = (enum measure)m, .dimension = (enum dimension)d};
            if ((f->measure < 0 || f->measure == m) && (f->dimension < 0 || f->dimension == d))
                e = list_one(j, snapshot, f, like, out);
        }
    return e;
}

static enum err
list_current(struct job *j, const struct figure_filter *f, struct figure **out, size_t *n)
{
    struct snapshot s;
    struct list l = {0};
    enum err e = snapshot_current(j, &s);

    if (!e)
        e = list_all(j, s.id, f, &l);
    *out = l.row;
    *n = l.n;
    return e;
}

enum err
figure_list(struct job *j, struct figure_filter f, struct figure **out, size_t *n)
{
    enum err e = permit(j, ACT_FIGURES, (struct subject){0});

    *out = NULL;
    *n = 0;
    return e ? e : list_current(j, &f, out, n);
}

enum err
figure_list_school(struct job *j, int64_t urn, struct figure **out, size_t *n)
{
    struct figure_filter f = {-1, -1, D_SCHOOL, job_format(j, "%lld", (long long)urn)};
    enum err e = permit(j, ACT_SCHOOLS, (struct subject){.urn = urn});

    *out = NULL;
    *n = 0;
    return e ? e : list_current(j, &f, out, n);
}

enum err
figure_get(struct job *j, enum measure m, int32_t school_year, struct figure *out)
{
    struct figure_filter f = {(int)m, school_year, D_ALL, NULL};
    struct figure *list;
    size_t n;
    enum err e = figure_list(j, f, &list, &n);

    *out = (struct figure){.measure = m, .school_year = school_year, .member = "all",
                           .no_data = true};
    if (!e && n)
        *out = list[0];
    return e;
}

/* ---- the children behind a figure ------------------------------------------------------ */

/* A group as conditions on a row of a child's year: -1 and "" ask nothing. */
struct conditions {
    int64_t year_group, idaci, urn, mask, flags;
    const char *ethnicity, *district;
};

enum { NOT_KNOWN = -2, ANY = -1000, NO_SCHOOL = -1 };

static enum err
conditions_of(struct job *j, const struct figure_filter *f, struct conditions *c)
{
    const char *member = f->member ? f->member : "all";
    const struct member_row *m = member_find((enum dimension)f->dimension, member);
    int64_t number = NOT_KNOWN;

    *c = (struct conditions){.year_group = ANY, .idaci = ANY, .ethnicity = "*", .district = "*"};
    if (f->dimension == D_ALL || f->dimension < 0)
        return OK;
    if (m) {
        c->mask = m->mask;
        c->flags = m->flags;
        return OK;
    }
    if (f->dimension == D_SCHOOL && !strcmp(member, MEMBER_NO_SCHOOL)) {
        c->urn = NO_SCHOOL;
        return OK;
    }
    if (*member && f->dimension != D_ETHNICITY && f->dimension != D_DISTRICT &&
        !text_to_int(member, strlen(member), &number))
        return err_set(j, ERR_NOT_FOUND, "there is no such group");
    if (f->dimension == D_YEAR_GROUP)
        c->year_group = number;
    else if (f->dimension == D_IDACI)
        c->idaci = number;
    else if (f->dimension == D_SCHOOL)
        c->urn = number;
    else if (f->dimension == D_ETHNICITY)
        c->ethnicity = member;
    else if (f->dimension == D_DISTRICT)
        c->district = member;
    else
        return err_set(j, ERR_NOT_FOUND, "there is no such group");
    return OK;
}

/* Walked in the order of the list, so that a page costs what it shows. */
#define FROM_LIST                                                                              \
    "FROM snapshot_year s CROSS JOIN listed_child l JOIN child_year y "                        \
    "ON y.area_id = l.area_id AND y.snapshot_id = l.snapshot_id AND "                          \
    "y.school_year = l.school_year AND y.person_id = l.person_id "
#define WHERE_LISTED                                                                           \
    "WHERE s.area_id = $1 AND s.snapshot_id = $2 AND s.school_year = $3 "                      \
    "AND l.area_id = s.area_id AND l.snapshot_id = s.rows_of "                                 \
    "AND l.school_year = s.school_year AND l.measure = $4 "                                    \
    "AND ($5 = -1000 OR COALESCE(y.year_group, -2) = $5) "                                     \
    "AND ($6 = -1000 OR COALESCE(y.idaci_decile, -2) = $6) "                                   \
    "AND ($7 = 0 OR y.urn = $7 OR ($7 = -1 AND y.urn = 0)) AND (y.flags & $8) = $9 "           \
    "AND ($10 = '*' OR COALESCE(y.ethnicity, '') = $10) "                                      \
    "AND ($11 = '*' OR COALESCE(y.district, '') = $11) "

static const char sql_count[] = "SELECT COUNT(*) " FROM_LIST WHERE_LISTED;
static const char sql_children[] =
    "SELECT y.person_id, i.forename, i.surname, "
    "(SELECT e.name FROM establishment e WHERE e.urn = y.urn), y.urn, y.year_group, "
    "y.suspensions, y.suspended_sessions, y.exclusions, y.sessions_possible, y.sessions_absent "
    FROM_LIST "JOIN identity i ON i.area_id = y.area_id AND i.identity_id = y.identity_id "
    WHERE_LISTED "ORDER BY l.place, l.person_id LIMIT $12 OFFSET $13";

static void
child_from_row(struct rows *q, struct figure_child *c)
{
    const char *forename = row_text(q, 1), *surname = row_text(q, 2), *school = row_text(q, 3);

    *c = (struct figure_child){
        .person = row_int(q, 0),
        .name = job_format(q->j, "%s %s", forename ? forename : "", surname ? surname : ""),
        .urn = row_int(q, 4),
        .year_group = (int32_t)row_int_or(q, 5, -2),
        .suspensions = row_int(q, 6),
        .suspended_sessions = row_int(q, 7),
        .exclusions = row_int(q, 8),
        .possible = row_int(q, 9),
        .absent = row_int(q, 10),
    };
    c->school = school  ? school
                : c->urn ? job_format(q->j, "School %lld", (long long)c->urn)
                         : "On no school’s roll";
}

/* The list is as long as its figure; of this child it says nothing. */
static void
hide(const struct guard_set *s, struct figure_child *c)
{
    if (guard_set_hides(s, c->person))
        *c = (struct figure_child){.person = c->person, .hidden = true, .school = "",
                                   .year_group = -2, .name = guard_set_words(s, c->person)};
}

static enum err
read_children(struct job *j, struct args a, struct figure_child **out, size_t *n)
{
    size_t room = (size_t)a.v[11].i;
    struct guard_set hidden;
    struct rows q;
    enum err e = guard_set_load(j, &hidden);

    *out = job_array(j, room + 1, sizeof **out);
    *n = 0;
    if (e)
        return e;
    db_ask(j, &q, sql_children, a);
    while (db_next(&q) && *n < room) {
        child_from_row(&q, &(*out)[*n]);
        hide(&hidden, &(*out)[(*n)++]);
    }
    return db_done(&q);
}

/* The figure knows how long its list is; only a list cut by two things is counted. */
static enum err
count_list(struct job *j, const struct figure_filter *f, int64_t own, struct args a,
           int64_t *total)
{
    struct figure_filter one = {f->measure, f->school_year, f->dimension < 0 ? D_ALL : f->dimension,
                                f->dimension <= D_ALL ? NULL : f->member};
    struct list l = {0};
    enum err e;

    if (own)
        return db_int(j, sql_count, a, 0, total);
    e = list_all(j, a.v[1].i, &one, &l);
    *total = l.n ? l.row[0].numerator : 0;
    return e;
}

enum err
figure_children(struct job *j, const struct children_asked *ask, struct figure_child **out,
                size_t *n, int64_t *total)
{
    struct figure_filter f = ask->of;
    struct snapshot s;
    struct conditions c;
    int64_t own = permit_school(j->who);
    enum err e = permit(j, ACT_CHILDREN, (struct subject){.urn = own});

    if (!e && (f.measure < 0 || f.measure >= MEASURES ||
               measure_rows[f.measure].family != FAMILY_CHILD))
        e = err_set(j, ERR_NOT_FOUND, "there is no list of children for this figure");
    if (!e)
        e = snapshot_current(j, &s);
    if (!e)
        e = conditions_of(j, &f, &c);
    if (e)
        return e;
    if (own && c.urn && c.urn != own)
        return err_set(j, ERR_NOT_FOUND, "there is no such school here");
    struct arg v[] = {
        INT(j->area), INT(s.id), INT(f.school_year), TEXT(measure_rows[f.measure].name),
        INT(c.year_group),
        INT(c.idaci), INT(own ? own : c.urn), INT(c.mask), INT(c.flags), TEXT(c.ethnicity),
        TEXT(c.district), INT(ask->limit), INT(ask->offset),
    };
    e = count_list(j, &f, own, (struct args){v, 11}, total);
    if (e || (e = read_children(j, (struct args){v, 13}, out, n)))
        return e;
    audit_shown(j, ACT_CHILDREN,
                &(struct audit_list){&(*out)->person, sizeof **out, *n, *total});
    return OK;
}

static const char sql_missed[] =
    "SELECT c.sessions_absent, c.sessions_possible FROM snapshot_year s JOIN child_year c "
    "ON c.area_id = s.area_id AND c.snapshot_id = s.rows_of AND c.school_year = s.school_year "
    "WHERE s.area_id = $1 AND s.snapshot_id = $2 AND s.school_year = $3 AND c.person_id = $4 "
    "AND ($5 = 0 OR c.urn = $5)";

static enum err
missed_of(struct job *j, const struct arg *v, struct missed *out)
{
    struct rows q;

    db_ask(j, &q, sql_missed, (struct args){v, 5});
    if (db_next(&q))
        *out = (struct missed){row_int(&q, 0), row_int(&q, 1)};
    return db_done(&q);
}

enum err
figure_missed(struct job *j, int32_t school_year, const int64_t *person, size_t n,
              struct missed *out)
{
    int64_t own = permit_school(j->who);
    struct snapshot s;
    enum err e = permit(j, ACT_CHILDREN, (struct subject){.urn = own});

    if (!e)
        e = snapshot_current(j, &s);
    for (size_t i = 0; i < n && !e; i++) {
        const struct arg v[] = {INT(j->area), INT(s.id), INT(school_year), INT(person[i]),
                                INT(own)};
        out[i] = (struct missed){0};
        e = missed_of(j, v, &out[i]);
    }
    return e;
}
