/* Rules of DfE about children looked after (SSDA903), over the returns of all years. */
#include "quality/look.h"

static struct quality_at
at_episode(const struct quality_looked_after *c, const struct quality_episode *x)
{
    struct quality_at at = quality_at(c->person, TIMELINE_NONE, x->started);

    at.fact = "care";
    at.batch = x->batch;
    at.file = x->file;
    at.line = x->line;
    return at;
}

/* The next of the same kind in the same return; NULL none. */
static const struct quality_episode *
next_of(const struct quality_looked_after *c, size_t i)
{
    for (size_t k = i + 1; k < c->n; k++)
        if (c->episode[k].year == c->episode[i].year &&
            c->episode[k].missing == c->episode[i].missing &&
            c->episode[k].started > c->episode[i].started)
            return &c->episode[k];
    return NULL;
}

void
quality_903_142(struct quality_look *q, const struct quality_looked_after *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct quality_episode *x = &c->episode[i], *next = next_of(c, i);
        struct quality_at at = at_episode(c, x);
        if (x->missing || x->ended != DATE_OPEN || !next)
            continue;
        quality_say(q, &at, "The episode of care from %s has no end, and another starts on %s",
                    quality_day(q, x->started), quality_day(q, next->started));
    }
}

void
quality_903_202(struct quality_look *q, const struct quality_looked_after *c)
{
    for (size_t i = 1; i < c->n_described; i++) {
        const struct quality_described *a = &c->described[i - 1], *b = &c->described[i];
        struct quality_at at = quality_at(c->person, TIMELINE_NONE,
                                          date_from_ymd(b->year, 3, 31));
        if (!a->sex || !b->sex || a->sex == b->sex)
            continue;
        at.value = job_format(q->j, "%c, then %c", a->sex, b->sex);
        quality_say(q, &at, "Sex is %c in the return to March %d and %c in that to March %d",
                    a->sex, a->year, b->sex, b->year);
    }
}

void
quality_903_203(struct quality_look *q, const struct quality_looked_after *c)
{
    for (size_t i = 1; i < c->n_described; i++) {
        const struct quality_described *a = &c->described[i - 1], *b = &c->described[i];
        struct quality_at at = quality_at(c->person, TIMELINE_NONE,
                                          date_from_ymd(b->year, 3, 31));
        if (a->born == DATE_NONE || b->born == DATE_NONE || a->born == b->born)
            continue;
        quality_say(q, &at, "Born on %s in the return to March %d and on %s in that to March %d",
                    quality_day(q, a->born), a->year, quality_day(q, b->born), b->year);
    }
}

void
quality_903_574(struct quality_look *q, const struct quality_looked_after *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct quality_episode *x = &c->episode[i], *next = next_of(c, i);
        struct quality_at at = at_episode(c, x);
        if (!x->missing || !next || next->started >= x->ended)
            continue;
        quality_say(q, &at, "Missing from %s, and missing again from %s before that ended",
                    quality_day(q, x->started), quality_day(q, next->started));
    }
}

static bool
carried_on(const struct quality_looked_after *c, const struct quality_episode *x)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->episode[i].missing && c->episode[i].year == x->year + 1 &&
            c->episode[i].started == x->started)
            return true;
    return false;
}

void
quality_903_576(struct quality_look *q, const struct quality_looked_after *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct quality_episode *x = &c->episode[i];
        struct quality_at at = at_episode(c, x);
        if (!x->missing || x->ended != DATE_OPEN || x->year >= c->last_year || carried_on(c, x))
            continue;
        quality_say(q, &at, "Missing from %s and not yet back in March %d; the next return does "
                    "not tell of it", quality_day(q, x->started), x->year);
    }
}

/* The day on which care ended after this day, by the return of that year; DATE_OPEN: it goes
 * on; DATE_NONE: nothing is told of it. */
static int32_t
care_ended(const struct quality_looked_after *c, int16_t year)
{
    int32_t end = DATE_NONE;

    for (size_t i = 0; i < c->n; i++)
        if (!c->episode[i].missing && c->episode[i].year == year && c->episode[i].ended > end)
            end = c->episode[i].ended;
    return end;
}

void
quality_903_577(struct quality_look *q, const struct quality_looked_after *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct quality_episode *x = &c->episode[i];
        int32_t end = care_ended(c, x->year);
        struct quality_at at = at_episode(c, x);
        if (!x->missing || x->ended != DATE_OPEN || end == DATE_OPEN || end == DATE_NONE ||
            x->started > end)
            continue;
        quality_say(q, &at, "Missing from %s without an end, and no longer looked after since %s",
                    quality_day(q, x->started), quality_day(q, end));
    }
}

void
quality_903_578(struct quality_look *q, const struct quality_looked_after *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct quality_episode *x = &c->episode[i];
        int32_t end = care_ended(c, x->year);
        struct quality_at at = at_episode(c, x);
        if (!x->missing || end == DATE_OPEN || end == DATE_NONE || x->started <= end)
            continue;
        quality_say(q, &at, "Missing from %s, after the child ceased to be looked after on %s",
                    quality_day(q, x->started), quality_day(q, end));
    }
}
