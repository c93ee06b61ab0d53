/* Rules about part-time timetables, alternative provision and the authority's registers. */
#include "people/entry.h"
#include "quality/look.h"

enum { SIX_WEEKS = 42, TWO_WEEKS = 14, SCHOOL_AGE = 5, SCHOOL_AGE_TO = 15 };

void
quality_part_time_census(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_CENSUS, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_census *c = &q->t->census[i];
        struct quality_at at;
        int32_t day;
        if (!(c->flags & CENSUS_PART_TIME) || !(c->flags & CENSUS_ON_ROLL) ||
            c->age < SCHOOL_AGE || c->age > SCHOOL_AGE_TO ||
            !quality_told(q->timetables, c->school_year))
            continue;
        day = timeline_census_day(c->school_year, (enum term)c->term);
        at = quality_at(p, c->school, day);
        if (timeline_entry_within(q->t, p, ENTRY_PTT, (struct timeline_days){day, day + 1}) !=
                TIMELINE_NONE)
            continue;
        quality_fact(q, &at, "census", &c->source);
        quality_say(q, &at, "Part-time in the %s census, and on no part-time timetable that "
                    "the authority was told of", date_term_name((enum term)c->term));
    }
}

void
quality_part_time_marks(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_ABSENCE, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_absence *a = &q->t->absence[i];
        enum term term = a->half >= HALF_SUMMER1 ? TERM_SUMMER : (enum term)(a->half + 1);
        struct timeline_days d;
        struct quality_at at;
        if (!a->part_time || !quality_told(q->timetables, a->school_year))
            continue;
        d = (struct timeline_days){timeline_term_start(a->school_year, term),
                                   timeline_term_end(a->school_year, term)};
        at = quality_at(p, a->school, d.from);
        if (timeline_entry_within(q->t, p, ENTRY_PTT, d) != TIMELINE_NONE)
            continue;
        if (a->census < q->t->n[TIMELINE_CENSUS])
            quality_fact(q, &at, "census", &q->t->census[a->census].source);
        at.value = job_format(q->j, "C2 for %d sessions", a->part_time);
        quality_say(q, &at, "Code C2 for %d %s in the %s term, and on no part-time timetable that "
                    "the authority was told of", a->part_time,
                    a->part_time == 1 ? "session" : "sessions", date_term_name(term));
    }
}

void
quality_part_time_long(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_ENTRY, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_entry *e = &q->t->entry[i];
        bool open = e->flags & ENTRY_OPEN;
        struct quality_at at = quality_at(p, e->school, e->start);
        int32_t end = open ? q->day + 1 : e->end;
        if (e->kind != ENTRY_PTT || end - e->start <= SIX_WEEKS)
            continue;
        quality_fact(q, &at, NULL, &e->source);
        at.value = job_format(q->j, "%d weeks", (int)(end - e->start) / 7);
        quality_say(q, &at, "Part-time since %s, %d weeks %s; it should last six at most",
                    quality_day(q, e->start), (int)(end - e->start) / 7,
                    open ? "so far" : "in all");
    }
}

/* ---- alternative provision ------------------------------------------------------------- */

void
quality_placement_dates(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_PLACEMENT, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_placement *x = &q->t->placement[i];
        struct quality_at at = quality_at(p, x->school, x->start);
        if (!(x->flags & PLACEMENT_DATES_ASSUMED))
            continue;
        quality_fact(q, &at, "provision", &x->source);
        quality_say(q, &at, "Alternative provision is reported without its dates");
    }
}

void
quality_placement_outside(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_PLACEMENT, p);
    struct timeline_range n = timeline_of(q->t, TIMELINE_ENROLMENT, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_placement *x = &q->t->placement[i];
        struct quality_at at = quality_at(p, x->school, x->start);
        bool within = false;
        if (x->by_authority || x->flags & PLACEMENT_DATES_ASSUMED)
            continue;
        for (uint32_t k = n.from; k < n.to; k++) {
            const struct timeline_enrolment *e = &q->t->enrolment[k];
            within |= e->school == x->school && e->start < x->end && e->end > x->start;
        }
        if (within)
            continue;
        quality_fact(q, &at, "provision", &x->source);
        quality_say(q, &at, "Placed from %s, when the child was not on this roll",
                    quality_day(q, x->start));
    }
}

/* ---- registers against rolls ----------------------------------------------------------- */

/* On a register and on a main roll for over two weeks: about the enrolment. */
static void
on_register_and_roll(struct quality_look *q, uint32_t p, enum entry_kind kind)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_ENTRY, p);
    struct timeline_range n = timeline_of(q->t, TIMELINE_ENROLMENT, p);

    for (uint32_t i = r.from; i < r.to; i++)
        for (uint32_t k = n.from; k < n.to; k++) {
            const struct timeline_entry *x = &q->t->entry[i];
            const struct timeline_enrolment *e = &q->t->enrolment[k];
            int32_t from = x->start > e->start ? x->start : e->start;
            int32_t to = x->end < e->end ? x->end : e->end;
            struct quality_at at = quality_at(p, e->school, from);
            if (x->kind != kind || (e->status != 'C' && e->status != 'M') ||
                to - from <= TWO_WEEKS || e->quality & ENROLMENT_NO_LEAVING_DATE)
                continue;
            quality_fact(q, &at, NULL, &x->source);
            quality_say(q, &at, "%s from %s, and on this roll until %s", entry_rows[kind].words,
                        quality_day(q, x->start),
                        e->end == DATE_OPEN ? "now" : quality_day(q, e->end - 1));
        }
}

void
quality_home_educated(struct quality_look *q, uint32_t p)
{
    on_register_and_roll(q, p, ENTRY_EHE);
}

void
quality_missing_education(struct quality_look *q, uint32_t p)
{
    on_register_and_roll(q, p, ENTRY_CME);
}

/* ---- census against registers ---------------------------------------------------------- */

enum { POSSIBLE_OF = 50, ABSENT_OF = 10, LEAST_SESSIONS = 20 };

static int64_t
apart(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

static void
say_term(struct quality_look *q, const struct quality_term *s, const char *what, int64_t census,
         int64_t registers)
{
    struct quality_at at = quality_at(TIMELINE_NONE, s->school,
                                      timeline_term_start(s->school_year, s->term));
    char year[DATE_TEXT];

    at.value = job_format(q->j, "%lld and %lld", (long long)census, (long long)registers);
    quality_say(q, &at, "Of the %d pupils that both tell of, the census has %lld sessions %s in "
                "the %s term of %s, the registers %lld", (int)s->children, (long long)census, what,
                date_term_name(s->term), date_year_name(s->school_year, year),
                (long long)registers);
}

void
quality_term_possible(struct quality_look *q, const struct quality_term *s)
{
    int64_t d = apart(s->census_possible, s->register_possible);

    if (d >= LEAST_SESSIONS && d * POSSIBLE_OF > s->census_possible)
        say_term(q, s, "possible", s->census_possible, s->register_possible);
}

void
quality_term_absent(struct quality_look *q, const struct quality_term *s)
{
    int64_t d = apart(s->census_absent, s->register_absent);

    if (d >= LEAST_SESSIONS && d * ABSENT_OF > s->census_absent)
        say_term(q, s, "missed", s->census_absent, s->register_absent);
}
