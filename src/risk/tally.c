#include "risk/tally.h"
#include "base/thread.h"

/* Rows are cut into this many slices whatever the machine; slices are added in order. */
enum { SLICES = 8 };

struct tally
tally_new(struct job *j, const struct years *y, const struct groups *g)
{
    struct tally t = {.years = (size_t)(y->last - y->first + 1), .groups = g->n};

    t.cell = job_array(j, t.years * t.groups * MEASURES, sizeof *t.cell);
    t.spread = job_array(j, t.years * t.groups, sizeof *t.spread);
    return t;
}

struct count *
tally_at(const struct tally *t, size_t year, size_t group, enum measure m)
{
    return &t->cell[(year * t->groups + group) * MEASURES + (size_t)m];
}

struct spread *
tally_spread(const struct tally *t, size_t year, size_t group)
{
    return &t->spread[year * t->groups + group];
}

static void
add_spread(const struct spread *from, struct spread *into)
{
    into->enrolments += from->enrolments;
    into->missed_squares += from->missed_squares;
    into->possible_squares += from->possible_squares;
    into->products += from->products;
}

static void
add_up(const struct tally *from, struct tally *into)
{
    size_t n = into->years * into->groups * MEASURES;

    for (size_t i = 0; i < into->years * into->groups; i++)
        add_spread(&from->spread[i], &into->spread[i]);
    for (size_t i = 0; i < n; i++) {
        into->cell[i].numerator += from->cell[i].numerator;
        into->cell[i].denominator += from->cell[i].denominator;
    }
}

struct pass {
    const struct years *y;
    const struct groups *g;
    const struct child_years *children;
    const struct enrolment_years *enrolments;
    struct tally slice[SLICES];
};

static void
add_child(const struct pass *p, const struct child_year *row, struct tally *t)
{
    uint16_t group[MOST_GROUPS];
    struct member_of m = {row->person, row->school, row->flags, row->district, row->year_group,
                          row->idaci};
    size_t n = groups_for(p->g, &m, group);

    for (size_t i = 0; i < n; i++) {
        struct count *c = tally_at(t, (size_t)(row->year - p->y->first), group[i], 0);
        for (uint32_t left = row->base; left; left &= left - 1)
            c[__builtin_ctz(left)].denominator++;
        for (uint32_t left = row->met; left; left &= left - 1)
            c[__builtin_ctz(left)].numerator++;
    }
}

static enum err
children_slice(struct job *j, void *arg, size_t block)
{
    struct pass *p = arg;
    size_t from = p->children->n * block / SLICES, to = p->children->n * (block + 1) / SLICES;

    (void)j;
    for (size_t i = from; i < to; i++) {
        if (p->children->row[i].used)
            add_child(p, &p->children->row[i], &p->slice[block]);
        timeline_walked(p->y->t, i);
    }
    return OK;
}

/* What an enrolment adds to a measure: suspensions and sessions are counted, not children. */
static struct count
worth(const struct enrolment_year *row, int measure)
{
    struct count c = {(row->met >> measure) & 1, (row->base >> measure) & 1};

    if (measure == M_DFE_SUSP && c.numerator)
        c.numerator = row->suspensions;
    if (measure == M_DFE_PEX && c.numerator)
        c.numerator = row->exclusions;
    if (measure == M_DFE_ABSENCE && c.denominator) {
        c.numerator = row->absent;
        c.denominator = row->possible;
    }
    return c;
}

static struct spread
spread_of(const struct enrolment_year *row)
{
    int64_t missed = row->absent, possible = row->possible;

    return (struct spread){1, missed * missed, possible * possible, missed * possible};
}

static void
add_enrolment(const struct pass *p, const struct enrolment_year *row, struct tally *t)
{
    uint16_t group[MOST_GROUPS];
    struct member_of m = {row->person, row->school, row->flags, row->district, row->year_group,
                          row->idaci};
    size_t n = groups_for(p->g, &m, group);

    for (size_t i = 0; i < n; i++) {
        size_t year = (size_t)(row->year - p->y->first);
        struct count *c = tally_at(t, year, group[i], 0);
        struct spread one = spread_of(row);
        if ((row->flags & BIT(F_AT_AP)) && groups_dimension(p->g, group[i]) != D_SCHOOL)
            continue;
        if (row->base & BIT(M_DFE_ABSENCE))
            add_spread(&one, tally_spread(t, year, group[i]));
        for (uint32_t left = row->base | row->met; left; left &= left - 1) {
            struct count w = worth(row, __builtin_ctz(left));
            c[__builtin_ctz(left)].numerator += w.numerator;
            c[__builtin_ctz(left)].denominator += w.denominator;
        }
    }
}

static enum err
enrolments_slice(struct job *j, void *arg, size_t block)
{
    struct pass *p = arg;
    size_t from = p->enrolments->n * block / SLICES;
    size_t to = p->enrolments->n * (block + 1) / SLICES;

    (void)j;
    for (size_t i = from; i < to; i++)
        add_enrolment(p, &p->enrolments->row[i], &p->slice[block]);
    return OK;
}

static enum err
run_slices(struct job *j, struct pass *p, thread_fn *fn, struct tally *out)
{
    struct scope s = job_scope_begin(j);
    enum err e;

    for (int i = 0; i < SLICES; i++)
        p->slice[i] = tally_new(j, p->y, p->g);
    e = thread_each(j, out->threads, SLICES, JOB_MB, fn, p);
    for (int i = 0; i < SLICES && !e; i++)
        add_up(&p->slice[i], out);
    job_scope_end(j, s);
    return e;
}

enum err
tally_children(struct job *j, const struct years *y, const struct groups *g,
               const struct child_years *rows, struct tally *out)
{
    struct pass p = {.y = y, .g = g, .children = rows};

    return run_slices(j, &p, children_slice, out);
}

enum err
tally_enrolments(struct job *j, const struct years *y, const struct groups *g,
                 const struct enrolment_years *rows, struct tally *out)
{
    struct pass p = {.y = y, .g = g, .enrolments = rows};

    return run_slices(j, &p, enrolments_slice, out);
}
