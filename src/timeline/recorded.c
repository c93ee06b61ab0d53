/* What registers and leaver returns say of a child's leaving: managed moves on record, and
 * reasons that leave nothing to ask. */
#include "people/entry.h"
#include "people/ground.h"
#include "timeline/moves.h"

enum {
    BEFORE = 45, AFTER = 120,        /* an agreed move and the enrolment it led to */
    LEFT_BEFORE = 60, LEFT_AFTER = 120, /* leaving, and an entry on a register */
};

/* ---- managed moves ----------------------------------------------------------------------- */

/* The enrolment at that school, or what it became, that starts about that day: a main one
 * rather than a trial when `main`. */
static uint32_t
about(const struct moves_child *m, uint32_t school, int32_t day, bool main)
{
    struct timeline_range r = timeline_of(m->t, TIMELINE_ENROLMENT, m->person);

    for (; school != TIMELINE_NONE && r.from < r.to; r.from++) {
        const struct timeline_enrolment *e = &m->t->enrolment[r.from];
        if (m->t->school[e->school].successor == m->t->school[school].successor &&
            derive_is_main(e->status) == main && e->start >= day - BEFORE &&
            e->start < day + AFTER)
            return r.from;
    }
    return TIMELINE_NONE;
}

/* The main enrolment that the child had, at the school that the entry names if it does. */
static uint32_t
left_from(const struct moves_child *m, const struct timeline_entry *e)
{
    uint32_t a = TIMELINE_NONE;

    for (uint32_t i = 0; i < m->segments; i++) {
        const struct moves_segment *s = &m->segment[i];
        uint32_t school = m->t->enrolment[s->enrolment].school;
        bool here = e->school == TIMELINE_NONE ||
                    m->t->school[school].successor == m->t->school[e->school].successor;
        if (here && s->from < e->start && s->to >= e->start - BEFORE &&
            !(e->provider != TIMELINE_NONE &&
              m->t->school[school].successor == m->t->school[e->provider].successor))
            a = s->enrolment;
    }
    return a;
}

static uint8_t
outcome_of(const struct moves_child *m, const struct timeline_entry *e,
           const struct timeline_move *v)
{
    if (e->flags & ENTRY_FAILED)
        return TRIAL_FAILED;
    if (e->flags & ENTRY_SUCCEEDED)
        return TRIAL_SUCCEEDED;
    if (v->to != TIMELINE_NONE)
        return TRIAL_SUCCEEDED;
    if (v->trial != TIMELINE_NONE && m->t->enrolment[v->trial].end <= m->t->head->as_of &&
        moves_main_on(m, m->t->enrolment[v->trial].end) == v->from)
        return TRIAL_FAILED;
    return TRIAL_OPEN;
}

static void
add_recorded(struct moves_child *m, const struct timeline_entry *e)
{
    uint32_t from = left_from(m, e), to = about(m, e->provider, e->start, true);
    struct timeline_move *v = &m->move[m->n];

    if (from == TIMELINE_NONE)
        return;
    *v = (struct timeline_move){
        .person = m->person, .from = from, .to = to,
        .trial = about(m, e->provider, e->start, false), .on = e->start,
        .next = to == TIMELINE_NONE ? DATE_NONE : m->t->enrolment[to].start,
        .evidence = moves_evidence(m, from, to, e->start) | EVIDENCE_REGISTER,
        .school_year = (int16_t)timeline_leaving_year(e->start),
        .year_group = moves_year_group(m, from, e->start), .kind = MOVE_MANAGED,
        .certainty = MOVE_RECORDED};
    if (v->trial != TIMELINE_NONE)
        v->evidence |= EVIDENCE_DUAL;
    v->outcome = outcome_of(m, e, v);
    m->n++;
}

void
moves_recorded(struct moves_child *m)
{
    struct timeline_range r = timeline_of(m->t, TIMELINE_ENTRY, m->person);

    for (; r.from < r.to; r.from++)
        if (m->t->entry[r.from].kind == ENTRY_MM)
            add_recorded(m, &m->t->entry[r.from]);
}

/* ---- why a child left -------------------------------------------------------------------- */

/* A placement on record: by the fair access protocol, off site, in alternative provision,
 * where the child went if it went to a school. */
static bool
was_placed(const struct moves_child *m, const struct timeline_move *v)
{
    static const enum entry_kind kinds[] = {ENTRY_FAP, ENTRY_OSD, ENTRY_AP, ENTRY_MM};
    struct timeline_range r = timeline_of(m->t, TIMELINE_ENTRY, m->person);

    for (; r.from < r.to; r.from++) {
        const struct timeline_entry *e = &m->t->entry[r.from];
        uint32_t to = v->to == TIMELINE_NONE ? TIMELINE_NONE : m->t->enrolment[v->to].school;
        bool there = to == TIMELINE_NONE ||
                     (e->provider != TIMELINE_NONE &&
                      m->t->school[e->provider].successor == m->t->school[to].successor);
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (e->kind == kinds[k] && there && e->start >= v->on - BEFORE &&
                e->start < v->on + AFTER)
                return true;
    }
    return false;
}

uint32_t
moves_told_evidence(const struct moves_child *m, const struct timeline_move *v)
{
    const struct timeline_enrolment *a = &m->t->enrolment[v->from];
    int32_t until = v->next == DATE_NONE || v->next > v->on + LEFT_AFTER ? v->on + LEFT_AFTER
                                                                         : v->next;
    struct timeline_days about_then = {v->on - LEFT_BEFORE, until > v->on ? until : v->on + 1};
    uint32_t evidence = 0;

    if (a->says == GROUND_SAYS_HOME ||
        timeline_entry_within(m->t, m->person, ENTRY_EHE, about_then) != TIMELINE_NONE)
        evidence |= EVIDENCE_HOME;
    if (a->says == GROUND_SAYS_MISSING ||
        timeline_entry_within(m->t, m->person, ENTRY_CME, about_then) != TIMELINE_NONE)
        evidence |= EVIDENCE_MISSING;
    if (a->explains == GROUND_EXPLAINS_LEAVING ||
        (a->explains != GROUND_EXPLAINS_NOTHING && v->to == TIMELINE_NONE))
        evidence |= EVIDENCE_GROUND;
    if (was_placed(m, v))
        evidence |= EVIDENCE_REGISTER;
    return evidence;
}
