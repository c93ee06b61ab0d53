/* Signs about attendance: from the registers of the child's school weeks. */
#include "people/attendance.h"
#include "risk/sign_view.h"

enum { LEAST_SESSIONS = 20 }; /* below it no percentage is told of a child (rulings) */

/* The sessions of `n` school weeks that end `back` weeks before the last. */
static struct sign_week
weeks_back(const struct sign_view *v, int n, int back)
{
    struct sign_week sum = {.last_suspended = DATE_NONE};
    size_t end = v->n_weeks > (size_t)back ? v->n_weeks - (size_t)back : 0;

    for (size_t i = end > (size_t)n ? end - (size_t)n : 0; i < end; i++) {
        const struct sign_week *w = &v->week[i];
        sum.sum.possible += w->sum.possible;
        sum.sum.authorised += w->sum.authorised;
        sum.sum.unauthorised += w->sum.unauthorised;
        sum.sum.late += w->sum.late;
        sum.sum.late_closed += w->sum.late_closed;
        sum.suspended = (uint8_t)(sum.suspended + w->suspended);
        sum.part_time = (uint8_t)(sum.part_time + w->part_time);
        sum.notice = (uint8_t)(sum.notice + w->notice);
        if (w->last_suspended != DATE_NONE)
            sum.last_suspended = w->last_suspended;
    }
    return sum;
}

static int
absent(const struct sign_week *w)
{
    return w->sum.authorised + w->sum.unauthorised;
}

/* limits: weeks, points, percent.  Both stretches must be whole, or nothing is compared. */
bool
sign_absence_rising(const struct sign_view *v, const struct sign_rule *r, struct sign_found *out)
{
    int weeks = r->limit[0];
    struct sign_week now = weeks_back(v, weeks, 0), before = weeks_back(v, weeks, weeks);
    int64_t a = absent(&now), pa = now.sum.possible, b = absent(&before),
            pb = before.sum.possible;

    if (v->n_weeks < 2 * (size_t)weeks || pa < LEAST_SESSIONS || pb < LEAST_SESSIONS)
        return false;
    *out = (struct sign_found){
        .value = {(int16_t)a, (int16_t)pa, (int16_t)b, (int16_t)pb}, .on = DATE_NONE};
    return 100 * a >= r->limit[2] * pa && 100 * (a * pb - b * pa) >= r->limit[1] * pa * pb;
}

/* limits: percent, below.  The school year so far. */
bool
sign_absence_between(const struct sign_view *v, const struct sign_rule *r,
                     struct sign_found *out)
{
    int32_t start = date_year_start(date_school_year(v->day));
    int64_t missed = 0, possible = 0;

    for (size_t i = 0; i < v->n_weeks; i++)
        if (v->week[i].monday >= start - 6) {
            missed += absent(&v->week[i]);
            possible += v->week[i].sum.possible;
        }
    *out = (struct sign_found){.value = {(int16_t)missed, (int16_t)possible}, .on = DATE_NONE};
    return possible >= LEAST_SESSIONS && 100 * missed >= r->limit[0] * possible &&
           100 * missed < r->limit[1] * possible;
}

/* limits: weeks, sessions. */
bool
sign_unauthorised(const struct sign_view *v, const struct sign_rule *r, struct sign_found *out)
{
    struct sign_week w = weeks_back(v, r->limit[0], 0);

    *out = (struct sign_found){.value = {w.notice}, .on = DATE_NONE};
    return w.notice >= r->limit[1];
}

/* limits: weeks, sessions.  As the school told, from C2 marks, else from the last census. */
bool
sign_part_time(const struct sign_view *v, const struct sign_rule *r, struct sign_found *out)
{
    struct sign_week w = weeks_back(v, r->limit[0], 0);
    uint32_t told = sign_spell_on(v, SPELL_PART_TIME, NULL);
    const struct timeline_enrolment *e = &v->t->enrolment[v->enrolment];
    const struct timeline_census *c = &v->t->census[e->census];
    int32_t census = timeline_census_day(c->school_year, (enum term)c->term);

    *out = (struct sign_found){.value = {w.part_time}, .on = DATE_NONE};
    if (told == TIMELINE_NONE && v->n_weeks)
        return w.part_time >= r->limit[1];
    out->variant = 1;
    if (told != TIMELINE_NONE) {
        out->on = out->data_day = v->t->spell[told].start;
        return true;
    }
    out->on = out->data_day = census;
    return v->year_group >= 1 && census <= v->day &&
           census > sign_months_before(v->day, 12) && (c->flags & CENSUS_PART_TIME) &&
           (c->flags & CENSUS_ON_ROLL);
}

/* limits: weeks, percent. */
bool
sign_late(const struct sign_view *v, const struct sign_rule *r, struct sign_found *out)
{
    struct sign_week w = weeks_back(v, r->limit[0], 0);
    int64_t late = w.sum.late + w.sum.late_closed, possible = w.sum.possible;

    *out = (struct sign_found){.value = {(int16_t)late, (int16_t)possible}, .on = DATE_NONE};
    return possible >= LEAST_SESSIONS && 100 * late >= r->limit[1] * possible;
}

/* Would a suspension of that day be on record by now?  It is where suspensions are told as they
 * happen; else from the school's next census on, which reports the term before. */
static bool
would_be_told(const struct sign_view *v, int32_t day)
{
    int32_t year = date_school_year(day);
    enum term term = date_term(day);
    struct timeline_wanted notice = {.kind = RETURN_NOTIFICATION, .school_year = year,
                                     .school = TIMELINE_NONE, .holds = HOLDS_SUSPENSIONS};
    struct timeline_wanted census = {
        .kind = RETURN_CENSUS, .school_year = term == TERM_SUMMER ? year + 1 : year,
        .term = term == TERM_SUMMER ? TERM_AUTUMN : (int)term + 1, .school = v->school,
        .holds = HOLDS_SUSPENSIONS};

    return timeline_has(v->t, &notice) || timeline_has(v->t, &census);
}

/* limits: weeks, sessions.  Sessions marked E outside every suspension and exclusion that is
 * on record, a week allowed on either side for the day it was told. */
bool
sign_coded_without_record(const struct sign_view *v, const struct sign_rule *r,
                          struct sign_found *out)
{
    struct sign_week w = weeks_back(v, r->limit[0], 0);
    struct timeline_range e = timeline_of(v->t, TIMELINE_EVENT, v->p);
    int32_t from = v->n_weeks ? v->week[v->n_weeks > (size_t)r->limit[0]
                                            ? v->n_weeks - (size_t)r->limit[0] : 0].monday
                              : v->day;

    *out = (struct sign_found){.value = {w.suspended}, .on = w.last_suspended};
    for (; e.from < e.to; e.from++) {
        const struct timeline_event *s = &v->t->event[e.from];
        int32_t end = s->ended != DATE_NONE ? s->ended : s->started + 1 + s->sessions;
        if (s->category == CATEGORY_PERMANENT)
            end = DATE_OPEN - 7;
        if (s->counts && s->category != CATEGORY_LUNCHTIME && s->started <= v->day &&
            end + 7 > from)
            return false;
    }
    return w.suspended >= r->limit[1] && w.suspended && would_be_told(v, w.last_suspended);
}
