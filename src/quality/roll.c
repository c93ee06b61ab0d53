/* Rules about who is on which roll, and the pupil number. */
#include "quality/look.h"

enum { LATE_MARK_DAYS = 1, TERM_DAYS = 120 };

static bool
is_main(const struct timeline_census *c)
{
    return c->flags & CENSUS_ON_ROLL && (c->status == 'C' || c->status == 'M');
}

static bool
same_census(const struct timeline_census *a, const struct timeline_census *b)
{
    return a->school_year == b->school_year && a->term == b->term && a->school != b->school;
}

void
quality_two_main(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_CENSUS, p);

    for (uint32_t i = r.from; i < r.to; i++)
        for (uint32_t k = r.from; k < r.to; k++) {
            const struct timeline_census *a = &q->t->census[i], *b = &q->t->census[k];
            struct quality_at at;
            if (i == k || !is_main(a) || !is_main(b) || !same_census(a, b))
                continue;
            at = quality_at(p, a->school,
                            timeline_census_day(a->school_year, (enum term)a->term));
            quality_fact(q, &at, "census", &a->source);
            at.value = job_format(q->j, "%c and %c", a->status, b->status);
            quality_say(q, &at, "On roll as %c here and as %c at %s in the same census", a->status,
                        b->status, quality_school(q, b->school));
        }
}

/* Each enrolment of the child that has this mark of quality. */
static const struct timeline_enrolment *
next_marked(const struct quality_look *q, struct timeline_range *r, unsigned mark)
{
    while (r->from < r->to) {
        const struct timeline_enrolment *e = &q->t->enrolment[r->from++];
        if (e->quality & mark)
            return e;
    }
    return NULL;
}

static struct quality_at
at_enrolment(const struct quality_look *q, const struct timeline_enrolment *e, int32_t on)
{
    struct quality_at at = quality_at(e->person, e->school, on);

    if (e->census < q->t->n[TIMELINE_CENSUS])
        quality_fact(q, &at, "census", &q->t->census[e->census].source);
    return at;
}

void
quality_left_before_entry(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_ENROLMENT, p);
    const struct timeline_enrolment *e;

    while ((e = next_marked(q, &r, ENROLMENT_LEFT_BEFORE_ENTRY))) {
        struct quality_at at = at_enrolment(q, e, e->start);
        quality_say(q, &at, "The day of leaving lies before the day of entry");
    }
}

void
quality_entry_changed(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_ENROLMENT, p);
    const struct timeline_enrolment *e;

    while ((e = next_marked(q, &r, ENROLMENT_ENTRY_CHANGED))) {
        struct quality_at at = at_enrolment(q, e, e->start);
        quality_say(q, &at, "The school’s returns give more than one day of entry; %s is taken",
                    quality_day(q, e->start));
    }
}

/* At the end of its last year, or of a phase, a name goes without ado. */
static bool
left_at_the_end(const struct quality_look *q, const struct timeline_enrolment *e)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_MOVE, e->person);

    if (e->year_group >= q->t->school[e->school].high_year)
        return true;
    for (uint32_t i = r.from; i < r.to; i++)
        if (q->t->move[i].kind == MOVE_STRUCTURAL && q->t->move[i].from != TIMELINE_NONE &&
            &q->t->enrolment[q->t->move[i].from] == e)
            return true;
    return false;
}

static bool
on_roll_later(const struct quality_look *q, const struct timeline_enrolment *e)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_ENROLMENT, e->person);

    for (uint32_t i = r.from; i < r.to; i++)
        if (&q->t->enrolment[i] != e && q->t->enrolment[i].end > e->end)
            return true;
    return false;
}

void
quality_no_leaving_date(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_ENROLMENT, p);
    const struct timeline_enrolment *e;

    while ((e = next_marked(q, &r, ENROLMENT_NO_LEAVING_DATE))) {
        struct quality_at at = at_enrolment(q, e, e->last_seen);
        if (left_at_the_end(q, e) || on_roll_later(q, e))
            continue;
        quality_say(q, &at, "Last in the school’s returns on %s, on no roll since; no leaving "
                    "date is given", quality_day(q, e->last_seen));
    }
}

void
quality_age(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_CENSUS, p);
    const struct timeline_census *last = NULL;

    for (uint32_t i = r.from; i < r.to; i++)
        if (q->t->census[i].flags & CENSUS_ON_ROLL)
            last = &q->t->census[i];
    if (!last || last->age < 4 || last->year_group < 0 || last->year_group > 11)
        return;
    /* a child of 11 on 31 August is in Year 7 */
    if (last->year_group - (last->age - 4) > 1 || last->year_group - (last->age - 4) < -1) {
        struct quality_at at = quality_at(
            p, last->school, timeline_census_day(last->school_year, (enum term)last->term));
        quality_fact(q, &at, "census", &last->source);
        at.value = job_format(q->j, "Year %d, aged %d", last->year_group, last->age);
        quality_say(q, &at, "In Year %d, aged %d on 31 August: one of the two is wrong, or the "
                    "child is taught out of its year", last->year_group, last->age);
    }
}

void
quality_sen_need(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_CENSUS, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_census *c = &q->t->census[i];
        struct quality_at at;
        int32_t day;
        if (c->term != TERM_SPRING || !is_main(c) || (c->sen != 'K' && c->sen != 'E'))
            continue;
        day = timeline_census_day(c->school_year, (enum term)c->term);
        at = quality_at(p, c->school, day);
        if (!quality_told(q->needs, c->school_year) ||
            timeline_spell_on(q->t, p, SPELL_SEN_NEED, day) != TIMELINE_NONE)
            continue;
        quality_fact(q, &at, "census", &c->source);
        quality_say(q, &at, "%s, and no type of need is given",
                    c->sen == 'E' ? "Has an education, health and care plan" : "Has SEN support");
    }
}

/* ---- leavers --------------------------------------------------------------------------- */

void
quality_leaver_on_roll(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_LEAVER, p);
    struct timeline_range c = timeline_of(q->t, TIMELINE_CENSUS, p);

    for (uint32_t i = r.from; i < r.to; i++)
        for (uint32_t k = c.from; k < c.to; k++) {
            const struct timeline_leaver *l = &q->t->leaver[i];
            const struct timeline_census *s = &q->t->census[k];
            int32_t day = timeline_census_day(s->school_year, (enum term)s->term);
            struct quality_at at = quality_at(p, l->school, day);
            if (s->school != l->school || !(s->flags & CENSUS_ON_ROLL) || day < l->left ||
                (s->entered != DATE_NONE && s->entered >= l->left)) /* came back */
                continue;
            quality_fact(q, &at, "census", &s->source);
            quality_say(q, &at, "Told as a leaver of %s, yet on roll in the %s census",
                        quality_day(q, l->left - 1), date_term_name((enum term)s->term));
            break;
        }
}

void
quality_leaver_unknown(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_LEAVER, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_leaver *l = &q->t->leaver[i];
        struct timeline_wanted w = {.kind = RETURN_CENSUS, .school = l->school,
                                    .school_year = date_school_year(l->left)};
        struct quality_at at = quality_at(p, l->school, l->left);
        if (l->enrolment != TIMELINE_NONE || !timeline_has(q->t, &w))
            continue;
        quality_fact(q, &at, NULL, &l->source);
        quality_say(q, &at, "Told as a leaver of %s, and in none of the school’s censuses",
                    quality_day(q, l->left - 1));
    }
}

static bool
on_roll_of(const struct quality_look *q, uint32_t p, uint32_t school, struct timeline_days d)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_ENROLMENT, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_enrolment *e = &q->t->enrolment[i];
        if (e->school == school && e->start < d.to && e->end > d.from)
            return true;
    }
    return false;
}

/* Marks of that school in whole weeks after the end; *first the Monday of the first. */
static int
marks_after(struct quality_look *q, const struct timeline_enrolment *e, int32_t *first)
{
    uint32_t urn = q->t->school[e->school].urn;
    int sessions = 0;

    for (size_t w = marks_week_at(q->m, e->end + LATE_MARK_DAYS); w < q->m->n; w++) {
        const struct marks_week *week = &q->m->week[w];
        struct marks_range r = marks_of(&q->cursor, w, q->t->person[e->person].person_id);
        for (uint32_t i = r.from; i < r.to; i++) {
            struct marks_sum sum = {0};
            if (marks_urn(week, i) != urn || week->monday < e->end ||
                on_roll_of(q, e->person, e->school,
                           (struct timeline_days){week->monday, week->monday + 7}))
                continue;
            marks_add(week, i, week->monday, week->monday + 7, &sum);
            if (sum.possible && !sessions)
                *first = week->monday;
            sessions += sum.possible;
        }
    }
    return sessions;
}

void
quality_leaver_marked(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_ENROLMENT, p);

    for (uint32_t i = r.from; q->m && i < r.to; i++) {
        const struct timeline_enrolment *e = &q->t->enrolment[i];
        int32_t first = DATE_NONE;
        struct quality_at at;
        int sessions;
        if (e->end == DATE_OPEN || e->end < q->from || e->end >= q->day ||
            e->quality & ENROLMENT_NO_LEAVING_DATE || !(sessions = marks_after(q, e, &first)))
            continue;
        at = at_enrolment(q, e, first);
        at.value = job_format(q->j, "%d sessions", sessions);
        quality_say(q, &at, "Left on %s, and the register has %d %s after it, from the week of %s",
                    quality_day(q, e->end - 1), sessions, sessions == 1 ? "mark" : "marks",
                    quality_day(q, first));
    }
}

/* ---- the pupil number ------------------------------------------------------------------ */

/* The main enrolment of today, to be told about; TIMELINE_NONE: on no roll. */
static uint32_t
enrolment_now(const struct quality_look *q, uint32_t p)
{
    return q->upn ? timeline_main(q->t, p, q->day) : TIMELINE_NONE;
}

void
quality_upn_wrong(struct quality_look *q, uint32_t p)
{
    uint32_t e = enrolment_now(q, p);

    if (e != TIMELINE_NONE && q->upn[p].wrong[0] && !q->upn[p].good) {
        struct quality_at at = at_enrolment(q, &q->t->enrolment[e], q->t->enrolment[e].last_seen);
        at.value = q->upn[p].wrong;
        quality_say(q, &at, "The UPN is not well formed or has the wrong check letter");
    }
}

void
quality_upn_missing(struct quality_look *q, uint32_t p)
{
    uint32_t e = enrolment_now(q, p);

    if (e != TIMELINE_NONE && !q->upn[p].given) {
        struct quality_at at = at_enrolment(q, &q->t->enrolment[e], q->t->enrolment[e].last_seen);
        quality_say(q, &at, "On roll since %s without a UPN",
                    quality_day(q, q->t->enrolment[e].start));
    }
}

void
quality_upn_temporary(struct quality_look *q, uint32_t p)
{
    uint32_t e = enrolment_now(q, p);

    if (e != TIMELINE_NONE && q->upn[p].temporary[0] && !q->upn[p].good &&
        q->day - q->t->enrolment[e].start > TERM_DAYS) {
        struct quality_at at = at_enrolment(q, &q->t->enrolment[e], q->t->enrolment[e].last_seen);
        at.value = q->upn[p].temporary;
        quality_say(q, &at, "On roll since %s with a temporary UPN",
                    quality_day(q, q->t->enrolment[e].start));
    }
}
