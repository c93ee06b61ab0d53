#include "timeline/derive.h"

static int
by_start(const void *a, const void *b)
{
    const struct build_care *x = a, *y = b;
    int c = build_compare(x->kind, y->kind);

    if (!c)
        c = build_compare(x->started, y->started);
    if (!c)
        c = build_compare(y->told_to, x->told_to);
    if (!c)
        c = build_compare(y->ended, x->ended);
    return c ? c : build_compare_source(&x->source, &y->source);
}

/* ---- which rows stand -------------------------------------------------------------------- */

/* An annual return: of its year's the one sent last. */
static bool
return_stands(const struct build *b, const struct build_care *v)
{
    for (uint32_t i = 0; i < b->care_returns; i++) {
        const struct timeline_return *r = &b->returns[b->care_return[i]].row;
        if (r->source == v->from && r->school_year == v->return_year)
            return r->batch == v->source.batch;
    }
    return false;
}

/* The last of DfE's daily payloads that tells of this child tells all of it. */
static uint32_t
last_payload(const struct build *b, const struct build_care *v, uint32_t n)
{
    const struct build_care *last = NULL;

    for (uint32_t i = 0; i < n; i++)
        if (v[i].from == CARE_API &&
            (!last || v[i].told_to > last->told_to ||
             (v[i].told_to == last->told_to &&
              b->batch[v[i].source.batch].rank > b->batch[last->source.batch].rank)))
            last = &v[i];
    return last ? last->source.batch : TIMELINE_NONE;
}

/* The Standard Safeguarding Dataset tells all there is each time, kind by kind; Annex A only
 * of some months, so that each adds to those before. */
static bool
is_standing(const struct build *b, const struct build_care *v, uint32_t payload)
{
    switch (v->from) {
    case CARE_SSD:
        return b->care_latest[v->kind] == v->source.batch;
    case CARE_API:
        return v->source.batch == payload;
    case CARE_ANNEX_A:
    case CARE_CTF:
        return true;
    default:
        return return_stands(b, v);
    }
}

/* ---- one thing, told several times ------------------------------------------------------- */

/* One referral, plan …, told by several sources, and again each year while open: the one that
 * tells furthest stands, and all of them are where it came from. */
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
    for (uint32_t i = 0; i < g->n && g->v[i].told_to == g->v[0].told_to; i++)
        if (!g->v[i].no_action)
            return false;
    return g->v[0].kind == SPELL_REFERRAL;
}

/* No end given: open as far as the file tells.  After the last one that tells of such things
 * that is where the data end; before it, a later one should have had it. */
static void
set_end(const struct build *b, const struct group *g, struct derive_episode *e)
{
    const struct build_care *last = g->v;
    int32_t as_of = b->order->as_of;

    e->end = last->ended;
    if (last->ended == DATE_OPEN && no_action(g)) {
        e->end = e->start;
    } else if (last->ended == DATE_OPEN) {
        e->end = last->told_to;
        e->flags |= last->told_to >= b->care_until[last->kind] ? SPELL_OPEN : SPELL_UNENDED;
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

    memcpy(e.code, g->v->code, sizeof e.code);

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
    uint32_t n = 0, run, payload = last_payload(b, rows, total);

    for (uint32_t i = 0; i < total; i++)
        if (is_standing(b, &rows[i], payload))
            v[n++] = rows[i];
    qsort(v, n, sizeof *v, by_start);
    out->v = job_array(c->j, 2 * (size_t)n + 1, sizeof *out->v);
    for (uint32_t i = 0; i < n; i += run) {
        for (run = 1; i + run < n && same_group(&v[i], &v[i + run]); run++)
            ;
        add_group(c, &(struct group){&v[i], run}, out);
    }
}
