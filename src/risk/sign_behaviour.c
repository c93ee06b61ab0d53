/* Signs about suspension, placements elsewhere, moves and changes of phase. */
#include "risk/sign_view.h"

enum { YEAR_6 = 6, YEAR_7 = 7 };

/* First school year group of the key stage of a year group. */
static int
key_stage_start(int year_group)
{
    static const int8_t first[] = {0, 1, 1, 3, 3, 3, 3, 7, 7, 7, 10, 10, 12, 12, 12};

    return year_group < 0 ? 0 : first[year_group > 14 ? 14 : year_group];
}

/* The day on which the child, if it never repeated a year, began that year group. */
static int32_t
year_group_start(const struct sign_view *v, int year_group)
{
    return date_year_start(date_school_year(v->day) - (v->year_group - year_group));
}

/* limits: sessions.  Only the first: from the second on they build up. */
bool
sign_first_suspension(const struct sign_view *v, const struct sign_rule *r,
                      struct sign_found *out)
{
    int32_t from = year_group_start(v, key_stage_start(v->year_group));
    struct sign_events s = sign_events(v, from, v->day);

    *out = (struct sign_found){.value = {(int16_t)s.sessions}, .on = s.first,
                               .data_day = s.last};
    return s.n == 1 && s.sessions >= r->limit[0];
}

/* limits: count, months, days_primary, days_secondary. */
bool
sign_suspensions_building(const struct sign_view *v, const struct sign_rule *r,
                          struct sign_found *out)
{
    struct sign_events s = sign_events(v, sign_months_before(v->day, r->limit[1]), v->day);
    int days = v->year_group < YEAR_7 ? r->limit[2] : r->limit[3];

    *out = (struct sign_found){.value = {(int16_t)s.n, (int16_t)s.sessions}, .on = s.last,
                               .data_day = s.last};
    return s.n >= r->limit[0] || s.sessions >= 2 * days;
}

/* limits: from_year, to_year: the year groups that are looked at. */
bool
sign_primary_suspension(const struct sign_view *v, const struct sign_rule *r,
                        struct sign_found *out)
{
    struct sign_events s;

    if (v->year_group < r->limit[0] || v->year_group > r->limit[1])
        return false;
    s = sign_events(v, INT32_MIN + 1, year_group_start(v, YEAR_7) - 1);
    *out = (struct sign_found){.value = {(int16_t)s.n}, .on = s.last, .data_day = s.last};
    return s.n > 0;
}

/* The later of an off-site direction and a managed move that are open on the day. */
static int32_t
directed_since(const struct sign_view *v)
{
    uint32_t off = sign_spell_on(v, SPELL_OFF_SITE, NULL);
    uint32_t managed = sign_spell_on(v, SPELL_MANAGED_MOVE, NULL);
    int32_t on = off == TIMELINE_NONE ? DATE_NONE : v->t->spell[off].start;

    if (managed != TIMELINE_NONE && v->t->spell[managed].start > on)
        on = v->t->spell[managed].start;
    return on;
}

/* Arranged by the school for behaviour, risk of exclusion or suspension, and open; or off-site
 * direction, or a managed move on trial. */
bool
sign_placed_elsewhere(const struct sign_view *v, const struct sign_rule *r,
                      struct sign_found *out)
{
    struct timeline_range p = timeline_of(v->t, TIMELINE_PLACEMENT, v->p);
    struct timeline_range m = timeline_of(v->t, TIMELINE_MOVE, v->p);
    int32_t directed = directed_since(v);

    (void)r;
    if (directed != DATE_NONE) {
        *out = (struct sign_found){.variant = 1, .on = directed, .data_day = directed};
        return true;
    }
    for (; p.from < p.to; p.from++) {
        const struct timeline_placement *x = &v->t->placement[p.from];
        if (x->start <= v->day && x->end > v->day && !x->by_authority &&
            (!strncmp(x->reason, "BHS", 3) || !strncmp(x->reason, "EXR", 3) ||
             !strncmp(x->reason, "SUS", 3))) {
            *out = (struct sign_found){.on = x->start, .data_day = x->start};
            return true;
        }
    }
    for (; m.from < m.to; m.from++) {
        const struct timeline_move *x = &v->t->move[m.from];
        if (x->kind == MOVE_MANAGED && x->outcome == TRIAL_OPEN && x->on <= v->day &&
            x->certainty != MOVE_POSSIBLE) {
            *out = (struct sign_found){.variant = 1, .on = x->on, .data_day = x->on};
            return true;
        }
    }
    return false;
}

/* Moves between schools that belong to no phase: family moves too, for they unsettle. */
static bool
unsettles(const struct timeline_move *m)
{
    return m->kind == MOVE_FAMILY || m->kind == MOVE_UNEXPLAINED || m->kind == MOVE_EXCLUDED ||
           (m->kind == MOVE_MANAGED && m->outcome != TRIAL_OPEN && m->outcome != TRIAL_FAILED);
}

/* limits: schools, years, months.  So many schools in so many years, or one move in the last
 * months together with a sign about attendance (that schools see too, where they see this). */
bool
sign_mobility(const struct sign_view *v, const struct sign_rule *r, struct sign_found *out)
{
    struct timeline_range m = timeline_of(v->t, TIMELINE_MOVE, v->p);
    int32_t from = sign_months_before(v->day, 12 * r->limit[1]), last = DATE_NONE;
    uint32_t attendance = v->met & v->attendance & (r->schools ? v->schools : UINT32_MAX);
    int moves = 0;

    for (; m.from < m.to; m.from++) {
        const struct timeline_move *x = &v->t->move[m.from];
        if (!unsettles(x) || x->next == DATE_NONE || x->next > v->day || x->next < from)
            continue;
        moves++;
        if (x->next > last)
            last = x->next;
    }
    *out = (struct sign_found){.value = {(int16_t)(moves + 1)}, .on = last, .data_day = last};
    if (moves + 1 > r->limit[0] && moves)
        return true;
    out->variant = 1;
    return moves && last >= sign_months_before(v->day, r->limit[2]) && attendance;
}

/* limits: from_year, to_year.  Spring and summer of the last primary year, autumn of the
 * first secondary one. */
bool
sign_transition(const struct sign_view *v, const struct sign_rule *r, struct sign_found *out)
{
    bool autumn = date_term(v->day) == TERM_AUTUMN;

    *out = (struct sign_found){.on = DATE_NONE, .data_day = v->day};
    out->variant = v->year_group == r->limit[1];
    return (v->year_group == r->limit[0] && !autumn) || (v->year_group == r->limit[1] && autumn);
}
