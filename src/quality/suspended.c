/* Rules about suspensions, and about registers against them. */
#include "quality/look.h"

enum { GAP_DAYS = 4, NEAR_DAYS = 3, MOST_SESSIONS = 90 };

static const char *
sessions_word(int n)
{
    return n == 1 ? "session" : "sessions";
}

static bool
is_void(const struct timeline_suspension *s)
{
    return s->state == STATE_CANCELLED || s->state == STATE_WITHDRAWN;
}

/* Does a record of that school explain code E on these days?  A permanent exclusion does so
 * until the child leaves the roll. */
static bool
is_recorded(const struct quality_look *q, uint32_t p, uint32_t school, struct timeline_days d)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_SUSPENSION, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_suspension *s = &q->t->suspension[i];
        int32_t end = s->ended == DATE_NONE ? s->started + 1 : s->ended;
        if (s->school != school || s->state == STATE_CANCELLED)
            continue;
        if (s->category == CATEGORY_PERMANENT && s->started <= d.from + NEAR_DAYS)
            return true;
        if (s->started < d.to + NEAR_DAYS && end > d.from - NEAR_DAYS)
            return true;
    }
    return false;
}

/* ---- code E without a record ----------------------------------------------------------- */

struct run {
    uint32_t urn;
    int32_t from, to; /* half-open; from DATE_NONE: none */
    int sessions;
};

static void
judge_run(struct quality_look *q, uint32_t p, struct run *run)
{
    uint32_t school = timeline_school_find(q->t, run->urn);
    struct timeline_days d = {run->from, run->to};

    if (run->from != DATE_NONE && school != TIMELINE_NONE &&
        run->to <= q->suspensions_to[school] && !is_recorded(q, p, school, d)) {
        struct quality_at at = quality_at(p, school, run->from);
        at.value = job_format(q->j, "E for %d %s", run->sessions,
                              sessions_word(run->sessions));
        quality_say(q, &at, "Code E for %d %s from %s, and no suspension is recorded then",
                    run->sessions, sessions_word(run->sessions),
                    quality_day(q, run->from));
    }
    run->from = DATE_NONE;
}

static void
extend_run(struct quality_look *q, uint32_t p, struct run *run, int32_t date)
{
    if (run->from != DATE_NONE && date - run->to >= GAP_DAYS)
        judge_run(q, p, run);
    if (run->from == DATE_NONE) {
        run->from = date;
        run->sessions = 0;
    }
    run->to = date + 1;
    run->sessions++;
}

void
quality_code_e(struct quality_look *q, uint32_t p)
{
    struct run run = {.from = DATE_NONE};
    int code = attendance_code(SPAN("E")) + 1;

    for (size_t w = q->first_week; q->m && q->coded[p] && w < q->m->n; w++) {
        const struct marks_week *week = &q->m->week[w];
        struct marks_range r = marks_of(&q->cursor, w, q->t->person[p].person_id);
        for (uint32_t i = r.from; i < r.to; i++) {
            const uint8_t *mark = marks_pattern(week, i)->mark;
            if (!(q->pattern[w][week->row[i].pattern] & LOOK_E))
                continue;
            if (run.urn != marks_urn(week, i))
                judge_run(q, p, &run);
            run.urn = marks_urn(week, i);
            for (int k = 0; k < REGISTER_SLOTS; k++)
                if (mark[k] == code)
                    extend_run(q, p, &run, week->monday + k / 2);
        }
    }
    judge_run(q, p, &run);
}

/* ---- a record without code E ----------------------------------------------------------- */

/* The last day of so many sessions, weekends left out. */
static int32_t
span_end(const struct timeline_suspension *s)
{
    int32_t day = s->started;

    if (s->ended != DATE_NONE)
        return s->ended;
    for (int left = (s->sessions + 1) / 2; left > 0; day++)
        left -= date_weekday(day) < 5;
    return day > s->started ? day : s->started + 1;
}

struct in_span {
    int given, explained, present;
};

static void
look_at(const struct marks_week *week, uint32_t row, struct timeline_days d, struct in_span *in)
{
    static const char *const codes[] = {"E", "B", "D", "K"};
    struct marks_sum sum = {0};

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        in->explained += marks_count(week, row, attendance_code(span_of(codes[i])), d.from, d.to);
    marks_add(week, row, d.from, d.to, &sum);
    in->given += sum.possible;
    in->present += sum.present;
}

static struct in_span
marks_within(struct quality_look *q, const struct timeline_suspension *s, int32_t end)
{
    struct timeline_days d = {s->started, end};
    struct in_span in = {0};

    for (size_t w = marks_week_at(q->m, d.from); w < q->m->n && q->m->week[w].monday < d.to; w++) {
        struct marks_range r = marks_of(&q->cursor, w, q->t->person[s->person].person_id);
        for (uint32_t i = r.from; i < r.to; i++)
            if (marks_urn(&q->m->week[w], i) == q->t->school[s->school].urn)
                look_at(&q->m->week[w], i, d, &in);
    }
    return in;
}

static struct quality_at
at_suspension(const struct quality_look *q, const struct timeline_suspension *s)
{
    struct quality_at at = quality_at(s->person, s->school, s->started);

    if (s->n_sources && s->source < q->t->n[TIMELINE_SOURCE])
        quality_fact(q, &at, "suspension", &q->t->source[s->source]);
    return at;
}

void
quality_suspension_marks(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_SUSPENSION, p);

    for (uint32_t i = r.from; q->m && i < r.to; i++) {
        const struct timeline_suspension *s = &q->t->suspension[i];
        struct in_span in;
        struct quality_at at;
        if (is_void(s) || s->category != CATEGORY_SUSPENSION || s->started < q->from)
            continue;
        in = marks_within(q, s, span_end(s));
        if (!in.given || in.explained)
            continue;
        at = at_suspension(q, s);
        at.value = job_format(q->j, "present %d of %d", in.present, in.given);
        quality_say(q, &at, "Suspended from %s, and the register has none of the codes E, B, D "
                    "and K then: present for %d of %d sessions", quality_day(q, s->started),
                    in.present, in.given);
    }
}

/* ---- the census's own count of code E -------------------------------------------------- */

static struct timeline_days
days_of_half(const struct timeline_absence *a)
{
    enum term term = a->half >= HALF_SUMMER1 ? TERM_SUMMER : (enum term)(a->half + 1);

    return (struct timeline_days){timeline_term_start(a->school_year, term),
                                  timeline_term_end(a->school_year, term)};
}

void
quality_census_e(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_ABSENCE, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_absence *a = &q->t->absence[i];
        struct timeline_days d;
        struct quality_at at;
        char year[DATE_TEXT];
        if (!a->suspended)
            continue;
        d = days_of_half(a);
        if (d.to > q->suspensions_to[a->school] || is_recorded(q, p, a->school, d))
            continue;
        at = quality_at(p, a->school, d.from);
        if (a->census < q->t->n[TIMELINE_CENSUS])
            quality_fact(q, &at, "census", &q->t->census[a->census].source);
        at.value = job_format(q->j, "E for %d %s", a->suspended, sessions_word(a->suspended));
        quality_say(q, &at, "The census counts %d %s of code E in the %s term of %s, and no "
                    "suspension is recorded then", a->suspended, sessions_word(a->suspended),
                    date_term_name(date_term(d.from)), date_year_name(a->school_year, year));
    }
}

/* ---- the records themselves ------------------------------------------------------------ */

void
quality_suspension_outside(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_SUSPENSION, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_suspension *s = &q->t->suspension[i];
        struct quality_at at = at_suspension(q, s);
        if (!is_void(s) && s->flags & SUSPENSION_OUTSIDE_ENROLMENT)
            quality_say(q, &at, "Suspended from %s, when the child was not on this roll",
                        quality_day(q, s->started));
    }
}

void
quality_suspension_twice(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_SUSPENSION, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_suspension *s = &q->t->suspension[i];
        struct quality_at at = at_suspension(q, s);
        if (!is_void(s) && s->flags & SUSPENSION_TWO_SCHOOLS)
            quality_say(q, &at, "The suspension from %s is reported by another school, too; the "
                        "child counts once", quality_day(q, s->started));
    }
}

void
quality_suspension_dropped(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_SUSPENSION, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_suspension *s = &q->t->suspension[i];
        struct quality_at at = at_suspension(q, s);
        if (s->state == STATE_WITHDRAWN)
            quality_say(q, &at, "The suspension from %s is missing from the school’s next "
                        "return, so it does not count", quality_day(q, s->started));
    }
}

void
quality_suspension_45(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_EVENT, p);
    int32_t year = 0, sessions = 0;

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_event *e = &q->t->event[i];
        int32_t before;
        if (!e->counts || e->category != CATEGORY_SUSPENSION || e->sessions < 0)
            continue;
        sessions = e->school_year == year ? sessions : 0;
        before = sessions;
        year = e->school_year;
        sessions += e->sessions;
        if (before <= MOST_SESSIONS && sessions > MOST_SESSIONS) {
            struct quality_at at = quality_at(p, e->school, e->started);
            at.value = job_format(q->j, "%d sessions", (int)sessions);
            quality_say(q, &at, "With the suspension from %s the child is suspended for %d "
                        "sessions of the school year; the law allows 90",
                        quality_day(q, e->started), (int)sessions);
        }
    }
}
