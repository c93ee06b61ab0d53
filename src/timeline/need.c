#include "timeline/derive.h"

/* ---- level of SEN provision -------------------------------------------------------------- */

static char
level_at(const struct derive_child *c, uint32_t *at)
{
    int32_t census = derive_census_number(&c->census[*at]);
    char level = '\0';

    for (; *at < c->n_census && derive_census_number(&c->census[*at]) == census; ++*at) {
        const struct timeline_census *r = &c->census[*at];
        if (r->flags & CENSUS_ON_ROLL && !level)
            level = r->sen;
    }
    return level;
}

static void
open_end(const struct derive_child *c, struct derive_episode *e)
{
    e->end = derive_roll_end(c);
    if (e->end == DATE_OPEN)
        e->flags |= SPELL_OPEN;
    if (e->end <= e->start)
        e->end = e->start + 1;
}

/* The day a plan ended, by SEN2, between the last census that shows it and the next. */
static int32_t
plan_end(const struct derive_episodes *out, uint32_t n, int32_t shown, int32_t day)
{
    int32_t end = DATE_NONE;

    for (uint32_t i = 0; i < n; i++)
        if (out->v[i].kind == SPELL_EHC_PLAN && out->v[i].end > shown && out->v[i].end < day &&
            !(out->v[i].flags & (SPELL_OPEN | SPELL_UNENDED)) && out->v[i].end > end)
            end = out->v[i].end;
    return end == DATE_NONE ? day : end;
}

/* From the census that shows a level to the census that shows another. */
static void
levels(const struct derive_child *c, struct derive_episodes *out)
{
    struct derive_episode *now = NULL;
    uint32_t told = out->n; /* by other sources */
    int32_t shown = DATE_NONE;
    char level = 'N';

    for (uint32_t i = 0; i < c->n_census;) {
        const struct timeline_census *r = &c->census[i];
        int32_t day = timeline_census_day(r->school_year, r->term);
        char next = level_at(c, &i);
        if (next == level)
            shown = day;
        if (!next || next == level)
            continue;
        if (now)
            now->end = now->kind == SPELL_EHC_PLAN ? plan_end(out, told, shown, day) : day;
        shown = day;
        now = NULL;
        level = next;
        if (level == 'N')
            continue;
        now = &out->v[out->n++];
        *now = (struct derive_episode){.start = day, .source = &r->source, .n_sources = 1};
        now->kind = level == 'E' ? SPELL_EHC_PLAN : SPELL_SEN_SUPPORT;
    }
    if (now)
        open_end(c, now);
}

/* ---- kinds of need ----------------------------------------------------------------------- */

/* Of a SEN2 sent twice the last. */
static bool
survey_stands(const struct build *b, const struct build_need *n)
{
    for (uint32_t i = 0; i < b->care_returns; i++) {
        const struct timeline_return *r = &b->returns[b->care_return[i]].row;
        if (r->kind == RETURN_PLANS && r->batch == n->source.batch)
            return true;
    }
    return false;
}

/* From the census that tells a need to the next that could, which tells it again or not. */
static void
needs(const struct derive_child *c, struct derive_episodes *out)
{
    const struct build *b = c->b;
    const struct build_need *v = (const void *)b->need.rows;

    for (uint32_t i = b->need.first[c->person]; i < b->need.first[c->person + 1]; i++) {
        struct derive_episode *e = &out->v[out->n];
        int32_t next;
        if (v[i].survey ? !survey_stands(b, &v[i])
                        : derive_is_replaced(c, v[i].source.batch, v[i].census))
            continue;
        next = derive_next_census(c, v[i].census, TIMELINE_NONE, HOLDS_NEEDS);
        *e = (struct derive_episode){.start = build_census_day(v[i].census),
                                     .source = &v[i].source, .n_sources = 1,
                                     .kind = SPELL_SEN_NEED,
                                     .flags = v[i].rank == 1 ? 0 : SPELL_SECONDARY};
        memcpy(e->code, v[i].code, sizeof e->code);
        if (next)
            e->end = build_census_day(next);
        else
            open_end(c, e);
        out->n++;
    }
}

/* ---- free school meals ------------------------------------------------------------------- */

static int
by_period(const void *a, const void *b)
{
    const struct build_meals *x = a, *y = b;
    int c = build_compare(x->started, y->started);

    if (!c)
        c = build_compare(y->census, x->census);
    if (!c)
        c = build_compare(y->ended, x->ended);
    return c ? c : build_compare_source(&x->source, &y->source);
}

static bool
covered_in(const struct build_meals *v, uint32_t n, int32_t census)
{
    int32_t day = build_census_day(census);

    for (uint32_t i = 0; i < n; i++)
        if (v[i].census == census && v[i].started <= day && v[i].ended > day)
            return true;
    return false;
}

struct period {
    const struct build_meals *v; /* all of the child */
    uint32_t n, at;              /* the period's rows start at */
};

/* Open in the last census that has it: until the child's next, if that tells of meals; and
 * no further than the last where that one does not. */
static void
meals_end(const struct derive_child *c, const struct period *p, struct derive_episode *e)
{
    int32_t census = p->v[p->at].census, next;

    next = derive_next_census(c, census, TIMELINE_NONE, HOLDS_FSM);
    if (!next) {
        open_end(c, e);
        return;
    }
    e->end = build_census_day(next);
    if (covered_in(p->v, p->n, next))
        return;
    e->end = build_census_day(census) + 1;
    e->flags |= SPELL_UNENDED;
}

static void
meals(const struct derive_child *c, struct derive_episodes *out)
{
    const struct build *b = c->b;
    const struct build_meals *rows = (const void *)b->meals.rows;
    uint32_t first = b->meals.first[c->person], end = b->meals.first[c->person + 1], n = 0, run;
    struct build_meals *v = job_array(c->j, end - first + 1, sizeof *v);
    struct timeline_source *source = job_array(c->j, end - first + 1, sizeof *source);

    for (uint32_t i = first; i < end; i++)
        if (!derive_is_replaced(c, rows[i].source.batch, rows[i].census))
            v[n++] = rows[i];
    qsort(v, n, sizeof *v, by_period);
    for (uint32_t i = 0; i < n; i += run) {
        struct derive_episode *e = &out->v[out->n++];
        for (run = 1; i + run < n && v[i + run].started == v[i].started; run++)
            ;
        for (uint32_t k = i; k < i + run; k++)
            source[k] = v[k].source;
        *e = (struct derive_episode){.start = v[i].started, .end = v[i].ended,
                                     .source = source + i, .n_sources = run,
                                     .kind = SPELL_FSM};
        if (v[i].ended == DATE_OPEN)
            meals_end(c, &(struct period){v, n, i}, e);
        if (e->end <= e->start)
            e->end = e->start + 1;
    }
}

void
derive_needs(struct derive_child *c, struct derive_episodes *out)
{
    const struct build *b = c->b;
    uint32_t p = c->person;
    size_t most = out->n + c->n_census + b->need.first[p + 1] - b->need.first[p] +
                  b->meals.first[p + 1] - b->meals.first[p];

    out->v = job_grow(c->j, out->v, out->n * sizeof *out->v, (most + 1) * sizeof *out->v);
    levels(c, out);
    needs(c, out);
    meals(c, out);
}
