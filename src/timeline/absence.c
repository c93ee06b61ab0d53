#include "timeline/derive.h"

/* A row with what it is told apart by. */
struct sorted {
    struct timeline_absence row;
    const struct timeline_census *census;
};

static int
by_half(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    int c = build_compare(x->row.school_year, y->row.school_year);

    if (!c)
        c = build_compare(x->row.half, y->row.half);
    if (!c)
        c = build_compare(x->row.school, y->row.school);
    return c ? c : build_compare(x->row.census, y->row.census);
}

static bool
same_half(const struct sorted *x, const struct sorted *y)
{
    return x->row.school_year == y->row.school_year && x->row.half == y->row.half &&
           x->row.school == y->row.school;
}

static uint16_t
sum(uint16_t a, uint16_t b)
{
    uint32_t s = (uint32_t)a + b;
    return s > UINT16_MAX ? UINT16_MAX : (uint16_t)s;
}

static void
add(struct timeline_absence *a, const struct timeline_absence *b)
{
    a->flags |= b->flags;
    a->possible = sum(a->possible, b->possible);
    a->authorised = sum(a->authorised, b->authorised);
    a->unauthorised = sum(a->unauthorised, b->unauthorised);
    a->suspended = sum(a->suspended, b->suspended);
    a->part_time = sum(a->part_time, b->part_time);
    a->illness = sum(a->illness, b->illness);
    a->off_site = sum(a->off_site, b->off_site);
    a->elsewhere = sum(a->elsewhere, b->elsewhere);
    a->authority = sum(a->authority, b->authority);
    a->not_required = sum(a->not_required, b->not_required);
    a->late = sum(a->late, b->late);
    a->late_closed = sum(a->late_closed, b->late_closed);
}

/* Was this stay at the school told already?  Once on roll and once as a leaver, or twice. */
static bool
is_told(const struct sorted *v, uint32_t first, uint32_t at)
{
    for (uint32_t i = first; i < at; i++)
        if (v[i].census->entered == v[at].census->entered)
            return true;
    return false;
}

/* The sessions of one enrolment in one half: DfE's unit is child and school, so that two
 * stays within the half are added up.  Census rows stand in order: on roll first. */
void
derive_absence(struct derive_child *c)
{
    const struct build *b = c->b;
    uint32_t first = b->absence.first[c->person], end = b->absence.first[c->person + 1];
    const struct timeline_absence *rows = (const void *)b->absence.rows;
    uint32_t base = derive_used(c, TIMELINE_CENSUS), n = 0, start = 0;
    struct sorted *v = job_array(c->j, end - first + 1, sizeof *v);
    struct timeline_absence *out = NULL;

    for (uint32_t i = first; i < end; i++)
        if (rows[i].census != TIMELINE_NONE)
            v[n++] = (struct sorted){rows[i], &c->census[rows[i].census]};
    qsort(v, n, sizeof *v, by_half);
    for (uint32_t i = 0; i < n; i++) {
        if (i && same_half(&v[start], &v[i])) {
            if (!is_told(v, start, i))
                add(out, &v[i].row);
            continue;
        }
        start = i;
        out = derive_add(c, TIMELINE_ABSENCE);
        *out = v[i].row;
        out->census += base;
    }
}
