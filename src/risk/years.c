/* Which measures have data in which school year, told from the returns that are there. */
#include "people/entry.h"
#include "risk/sessions.h"
#include "risk/sources.h"

#define SOURCE_OF(entry) ((enum source)(SRC_REGISTERS + (entry)))

static bool
has_census(const struct timeline *t, int32_t year, enum term term, unsigned holds)
{
    struct timeline_wanted w = {.kind = RETURN_CENSUS, .school_year = year, .term = (int)term,
                                .school = TIMELINE_NONE, .holds = holds};

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

/* What a measure can need: the column of measures.def. */
enum data {
    DATA_TOLD,        /* suspensions from returns, or as they were notified */
    DATA_SUSPENSIONS, /* a closed year's returns hold suspensions */
    DATA_CLOSED,
    DATA_ALL,         /* both of these */
    DATA_ABSENCE,     /* every term's census totals */
    DATA_SESSIONS,    /* these, or registers of the year (so far) */
    DATA_BEFORE,      /* an autumn census, and the year before */
    DATA_HOME,        /* a register of home education, or leaver returns */
    DATA_MISSING,     /* a register of children missing education, or leaver returns */
    DATA_PART_TIME,   /* a closed year, or a register of part-time timetables */
    DATA_MANAGED,     /* a closed year, or a register of managed moves */
    DATA_PLACED,      /* a closed year, or a register of provision or off-site directions */
    DATA_INTERNAL,    /* schools supply internal exclusions */
    DATAS
};
static const enum data needs[MEASURES] = {
#define MEASURE(id, name, title, family, per, decimals, data, definition, sources) data,
#include "risk/measures.def"
#undef MEASURE
};

static void
data_of(const struct years *y, int32_t year, bool has[DATAS])
{
    const struct timeline *t = y->t;
    struct timeline_wanted told = {.kind = RETURN_NOTIFICATION, .school_year = year,
                                   .school = TIMELINE_NONE};
    bool closed = is_closed(t, year), leavers = source_has(t, SRC_LEAVERS, year);
    bool suspensions = closed && (has_census(t, year, TERM_SPRING, HOLDS_SUSPENSIONS) ||
                                  has_census(t, year, TERM_SUMMER, HOLDS_SUSPENSIONS) ||
                                  has_census(t, year + 1, TERM_AUTUMN, HOLDS_SUSPENSIONS));

    has[DATA_TOLD] = suspensions || timeline_has(t, &told);
    has[DATA_SUSPENSIONS] = suspensions;
    has[DATA_CLOSED] = closed;
    has[DATA_ALL] = closed && suspensions;
    has[DATA_ABSENCE] = has_absence(t, year);
    has[DATA_SESSIONS] = has[DATA_ABSENCE] || (year != 2019 && sessions_registers_tell(y, year));
    has[DATA_BEFORE] = year > y->first && has_census(t, year, TERM_AUTUMN, 0);
    has[DATA_HOME] = source_has(t, SOURCE_OF(ENTRY_EHE), year) || leavers;
    has[DATA_MISSING] = source_has(t, SOURCE_OF(ENTRY_CME), year) || leavers;
    has[DATA_PART_TIME] = closed || source_has(t, SOURCE_OF(ENTRY_PTT), year);
    has[DATA_MANAGED] = closed || source_has(t, SOURCE_OF(ENTRY_MM), year);
    has[DATA_PLACED] = closed || source_has(t, SOURCE_OF(ENTRY_AP), year) ||
                       source_has(t, SOURCE_OF(ENTRY_OSD), year);
    has[DATA_INTERNAL] = source_has(t, SOURCE_OF(ENTRY_INT), year);
}

static uint32_t
measures_with_data(const struct years *y, int32_t year)
{
    bool has[DATAS];
    uint32_t out = 0;

    data_of(y, year, has);
    for (int m = 0; m < MEASURES; m++)
        if (has[needs[m]])
            out |= BIT(m);
    return out;
}

/* What a return tells of that is looked at near the edge. */
static unsigned
edge_of(const struct timeline_return *r)
{
    unsigned edge = 0;

    if (r->kind == RETURN_REGISTER && r->what == ENTRY_EH + 1)
        edge = EDGE_BIT(EDGE_HELP);
    if (r->kind == RETURN_REGISTER && r->what == ENTRY_YJS + 1)
        edge = EDGE_BIT(EDGE_YOUTH_JUSTICE);
    if (r->kind == RETURN_PLANS)
        edge = EDGE_BIT(EDGE_REQUESTS);
    if (r->kind != RETURN_CARE)
        return edge;
    edge |= r->holds & HOLDS_CARE_CASES ? EDGE_BIT(EDGE_CASES) : 0;
    edge |= r->holds & HOLDS_CARE_LOOKED_AFTER ? EDGE_BIT(EDGE_LOOKED_AFTER) : 0;
    edge |= r->holds & HOLDS_CARE_HELP ? EDGE_BIT(EDGE_HELP) : 0;
    edge |= r->holds & HOLDS_CARE_SDQ ? EDGE_BIT(EDGE_SDQ) : 0;
    return edge;
}

enum err
years_of(struct job *j, const struct timeline *t, const struct marks *marks, struct years *out)
{
    int32_t first = INT32_MAX;
    enum err e;

    *out = (struct years){.t = t, .care_until = timeline_care_until(t)};
    for (uint32_t i = 0; i < t->n[TIMELINE_RETURN]; i++) {
        const struct timeline_return *r = &t->returns[i];
        if (r->kind == RETURN_CENSUS && r->school_year < first)
            first = r->school_year;
        if (r->kind == RETURN_CENSUS && (r->holds & HOLDS_NEEDS))
            out->needs_loaded = true;
        out->edge |= edge_of(r);
    }
    if (first == INT32_MAX) {
        err_set(j, ERR_NOT_FOUND, "no school census is loaded yet");
        return err_hint(j, "Figures are made from the school census: load one first.");
    }
    out->last = date_school_year(t->head->as_of);
    out->first = out->last - first >= RISK_YEARS ? out->last - RISK_YEARS + 1 : first;
    out->from = out->first;
    out->complete = out->first - 1;
    if ((e = sessions_open(j, out, marks)))
        return e;
    for (int32_t y = out->first; y <= out->last; y++) {
        out->has[y - out->first] = measures_with_data(out, y);
        if (is_closed(t, y))
            out->complete = y;
    }
    return OK;
}
