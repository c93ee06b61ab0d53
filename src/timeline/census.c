#include "timeline/derive.h"

enum { SIX_YEARS = 6 };

/* A row and where it lay before. */
struct sorted {
    struct timeline_census row;
    uint32_t was;
    bool replaced;
};

static int
by_time(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    const struct timeline_census *r = &x->row, *s = &y->row;
    int c = build_compare(x->replaced, y->replaced);

    if (!c)
        c = build_compare(derive_census_number(r), derive_census_number(s));
    if (!c)
        c = build_compare(!(r->flags & CENSUS_ON_ROLL), !(s->flags & CENSUS_ON_ROLL));
    if (!c)
        c = build_compare(timeline_status_rank(r->status), timeline_status_rank(s->status));
    if (!c)
        c = build_compare(r->school, s->school);
    if (!c)
        c = build_compare(r->entered, s->entered);
    return c ? c : build_compare_source(&r->source, &s->source);
}

/* A row of a return that was sent again does not stand. */
static bool
is_replaced(const struct build *b, const struct timeline_census *r)
{
    uint32_t i = number_return(b, r->school, derive_census_number(r));

    return i == UINT32_MAX || b->returns[i].row.batch != r->source.batch;
}

/* Absence rows follow their census row; those of a replaced row go. */
static void
follow(struct derive_child *c, const uint32_t *now, uint32_t first)
{
    const struct build *b = c->b;
    struct timeline_absence *a = (void *)b->absence.rows;

    for (uint32_t i = b->absence.first[c->person]; i < b->absence.first[c->person + 1]; i++)
        a[i].census = now[a[i].census - first];
}

void
derive_census(struct derive_child *c)
{
    const struct build *b = c->b;
    uint32_t first = b->census.first[c->person], n = b->census.first[c->person + 1] - first;
    struct timeline_census *rows = (struct timeline_census *)(void *)b->census.rows + first;
    struct sorted *v = job_array(c->j, n + 1, sizeof *v);
    uint32_t *now = job_array(c->j, n + 1, sizeof *now);

    for (uint32_t i = 0; i < n; i++)
        v[i] = (struct sorted){rows[i], i, is_replaced(b, &rows[i])};
    qsort(v, n, sizeof *v, by_time);
    c->census = rows;
    for (uint32_t i = 0; i < n; i++) {
        rows[i] = v[i].row;
        now[v[i].was] = v[i].replaced ? TIMELINE_NONE : i;
        c->n_census += !v[i].replaced;
        c->n_replaced += v[i].replaced;
    }
    follow(c, now, first);
}

/* Free school meals: a spell covers the census day; or did in the six years before. */
static void
set_meals(const struct derive_child *c, struct timeline_census *r)
{
    int32_t day = timeline_census_day(r->school_year, r->term);
    struct ymd d = date_to_ymd(day);
    int32_t since = date_is_valid(d.year - SIX_YEARS, d.month, d.day)
                        ? date_from_ymd(d.year - SIX_YEARS, d.month, d.day)
                        : date_from_ymd(d.year - SIX_YEARS, d.month, d.day - 1);

    for (uint32_t i = 0; i < c->n_spells; i++) {
        const struct timeline_spell *s = &c->spell[i];
        if (s->kind != SPELL_FSM || s->start > day)
            continue;
        if (s->end > day)
            r->flags |= CENSUS_FSM | CENSUS_FSM6;
        else if (s->end > since)
            r->flags |= CENSUS_FSM6;
    }
}

/* The area is filled from its start: a child's rows never move up. */
void
derive_census_end(struct derive_child *c)
{
    for (uint32_t i = 0; i < c->n_census; i++) {
        struct timeline_census row = c->census[i];
        set_meals(c, &row);
        *(struct timeline_census *)derive_add(c, TIMELINE_CENSUS) = row;
    }
}
