#include "timeline/derive.h"

static int
by_start(const void *a, const void *b)
{
    const struct build_care *x = a, *y = b;
    int c = build_compare(x->kind, y->kind);

    if (!c)
        c = build_compare(x->started, y->started);
    if (!c)
        c = build_compare(y->return_year, x->return_year);
    if (!c)
        c = build_compare(y->ended, x->ended);
    return c ? c : build_compare_source(&x->source, &y->source);
}

static bool
is_standing(const struct build *b, const struct build_care *v)
{
    for (uint32_t i = 0; i < b->care_years; i++)
        if (b->care_year[i].year == v->return_year)
            return b->care_year[i].batch == v->source.batch;
    return false;
}

/* One referral, plan …, told again each year while open: the last return that has it
 * stands. */
struct group {
    const struct build_care *v;
    uint32_t n;
};

static bool
same_group(const struct build_care *x, const struct build_care *y)
{
    return x->kind == y->kind && x->started == y->started;
}

static bool
no_action(const struct group *g)
{
    for (uint32_t i = 0; i < g->n && g->v[i].return_year == g->v[0].return_year; i++)
        if (!g->v[i].no_action)
            return false;
    return g->v[0].kind == SPELL_REFERRAL;
}

/* No end given: open to the end of what the return covers, 31 March.  After the last return
 * that is where the data end; before it, the next one should have had it. */
static void
set_end(const struct build *b, const struct group *g, struct derive_episode *e)
{
    const struct build_care *last = g->v;
    int32_t last_year = b->care_years ? b->care_year[b->care_years - 1].year : 0;
    int32_t covered = date_from_ymd(last->return_year, 4, 1), as_of = b->order->as_of;

    e->end = last->ended;
    if (last->ended == DATE_OPEN && no_action(g)) {
        e->end = e->start;
    } else if (last->ended == DATE_OPEN) {
        e->end = covered;
        e->flags |= last->return_year == last_year ? SPELL_OPEN : SPELL_UNENDED;
    }
    if (e->end > as_of + 1) {
        e->end = as_of + 1;
        e->flags = (uint8_t)((e->flags & ~SPELL_UNENDED) | SPELL_OPEN);
    }
    if (e->end <= e->start)
        e->end = e->start + 1;
}

static void
add_group(struct derive_child *c, const struct group *g, struct derive_episodes *out)
{
    struct timeline_source *source = job_array(c->j, g->n, sizeof *source);
    struct derive_episode e = {.start = g->v->started, .source = source, .n_sources = g->n,
                               .kind = g->v->kind};

    for (uint32_t i = 0; i < g->n; i++)
        source[i] = g->v[i].source;
    set_end(c->b, g, &e);
    if (no_action(g))
        e.flags |= SPELL_NO_ACTION;
    out->v[out->n++] = e;
    if (e.kind == SPELL_REFERRAL && !no_action(g)) {
        e.kind = SPELL_NEED;
        out->v[out->n++] = e;
    }
}

void
derive_care(struct derive_child *c, struct derive_episodes *out)
{
    const struct build *b = c->b;
    uint32_t first = b->care.first[c->person], total = b->care.first[c->person + 1] - first;
    const struct build_care *rows = (const struct build_care *)(const void *)b->care.rows + first;
    struct build_care *v = job_array(c->j, total + 1, sizeof *v);
    uint32_t n = 0, run;

    for (uint32_t i = 0; i < total; i++)
        if (is_standing(b, &rows[i]))
            v[n++] = rows[i];
    qsort(v, n, sizeof *v, by_start);
    out->v = job_array(c->j, 2 * (size_t)n + 1, sizeof *out->v);
    for (uint32_t i = 0; i < n; i += run) {
        for (run = 1; i + run < n && same_group(&v[i], &v[i + run]); run++)
            ;
        add_group(c, &(struct group){&v[i], run}, out);
    }
}
