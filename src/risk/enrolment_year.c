/* Enrolments by DfE's definitions (rulings, "Two families of figures", 1): a child at two
 * schools counts twice.  Suspensions need no enrolment: a school's record is enough. */
#include "base/thread.h"
#include "people/attendance.h"
#include "risk/child_year.h"

enum { SCHOOLS_A_YEAR = 8, LEAST_AGE = 5, MOST_AGE = 15 };

/* One person's enrolments of one year while they are gathered. */
struct gathered {
    struct enrolment_year row[SCHOOLS_A_YEAR];
    size_t n;
};

/* A school that converts tells its last summer under its new number: one enrolment. */
static bool
carries_on(const struct timeline *t, uint32_t a, uint32_t b)
{
    return a == b || t->school[a].successor == b || t->school[b].successor == a;
}

static struct enrolment_year *
at_school(const struct timeline *t, struct gathered *g, uint32_t school)
{
    for (size_t i = 0; i < g->n; i++)
        if (carries_on(t, g->row[i].school, school))
            return &g->row[i];
    if (g->n == SCHOOLS_A_YEAR)
        return NULL; /* more schools in one year than a year has room for */
    g->row[g->n] = (struct enrolment_year){.school = school};
    return &g->row[g->n++];
}

static bool
is_here(const struct timeline *t, uint32_t school)
{
    return t->school[school].local && t->school[school].state_funded;
}

/* The January headcount: every school's own row of a sole or dual main registration. */
static void
add_headcount(const struct timeline *t, uint32_t p, int32_t year, struct gathered *g)
{
    struct timeline_range r = timeline_of(t, TIMELINE_CENSUS, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_census *c = &t->census[r.from];
        struct enrolment_year *e;
        if (c->school_year != year || c->term != TERM_SPRING || !is_here(t, c->school) ||
            !(c->flags & CENSUS_ON_ROLL) || timeline_status_rank(c->status) > 1)
            continue;
        e = at_school(t, g, c->school);
        if (e)
            e->flags |= BIT(F_HEADCOUNT);
    }
}

static void
add_records(const struct timeline *t, uint32_t p, int32_t year, struct gathered *g)
{
    struct timeline_range r = timeline_of(t, TIMELINE_SUSPENSION, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_suspension *s = &t->suspension[r.from];
        struct enrolment_year *e;
        if (s->school_year != year || !s->counts || s->category == CATEGORY_LUNCHTIME ||
            !(s->flags & SUSPENSION_CENSUS) || !is_here(t, s->school))
            continue;
        e = at_school(t, g, s->school);
        if (e && s->category == CATEGORY_PERMANENT)
            e->exclusions++;
        else if (e)
            e->suspensions++;
    }
}

/* Aged 5 to 15 on 31 August, at least one possible session, boarders out. */
static void
add_sessions(const struct timeline *t, uint32_t p, int32_t year, struct gathered *g)
{
    struct timeline_range r = timeline_of(t, TIMELINE_ABSENCE, p);
    int32_t age = t->person[p].born == DATE_NONE ? -1
                                                 : date_age_31_august(t->person[p].born, year);

    if (age < LEAST_AGE || age > MOST_AGE)
        return;
    for (; r.from < r.to; r.from++) {
        const struct timeline_absence *a = &t->absence[r.from];
        struct enrolment_year *e;
        if (a->school_year != year || (a->flags & ABSENCE_BOARDER) || !a->possible ||
            !is_here(t, a->school))
            continue;
        e = at_school(t, g, a->school);
        if (!e)
            continue;
        e->possible += a->possible;
        e->absent += a->authorised + a->unauthorised;
    }
}

static void
judge(const struct years *y, int32_t year, struct enrolment_year *e)
{
    uint32_t has = y->has[year - y->first];
    bool ap = y->t->school[e->school].kind == SCHOOL_AP;

    if (ap)
        e->flags |= BIT(F_AT_AP);
    if (e->flags & BIT(F_HEADCOUNT))
        e->base |= BIT(M_DFE_SUSP) | BIT(M_DFE_ONE_PLUS) | BIT(M_DFE_PEX);
    if (e->suspensions)
        e->met |= BIT(M_DFE_SUSP) | BIT(M_DFE_ONE_PLUS);
    if (e->exclusions)
        e->met |= BIT(M_DFE_PEX);
    if (e->possible) {
        e->base |= BIT(M_DFE_ABSENCE) | BIT(M_DFE_PA) | BIT(M_DFE_SA);
        if (e->absent)
            e->met |= BIT(M_DFE_ABSENCE);
        if (attendance_is_persistent(e->absent, e->possible))
            e->met |= BIT(M_DFE_PA);
        if (attendance_is_severe(e->absent, e->possible))
            e->met |= BIT(M_DFE_SA);
    }
    e->base &= has;
    e->met &= has;
}

static int
by_school(const void *a, const void *b)
{
    uint32_t x = ((const struct enrolment_year *)a)->school;
    uint32_t z = ((const struct enrolment_year *)b)->school;

    return (x > z) - (x < z);
}

static void
gather(const struct timeline *t, uint32_t p, int32_t year, struct gathered *g)
{
    g->n = 0;
    add_headcount(t, p, year, g);
    add_records(t, p, year, g);
    add_sessions(t, p, year, g);
}

/* One person's year into out (NULL: count only); gives how many. */
static size_t
enrolments_of(const struct years *y, uint32_t p, int32_t year, struct enrolment_year *out)
{
    struct gathered g;
    struct traits traits;

    gather(y->t, p, year, &g);
    if (!g.n || !out)
        return g.n;
    traits = traits_of(y, p, year);
    qsort(g.row, g.n, sizeof *g.row, by_school);
    for (size_t i = 0; i < g.n; i++) {
        struct enrolment_year *e = &g.row[i];
        e->person = p;
        e->year = (int16_t)year;
        e->flags |= traits.flags & ~BIT(F_HEADCOUNT);
        e->year_group = traits.year_group;
        e->idaci = traits.idaci;
        e->district = traits.district;
        judge(y, year, e);
        out[i] = *e;
    }
    return g.n;
}

struct pass {
    const struct years *y;
    struct slice people;
    size_t *at;     /* first: how many a block has; then where it starts */
    struct enrolment_year *row; /* NULL: count only */
};

static enum err
block_rows(struct job *j, void *arg, size_t block)
{
    struct pass *pass = arg;
    const struct years *y = pass->y;
    struct slice some = slice_block(pass->people, block);
    size_t n = 0;

    (void)j;
    for (uint32_t p = some.from; p < some.to; p++)
        for (int32_t year = y->from; year <= y->last; year++) {
            n += enrolments_of(y, p, year,
                               pass->row ? pass->row + pass->at[block] + n : NULL);
        }
    if (!pass->row)
        pass->at[block + 1] = n;
    timeline_give_back_of(y->t, some.from, some.to);
    return OK;
}

enum err
enrolment_years_derive(struct job *j, const struct years *y, struct slice people,
                       struct enrolment_years *out)
{
    size_t blocks = slice_blocks(people);
    struct pass pass = {y, people, job_array(j, blocks + 1, sizeof(size_t)), NULL};
    enum err e = thread_each(j, people.threads, blocks, JOB_MB, block_rows, &pass);

    if (e)
        return e;
    for (size_t i = 0; i < blocks; i++)
        pass.at[i + 1] += pass.at[i];
    out->n = pass.at[blocks];
    out->row = pass.row = job_array(j, out->n + 1, sizeof *out->row);
    return thread_each(j, people.threads, blocks, JOB_MB, block_rows, &pass);
}
