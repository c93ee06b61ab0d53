#include "risk/sessions.h"
#include "base/thread.h"
#include "people/attendance.h"
#include "people/entry.h"
#include "people/ground.h"

enum {
    LEAST_SESSIONS = 20, LEGAL_SESSIONS = 90,
    FIRST_AGE = 5, LAST_AGE = 15, /* on 31 August: compulsory school age */
};

static const size_t BLOCK_MEMORY = (size_t)8 * JOB_MB;

/* The types that "any" adds up: rulings, "twelve types". */
static const uint32_t types = BIT(M_PEX) | BIT(M_SUSP) | BIT(M_PA) | BIT(M_SA) | BIT(M_PTT) |
                              BIT(M_MM) | BIT(M_MOVE) | BIT(M_EXIT) | BIT(M_EHE) | BIT(M_CME) |
                              BIT(M_AP) | BIT(M_INT);

static bool
is_here(const struct timeline *t, uint32_t school)
{
    return t->school[school].local && t->school[school].state_funded;
}

/* The school to show: at the January census, else the last main one of the year. */
static uint32_t
school_of(const struct timeline *t, uint32_t p, int32_t year)
{
    uint32_t c = timeline_census_of(t, p, year, TERM_SPRING), found = TIMELINE_NONE;
    int32_t from = date_from_ymd(year, 9, 1), to = date_from_ymd(year + 1, 7, 1);
    struct timeline_range r = timeline_of(t, TIMELINE_ENROLMENT, p);

    if (c != TIMELINE_NONE && is_here(t, t->census[c].school) &&
        timeline_status_rank(t->census[c].status) <= 1)
        return t->census[c].school;
    for (; r.from < r.to; r.from++) {
        const struct timeline_enrolment *e = &t->enrolment[r.from];
        if (e->start < to && e->end > from && is_here(t, e->school) &&
            timeline_status_rank(e->status) <= 1)
            found = e->school;
    }
    return found;
}

static void
add_suspensions(const struct timeline *t, uint32_t p, struct child_year *row)
{
    struct timeline_range r = timeline_of(t, TIMELINE_EVENT, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_event *e = &t->event[r.from];
        if (e->school_year != row->year || !e->counts || !is_here(t, e->school))
            continue;
        if (row->school == TIMELINE_NONE)
            row->school = e->school;
        if (e->category == CATEGORY_PERMANENT)
            row->exclusions++;
        else if (e->category == CATEGORY_LUNCHTIME)
            row->lunchtimes++;
        else
            row->suspensions++;
        if (e->category == CATEGORY_SUSPENSION && e->sessions > 0)
            row->suspended += e->sessions;
    }
    if (row->suspensions)
        row->met |= BIT(M_SUSP);
    if (row->suspensions >= 2)
        row->met |= BIT(M_SUSP2);
    if (row->suspensions >= 5)
        row->met |= BIT(M_SUSP5);
    if (row->suspended > LEGAL_SESSIONS)
        row->met |= BIT(M_SUSP45);
    if (row->lunchtimes)
        row->met |= BIT(M_LNCH);
    if (row->exclusions)
        row->met |= BIT(M_PEX);
}

static void
add_absence(const struct years *y, uint32_t p, struct child_year *row)
{
    struct sessions s = sessions_of(y, p, row->year);

    row->possible = s.possible;
    row->absent = s.absent;
    row->part_time = s.part_time > UINT16_MAX ? UINT16_MAX : (uint16_t)s.part_time;
    row->sessions_school = s.school;
    row->from = (uint8_t)((s.registers ? FROM_REGISTERS : 0) | (s.census ? FROM_CENSUS : 0));
    if (row->part_time)
        row->met |= BIT(M_PTT);
    if (row->possible < LEAST_SESSIONS)
        return;
    row->base |= BIT(M_PA) | BIT(M_SA);
    if (attendance_is_persistent(row->absent, row->possible))
        row->met |= BIT(M_PA);
    if (attendance_is_severe(row->absent, row->possible))
        row->met |= BIT(M_SA);
}

static void
add_part_time_flag(const struct timeline *t, uint32_t p, struct child_year *row)
{
    struct timeline_range r = timeline_of(t, TIMELINE_CENSUS, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_census *c = &t->census[r.from];
        if (c->school_year == row->year && (c->flags & CENSUS_PART_TIME) && c->age >= 5 &&
            c->age <= 15)
            row->met |= BIT(M_PTT);
    }
}

static struct timeline_days
days_of(int32_t year)
{
    return (struct timeline_days){date_year_start(year), date_year_end(year)};
}

static bool
on_register(const struct timeline *t, uint32_t p, enum entry_kind kind, int32_t year)
{
    return timeline_entry_within(t, p, (int)kind, days_of(year)) != TIMELINE_NONE;
}

static bool
left_on_ground(const struct timeline *t, uint32_t p, enum ground_says says, int32_t year)
{
    struct timeline_range r = timeline_of(t, TIMELINE_LEAVER, p);

    for (; r.from < r.to; r.from++)
        if (t->leaver[r.from].says == says && timeline_leaving_year(t->leaver[r.from].left) == year)
            return true;
    return false;
}

/* A managed move counts in the year in which the child left. */
static bool
agreed_move(const struct timeline *t, uint32_t p, int32_t year)
{
    struct timeline_range r = timeline_of(t, TIMELINE_ENTRY, p);

    for (; r.from < r.to; r.from++)
        if (t->entry[r.from].kind == ENTRY_MM &&
            timeline_leaving_year(t->entry[r.from].start) == year)
            return true;
    return false;
}

/* What registers and leaver returns alone can tell. */
static void
add_registers(const struct timeline *t, uint32_t p, struct child_year *row)
{
    if (on_register(t, p, ENTRY_EHE, row->year) ||
        left_on_ground(t, p, GROUND_SAYS_HOME, row->year))
        row->met |= BIT(M_EHE);
    if (on_register(t, p, ENTRY_CME, row->year) ||
        left_on_ground(t, p, GROUND_SAYS_MISSING, row->year))
        row->met |= BIT(M_CME);
    if (agreed_move(t, p, row->year))
        row->met |= BIT(M_MM);
    if (on_register(t, p, ENTRY_PTT, row->year))
        row->met |= BIT(M_PTT);
    if (on_register(t, p, ENTRY_INT, row->year))
        row->met |= BIT(M_INT);
}

static bool
excluded_about(const struct timeline *t, uint32_t p, int32_t year)
{
    struct timeline_range r = timeline_of(t, TIMELINE_EVENT, p);

    for (; r.from < r.to; r.from++)
        if (t->event[r.from].category == CATEGORY_PERMANENT && t->event[r.from].counts &&
            t->event[r.from].school_year <= year)
            return true;
    return false;
}

static void
add_alternative_provision(const struct timeline *t, uint32_t p, struct child_year *row)
{
    int32_t from = date_year_start(row->year), to = date_year_end(row->year);
    struct timeline_range r = timeline_of(t, TIMELINE_PLACEMENT, p);
    bool placed = false;

    for (; r.from < r.to; r.from++)
        placed |= t->placement[r.from].start < to && t->placement[r.from].end > from;
    r = timeline_of(t, TIMELINE_ENROLMENT, p);
    for (; r.from < r.to; r.from++) {
        const struct timeline_enrolment *e = &t->enrolment[r.from];
        placed |= e->start < to && e->end > from && t->school[e->school].kind == SCHOOL_AP;
    }
    placed |= on_register(t, p, ENTRY_AP, row->year) || on_register(t, p, ENTRY_OSD, row->year);
    if (placed && !excluded_about(t, p, row->year))
        row->met |= BIT(M_AP);
}

static void
add_moves(const struct timeline *t, uint32_t p, struct child_year *row)
{
    struct timeline_range r = timeline_of(t, TIMELINE_MOVE, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_move *m = &t->move[r.from];
        if (m->school_year != row->year)
            continue;
        if (m->kind == MOVE_MANAGED)
            row->met |= BIT(M_MM);
        if (m->kind == MOVE_FAMILY || m->kind == MOVE_UNEXPLAINED)
            row->met |= BIT(M_MOVE);
        if (m->kind == MOVE_EXIT && !(m->evidence & EVIDENCE_INDEPENDENT))
            row->met |= BIT(M_EXIT) | BIT(M_UNEXPLAINED);
        if (m->kind == MOVE_UNEXPLAINED)
            row->met |= BIT(M_UNEXPLAINED);
    }
}

/* Measures that count children; the others are enrolment_year.c's. */
static const uint32_t child_measures =
#define MEASURE(id, name, title, family, per, decimals, data, definition, sources)             \
    ((family) == FAMILY_CHILD ? BIT(id) : 0) |
#include "risk/measures.def"
#undef MEASURE
    0;

/* What "any" counts, after it is known which types have data. */
static void
add_any(const struct years *y, struct child_year *row)
{
    uint32_t has = y->has[row->year - y->first];

    row->base |= child_measures & ~(BIT(M_PA) | BIT(M_SA) | BIT(M_CLIFF));
    row->base &= has;
    row->met &= row->base;
    if (row->met & types)
        row->met |= has & BIT(M_ANY);
    if ((row->met & types) && !(row->met & (BIT(M_SUSP) | BIT(M_PEX))))
        row->met |= has & BIT(M_BEYOND);
}

static void
fill_row(const struct years *y, uint32_t p, const struct child_year *before,
         struct child_year *row)
{
    struct traits traits = traits_of(y, p, row->year);

    row->flags = traits.flags;
    row->year_group = traits.year_group;
    row->idaci = traits.idaci;
    row->district = traits.district;
    if (y->t->school[row->school].kind == SCHOOL_AP)
        row->flags |= BIT(F_AT_AP);
    add_absence(y, p, row);
    add_part_time_flag(y->t, p, row);
    add_alternative_provision(y->t, p, row);
    add_moves(y->t, p, row);
    add_registers(y->t, p, row);
    cliff_of(y, p, before, row);
    add_any(y, row);
}

/* At no school in the year, yet on a register of children who should be taught. */
static bool
is_off_roll(const struct timeline *t, uint32_t p, int32_t year)
{
    int32_t born = t->person[p].born, age = 10;

    if (born != DATE_NONE)
        age = born < date_year_start(year) ? date_age_31_august(born, year) : -1;
    return age >= FIRST_AGE && age <= LAST_AGE &&
           (on_register(t, p, ENTRY_EHE, year) || on_register(t, p, ENTRY_CME, year));
}

static void
fill_off_roll(const struct years *y, uint32_t p, struct child_year *row)
{
    struct traits traits = traits_of(y, p, row->year);
    uint32_t has = y->has[row->year - y->first];

    row->flags = traits.flags;
    row->year_group = traits.year_group;
    row->idaci = traits.idaci;
    row->district = traits.district;
    add_registers(y->t, p, row);
    row->base = has & (BIT(M_EHE) | BIT(M_CME) | BIT(M_ANY) | BIT(M_BEYOND));
    row->met &= row->base;
    if (row->met & types)
        row->met |= has & (BIT(M_ANY) | BIT(M_BEYOND));
}

size_t
child_year_of(const struct years *y, uint32_t p, struct child_year *rows)
{
    struct child_year earlier = {.year = -1}; /* of the year before the first wanted */
    size_t n = 0;

    for (int32_t year = y->from > y->first ? y->from - 1 : y->first; year <= y->last; year++) {
        struct child_year *row = &rows[n];
        const struct child_year *before = n ? row - 1 : &earlier;
        *row = (struct child_year){.person = p, .year = (int16_t)year,
                                   .school = school_of(y->t, p, year)};
        add_suspensions(y->t, p, row);
        row->used = row->school != TIMELINE_NONE || is_off_roll(y->t, p, year);
        if (!row->used)
            continue;
        if (row->school == TIMELINE_NONE)
            fill_off_roll(y, p, row);
        else
            fill_row(y, p, before->year == year - 1 ? before : NULL, row);
        if (year < y->from)
            earlier = *row;
        else
            n++;
    }
    return n;
}

/* The years that a person's enrolments and events can fall in: room for its rows. */
struct span_of_years { int32_t from, to; };

static void
widen(struct span_of_years *s, int32_t from, int32_t to)
{
    if (from < s->from)
        s->from = from;
    if (to > s->to)
        s->to = to;
}

static size_t
room_of(const struct years *y, uint32_t p)
{
    const struct timeline *t = y->t;
    struct timeline_range r = timeline_of(t, TIMELINE_ENROLMENT, p);
    struct span_of_years s = {INT32_MAX, INT32_MIN};

    for (; r.from < r.to; r.from++) {
        const struct timeline_enrolment *e = &t->enrolment[r.from];
        widen(&s, date_school_year(e->start),
              e->end == DATE_OPEN ? y->last : date_school_year(e->end));
    }
    for (r = timeline_of(t, TIMELINE_EVENT, p); r.from < r.to; r.from++)
        widen(&s, t->event[r.from].school_year, t->event[r.from].school_year);
    for (r = timeline_of(t, TIMELINE_CENSUS, p); r.from < r.to; r.from++)
        widen(&s, t->census[r.from].school_year, t->census[r.from].school_year);
    for (r = timeline_of(t, TIMELINE_ENTRY, p); r.from < r.to; r.from++)
        widen(&s, date_school_year(t->entry[r.from].start),
              date_school_year(t->entry[r.from].end - 1));
    if (s.from < y->from)
        s.from = y->from;
    if (s.to > y->last)
        s.to = y->last;
    return s.to < s.from ? 0 : (size_t)(s.to - s.from + 1);
}

struct pass {
    const struct years *y;
    struct slice people;
    const size_t *at; /* where the rows of a person of the slice start */
    struct child_year *row;
};

static enum err
derive_block(struct job *j, void *arg, size_t block)
{
    const struct pass *pass = arg;
    struct years y = *pass->y; /* with the sessions of this block */
    struct child_year rows[RISK_YEARS];
    struct slice some = slice_block(pass->people, block);

    if (y.marks)
        y.told = sessions_block(j, &y, some.from, some.to);
    for (uint32_t p = some.from; p < some.to; p++) {
        const size_t *at = &pass->at[p - pass->people.from];
        size_t n = child_year_of(&y, p, rows), room = at[1] - at[0];
        if (n > room)
            return err_set(j, ERR_FAULT, "a child has facts outside its own years");
        memcpy(pass->row + at[0], rows, n * sizeof *rows);
        for (size_t i = n; i < room; i++)
            pass->row[at[0] + i] = (struct child_year){.school = TIMELINE_NONE};
    }
    timeline_give_back_of(y.t, some.from, some.to);
    return OK;
}

enum err
child_years_derive(struct job *j, const struct years *y, struct slice people,
                   struct child_years *out)
{
    size_t n = people.to - people.from, *at = job_array(j, n + 1, sizeof *at);
    struct pass pass = {y, people, at, NULL};

    for (uint32_t p = people.from; p < people.to; p++) {
        size_t *k = &at[p - people.from];
        k[1] = k[0] + room_of(y, p);
        if (p % SLICE_BLOCK == 0)
            timeline_give_back(y->t);
    }
    timeline_give_back(y->t);
    out->n = at[n];
    out->row = pass.row = job_array(j, out->n + 1, sizeof *out->row);
    return thread_each(j, people.threads, slice_blocks(people), BLOCK_MEMORY, derive_block, &pass);
}
