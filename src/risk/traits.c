/* What groups a child belongs to in a school year. */
#include "risk/child_year.h"

bool
spell_within(const struct timeline *t, uint32_t p, enum timeline_kind k, int32_t from, int32_t to)
{
    struct timeline_range r = timeline_of(t, TIMELINE_SPELL, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_spell *s = &t->spell[r.from];
        if (s->kind == k && s->start < to && s->end > from)
            return true;
    }
    return false;
}

/* The spring census counts most; then the summer's, then the autumn's; a row of a main
 * registration before any other. */
static int
weight(const struct timeline_census *c)
{
    static const int by_term[] = {0, 1, 3, 2};
    int w = by_term[c->term & 3];

    return w + (timeline_status_rank(c->status) <= 1 ? 8 : 0) +
           (c->flags & CENSUS_ON_ROLL ? 4 : 0);
}

/* The row that describes the child in the year: of the year, else the last before it. */
static uint32_t
describing_row(const struct timeline *t, uint32_t p, int32_t year)
{
    struct timeline_range r = timeline_of(t, TIMELINE_CENSUS, p);
    uint32_t best = TIMELINE_NONE;

    for (; r.from < r.to; r.from++) {
        const struct timeline_census *c = &t->census[r.from];
        if (c->school_year > year)
            break;
        if (best == TIMELINE_NONE || c->school_year > t->census[best].school_year ||
            (c->school_year == t->census[best].school_year &&
             weight(c) > weight(&t->census[best])))
            best = r.from;
    }
    return best;
}

/* Leavers' rows do not say the SEN provision or the place: any row of the year may. */
static void
add_from_rows(const struct timeline *t, uint32_t p, int32_t year, struct traits *out, char *sen)
{
    struct timeline_range r = timeline_of(t, TIMELINE_CENSUS, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_census *c = &t->census[r.from];
        if (c->school_year != year)
            continue;
        if (c->flags & CENSUS_FSM)
            out->flags |= BIT(F_FSM);
        if (c->flags & CENSUS_FSM6)
            out->flags |= BIT(F_FSM6);
        if (!*sen)
            *sen = c->sen;
        if (!out->idaci)
            out->idaci = c->idaci;
        if (!out->district)
            out->district = c->district;
    }
}

/* Care since `from`, by kind, one walk over the spells. */
static uint32_t
care_flags(const struct timeline *t, uint32_t p, int32_t year)
{
    int32_t start = date_year_start(year), end = date_year_end(year);
    int32_t six = date_year_start(year - 6);
    int32_t january = timeline_census_day(year, TERM_SPRING);
    struct timeline_range r = timeline_of(t, TIMELINE_SPELL, p);
    uint32_t f = 0;

    for (; r.from < r.to; r.from++) {
        const struct timeline_spell *s = &t->spell[r.from];
        if (s->start >= end)
            continue;
        if (s->kind == SPELL_SEN_NEED && s->end > start && !strncmp(s->code, "SEMH", 5))
            f |= BIT(F_SEMH);
        if (s->kind > SPELL_LOOKED_AFTER)
            continue;
        f |= BIT(F_CARE_EVER);
        if (s->end <= six)
            continue;
        f |= BIT(F_CARE_6) | (s->end > start ? BIT(F_CARE_1) : 0);
        if (s->kind == SPELL_NEED || s->kind == SPELL_PLAN)
            f |= BIT(F_NEED_6);
        if (s->kind == SPELL_PROTECTION)
            f |= BIT(F_PROTECTION_6);
        if (s->kind == SPELL_LOOKED_AFTER && s->start <= january && s->end > january)
            f |= BIT(F_LOOKED_AFTER);
    }
    return f;
}

struct traits
traits_of(const struct years *y, uint32_t p, int32_t year)
{
    const struct timeline *t = y->t;
    struct traits out = {.year_group = INT8_MIN, .census = describing_row(t, p, year)};
    const struct timeline_census *c =
        out.census == TIMELINE_NONE ? NULL : &t->census[out.census];
    char sen = 0;

    out.flags = care_flags(t, p, year);
    if (t->person[p].sex == 'M')
        out.flags |= BIT(F_BOY);
    if (t->person[p].sex == 'F')
        out.flags |= BIT(F_GIRL);
    if (c) {
        sen = c->sen;
        out.idaci = c->idaci;
        out.district = c->district;
        if (c->year_group != INT8_MIN && c->year_group + year - c->school_year <= 14)
            out.year_group = (int8_t)(c->year_group + year - c->school_year);
        if (c->school_year == year && c->term == TERM_SPRING && (c->flags & CENSUS_ON_ROLL) &&
            timeline_status_rank(c->status) <= 1 && t->school[c->school].local)
            out.flags |= BIT(F_HEADCOUNT);
    }
    add_from_rows(t, p, year, &out, &sen);
    if (sen == 'K' || sen == 'A' || sen == 'P')
        out.flags |= BIT(F_SEN_SUPPORT);
    if (sen == 'E' || sen == 'S')
        out.flags |= BIT(F_EHC_PLAN);
    if (sen == 'N')
        out.flags |= BIT(F_SEN_NONE);
    return out;
}
