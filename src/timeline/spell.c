#include "timeline/derive.h"

/* A spell and the episodes it is made of. */
struct merged {
    struct timeline_spell row;
    uint32_t from, to; /* episodes */
};

static int
by_kind(const void *a, const void *b)
{
    const struct derive_episode *x = a, *y = b;
    int c = build_compare(x->kind, y->kind);

    if (!c)
        c = memcmp(x->code, y->code, sizeof x->code);
    if (!c)
        c = build_compare(x->start, y->start);
    if (!c)
        c = build_compare(x->end, y->end);
    return c ? c : build_compare_source(&x->source[0], &y->source[0]);
}

/* Categories of protection change within a plan: they do not part a spell.  What is of one
 * day (a change of placement, a score) does not run into the next. */
static bool
goes_on(const struct merged *m, const struct derive_episode *e)
{
    bool of_a_day = e->kind == SPELL_CARE_PLACEMENT || e->kind == SPELL_SDQ ||
                    e->kind == SPELL_EHC_REFUSED || e->kind == SPELL_EHC_NAMED;

    return !of_a_day && m->row.kind == e->kind && e->start <= m->row.end &&
           memcmp(m->row.code, e->code, sizeof e->code) == 0;
}

/* Flags of the whole: no further action, and secondary, only while every one is. */
static void
take_in(struct merged *m, const struct derive_episode *e, uint32_t at)
{
    uint8_t all = SPELL_NO_ACTION | SPELL_SECONDARY;
    uint8_t both = m->row.flags & e->flags & all;
    uint8_t ends = m->row.end > e->end ? m->row.flags : e->flags;

    if (m->row.end == e->end)
        ends = m->row.flags | e->flags;
    m->row.flags = (uint8_t)(both | (ends & ~all));
    m->row.last_start = e->start;
    m->row.end = e->end > m->row.end ? e->end : m->row.end;
    if (m->row.episodes < UINT16_MAX)
        m->row.episodes++;
    m->to = at + 1;
}

static struct merged
start_of(const struct derive_child *c, const struct derive_episode *e, uint32_t at)
{
    struct merged m = {.row = {.person = c->person, .start = e->start, .end = e->end,
                               .last_start = e->start, .episodes = 1, .kind = e->kind,
                               .flags = e->flags},
                       .from = at, .to = at + 1};

    memcpy(m.row.code, e->code, sizeof m.row.code);
    return m;
}

static int
by_start(const void *a, const void *b)
{
    const struct timeline_spell *x = &((const struct merged *)a)->row;
    const struct timeline_spell *y = &((const struct merged *)b)->row;
    int c = build_compare(x->start, y->start);

    if (!c)
        c = build_compare(x->kind, y->kind);
    return c ? c : memcmp(x->code, y->code, sizeof x->code);
}

static void
write_spell(struct derive_child *c, struct merged *m, const struct derive_episode *e)
{
    struct timeline_spell *out = derive_add(c, TIMELINE_SPELL);
    uint32_t n = 0;

    m->row.source = derive_used(c, TIMELINE_SOURCE);
    for (uint32_t i = m->from; i < m->to; i++)
        for (uint32_t k = 0; k < e[i].n_sources && n < UINT16_MAX; k++, n++)
            *(struct timeline_source *)derive_add(c, TIMELINE_SOURCE) = e[i].source[k];
    m->row.n_sources = (uint16_t)n;
    *out = m->row;
}

void
derive_spells(struct derive_child *c)
{
    struct derive_episodes e = {0};
    struct merged *m;
    uint32_t n = 0;

    derive_care(c, &e);
    derive_needs(c, &e);
    derive_register_spells(c, &e);
    m = job_array(c->j, e.n + 1, sizeof *m);
    if (e.n)
        qsort(e.v, e.n, sizeof *e.v, by_kind);
    for (uint32_t i = 0; i < e.n; i++) {
        if (n && goes_on(&m[n - 1], &e.v[i]))
            take_in(&m[n - 1], &e.v[i], i);
        else
            m[n++] = start_of(c, &e.v[i], i);
    }
    qsort(m, n, sizeof *m, by_start);
    c->spell = job_array(c->j, n + 1, sizeof *c->spell);
    c->n_spells = n;
    for (uint32_t i = 0; i < n; i++) {
        write_spell(c, &m[i], e.v);
        c->spell[i] = m[i].row;
    }
}
