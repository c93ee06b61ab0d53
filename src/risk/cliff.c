/* Near the edge: needs just below a threshold, and no threshold met (rulings,
 * "Cliff-edge"; analytics.md §2.11), as known on the day of the autumn census. */
#include "people/attendance.h"
#include "risk/child_year.h"

enum {
    MOVES_WITHIN_DAYS = 730, SCORE_WITHIN_DAYS = 730, REFUSED_WITHIN_DAYS = 730,
    LEAST_SESSIONS = 20,
};

/* Care is told up to a day; what was open then counts as open still. */
static bool
is_open(const struct timeline_spell *s, int32_t day)
{
    return s->start <= day && (s->end > day || s->flags & SPELL_OPEN);
}

static bool
care_open(const struct timeline *t, uint32_t p, int32_t day)
{
    struct timeline_range r = timeline_of(t, TIMELINE_SPELL, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_spell *s = &t->spell[r.from];
        if (s->kind >= SPELL_NEED && s->kind <= SPELL_LOOKED_AFTER && is_open(s, day))
            return true;
    }
    return false;
}

static bool
spell_open(const struct timeline *t, uint32_t p, enum timeline_kind kind, int32_t day)
{
    struct timeline_range r = timeline_of(t, TIMELINE_SPELL, p);

    for (; r.from < r.to; r.from++)
        if (t->spell[r.from].kind == kind && is_open(&t->spell[r.from], day))
            return true;
    return false;
}

static bool
care_past(const struct timeline *t, uint32_t p, int32_t year, int32_t day)
{
    struct timeline_range r = timeline_of(t, TIMELINE_SPELL, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_spell *s = &t->spell[r.from];
        if ((s->kind <= SPELL_LOOKED_AFTER || s->kind == SPELL_EARLY_HELP) && s->start < day &&
            s->end > date_year_start(year - 6))
            return true;
    }
    return false;
}

/* The last score before the day, if it is not older than two years: in one of the two bands
 * between average and very high. */
static bool
score_raised(const struct timeline *t, uint32_t p, int32_t day)
{
    struct timeline_range r = timeline_of(t, TIMELINE_SPELL, p);
    const char *last = "";

    for (; r.from < r.to; r.from++) /* by start */
        if (t->spell[r.from].kind == SPELL_SDQ && t->spell[r.from].start <= day &&
            t->spell[r.from].start > day - SCORE_WITHIN_DAYS)
            last = t->spell[r.from].code;
    return !strcmp(last, SDQ_RAISED) || !strcmp(last, SDQ_HIGH);
}

static bool
plan_refused(const struct timeline *t, uint32_t p, int32_t day)
{
    struct timeline_range r = timeline_of(t, TIMELINE_SPELL, p);

    for (; r.from < r.to; r.from++)
        if (t->spell[r.from].kind == SPELL_EHC_REFUSED && t->spell[r.from].start <= day &&
            t->spell[r.from].start > day - REFUSED_WITHIN_DAYS)
            return true;
    return false;
}

static bool
moved(const struct timeline *t, uint32_t p, int32_t day)
{
    struct timeline_range r = timeline_of(t, TIMELINE_MOVE, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_move *m = &t->move[r.from];
        bool counts = m->kind == MOVE_MANAGED || m->kind == MOVE_FAMILY ||
                      m->kind == MOVE_UNEXPLAINED;
        if (counts && m->on <= day && m->on > day - MOVES_WITHIN_DAYS)
            return true;
    }
    return false;
}

/* What the autumn census says of the child: what later ones say was not known that day, and
 * would make a group that already holds its own outcome. */
struct on_the_day {
    int32_t day;
    bool support, plan, meals, semh;
    uint8_t idaci;
};

static bool
semh_known(const struct timeline *t, uint32_t p, int32_t day)
{
    struct timeline_range r = timeline_of(t, TIMELINE_SPELL, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_spell *s = &t->spell[r.from];
        if (s->kind == SPELL_SEN_NEED && s->start <= day && s->end > day &&
            !strncmp(s->code, "SEMH", 5))
            return true;
    }
    return false;
}

static struct on_the_day
on_the_day(const struct timeline *t, const struct timeline_census *c)
{
    int32_t day = timeline_census_day(c->school_year, TERM_AUTUMN);

    return (struct on_the_day){
        .day = day, .support = c->sen == 'K' || c->sen == 'A' || c->sen == 'P',
        .plan = c->sen == 'E' || c->sen == 'S', .meals = c->flags & CENSUS_FSM,
        .semh = semh_known(t, c->person, day), .idaci = c->idaci};
}

static uint16_t
needs_of(const struct years *y, uint32_t p, const struct child_year *before,
         const struct on_the_day *now)
{
    int32_t day = now->day, year = date_school_year(day);
    bool absent = before && before->possible >= LEAST_SESSIONS &&
                  attendance_is_persistent(before->absent, before->possible) &&
                  !attendance_is_severe(before->absent, before->possible);
    unsigned n = 0;

    if (now->support && !now->semh)
        n |= BIT(N1);
    if (care_past(y->t, p, year, day) && !care_open(y->t, p, day) &&
        !spell_open(y->t, p, SPELL_EARLY_HELP, day))
        n |= BIT(N2);
    if (now->meals)
        n |= BIT(N3);
    if (now->idaci == 1 || now->idaci == 2)
        n |= BIT(N4);
    if (before && before->suspensions == 1)
        n |= BIT(N5);
    if (absent)
        n |= BIT(N6);
    if (moved(y->t, p, day))
        n |= BIT(N7);
    if (score_raised(y->t, p, day))
        n |= BIT(N8);
    if (plan_refused(y->t, p, day))
        n |= BIT(N9);
    return (uint16_t)n;
}

static uint16_t
thresholds_of(const struct years *y, uint32_t p, const struct child_year *before,
              const struct on_the_day *now)
{
    unsigned n = 0;

    if (now->plan || spell_open(y->t, p, SPELL_EHC_PLAN, now->day))
        n |= BIT(T_PLAN);
    if (care_open(y->t, p, now->day))
        n |= BIT(T_CARE);
    if (spell_open(y->t, p, SPELL_YOUTH_JUSTICE, now->day))
        n |= BIT(T_YOUTH_JUSTICE);
    if (now->semh)
        n |= BIT(T_SEMH);
    if (before && (before->suspensions >= 2 || before->exclusions))
        n |= BIT(T_SUSPENSIONS);
    if (before && before->possible >= LEAST_SESSIONS &&
        attendance_is_severe(before->absent, before->possible))
        n |= BIT(T_ABSENCE);
    return (uint16_t)n;
}

static const uint16_t signals =
#define NEED(id, name, about, signal, sources) (uint16_t)((signal) << id) |
#include "risk/needs.def"
#undef NEED
    0;

bool
cliff_is(const struct child_year *row, int least)
{
    return !row->thresholds && (row->needs & signals) &&
           __builtin_popcount(row->needs) >= least;
}

void
cliff_of(const struct years *y, uint32_t p, const struct child_year *before,
         struct child_year *row)
{
    uint32_t c = timeline_census_of(y->t, p, row->year, TERM_AUTUMN);
    struct on_the_day now;

    if (c == TIMELINE_NONE || !(y->has[row->year - y->first] & BIT(M_CLIFF)) ||
        !y->t->school[y->t->census[c].school].local ||
        timeline_status_rank(y->t->census[c].status) > 1)
        return;
    now = on_the_day(y->t, &y->t->census[c]);
    row->needs = needs_of(y, p, before, &now);
    row->thresholds = thresholds_of(y, p, before, &now);
    row->base |= BIT(M_CLIFF);
    if (cliff_is(row, 3))
        row->met |= BIT(M_CLIFF);
}
