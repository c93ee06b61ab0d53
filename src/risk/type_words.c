#include "risk/type_words.h"
#include "people/codes.h"
#include "people/entry.h"
#include "people/ground.h"

/* What every sentence of one child's year needs. */
struct telling {
    struct job *j;
    const struct timeline *t;
    const struct child_year *row;
    struct type_facts *out;
};

static void
add(struct telling *w, struct type_fact f)
{
    struct type_facts *o = w->out;

    if (o->n == o->room) {
        size_t room = o->room ? 2 * o->room : 16;
        o->v = job_grow(w->j, o->v, o->n * sizeof *o->v, room * sizeof *o->v);
        o->room = room;
    }
    f.school_year = w->row->year;
    o->v[o->n++] = f;
}

static const char *
day_words(struct job *j, int32_t day)
{
    char buf[DATE_TEXT];

    return job_copy(j, date_words(day, buf));
}

/* "from 4 March 2025", "on 4 March 2025", "from 4 March 2025 to 2 May 2025": half-open. */
static const char *
days_words(struct job *j, struct timeline_days d, bool open)
{
    if (open)
        return job_format(j, "from %s", day_words(j, d.from));
    if (d.to - d.from <= 1)
        return job_format(j, "on %s", day_words(j, d.from));
    return job_format(j, "from %s to %s", day_words(j, d.from), day_words(j, d.to - 1));
}

/* ---- exclusions -------------------------------------------------------------------------- */

static bool
is_counted(const struct telling *w, const struct timeline_event *e, int category)
{
    const struct timeline_school *s = &w->t->school[e->school];

    return e->category == category && e->counts && e->school_year == w->row->year && s->local &&
           s->state_funded;
}

/* The record of the event that says most of its review. */
static const struct timeline_suspension *
record_of(const struct telling *w, const struct timeline_event *e)
{
    return &w->t->suspension[e->suspension];
}

static const char *
told_by(uint8_t flags)
{
    return flags & SUSPENSION_CENSUS
               ? flags & SUSPENSION_NOTIFIED ? "school census and notification" : "school census"
               : "notification";
}

static void
tell_permanent(struct telling *w)
{
    static const char *const review[] = {
        [OUTCOME_UNKNOWN] = "no review is known", [OUTCOME_PENDING] = "the review is under way",
        [OUTCOME_UPHELD] = "upheld on review", [OUTCOME_NOT_UPHELD] = "not upheld at one school",
    };
    struct timeline_range r = timeline_of(w->t, TIMELINE_EVENT, w->row->person);

    for (; r.from < r.to; r.from++) {
        const struct timeline_event *e = &w->t->event[r.from];
        const struct timeline_suspension *s = record_of(w, e);
        if (is_counted(w, e, CATEGORY_PERMANENT))
            add(w, (struct type_fact){.measure = M_PEX, .from = e->started, .school = e->school,
                .words = job_format(w->j, "Permanently excluded on %s; %s (%s)",
                                    day_words(w->j, e->started), review[s->outcome],
                                    told_by(s->flags))});
    }
}

/* One sentence a school and year. */
static void
tell_suspensions(struct telling *w)
{
    struct timeline_range r = timeline_of(w->t, TIMELINE_EVENT, w->row->person);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_event *first = &w->t->event[i];
        int times = 0, sessions = 0;
        bool told = false;
        uint8_t flags = 0;
        for (uint32_t k = r.from; k < r.to; k++) {
            const struct timeline_event *e = &w->t->event[k];
            if (e->school != first->school || !is_counted(w, e, CATEGORY_SUSPENSION))
                continue;
            told |= k < i;
            times++;
            sessions += e->sessions > 0 ? e->sessions : 0;
            flags |= record_of(w, e)->flags;
        }
        if (told || !is_counted(w, first, CATEGORY_SUSPENSION))
            continue;
        add(w, (struct type_fact){.measure = M_SUSP, .from = first->started,
            .school = first->school,
            .words = job_format(w->j, "Suspended %s, %d%s %s in all, %son %s (%s)",
                                times == 1 ? "once" : times == 2 ? "twice"
                                                    : job_format(w->j, "%d times", times),
                                sessions / 2, sessions % 2 ? ".5" : "",
                                sessions == 2 ? "day" : "days", times > 1 ? "first " : "",
                                day_words(w->j, first->started), told_by(flags))});
    }
}

/* ---- attendance -------------------------------------------------------------------------- */

static const char *
sessions_from(const struct child_year *y)
{
    if (y->from == FROM_REGISTERS)
        return "registers of attendance";
    return y->from & FROM_REGISTERS ? "registers of attendance and attendance totals"
                                    : "attendance totals";
}

static void
tell_absence(struct telling *w)
{
    const struct child_year *y = w->row;
    char percent[TEXT_NUMBER];
    uint32_t c2 = y->part_time, school = y->sessions_school;
    const char *words;

    if (y->met & (BIT(M_PA) | BIT(M_SA))) {
        words = job_format(w->j, "Missed %d of %d possible sessions, %s%% (%s)", (int)y->absent,
                           (int)y->possible, text_percent(y->absent, y->possible, 0, percent),
                           sessions_from(y));
        if (y->met & BIT(M_PA))
            add(w, (struct type_fact){.measure = M_PA, .from = DATE_NONE, .school = school,
                                      .words = words});
        if (y->met & BIT(M_SA))
            add(w, (struct type_fact){.measure = M_SA, .from = DATE_NONE, .school = school,
                                      .words = words});
    }
    if (y->met & BIT(M_PTT) && c2)
        add(w, (struct type_fact){.measure = M_PTT, .from = DATE_NONE, .school = school,
            .words = job_format(w->j, "Away on a part-time timetable for %u %s, code C2 (%s)",
                                c2, c2 == 1 ? "session" : "sessions", sessions_from(y))});
}

static void
tell_part_time_flag(struct telling *w)
{
    struct timeline_range r = timeline_of(w->t, TIMELINE_CENSUS, w->row->person);

    for (; r.from < r.to; r.from++) {
        const struct timeline_census *c = &w->t->census[r.from];
        if (c->school_year != w->row->year || !(c->flags & CENSUS_PART_TIME) || c->age < 5 ||
            c->age > 15)
            continue;
        add(w, (struct type_fact){.measure = M_PTT,
            .from = timeline_census_day(c->school_year, c->term), .school = c->school,
            .words = job_format(w->j, "Marked part-time at the census of the %s term (school "
                                "census)", date_term_name(c->term))});
        return;
    }
}

/* ---- registers and leaver returns -------------------------------------------------------- */

/* "12.5 hours a week" of minutes. */
static const char *
hours_words(struct job *j, int minutes)
{
    int tenths = (minutes + 3) / 6;

    if (minutes < 0)
        return "";
    return tenths % 10 ? job_format(j, " of %d.%d hours a week", tenths / 10, tenths % 10)
                       : job_format(j, " of %d hours a week", tenths / 10);
}

static enum measure
type_of_entry(enum entry_kind k)
{
    switch (k) {
    case ENTRY_EHE: return M_EHE;
    case ENTRY_CME: return M_CME;
    case ENTRY_PTT: return M_PTT;
    case ENTRY_AP:
    case ENTRY_OSD: return M_AP;
    case ENTRY_INT: return M_INT;
    default: return MEASURES;
    }
}

static void
tell_entries(struct telling *w)
{
    struct timeline_range r = timeline_of(w->t, TIMELINE_ENTRY, w->row->person);
    int32_t from = date_year_start(w->row->year), to = date_year_end(w->row->year);

    for (; r.from < r.to; r.from++) {
        const struct timeline_entry *e = &w->t->entry[r.from];
        enum measure m = type_of_entry((enum entry_kind)e->kind);
        if (m == MEASURES || e->start >= to || e->end <= from || !(w->row->met & BIT(m)))
            continue;
        add(w, (struct type_fact){.measure = m, .from = e->start, .school = e->school,
            .words = job_format(w->j, "%s%s %s%s (register entry)", entry_rows[e->kind].words,
                e->kind == ENTRY_PTT ? hours_words(w->j, e->minutes_a_week) : "",
                days_words(w->j, (struct timeline_days){e->start, e->end}, e->flags & ENTRY_OPEN),
                e->flags & ENTRY_PRESSED ? ", at the school’s suggestion or to avoid exclusion"
                                         : "")});
    }
}

static void
tell_leavers(struct telling *w)
{
    struct timeline_range r = timeline_of(w->t, TIMELINE_LEAVER, w->row->person);

    for (; r.from < r.to; r.from++) {
        const struct timeline_leaver *l = &w->t->leaver[r.from];
        enum measure m = l->says == GROUND_SAYS_HOME      ? M_EHE
                         : l->says == GROUND_SAYS_MISSING ? M_CME
                                                          : MEASURES;
        if (m == MEASURES || timeline_leaving_year(l->left) != w->row->year ||
            !(w->row->met & BIT(m)))
            continue;
        add(w, (struct type_fact){.measure = m, .from = l->left, .school = l->school,
            .words = job_format(w->j, "Taken off the roll after %s, %s (leaver return)",
                                day_words(w->j, l->left - 1),
                                ground_words(w->j, l->ground, l->left - 1))});
    }
}

/* ---- moves and placements ---------------------------------------------------------------- */

static const char *const ends[] = {[TRIAL_NONE] = "", [TRIAL_SUCCEEDED] = "; it succeeded",
                                   [TRIAL_FAILED] = "; it failed",
                                   [TRIAL_OPEN] = "; how it ended is not known"};

/* On the register; how it ended, as the register or the registrations say. */
static void
tell_agreed(struct telling *w)
{
    struct timeline_range r = timeline_of(w->t, TIMELINE_ENTRY, w->row->person);

    for (; r.from < r.to; r.from++) {
        const struct timeline_entry *e = &w->t->entry[r.from];
        struct timeline_range m = timeline_of(w->t, TIMELINE_MOVE, w->row->person);
        uint8_t outcome = e->flags & ENTRY_SUCCEEDED ? TRIAL_SUCCEEDED
                          : e->flags & ENTRY_FAILED  ? TRIAL_FAILED
                                                     : TRIAL_OPEN;
        for (; m.from < m.to; m.from++)
            if (w->t->move[m.from].kind == MOVE_MANAGED &&
                w->t->move[m.from].certainty == MOVE_RECORDED &&
                w->t->move[m.from].on == e->start)
                outcome = w->t->move[m.from].outcome;
        if (e->kind == ENTRY_MM && timeline_leaving_year(e->start) == w->row->year)
            add(w, (struct type_fact){.measure = M_MM, .from = e->start, .school = e->school,
                .words = job_format(w->j, "%s from %s%s (register entry)",
                                    entry_rows[ENTRY_MM].words, day_words(w->j, e->start),
                                    ends[outcome])});
    }
}

static const char *
managed_words(struct telling *w, const struct timeline_move *m)
{
    const char *day = day_words(w->j, m->on);

    if (m->certainty == MOVE_PROBABLE)
        return job_format(w->j, "Probably a managed move: on roll of a second school from %s%s "
                          "(school census)", day, ends[m->outcome]);
    return job_format(w->j, "Possibly a managed move: changed school on %s after %s, at the same "
                      "address (school census)", day,
                      m->evidence & EVIDENCE_SUSPENDED ? "a suspension" : "unauthorised absence");
}

static const char *
move_words(struct telling *w, const struct timeline_move *m)
{
    const char *why = m->kind == MOVE_UNEXPLAINED ? "the records do not say why"
                      : m->evidence & EVIDENCE_ADDRESS ? "the home changed about then"
                      : m->evidence & (EVIDENCE_GROUND | EVIDENCE_REGISTER)
                          ? "a leaver return or register says why"
                      : m->evidence & (EVIDENCE_HOME | EVIDENCE_MISSING)
                          ? "out of school in between, on record"
                          : "social care or a plan explains it";

    return job_format(w->j, "Changed school on %s; %s (school census)", day_words(w->j, m->on),
                      why);
}

static void
tell_moves(struct telling *w)
{
    struct timeline_range r = timeline_of(w->t, TIMELINE_MOVE, w->row->person);

    for (; r.from < r.to; r.from++) {
        const struct timeline_move *m = &w->t->move[r.from];
        struct type_fact f = {.measure = MEASURES, .from = m->on,
                              .school = w->t->enrolment[m->from].school};
        if (m->school_year != w->row->year)
            continue;
        if (m->kind == MOVE_MANAGED && m->certainty != MOVE_RECORDED) {
            f.measure = M_MM;
            f.words = managed_words(w, m);
        } else if (m->kind == MOVE_FAMILY || m->kind == MOVE_UNEXPLAINED) {
            f.measure = M_MOVE;
            f.words = move_words(w, m);
        } else if (m->kind == MOVE_EXIT && !(m->evidence & EVIDENCE_INDEPENDENT)) {
            f.measure = M_EXIT;
            f.words = job_format(w->j, "Left every state-funded school on %s, and none is known "
                                 "since (school census)", day_words(w->j, m->on));
        }
        if (f.measure != MEASURES && w->row->met & BIT(f.measure))
            add(w, f);
    }
}

static void
tell_placements(struct telling *w)
{
    int32_t from = date_year_start(w->row->year), to = date_year_end(w->row->year);
    struct timeline_range r = timeline_of(w->t, TIMELINE_PLACEMENT, w->row->person);

    for (; r.from < r.to; r.from++) {
        const struct timeline_placement *p = &w->t->placement[r.from];
        if (p->start < to && p->end > from)
            add(w, (struct type_fact){.measure = M_AP, .from = p->start, .school = p->school,
                .words = job_format(w->j, "Placed in alternative provision by the %s from %s "
                                    "(school census)", p->by_authority ? "authority" : "school",
                                    day_words(w->j, p->start))});
    }
    for (r = timeline_of(w->t, TIMELINE_ENROLMENT, w->row->person); r.from < r.to; r.from++) {
        const struct timeline_enrolment *e = &w->t->enrolment[r.from];
        if (e->start < to && e->end > from && w->t->school[e->school].kind == SCHOOL_AP)
            add(w, (struct type_fact){.measure = M_AP, .from = e->start, .school = e->school,
                .words = job_format(w->j, "On roll of alternative provision from %s (school "
                                    "census)", day_words(w->j, e->start))});
    }
}

/* ---- a year ------------------------------------------------------------------------------ */

static int
by_measure(const void *a, const void *b)
{
    const struct type_fact *x = a, *y = b;

    if (x->measure != y->measure)
        return x->measure < y->measure ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return strcmp(x->words, y->words);
}

void
type_facts_add(struct job *j, const struct years *y, const struct child_year *row,
               struct type_facts *out)
{
    struct telling w = {.j = j, .t = y->t, .row = row, .out = out};
    size_t first = out->n;

    if (row->met & BIT(M_PEX))
        tell_permanent(&w);
    if (row->met & BIT(M_SUSP))
        tell_suspensions(&w);
    tell_absence(&w);
    if (row->met & BIT(M_PTT))
        tell_part_time_flag(&w);
    tell_entries(&w);
    tell_leavers(&w);
    if (row->met & BIT(M_MM))
        tell_agreed(&w);
    tell_moves(&w);
    if (row->met & BIT(M_AP))
        tell_placements(&w);
    if (out->n > first)
        qsort(out->v + first, out->n - first, sizeof *out->v, by_measure);
}
