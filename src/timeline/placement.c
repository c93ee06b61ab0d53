#include "timeline/derive.h"

static int
by_placement(const void *a, const void *b)
{
    const struct build_placement *x = a, *y = b;
    int c = build_compare(x->row.start, y->row.start);

    if (!c)
        c = build_compare(x->row.school, y->row.school);
    if (!c)
        c = build_compare(x->row.by_authority, y->row.by_authority);
    if (!c)
        c = build_compare(x->row.provider, y->row.provider);
    if (!c)
        c = build_compare(y->census, x->census);
    return c ? c : build_compare_source(&x->row.source, &y->row.source);
}

static bool
same_placement(const struct build_placement *x, const struct build_placement *y)
{
    return x->row.start == y->row.start && x->row.school == y->row.school &&
           x->row.by_authority == y->row.by_authority && x->row.provider == y->row.provider;
}

/* Of any status: those placed are often subsidiary at the provider. */
static const struct timeline_enrolment *
enrolment_at(const struct derive_child *c, uint32_t school, int32_t day)
{
    for (uint32_t i = 0; i < c->n_enrolments; i++) {
        const struct timeline_enrolment *e = &c->enrolment[i];
        if (e->school == school && e->start <= day && day < e->end)
            return e;
    }
    return NULL;
}

/* The authority's placements come without dates: then it is the time on the roll. */
static void
assume_start(const struct derive_child *c, struct build_placement *p)
{
    int32_t day = build_census_day(p->census);
    const struct timeline_enrolment *e = enrolment_at(c, p->row.school, day);

    if (p->row.start != DATE_NONE)
        return;
    p->row.start = e ? e->start : day;
    p->row.flags |= PLACEMENT_DATES_ASSUMED;
    if (p->row.end == DATE_NONE)
        p->row.end = e ? e->end : day + 1;
}

/* Not told to have ended: until the school's next return, which should tell it again. */
static void
assume_end(const struct derive_child *c, struct build_placement *p)
{
    int32_t day = build_census_day(p->census);
    const struct timeline_enrolment *e = enrolment_at(c, p->row.school, day);

    if (p->row.end == DATE_NONE) {
        p->row.end = e ? e->end : DATE_OPEN;
        if (derive_next_census(c, p->census, p->row.school, 0))
            p->row.end = day + 1;
        p->row.flags |= PLACEMENT_DATES_ASSUMED;
    }
    if (p->row.end <= p->row.start)
        p->row.end = p->row.start + 1;
}

void
derive_placements(struct derive_child *c)
{
    const struct build *b = c->b;
    uint32_t first = b->placement.first[c->person], end = b->placement.first[c->person + 1];
    const struct build_placement *rows = (const void *)b->placement.rows;
    struct build_placement *v = job_array(c->j, end - first + 1, sizeof *v);
    uint32_t n = 0;

    for (uint32_t i = first; i < end; i++) {
        if (derive_is_replaced(c, rows[i].row.source.batch, rows[i].census))
            continue;
        v[n] = rows[i];
        assume_start(c, &v[n++]);
    }
    qsort(v, n, sizeof *v, by_placement);
    for (uint32_t i = 0; i < n; i++) {
        struct timeline_placement *out;
        if (i && same_placement(&v[i - 1], &v[i]))
            continue; /* an older return of the same */
        assume_end(c, &v[i]);
        out = derive_add(c, TIMELINE_PLACEMENT);
        *out = v[i].row;
        out->person = c->person;
    }
}
