#include "risk/snapshot.h"
#include "people/area.h"
#include "risk/aside.h"
#include "risk/places.h"
#include "risk/pandemic_rows.h"
#include "risk/published_rows.h"
#include "risk/same_weeks_rows.h"
#include "risk/snapshot_year.h"
#include "risk/statistics.h"
#include "risk/tally.h"
#include "risk/type_words.h"
#include "store/chunks.h"
#include "store/db.h"

enum { PEOPLE_A_SLICE = 16 * SLICE_BLOCK };
static const size_t FIGURES_MEMORY = (size_t)1024 * JOB_MB;

struct making {
    const struct timeline *t;
    const struct figures_from *from;
    struct years years;
    struct snapshot_years kept;
    struct groups groups;
    struct aside *aside; /* rows of children and enrolments */
    struct tally tally;
    struct concentration_parts *concentration;
    struct cliff_edges *edges;
    struct statistics statistics;
    struct places places;
    struct place *list; /* of every measure: by year, then place */
    size_t list_room;
    size_t listed[RISK_YEARS + 1]; /* where a year's start */
    int64_t id;
    struct figures_made *out;
};

void
statistic_put(struct job *j, struct statistics *s, struct statistic row)
{
    if (s->n == s->room) {
        size_t room = s->room ? 2 * s->room : 256;
        s->row = job_grow(j, s->row, s->n * sizeof *s->row, room * sizeof *s->row);
        s->room = room;
    }
    s->row[s->n++] = row;
}

static int32_t
as_of(const struct making *m)
{
    return m->from->as_of == DATE_NONE ? m->t->head->as_of : m->from->as_of;
}

static int64_t
known_at(const struct making *m)
{
    return m->from->known_at ? m->from->known_at : m->t->head->known_at;
}

/* The school years to make, and the weeks of marks that these and the year before need. */
static enum err
plan_years(struct job *j, struct making *m)
{
    const struct figures_from *f = m->from;
    struct marks_order weeks = {as_of(m), known_at(m), false, DATE_NONE, DATE_NONE};
    const struct marks *marks = f->marks;
    bool registers = f->weeks || f->marks;
    struct marks *opened;
    int32_t from;
    enum err e = years_of(j, m->t, NULL, &m->years);

    if (!e)
        e = snapshot_years_plan(j, registers ? &weeks : NULL, f->whole, &m->years, &m->kept);
    if (e || !registers)
        return e;
    from = m->years.from;
    weeks.from = date_year_start(from - 1);
    weeks.to = date_year_end(m->years.last);
    if (!marks && (e = marks_get(j, f->weeks, &weeks, &opened)))
        return e;
    if ((e = years_of(j, m->t, marks ? marks : opened, &m->years)))
        return e;
    m->years.from = from;
    return OK;
}

static enum err
count_slice(struct job *j, struct making *m, struct slice people)
{
    struct child_years children;
    struct enrolment_years enrolments;
    enum err e = child_years_derive(j, &m->years, people, &children);

    if (e)
        return e;
    e = tally_children(j, &m->years, &m->groups, &children, &m->tally);
    concentration_add(m->concentration, &m->years, &children);
    cliff_add(m->edges, &m->years, &children);
    if (!e)
        e = aside_children(m->aside, &children);
    if (!e)
        e = enrolment_years_derive(j, &m->years, people, &enrolments);
    if (!e)
        e = tally_enrolments(j, &m->years, &m->groups, &enrolments, &m->tally);
    timeline_give_back(m->t);
    return e ? e : aside_enrolments(m->aside, &enrolments);
}

/* Slice by slice of the people: of rows there are never more in memory than of one. */
static enum err
count_people(struct job *j, struct making *m)
{
    uint32_t all = m->t->n[TIMELINE_PERSON];
    uint32_t most = m->from->slice ? m->from->slice : PEOPLE_A_SLICE;
    struct slice people = {0};
    enum err e = OK;

    m->tally = tally_new(j, &m->years, &m->groups, 0);
    m->concentration = concentration_new(j);
    m->edges = cliff_new(j);
    m->aside = aside_new(j, m->from->aside, m->years.first);
    for (; people.from < all && !e; people.from = people.to) {
        struct scope s = job_scope_begin(j);
        people.to = all - people.from > most ? people.from + most : all;
        e = count_slice(j, m, people);
        job_scope_end(j, s);
    }
    tally_end(&m->tally);
    return e;
}

static enum err
compute(struct job *j, struct making *m)
{
    enum err e = plan_years(j, m);

    if (!e)
        e = groups_of(j, m->t, &m->groups);
    if (!e)
        e = count_people(j, m);
    if (e)
        return e;
    concentration_put(j, &m->years, m->concentration, &m->statistics);
    cliff_put(j, &m->years, m->edges, &m->statistics);
    sources_count(j, &m->years, &m->statistics);
    published_count(j, &m->years, &m->statistics);
    flow_count(j, &m->years, &m->statistics);
    e = same_weeks_count(j, &m->years, &m->statistics);
    if (!e)
        e = pandemic_count(j, &m->years, &m->statistics);
    timeline_give_back(m->t);
    if (m->years.marks)
        marks_give_back_all(m->years.marks);
    return e;
}

/* ---- rows of children and enrolments ---------------------------------------------- */

static const char *
district_name(const struct timeline *t, uint16_t district)
{
    return district ? t->district[district - 1].name : NULL;
}

#define OR_NULL(known, x) ((known) ? INT(x) : NUL)

/* A table on its way from what was put aside. */
struct writing {
    struct job *j;
    struct making *m;
    struct chunks c;
    struct scope scope; /* of sentences that are not written yet */
    size_t waiting;     /* children they are of */
};

/* Whom the year's lists will have. */
static void
list_child(struct job *j, struct making *m, const struct child_year *r)
{
    size_t n = m->listed[RISK_YEARS];

    if (n == m->list_room) {
        m->list_room = n ? 2 * n : 1024;
        m->list = job_grow(j, m->list, n * sizeof *m->list, m->list_room * sizeof *m->list);
    }
    m->list[n] = place_of(&m->places, r);
    m->listed[RISK_YEARS]++;
}

static enum err
write_child(void *arg, const struct child_year *r)
{
    struct writing *w = arg;
    struct job *j = w->j;
    struct making *m = w->m;
    const struct timeline_person *p = &m->t->person[r->person];
    int64_t urn = r->school == TIMELINE_NONE ? 0 : m->t->school[r->school].urn;
    const struct arg v[] = {
        INT(j->area), INT(m->id), INT(r->year), INT(p->person_id), INT(p->identity_id), INT(urn),
        INT(r->met), INT(r->base), INT(r->flags),
        OR_NULL(r->year_group != INT8_MIN, r->year_group), TEXT(p->ethnicity),
        OR_NULL(r->idaci, r->idaci), TEXT(district_name(m->t, r->district)),
        INT(r->suspensions), INT(r->suspended), INT(r->lunchtimes), INT(r->exclusions),
        INT(r->possible), INT(r->absent), INT(r->needs), INT(r->thresholds),
    };

    if (r->met)
        list_child(j, m, r);
    timeline_walked(m->t, (size_t)w->c.rows);
    return chunks_row(j, &w->c, v);
}

/* In order of the key: by year, then by person; who met anything, in the order of each year's
 * lists. */
static enum err
write_children(struct job *j, struct making *m)
{
    struct writing w = {
        .j = j, .m = m,
        .c = {"child_year",
              "area_id, snapshot_id, school_year, person_id, identity_id, urn, met, base, "
              "flags, year_group, ethnicity, idaci_decile, district, suspensions, "
              "suspended_sessions, lunchtimes, exclusions, sessions_possible, "
              "sessions_absent, needs, thresholds",
              "iiiiiiiiiititiiiiiiii", NULL, 0}};
    size_t *all = &m->listed[RISK_YEARS];
    enum err e = OK;

    for (int32_t year = m->years.from; year <= m->years.last && !e; year++) {
        size_t first = m->listed[year - m->years.first] = *all;
        e = aside_read_children(m->aside, year, write_child, &w);
        if (!e && *all > first)
            places_sort(m->list + first, *all - first);
        m->listed[year - m->years.first + 1] = *all;
    }
    if (!e)
        e = chunks_end(j, &w.c);
    m->out->children = w.c.rows;
    return e;
}

/* ---- why each type counts ------------------------------------------------------------- */

enum { CHILDREN_A_CHUNK = 16384 };

static enum err
write_types_of(struct job *j, const struct making *m, const struct child_year *r,
               struct chunks *c)
{
    struct type_facts facts = {0};
    enum err e = OK;

    type_facts_add(j, &m->years, r, &facts);
    for (size_t i = 0; i < facts.n && !e; i++) {
        const struct type_fact *f = &facts.v[i];
        int64_t urn = f->school == TIMELINE_NONE ? 0 : m->t->school[f->school].urn;
        const struct arg v[] = {
            INT(j->area), INT(m->id), INT(m->t->person[r->person].person_id), INT(r->year),
            INT((int64_t)i), TEXT(measure_rows[f->measure].name), INT(urn), TEXT(f->words),
        };
        e = chunks_row(j, c, v);
    }
    return e;
}

/* A chunk's sentences are forgotten once it is written. */
static enum err
write_types_child(void *arg, const struct child_year *r)
{
    struct writing *w = arg;
    enum err e = write_types_of(w->j, w->m, r, &w->c);

    if (e || ++w->waiting % CHILDREN_A_CHUNK)
        return e;
    e = chunks_end(w->j, &w->c);
    job_scope_end(w->j, w->scope);
    timeline_give_back(w->m->t);
    w->scope = job_scope_begin(w->j);
    return e;
}

/* In order of the key: by person, then year. */
static enum err
write_types(struct job *j, struct making *m)
{
    struct writing w = {
        .j = j, .m = m, .scope = job_scope_begin(j),
        .c = {"child_type",
              "area_id, snapshot_id, person_id, school_year, place, measure, urn, words",
              "iiiiitit", NULL, 0}};
    enum err e = aside_read_met(m->aside, write_types_child, &w);

    if (!e)
        e = chunks_end(j, &w.c);
    job_scope_end(j, w.scope);
    timeline_give_back(m->t);
    return e;
}

/* ---- the lists behind the figures ----------------------------------------------------- */

static enum err
write_list(struct job *j, const struct making *m, struct chunks *c, enum measure measure,
           int32_t year)
{
    const size_t *at = &m->listed[year - m->years.first];
    enum err e = OK;

    for (size_t i = at[0]; i < at[1] && !e; i++) {
        const struct place *p = &m->list[i];
        const struct arg v[] = {INT(j->area), INT(m->id), TEXT(measure_rows[measure].name),
                                INT(year), INT(p->place),
                                INT(m->t->person[p->person].person_id)};
        if (p->met & BIT(measure))
            e = chunks_row(j, c, v);
    }
    return e;
}

static enum err
write_lists(struct job *j, struct making *m)
{
    struct chunks c = {"listed_child",
                       "area_id, snapshot_id, measure, school_year, place, person_id", "iitiii",
                       NULL, 0};
    enum err e = OK;

    for (int k = 0; k < MEASURES && !e; k++)
        for (int32_t year = m->years.from; year <= m->years.last && !e; year++)
            e = write_list(j, m, &c, (enum measure)k, year);
    timeline_give_back(m->t);
    return e ? e : chunks_end(j, &c);
}

static enum err
write_enrolment(void *arg, const struct enrolment_year *r)
{
    struct writing *w = arg;
    struct job *j = w->j;
    const struct making *m = w->m;
    const struct timeline_person *p = &m->t->person[r->person];
    const struct arg v[] = {
        INT(j->area), INT(m->id), INT(r->year), INT(p->person_id),
        INT(m->t->school[r->school].urn), INT(p->identity_id), INT(r->met), INT(r->base),
        INT(r->flags), OR_NULL(r->year_group != INT8_MIN, r->year_group), TEXT(p->ethnicity),
        OR_NULL(r->idaci, r->idaci), TEXT(district_name(m->t, r->district)),
        INT(r->suspensions), INT(r->exclusions), INT(r->possible), INT(r->absent),
    };

    timeline_walked(m->t, (size_t)w->c.rows);
    return chunks_row(j, &w->c, v);
}

static enum err
write_enrolments(struct job *j, struct making *m)
{
    struct writing w = {
        .j = j, .m = m,
        .c = {"enrolment_year",
              "area_id, snapshot_id, school_year, person_id, urn, identity_id, met, base, "
              "flags, year_group, ethnicity, idaci_decile, district, suspensions, "
              "exclusions, sessions_possible, sessions_absent",
              "iiiiiiiiiititiiii", NULL, 0}};
    enum err e = OK;

    for (int32_t year = m->years.from; year <= m->years.last && !e; year++)
        e = aside_read_enrolments(m->aside, year, write_enrolment, &w);
    if (!e)
        e = chunks_end(j, &w.c);
    m->out->enrolments = w.c.rows;
    return e;
}

struct cell {
    enum dimension dimension;
    enum measure measure;
    size_t year, group;
};

/* A measure without data is one row, for the whole area, that says so. */
static enum err
write_cell(struct job *j, const struct making *m, struct chunks *c, const struct cell *at)
{
    const struct count *n = tally_at(&m->tally, at->year, at->group, at->measure);
    bool data = m->years.has[at->year] & BIT(at->measure);
    bool care = at->dimension != D_CARE || m->years.care_until != DATE_NONE;
    bool empty = !n->denominator && !n->numerator, sums = data && at->measure == M_DFE_ABSENCE;
    const struct spread *s = tally_spread(&m->tally, at->year, at->group);
    const struct arg v[] = {
        INT(j->area), INT(m->id), TEXT(dimension_rows[at->dimension].name),
        TEXT(measure_rows[at->measure].name), INT(m->years.first + (int32_t)at->year),
        TEXT(groups_member(j, &m->groups, at->group)), INT(n->numerator), INT(n->denominator),
        TEXT(data ? "ok" : "no data"), OR_NULL(sums, s->enrolments),
        OR_NULL(sums, s->missed_squares), OR_NULL(sums, s->possible_squares),
        OR_NULL(sums, s->products),
    };

    if (!care || (at->dimension != D_ALL && (!data || empty)))
        return OK;
    return chunks_row(j, c, v);
}

static enum err
write_measure(struct job *j, struct making *m, struct chunks *c, struct cell at)
{
    enum err e = OK;

    at.year = (size_t)(m->years.from - m->years.first);
    for (; at.year < m->tally.years && !e; at.year++)
        for (at.group = m->groups.first[at.dimension];
             at.group < m->groups.first[at.dimension + 1] && !e; at.group++)
            e = write_cell(j, m, c, &at);
    return e;
}

static enum err
write_figures(struct job *j, struct making *m)
{
    struct chunks c = {"figure",
                       "area_id, snapshot_id, dimension, measure, school_year, member, numerator, "
                       "denominator, state, enrolments, missed_squares, possible_squares, "
                       "missed_by_possible",
                       "iittitiitiiii", NULL, 0};
    enum err e = OK;

    for (int d = 0; d < DIMENSIONS && !e; d++)
        for (int k = 0; k < MEASURES && !e; k++)
            e = write_measure(j, m, &c, (struct cell){(enum dimension)d, (enum measure)k, 0, 0});
    if (!e)
        e = chunks_end(j, &c);
    m->out->figures = c.rows;
    return e;
}

static enum err
write_statistics(struct job *j, struct making *m)
{
    struct chunks c = {"statistic", "area_id, snapshot_id, name, school_year, item, value",
                       "iititi", NULL, 0};
    enum err e = OK;

    for (size_t i = 0; i < m->statistics.n && !e; i++) {
        const struct statistic *s = &m->statistics.row[i];
        if (s->school_year < m->years.from)
            continue;
        const struct arg v[] = {INT(j->area), INT(m->id), TEXT(s->name), INT(s->school_year),
                                TEXT(s->item), INT(s->value)};
        e = chunks_row(j, &c, v);
    }
    return e ? e : chunks_end(j, &c);
}

/* ---- the snapshot itself ---------------------------------------------------------- */

static const char sql_snapshot[] =
    "INSERT INTO snapshot (area_id, snapshot_id, as_of, known_at, made, program, state, "
    "first_year, last_year) VALUES ($1, $2, $3, $4, $5, $6, 'making', $7, $8)";

/* The last year with figures to lead with: the last complete one, else the last. */
static int32_t
leading_year(const struct years *y)
{
    return y->complete >= y->first ? y->complete : y->last;
}

static enum err
begin_snapshot(struct job *j, struct making *m)
{
    enum err e = area_next_id(j, 1, &m->id);

    m->out->snapshot = m->id;
    return e ? e
             : db_run(j, sql_snapshot,
                      ARGS(INT(j->area), INT(m->id), INT(as_of(m)), INT(known_at(m)), INT(j->now),
                           TEXT(ROOTED_VERSION), INT(m->years.first),
                           INT(leading_year(&m->years))),
                      NULL);
}

static const char sql_keep[] =
    "UPDATE snapshot SET state = 'kept' WHERE area_id = $1 AND state = 'current'";
static const char sql_current[] =
    "UPDATE snapshot SET state = 'current' WHERE area_id = $1 AND snapshot_id = $2 "
    "AND state = 'making'"; /* a record may have been sealed meanwhile (intake/sealing.h) */

static enum err
put_in_force(struct job *j, const struct making *m)
{
    enum err e = db_begin(j);

    if (!e)
        e = snapshot_years_write(j, m->id, &m->kept);
    if (!e)
        e = db_run(j, sql_keep, ARGS(INT(j->area)), NULL);
    if (!e)
        e = db_run(j, sql_current, ARGS(INT(j->area), INT(m->id)), NULL);
    return e ? e : db_commit(j);
}

enum err
figures_end(struct job *j)
{
    enum err e = db_run(j, sql_keep, ARGS(INT(j->area)), NULL);

    if (!e)
        e = snapshot_drop_old(j, INT64_MAX, 0);
    return e ? e : snapshot_drop_withdrawn(j);
}

static enum err
write_all(struct job *j, struct making *m)
{
    enum err e = db_reloadable(j, true);

    if (m->from->places)
        m->places = *m->from->places;
    else if (!e)
        e = places_of(j, m->t, &m->places);
    if (!e)
        e = begin_snapshot(j, m);
    if (!e)
        e = write_figures(j, m);
    if (!e)
        e = write_statistics(j, m);
    if (!e)
        e = write_children(j, m);
    if (!e)
        e = write_lists(j, m);
    if (!e)
        e = write_enrolments(j, m);
    if (!e)
        e = write_types(j, m);
    if (!e)
        e = db_reloadable(j, false);
    if (!e)
        e = put_in_force(j, m);
    if (!e) /* what an older one leaves behind may go once more after a power cut */
        e = db_reloadable(j, true);
    if (!e)
        e = snapshot_drop_old(j, m->id, m->years.from);
    if (!e)
        e = snapshot_drop_withdrawn(j);
    return e ? e : db_reloadable(j, false);
}

static enum err
make_within(struct job *j, void *arg)
{
    struct making *m = arg;
    struct cost start = cost_now(), counted;
    enum err back, e = db_lean(j, true); /* rows come in the order of their keys */

    if (!e)
        e = compute(j, m);
    counted = cost_now();
    m->out->counting = cost_since(start);
    if (!e)
        e = write_all(j, m);
    m->out->writing = cost_since(counted);
    back = db_lean(j, false);
    return e ? e : back;
}

enum err
figures_make(struct job *j, const struct figures_from *from, struct figures_made *out)
{
    struct making m = {.t = from->t, .from = from, .out = out};
    struct job own;
    enum err e;

    *out = (struct figures_made){0};
    job_init_child(&own, j, FIGURES_MEMORY);
    db_use(&own, j->db);
    e = job_run(&own, make_within, &m);
    if (e)
        j->err = own.err;
    job_end(&own);
    return e;
}
