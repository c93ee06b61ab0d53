#include "risk/published_rows.h"

enum note { NOT_CONFIRMED, WITHDRAWN, NOT_UPHELD, RETURNS_MISSING, NOTES };
static const char *const names[NOTES] = {"not-confirmed", "withdrawn", "not-upheld",
                                         "returns-missing"};

static void
count_suspension(const struct timeline *t, const struct timeline_suspension *s, int64_t *n)
{
    bool lunch = s->category == CATEGORY_LUNCHTIME;

    if (lunch || !(s->flags & SUSPENSION_CENSUS) || !t->school[s->school].local)
        return;
    n[NOT_CONFIRMED] += s->counts && s->state == STATE_NOT_CONFIRMED;
    n[WITHDRAWN] += s->state == STATE_WITHDRAWN;
    n[NOT_UPHELD] += s->category == CATEGORY_PERMANENT && s->outcome == OUTCOME_NOT_UPHELD;
}

/* Schools with a return in the autumn census of a year and none in the spring one, which
 * holds the headcount. */
static int64_t
returns_missing(const struct timeline *t, int32_t year)
{
    int64_t missing = 0;

    for (uint32_t i = 0; i < t->n[TIMELINE_RETURN]; i++) {
        const struct timeline_return *r = &t->returns[i];
        struct timeline_wanted w = {.kind = RETURN_CENSUS, .school_year = year,
                                    .term = TERM_SPRING, .school = r->school};
        if (r->kind == RETURN_CENSUS && r->school_year == year && r->term == TERM_AUTUMN &&
            r->school != TIMELINE_NONE && t->school[r->school].local)
            missing += !timeline_has(t, &w);
    }
    return missing;
}

void
published_count(struct job *j, const struct years *y, struct statistics *out)
{
    const struct timeline *t = y->t;
    int64_t n[RISK_YEARS][NOTES] = {{0}};

    for (uint32_t i = 0; i < t->n[TIMELINE_SUSPENSION]; i++) {
        const struct timeline_suspension *s = &t->suspension[i];
        if (s->school_year >= y->first && s->school_year <= y->last)
            count_suspension(t, s, n[s->school_year - y->first]);
        timeline_walked(t, i);
    }
    for (int32_t year = y->first; year <= y->last; year++) {
        n[year - y->first][RETURNS_MISSING] = returns_missing(t, year);
        for (int k = 0; k < NOTES; k++)
            if (n[year - y->first][k])
                statistic_put(j, out, (struct statistic){PUBLISHED_NOTES, year, names[k],
                                                         n[year - y->first][k]});
    }
}
