/* Which measures have data in which school year, told from the returns that are there. */
#include "risk/child_year.h"

static bool
has_census(const struct timeline *t, int32_t year, enum term term, unsigned holds)
{
    struct timeline_wanted w = {RETURN_CENSUS, year, (int)term, TIMELINE_NONE, holds};

    return timeline_has(t, &w);
}

/* A year is closed when its three censuses are in, and the next autumn's, which tells who
 * left in summer and brings the summer's absence and suspensions. */
static bool
is_closed(const struct timeline *t, int32_t year)
{
    return has_census(t, year, TERM_AUTUMN, 0) && has_census(t, year, TERM_SPRING, 0) &&
           has_census(t, year, TERM_SUMMER, 0) && has_census(t, year + 1, TERM_AUTUMN, 0);
}

/* A term's absence comes with the census of the next term.  2019/20 had two terms only: no
 * full-year absence (rulings). */
static bool
has_absence(const struct timeline *t, int32_t year)
{
    return year != 2019 && has_census(t, year, TERM_SPRING, HOLDS_ABSENCE) &&
           has_census(t, year, TERM_SUMMER, HOLDS_ABSENCE) &&
           has_census(t, year + 1, TERM_AUTUMN, HOLDS_ABSENCE);
}

static uint32_t
measures_with_data(const struct timeline *t, int32_t year, int32_t first)
{
    struct timeline_wanted told = {RETURN_NOTIFICATION, year, 0, TIMELINE_NONE, 0};
    bool closed = is_closed(t, year);
    bool suspensions = closed && (has_census(t, year, TERM_SPRING, HOLDS_SUSPENSIONS) ||
                                  has_census(t, year, TERM_SUMMER, HOLDS_SUSPENSIONS) ||
                                  has_census(t, year + 1, TERM_AUTUMN, HOLDS_SUSPENSIONS));
    uint32_t has = 0;

    if (suspensions || timeline_has(t, &told))
        has |= BIT(M_SUSP) | BIT(M_SUSP2) | BIT(M_SUSP5) | BIT(M_SUSP45) | BIT(M_PEX) |
               BIT(M_LNCH);
    if (suspensions)
        has |= BIT(M_DFE_SUSP) | BIT(M_DFE_ONE_PLUS) | BIT(M_DFE_PEX);
    if (closed)
        has |= BIT(M_PTT) | BIT(M_AP) | BIT(M_MM) | BIT(M_MOVE) | BIT(M_EXIT) |
               BIT(M_UNEXPLAINED);
    if (closed && suspensions)
        has |= BIT(M_ANY) | BIT(M_BEYOND);
    if (has_absence(t, year))
        has |= BIT(M_PA) | BIT(M_SA) | BIT(M_DFE_ABSENCE) | BIT(M_DFE_PA) | BIT(M_DFE_SA);
    if (year > first && has_census(t, year, TERM_AUTUMN, 0))
        has |= BIT(M_CLIFF);
    return has;
}

enum err
years_of(struct job *j, const struct timeline *t, struct years *out)
{
    int32_t first = INT32_MAX;

    *out = (struct years){.t = t, .care_until = timeline_care_until(t)};
    for (uint32_t i = 0; i < t->n[TIMELINE_RETURN]; i++) {
        const struct timeline_return *r = &t->returns[i];
        if (r->kind == RETURN_CENSUS && r->school_year < first)
            first = r->school_year;
        if (r->kind == RETURN_CENSUS && (r->holds & HOLDS_NEEDS))
            out->needs_loaded = true;
    }
    if (first == INT32_MAX) {
        err_set(j, ERR_NOT_FOUND, "no school census is loaded yet");
        return err_hint(j, "Figures are made from the school census: load one first.");
    }
    out->last = date_school_year(t->head->as_of);
    out->first = out->last - first >= RISK_YEARS ? out->last - RISK_YEARS + 1 : first;
    out->complete = out->first - 1;
    for (int32_t y = out->first; y <= out->last; y++) {
        out->has[y - out->first] = measures_with_data(t, y, out->first);
        if (is_closed(t, y))
            out->complete = y;
    }
    return OK;
}
