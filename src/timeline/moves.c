#include "base/thread.h"
#include "timeline/moves.h"

enum {
    BLOCK_MEMORY = 16 * JOB_MB,
    SHORT_GAP = 10,    /* school days */
    ADDRESS_BEFORE = 90, ADDRESS_AFTER = 60, /* T5 (c) */
    SOON = 30,         /* days within which another enrolment starts */
    FRIDAY = 4,
};

/* ---- days -------------------------------------------------------------------------------- */

bool
moves_is_mid_year(int32_t day)
{
    struct ymd d = date_to_ymd(day);

    return day < date_from_ymd(d.year, 7, 1) || day > date_from_ymd(d.year, 9, 15);
}

/* Left in or after June, and where there is a next school, it starts by the end of September. */
static bool
in_summer(int32_t left, int32_t next)
{
    int32_t year = date_to_ymd(left - 1).year;

    return left > date_from_ymd(year, 6, 1) && left <= date_from_ymd(year, 10, 1) &&
           (next == DATE_NONE || next <= date_from_ymd(year, 10, 1));
}

static int32_t
last_friday_of_june(int32_t school_year)
{
    int32_t last = date_from_ymd(school_year + 1, 6, 30);

    return last - (date_weekday(last) - FRIDAY + 7) % 7;
}

int8_t
moves_year_group(const struct moves_child *m, uint32_t enrolment, int32_t day)
{
    const struct timeline_enrolment *e = &m->t->enrolment[enrolment];
    int32_t born = m->t->person[m->person].born, year = timeline_leaving_year(day), group;

    if (e->year_group != INT8_MIN)
        group = e->year_group + year - e->school_year;
    else if (born != DATE_NONE && born < day)
        group = date_age_31_august(born, year) - 4;
    else
        return INT8_MIN;
    return group < -1 || group > 14 ? INT8_MIN : (int8_t)group;
}

bool
moves_same_school(const struct moves_child *m, uint32_t a, uint32_t b, int32_t day)
{
    uint32_t x = m->t->enrolment[a].school, y = m->t->enrolment[b].school;

    return x == y || number_carries_on(m->b, x, y, day) || number_carries_on(m->b, y, x, day);
}

/* ---- the main enrolment over time -------------------------------------------------------- */

static int
by_day(const void *a, const void *b)
{
    return build_compare(*(const int32_t *)a, *(const int32_t *)b);
}

static uint32_t
main_at(const struct moves_child *m, int32_t day)
{
    uint32_t i = timeline_main(m->t, m->person, day);

    return i != TIMELINE_NONE && derive_is_main(m->t->enrolment[i].status) ? i : TIMELINE_NONE;
}

static void
segments(struct moves_child *m)
{
    struct timeline_range r = timeline_of(m->t, TIMELINE_ENROLMENT, m->person);
    uint32_t n = 0, size = 2 * (r.to - r.from);
    int32_t *day = job_array(m->j, (size_t)size + 1, sizeof *day);

    for (uint32_t i = r.from; i < r.to; i++) {
        day[n++] = m->t->enrolment[i].start;
        day[n++] = m->t->enrolment[i].end;
    }
    qsort(day, n, sizeof *day, by_day);
    m->segment = job_array(m->j, (size_t)size + 1, sizeof *m->segment);
    for (uint32_t i = 0; i + 1 < n; i++) {
        struct moves_segment *last = m->segments ? &m->segment[m->segments - 1] : NULL;
        uint32_t e = day[i] < day[i + 1] ? main_at(m, day[i]) : TIMELINE_NONE;
        if (e == TIMELINE_NONE)
            continue;
        if (last && last->enrolment == e && last->to == day[i])
            last->to = day[i + 1];
        else
            m->segment[m->segments++] = (struct moves_segment){e, day[i], day[i + 1]};
    }
}

/* ---- from one school to the next --------------------------------------------------------- */

static const struct timeline_school *
school_of(const struct moves_child *m, uint32_t enrolment)
{
    return &m->t->school[m->t->enrolment[enrolment].school];
}

static bool
is_structural(const struct moves_child *m, const struct timeline_move *v)
{
    const struct timeline_school *a = school_of(m, v->from), *b = school_of(m, v->to);

    return in_summer(v->on, v->next) &&
           (v->year_group >= a->high_year || v->year_group + 1 == b->low_year ||
            v->year_group >= MOVES_LAST_YEAR);
}

/* T5 (c): straight from one mainstream school of the area to another, with trouble before
 * and the same home. */
static bool
may_be_managed(const struct moves_child *m, const struct timeline_move *v)
{
    const struct timeline_school *a = school_of(m, v->from), *b = school_of(m, v->to);

    return a->kind == SCHOOL_MAINSTREAM && b->kind == SCHOOL_MAINSTREAM && a->local &&
           b->local && v->evidence & EVIDENCE_MID_YEAR &&
           v->evidence & (EVIDENCE_SUSPENDED | EVIDENCE_UNAUTHORISED) &&
           moves_school_days(m, m->t->enrolment[v->from].school, v->on, v->next) <= SHORT_GAP &&
           moves_address(m, v->on, ADDRESS_BEFORE, ADDRESS_AFTER) == ADDRESS_SAME;
}

static void
classify(const struct moves_child *m, struct timeline_move *v)
{
    const struct timeline_school *a = school_of(m, v->from), *b = school_of(m, v->to);
    uint32_t told = EVIDENCE_HOME | EVIDENCE_MISSING | EVIDENCE_GROUND | EVIDENCE_REGISTER;

    v->certainty = MOVE_RECORDED;
    if (v->evidence & EVIDENCE_EXCLUSION) {
        v->kind = MOVE_EXCLUDED;
    } else if (is_structural(m, v)) {
        v->kind = MOVE_STRUCTURAL;
    } else if (b->kind == SCHOOL_AP) {
        v->kind = MOVE_TO_AP;
    } else if (a->kind == SCHOOL_AP) {
        v->kind = MOVE_FROM_AP;
    } else if (v->evidence & told) {
        v->kind = MOVE_FAMILY;
    } else if (may_be_managed(m, v)) {
        v->kind = MOVE_MANAGED;
        v->certainty = MOVE_POSSIBLE;
    } else if (v->evidence & (EVIDENCE_ADDRESS | EVIDENCE_CARE | EVIDENCE_PLACEMENT |
                              EVIDENCE_PLAN | EVIDENCE_NAMED)) {
        v->kind = MOVE_FAMILY;
    } else {
        v->kind = MOVE_UNEXPLAINED;
    }
}

/* A move of a child of Reception to Year 11 who leaves on that day; false: of no interest. */
static bool
start_move(const struct moves_child *m, uint32_t from, int32_t on, struct timeline_move *v)
{
    *v = (struct timeline_move){.person = m->person, .from = from, .to = TIMELINE_NONE,
                                .trial = TIMELINE_NONE, .on = on, .next = DATE_NONE,
                                .school_year = (int16_t)timeline_leaving_year(on),
                                .year_group = moves_year_group(m, from, on)};
    return v->year_group >= 0 && v->year_group <= MOVES_LAST_YEAR;
}

static void
change(struct moves_child *m, const struct moves_segment *a, const struct moves_segment *b)
{
    struct timeline_move *v = &m->move[m->n];

    if (moves_same_school(m, a->enrolment, b->enrolment, b->from) ||
        moves_is_told(m, a->enrolment, b->enrolment) || !start_move(m, a->enrolment, a->to, v))
        return;
    v->to = b->enrolment;
    v->next = b->from;
    v->evidence = moves_evidence(m, v->from, v->to, v->on) | moves_told_evidence(m, v);
    classify(m, v);
    m->n++;
}

/* T7: off the roll before the end of Year 11, onto no other. */
static void
leave(struct moves_child *m, const struct moves_segment *a)
{
    struct timeline_move *v = &m->move[m->n];
    const struct timeline_school *s = school_of(m, a->enrolment);
    uint32_t told = EVIDENCE_HOME | EVIDENCE_MISSING | EVIDENCE_GROUND | EVIDENCE_REGISTER;

    if (a->to > m->t->head->as_of || !s->state_funded || !start_move(m, a->enrolment, a->to, v))
        return;
    if (a->to > last_friday_of_june(v->school_year + MOVES_LAST_YEAR - v->year_group) ||
        (in_summer(a->to, DATE_NONE) && v->year_group >= s->high_year))
        return;
    v->evidence = moves_evidence(m, v->from, TIMELINE_NONE, v->on) | moves_told_evidence(m, v);
    v->kind = v->evidence & told                           ? MOVE_EXPLAINED
              : m->t->head->last_census < a->to + SOON ? MOVE_WAITING
                                                       : MOVE_EXIT;
    m->n++;
}

/* ---- every child ------------------------------------------------------------------------- */

static int
by_move(const void *a, const void *b)
{
    const struct timeline_move *x = a, *y = b;
    int c = build_compare(x->on, y->on);

    if (!c)
        c = build_compare(x->kind, y->kind);
    return c ? c : build_compare(x->from, y->from);
}

static void
one_child(struct moves_child *m)
{
    const struct build_output *o = &m->b->out[TIMELINE_MOVE];
    struct timeline_range r = timeline_of(m->t, TIMELINE_ENROLMENT, m->person);
    uint32_t at = o->area[m->block] + o->used[m->block];
    struct timeline_range e = timeline_of(m->t, TIMELINE_ENTRY, m->person);
    uint32_t entries = e.to - e.from;

    m->move = job_array(m->j, 3 * (size_t)(r.to - r.from) + entries + 1, sizeof *m->move);
    segments(m);
    if (!m->segments)
        return;
    moves_homes(m);
    moves_recorded(m);
    moves_trials(m);
    for (uint32_t i = 0; i + 1 < m->segments; i++)
        change(m, &m->segment[i], &m->segment[i + 1]);
    leave(m, &m->segment[m->segments - 1]);
    qsort(m->move, m->n, sizeof *m->move, by_move);
    memcpy((struct timeline_move *)(void *)o->rows + at, m->move, m->n * sizeof *m->move);
    o->used[m->block] += m->n;
    o->count[m->person] = m->n;
}

struct work {
    struct build *b;
    const struct timeline *t;
};

static enum err
one_block(struct job *j, void *arg, size_t block)
{
    const struct work *w = arg;
    uint32_t first = (uint32_t)block * BUILD_BLOCK, end = first + BUILD_BLOCK;

    for (uint32_t p = first; p < end && p < w->b->persons; p++) {
        struct scope s = job_scope_begin(j);
        struct moves_child m = {.b = w->b, .t = w->t, .j = j, .person = p,
                                .block = (uint32_t)block};
        one_child(&m);
        job_scope_end(j, s);
    }
    return OK;
}

/* A segment for each boundary between enrolments at most, a trial for each enrolment, and
 * what registers have. */
enum err
moves_derive(struct build *b, const struct timeline *t)
{
    struct build_output *o = &b->out[TIMELINE_MOVE];
    const uint32_t *count = b->out[TIMELINE_ENROLMENT].count;
    const uint32_t *entries = b->out[TIMELINE_ENTRY].count;
    struct work w = {b, t};
    uint32_t n = 0;

    *o = (struct build_output){.width = sizeof(struct timeline_move)};
    o->area = job_array(b->j, (size_t)b->blocks + 1, sizeof *o->area);
    o->used = job_array(b->j, (size_t)b->blocks + 1, sizeof *o->used);
    o->count = job_array(b->j, (size_t)b->persons + 1, sizeof *o->count);
    for (uint32_t p = 0; p < b->persons; p++) {
        if (p % BUILD_BLOCK == 0)
            o->area[p / BUILD_BLOCK] = n;
        n += 3 * count[p] + entries[p];
    }
    o->area[b->blocks] = n;
    o->rows = job_array(b->j, (size_t)n + 1, o->width);
    return thread_each(b->j, b->order->threads, b->blocks, BLOCK_MEMORY, one_block, &w);
}
