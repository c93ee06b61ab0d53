#include "risk/tally.h"
#include "base/thread.h"

enum { MOST_THREADS = 8 };

static struct tally
empty(struct job *j, const struct years *y, const struct groups *g)
{
    struct tally t = {.years = (size_t)(y->last - y->first + 1), .groups = g->n, .threads = 1};

    t.cell = job_array(j, t.years * t.groups * MEASURES, sizeof *t.cell);
    t.spread = job_array(j, t.years * t.groups, sizeof *t.spread);
    return t;
}

struct tally
tally_new(struct job *j, const struct years *y, const struct groups *g, int threads)
{
    struct tally t = empty(j, y, g);

    t.threads = (size_t)(threads ? threads : thread_cores());
    if (t.threads > MOST_THREADS)
        t.threads = MOST_THREADS;
    t.beside = job_array(j, t.threads, sizeof *t.beside);
    for (size_t i = 1; i < t.threads; i++)
        t.beside[i - 1] = empty(j, y, g);
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
    struct tally *out;
};

/* Each thread adds up a share of the rows in a tally of its own. */
static struct tally *
tally_of(const struct pass *p, size_t share)
{
    return share ? &p->out->beside[share - 1] : p->out;
}

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
children_share(struct job *j, void *arg, size_t share)
{
    const struct pass *p = arg;
    size_t n = p->children->n, shares = p->out->threads;

    (void)j;
    for (size_t i = n * share / shares; i < n * (share + 1) / shares; i++)
        if (p->children->row[i].used)
            add_child(p, &p->children->row[i], tally_of(p, share));
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
enrolments_share(struct job *j, void *arg, size_t share)
{
    const struct pass *p = arg;
    size_t n = p->enrolments->n, shares = p->out->threads;

    (void)j;
    for (size_t i = n * share / shares; i < n * (share + 1) / shares; i++)
        add_enrolment(p, &p->enrolments->row[i], tally_of(p, share));
    return OK;
}

enum err
tally_children(struct job *j, const struct years *y, const struct groups *g,
               const struct child_years *rows, struct tally *out)
{
    struct pass p = {.y = y, .g = g, .children = rows, .out = out};

    return thread_each(j, (int)out->threads, out->threads, JOB_MB, children_share, &p);
}

enum err
tally_enrolments(struct job *j, const struct years *y, const struct groups *g,
                 const struct enrolment_years *rows, struct tally *out)
{
    struct pass p = {.y = y, .g = g, .enrolments = rows, .out = out};

    return thread_each(j, (int)out->threads, out->threads, JOB_MB, enrolments_share, &p);
}

void
tally_end(struct tally *t)
{
    for (size_t i = 1; i < t->threads; i++)
        add_up(&t->beside[i - 1], t);
    t->threads = 1;
}
