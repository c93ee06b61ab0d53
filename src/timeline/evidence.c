#include "timeline/moves.h"

enum {
    HALF_YEAR = 180, YEAR = 365, QUARTER = 90, MONTH = 30, MANY_SESSIONS = 20,
    ADDRESS_BEFORE = 180, ADDRESS_AFTER = 90, PLAN_AFTER = 200,
};

/* ---- homes ------------------------------------------------------------------------------- */

/* One home a census: the row that counts, else the first with an address. */
void
moves_homes(struct moves_child *m)
{
    struct timeline_range r = timeline_of(m->t, TIMELINE_CENSUS, m->person);

    m->home_day = job_array(m->j, r.to - r.from + 1, sizeof *m->home_day);
    m->home = job_array(m->j, r.to - r.from + 1, sizeof *m->home);
    for (; r.from < r.to; r.from++) {
        const struct timeline_census *c = &m->t->census[r.from];
        int32_t day = timeline_census_day(c->school_year, c->term);
        if (c->place == TIMELINE_NONE || (m->homes && m->home_day[m->homes - 1] == day))
            continue;
        m->home_day[m->homes] = day;
        m->home[m->homes++] = c->place;
    }
}

enum moves_address
moves_address(const struct moves_child *m, int32_t day, int32_t before, int32_t after)
{
    for (uint32_t i = 1; i < m->homes; i++)
        if (m->home[i - 1] != m->home[i] && m->home_day[i - 1] < day + after &&
            m->home_day[i] >= day - before)
            return ADDRESS_CHANGED;
    if (m->homes == 0 || m->home_day[0] >= day || m->home_day[m->homes - 1] < day)
        return ADDRESS_UNKNOWN;
    return ADDRESS_SAME;
}

/* ---- suspensions and sessions ------------------------------------------------------------ */

bool
moves_excluded(const struct moves_child *m, uint32_t school, int32_t from, int32_t to)
{
    struct timeline_range r = timeline_of(m->t, TIMELINE_SUSPENSION, m->person);

    for (; r.from < r.to; r.from++) {
        const struct timeline_suspension *s = &m->t->suspension[r.from];
        if (s->category == CATEGORY_PERMANENT && m->t->event[s->event].counts &&
            s->state <= STATE_NOT_CONFIRMED && s->started >= from && s->started < to &&
            m->t->school[s->school].successor == m->t->school[school].successor)
            return true;
    }
    return false;
}

static bool
was_suspended(const struct moves_child *m, int32_t from, int32_t to)
{
    struct timeline_range r = timeline_of(m->t, TIMELINE_EVENT, m->person);

    for (; r.from < r.to; r.from++) {
        const struct timeline_event *e = &m->t->event[r.from];
        if (e->category == CATEGORY_SUSPENSION && e->counts && e->started >= from &&
            e->started < to)
            return true;
    }
    return false;
}

/* Sessions are told by term: a term counts when most of it lies in the half year, or when it
 * is the one in which the child left. */
static bool
many_unauthorised(const struct moves_child *m, uint32_t school, int32_t day)
{
    struct timeline_range r = timeline_of(m->t, TIMELINE_ABSENCE, m->person);
    int32_t sum = 0;

    for (; r.from < r.to; r.from++) {
        const struct timeline_absence *a = &m->t->absence[r.from];
        enum term term = a->half == HALF_AUTUMN ? TERM_AUTUMN
                         : a->half == HALF_SPRING ? TERM_SPRING : TERM_SUMMER;
        int32_t start = timeline_term_start(a->school_year, term);
        int32_t end = timeline_term_end(a->school_year, term);
        if (start < day && (end <= day || a->school == school) &&
            start + (end - start) / 2 >= day - HALF_YEAR)
            sum += a->unauthorised;
    }
    return sum >= MANY_SESSIONS;
}

/* ---- spells ------------------------------------------------------------------------------ */

static bool
is_care(const struct timeline_spell *s)
{
    return s->kind <= SPELL_ASSESSMENT;
}

static uint32_t
spells_around(const struct moves_child *m, int32_t day)
{
    struct timeline_range r = timeline_of(m->t, TIMELINE_SPELL, m->person);
    uint32_t evidence = 0;

    for (; r.from < r.to; r.from++) {
        const struct timeline_spell *s = &m->t->spell[r.from];
        bool starts = s->start >= day - ADDRESS_BEFORE && s->start < day + ADDRESS_AFTER;
        bool ends = s->end >= day - ADDRESS_BEFORE && s->end < day + ADDRESS_AFTER &&
                    !(s->flags & SPELL_OPEN);
        if (s->kind == SPELL_LOOKED_AFTER && (starts || ends))
            evidence |= EVIDENCE_CARE;
        if (s->kind == SPELL_CARE_PLACEMENT && starts)
            evidence |= EVIDENCE_PLACEMENT;
        if (is_care(s) && s->start < day && s->end > day - YEAR)
            evidence |= EVIDENCE_CARE_CONTACT;
        if (s->kind == SPELL_SEN_NEED && strcmp(s->code, "SEMH") == 0 && s->start < day)
            evidence |= EVIDENCE_SEMH;
    }
    return evidence;
}

/* To a special school, with an education, health and care plan then or in the next return. */
static bool
by_plan(const struct moves_child *m, uint32_t to, int32_t day)
{
    struct timeline_range r = timeline_of(m->t, TIMELINE_SPELL, m->person);

    if (to == TIMELINE_NONE ||
        m->t->school[m->t->enrolment[to].school].kind != SCHOOL_SPECIAL)
        return false;
    for (; r.from < r.to; r.from++) {
        const struct timeline_spell *s = &m->t->spell[r.from];
        if (s->kind == SPELL_EHC_PLAN && s->start < day + PLAN_AFTER && s->end > day - QUARTER)
            return true;
    }
    return false;
}

/* The plan names the school gone to, from about then on. */
static bool
is_named(const struct moves_child *m, uint32_t to, int32_t day)
{
    struct timeline_range r = timeline_of(m->t, TIMELINE_SPELL, m->person);
    const struct timeline_school *school;
    char urn[sizeof m->t->spell->code];

    if (to == TIMELINE_NONE)
        return false;
    school = &m->t->school[m->t->enrolment[to].school];
    snprintf(urn, sizeof urn, "%05u", school->urn % 100000);
    for (; r.from < r.to; r.from++) {
        const struct timeline_spell *s = &m->t->spell[r.from];
        if (s->kind == SPELL_EHC_NAMED && s->start >= day - QUARTER &&
            s->start < day + PLAN_AFTER && !strcmp(s->code, urn))
            return true;
    }
    return false;
}

/* ---- all --------------------------------------------------------------------------------- */

/* Between the October census of Year 10 and the January census of Year 11. */
static bool
in_late_key_stage(int32_t day, int8_t year_group)
{
    int32_t last = timeline_leaving_year(day) + MOVES_LAST_YEAR - year_group;

    return year_group != INT8_MIN && day >= timeline_census_day(last - 1, TERM_AUTUMN) &&
           day < timeline_census_day(last, TERM_SPRING);
}

uint32_t
moves_evidence(const struct moves_child *m, uint32_t from, uint32_t to, int32_t day)
{
    const struct timeline_enrolment *a = &m->t->enrolment[from];
    enum moves_address address = moves_address(m, day, ADDRESS_BEFORE, ADDRESS_AFTER);
    const struct timeline_school *school =
        to == TIMELINE_NONE ? NULL : &m->t->school[m->t->enrolment[to].school];
    uint32_t e = spells_around(m, day);

    e |= address == ADDRESS_CHANGED ? EVIDENCE_ADDRESS : 0;
    e |= address == ADDRESS_UNKNOWN ? EVIDENCE_ADDRESS_UNKNOWN : 0;
    e |= was_suspended(m, day - HALF_YEAR, day) ? EVIDENCE_SUSPENDED : 0;
    e |= many_unauthorised(m, a->school, day) ? EVIDENCE_UNAUTHORISED : 0;
    e |= moves_excluded(m, a->school, day - HALF_YEAR, day + MONTH) ? EVIDENCE_EXCLUSION : 0;
    e |= moves_is_mid_year(day) ? EVIDENCE_MID_YEAR : 0;
    e |= by_plan(m, to, day) ? EVIDENCE_PLAN : 0;
    e |= is_named(m, to, day) ? EVIDENCE_NAMED : 0;
    e |= a->quality & ENROLMENT_NO_LEAVING_DATE ? EVIDENCE_NO_LEAVING_DATE : 0;
    e |= in_late_key_stage(day, moves_year_group(m, from, day)) ? EVIDENCE_LATE_KEY_STAGE : 0;
    e |= school && !school->local ? EVIDENCE_OTHER_AREA : 0;
    e |= school && !school->state_funded ? EVIDENCE_INDEPENDENT : 0;
    return e;
}
