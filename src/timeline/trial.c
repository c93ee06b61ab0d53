#include "timeline/moves.h"

/* Analytics §2.3 T5 (b). */
enum {
    SHORTEST = 10, LONGEST = 120, /* school days */
    ADDRESS_BEFORE = 90, ADDRESS_AFTER = 60,
    EXCLUDED_BEFORE = 30, EXCLUDED_AFTER = 60,
    MAIN_WITHIN = 45,
};

static const struct timeline_school *
school_of(const struct moves_child *m, uint32_t enrolment)
{
    return &m->t->school[m->t->enrolment[enrolment].school];
}

uint32_t
moves_main_on(const struct moves_child *m, int32_t day)
{
    for (uint32_t i = 0; i < m->segments; i++)
        if (m->segment[i].from <= day && day < m->segment[i].to)
            return m->segment[i].enrolment;
    return TIMELINE_NONE;
}

/* Until then this school was the main one: what follows is no trial there. */
static bool
was_main_here(const struct moves_child *m, const struct timeline_enrolment *e)
{
    for (uint32_t i = 0; i < m->segments; i++) {
        const struct timeline_enrolment *o = &m->t->enrolment[m->segment[i].enrolment];
        if (o->school == e->school && o->start < e->start && o->end >= e->start)
            return true;
    }
    return false;
}

static bool
may_try(const struct timeline_school *s)
{
    return (s->kind == SCHOOL_MAINSTREAM || s->kind == SCHOOL_SPECIAL) &&
           s->phase != PHASE_NURSERY;
}

static bool
is_trial(const struct moves_child *m, uint32_t i, uint32_t a)
{
    const struct timeline_enrolment *e = &m->t->enrolment[i];
    int32_t as_of = m->t->head->as_of, end = e->end > as_of ? as_of + 1 : e->end, days;
    int8_t group;

    if (a == TIMELINE_NONE || (e->status != 'S' && e->status != 'G') ||
        moves_same_school(m, a, i, e->start) || was_main_here(m, e) ||
        school_of(m, a)->kind != SCHOOL_MAINSTREAM || !may_try(school_of(m, i)) ||
        !moves_is_mid_year(e->start))
        return false;
    group = moves_year_group(m, a, e->start);
    days = moves_school_days(m, e->school, e->start, end);
    return group >= 0 && group <= MOVES_LAST_YEAR && days >= SHORTEST && days <= LONGEST &&
           moves_address(m, e->start, ADDRESS_BEFORE, ADDRESS_AFTER) != ADDRESS_CHANGED &&
           !moves_excluded(m, m->t->enrolment[a].school, e->start - EXCLUDED_BEFORE,
                           e->start + EXCLUDED_AFTER);
}

/* The main enrolment at the school of the trial that it led to. */
static uint32_t
led_to(const struct moves_child *m, const struct timeline_enrolment *e)
{
    int64_t last = (int64_t)e->end + MAIN_WITHIN;

    for (uint32_t i = 0; i < m->segments; i++) {
        const struct moves_segment *s = &m->segment[i];
        if (m->t->enrolment[s->enrolment].school == e->school && s->from >= e->start &&
            s->from <= last)
            return s->enrolment;
    }
    return TIMELINE_NONE;
}

/* A register has it: it is not told a second time. */
static bool
is_recorded(const struct moves_child *m, uint32_t trial)
{
    for (uint32_t i = 0; i < m->n; i++)
        if (m->move[i].certainty == MOVE_RECORDED && m->move[i].trial == trial)
            return true;
    return false;
}

static void
add_trial(struct moves_child *m, uint32_t i, uint32_t a)
{
    const struct timeline_enrolment *e = &m->t->enrolment[i];
    uint32_t to = led_to(m, e);
    struct timeline_move *v = &m->move[m->n++];
    bool back = to == TIMELINE_NONE && e->end <= m->t->head->as_of && moves_main_on(m, e->end) == a;

    *v = (struct timeline_move){
        .person = m->person, .from = a, .to = to, .trial = i, .on = e->start,
        .next = to == TIMELINE_NONE ? DATE_NONE : m->t->enrolment[to].start,
        .evidence = moves_evidence(m, a, i, e->start) | EVIDENCE_DUAL,
        .school_year = (int16_t)timeline_leaving_year(e->start),
        .year_group = moves_year_group(m, a, e->start), .kind = MOVE_MANAGED,
        .certainty = MOVE_PROBABLE,
        .outcome = to != TIMELINE_NONE ? TRIAL_SUCCEEDED : back ? TRIAL_FAILED : TRIAL_OPEN};
}

void
moves_trials(struct moves_child *m)
{
    struct timeline_range r = timeline_of(m->t, TIMELINE_ENROLMENT, m->person);

    for (uint32_t i = r.from; i < r.to; i++) {
        uint32_t a = moves_main_on(m, m->t->enrolment[i].start);
        if (!is_recorded(m, i) && is_trial(m, i, a))
            add_trial(m, i, a);
    }
}

bool
moves_is_told(const struct moves_child *m, uint32_t from, uint32_t to)
{
    const struct timeline_enrolment *e = m->t->enrolment;

    for (uint32_t i = 0; i < m->n; i++) {
        const struct timeline_move *v = &m->move[i];
        if (v->kind != MOVE_MANAGED)
            continue;
        if (v->to == to)
            return true;
        if (v->to == from && v->certainty == MOVE_RECORDED &&
            (v->from == to || e[v->from].school == e[to].school))
            return true;
    }
    return false;
}
