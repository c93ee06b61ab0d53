#include "quality/cover.h"
#include "people/entry.h"

enum { WEEKS_KEPT = 45, TERMS_KEPT = 9, YEARS_KEPT = 4, RECENT = 6 };

const struct cover_row cover_rows[COVER_SOURCES] = {
#define COVER(id, name, title, period, school, due, what, kind, effect, basis)                 \
    {name, title, effect, basis, COVER_##period, school, due, what, kind},
#include "quality/cover.def"
#undef COVER
};
static const char *const state_name[] = {[COVER_PRESENT] = "present", [COVER_THIN] = "thin",
    [COVER_LATE] = "late", [COVER_MISSING] = "missing", [COVER_NOT_DUE] = "not due",
    [COVER_NOT_OPEN] = "not open", [COVER_NOT_LOADED] = "not loaded"};

const char *
cover_state_name(enum cover_state s)
{
    return state_name[s];
}

enum cover_state
cover_state_find(const char *name)
{
    for (int s = 0; s < COVER_STATES; s++)
        if (!strcmp(state_name[s], name))
            return (enum cover_state)s;
    return COVER_NOT_LOADED;
}

static struct cover_cell *
cell_at(const struct cover_grid *g, size_t row, size_t period)
{
    return &g->cell[row * g->n + period];
}

/* ---- rows: the schools of the last census, or the authority ---------------------------- */

/* The newest term that a census came for: year * 4 + term; 0 none. */
static int32_t
last_census(const struct timeline *t)
{
    int32_t last = 0;

    for (uint32_t i = 0; i < t->n[TIMELINE_RETURN]; i++) {
        const struct timeline_return *r = &t->returns[i];
        if (r->kind == RETURN_CENSUS && r->term && r->school_year * 4 + r->term > last)
            last = r->school_year * 4 + r->term;
    }
    return last;
}

/* Schools that sent a census in the last year of them, or a register in the weeks asked. */
static void
take_schools(const struct quality_look *q, struct cover_grid *g)
{
    uint32_t n = q->t->n[TIMELINE_SCHOOL];
    int32_t last = last_census(q->t);
    bool *counts = job_array(q->j, n + 1, sizeof *counts);

    g->school = job_array(q->j, n + 1, sizeof *g->school);
    for (uint32_t i = 0; i < q->t->n[TIMELINE_RETURN]; i++) {
        const struct timeline_return *r = &q->t->returns[i];
        if (r->kind == RETURN_CENSUS && r->school != TIMELINE_NONE &&
            r->school_year * 4 + r->term > last - 4)
            counts[r->school] = true;
    }
    for (uint32_t s = 0; s < n; s++)
        if (counts[s] && q->t->school[s].local)
            g->school[g->rows++] = s;
}

static void
take_authority(const struct quality_look *q, struct cover_grid *g)
{
    g->school = job_array(q->j, 1, sizeof *g->school);
    g->school[0] = TIMELINE_NONE;
    g->rows = 1;
}

static void
make_cells(const struct quality_look *q, struct cover_grid *g)
{
    g->cell = job_array(q->j, g->rows * g->n + 1, sizeof *g->cell);
    g->gaps = job_array(q->j, g->rows + 1, sizeof *g->gaps);
    for (size_t i = 0; i < g->rows * g->n; i++)
        g->cell[i].state = COVER_LATE;
}

/* ---- periods --------------------------------------------------------------------------- */

static void
add_period(struct cover_grid *g, int32_t from, int32_t to)
{
    g->period[g->n++] = (struct cover_days){from, to};
}

/* Did half of the schools that ever gave a register give one this week?  Else it is a week
 * off, or nothing is known of it yet. */
static bool
is_school_week(const struct marks_week *w, uint32_t most)
{
    uint32_t open = 0;

    for (uint32_t s = 0; s < w->schools; s++)
        open += w->school[s].open != 0;
    return open > 0 && open * 2 >= most;
}

static uint32_t
most_schools(const struct marks *m, size_t from)
{
    uint32_t most = 0;

    for (size_t w = from; w < m->n; w++)
        most = m->week[w].schools > most ? m->week[w].schools : most;
    return most;
}

static void
week_periods(const struct quality_look *q, struct cover_grid *g)
{
    size_t from = q->m && q->m->n > WEEKS_KEPT ? q->m->n - WEEKS_KEPT : 0;

    g->period = job_array(q->j, WEEKS_KEPT, sizeof *g->period);
    for (size_t w = from; q->m && w < q->m->n; w++)
        if (is_school_week(&q->m->week[w], most_schools(q->m, from)))
            add_period(g, q->m->week[w].monday, q->m->week[w].monday + 7);
}

static void
term_periods(const struct quality_look *q, struct cover_grid *g)
{
    int32_t last = last_census(q->t);
    int32_t number = last / 4 * 3 + last % 4 - 1;

    g->period = job_array(q->j, TERMS_KEPT, sizeof *g->period);
    for (int32_t n = number - TERMS_KEPT + 1; last && n <= number; n++)
        add_period(g, timeline_term_start(n / 3, (enum term)(n % 3 + 1)),
                   timeline_term_end(n / 3, (enum term)(n % 3 + 1)));
}

static int32_t
year_start(enum cover_period p, int32_t year)
{
    if (p == COVER_CARE_YEAR)
        return date_from_ymd(year, 4, 1);
    return p == COVER_CALENDAR_YEAR ? date_from_ymd(year, 1, 1) : date_year_start(year);
}

/* The last years up to the one that holds the last day. */
static void
year_periods(const struct quality_look *q, struct cover_grid *g)
{
    enum cover_period p = cover_rows[g->source].period;
    int32_t year = date_to_ymd(q->day).year;

    if (year_start(p, year) > q->day)
        year--;
    g->period = job_array(q->j, YEARS_KEPT, sizeof *g->period);
    for (int32_t y = year - YEARS_KEPT + 1; y <= year; y++)
        add_period(g, year_start(p, y), year_start(p, y + 1));
}

/* ---- what came ------------------------------------------------------------------------- */

static size_t
period_of(const struct cover_grid *g, int32_t day)
{
    for (size_t i = g->n; i-- > 0;)
        if (day >= g->period[i].from && day < g->period[i].to)
            return i;
    return g->n;
}

static size_t
row_of(const struct cover_grid *g, uint32_t school)
{
    size_t low = 0, high = g->rows;

    while (low < high) { /* schools rise */
        size_t mid = low + (high - low) / 2;
        if (g->school[mid] < school)
            low = mid + 1;
        else
            high = mid;
    }
    return low < g->rows && g->school[low] == school ? low : g->rows;
}

static void
came(struct cover_cell *c, int32_t told, int64_t batch)
{
    c->batch = c->state == COVER_PRESENT && c->batch != batch ? 0 : batch;
    c->told = c->state == COVER_PRESENT ? c->told + told : told;
    c->state = COVER_PRESENT;
}

/* A day within the period that a return is of. */
static int32_t
day_of_return(const struct timeline_return *r, enum cover_period p)
{
    switch (p) {
    case COVER_TERM:
        return r->term ? timeline_census_day(r->school_year, (enum term)r->term) : DATE_NONE;
    case COVER_CARE_YEAR: /* 2025: April 2024 to March 2025, or up to where it tells */
        return r->until ? r->until - 1 : date_from_ymd(r->school_year, 3, 31);
    case COVER_CALENDAR_YEAR:
        return date_from_ymd(r->school_year, 1, 2);
    default:
        return date_year_start(r->school_year) + 1;
    }
}

static void
take_returns(const struct quality_look *q, struct cover_grid *g)
{
    const struct cover_row *c = &cover_rows[g->source];

    for (uint32_t i = 0; i < q->t->n[TIMELINE_RETURN]; i++) {
        const struct timeline_return *r = &q->t->returns[i];
        int32_t day;
        size_t row, period;
        if (r->kind != c->what || (c->kind && r->what != c->kind) ||
            (day = day_of_return(r, c->period)) == DATE_NONE)
            continue;
        row = c->school ? row_of(g, r->school) : 0;
        period = period_of(g, day);
        if (row < g->rows && period < g->n)
            came(cell_at(g, row, period), (int32_t)r->rows,
                 r->batch < q->t->n[TIMELINE_BATCH] ? q->t->batch[r->batch].batch_id : 0);
    }
}

/* Children on roll at the start of each period. */
static void
count_on_roll(const struct quality_look *q, struct cover_grid *g)
{
    for (uint32_t i = 0; i < q->t->n[TIMELINE_ENROLMENT]; i++) {
        const struct timeline_enrolment *e = &q->t->enrolment[i];
        timeline_walked(q->t, i);
        size_t row = row_of(g, e->school);
        if (row == g->rows || e->status == 'G' || e->status == 'F' || e->status == 'O')
            continue;
        for (size_t p = g->n; p-- > 0 && g->period[p].to > e->start;)
            if (e->end > g->period[p].from)
                cell_at(g, row, p)->expected++;
    }
}

/* The period of each census and the row of each school: asked for every child's. */
struct census_places {
    uint32_t *row;
    size_t period[LOOK_YEARS][4];
};

static struct census_places *
census_places_of(const struct quality_look *q, const struct cover_grid *g)
{
    struct census_places *c = job_alloc(q->j, sizeof *c);

    c->row = job_array(q->j, q->t->n[TIMELINE_SCHOOL] + 1u, sizeof *c->row);
    for (uint32_t s = 0; s < q->t->n[TIMELINE_SCHOOL]; s++)
        c->row[s] = (uint32_t)row_of(g, s);
    for (int y = 0; y < LOOK_YEARS; y++)
        for (int term = TERM_AUTUMN; term <= TERM_SUMMER; term++)
            c->period[y][term] = period_of(g, timeline_census_day(LOOK_FIRST + y,
                                                                  (enum term)term));
    return c;
}

/* Of a census the children on roll, not those who left. */
static void
count_census(const struct quality_look *q, struct cover_grid *g)
{
    const struct census_places *at = census_places_of(q, g);

    for (size_t i = 0; i < g->rows * g->n; i++)
        g->cell[i].told = 0;
    for (uint32_t i = 0; i < q->t->n[TIMELINE_CENSUS]; i++) {
        const struct timeline_census *c = &q->t->census[i];
        timeline_walked(q->t, i);
        int32_t y = c->school_year - LOOK_FIRST;
        if (!(c->flags & CENSUS_ON_ROLL) || y < 0 || y >= LOOK_YEARS || c->school == TIMELINE_NONE)
            continue;
        size_t row = at->row[c->school], period = at->period[y][c->term & 3];
        if (row < g->rows && period < g->n)
            cell_at(g, row, period)->told++;
    }
}

/* A census day's own children: those of its rows, measured against the return before. */
static void
expect_as_before(struct cover_grid *g)
{
    for (size_t r = 0; r < g->rows; r++)
        for (size_t p = 1; p < g->n; p++)
            cell_at(g, r, p)->expected = cell_at(g, r, p - 1)->told;
}

static void
take_weeks(const struct quality_look *q, struct cover_grid *g)
{
    for (size_t w = 0; q->m && w < q->m->n; w++) {
        const struct marks_week *week = &q->m->week[w];
        size_t p = period_of(g, week->monday);
        for (uint32_t i = 0; p < g->n && i < week->schools; i++) {
            const struct marks_school *s = &week->school[i];
            uint32_t school = timeline_school_find(q->t, s->urn);
            size_t row = school == TIMELINE_NONE ? g->rows : row_of(g, school);
            if (row == g->rows || !s->open)
                continue;
            came(cell_at(g, row, p), (int32_t)s->children, 0);
            if (s->missing > s->marks) /* registers that were not taken */
                cell_at(g, row, p)->told = 0;
        }
    }
}

/* ---- states ---------------------------------------------------------------------------- */

/* A week is one of the school's when its term dates, where they are known, have a school day
 * in it: marks that another school gave in a holiday make no gap here. */
static bool
is_open(const struct quality_look *q, enum cover_period period, uint32_t school,
        struct cover_days d)
{
    const struct timeline_school *s;
    const struct school_days *days;

    if (school == TIMELINE_NONE)
        return true;
    s = &q->t->school[school];
    if (period == COVER_WEEK && q->calendars) {
        days = school_days_of(q->calendars, s->urn);
        if (school_day_known(days, d.from) && !school_day_count(days, d.from, d.to))
            return false;
    }
    return (s->opened == DATE_NONE || s->opened < d.to) && s->closed > d.from;
}

static int32_t
due_on(const struct cover_grid *g, struct cover_days d)
{
    if (cover_rows[g->source].period == COVER_TERM)
        return timeline_census_day(date_school_year(d.from), date_term(d.from)) + g->due;
    return d.to + g->due;
}

static void
judge_row(const struct quality_look *q, struct cover_grid *g, size_t row, int32_t today)
{
    const struct cover_row *c = &cover_rows[g->source];
    bool newer = false;
    size_t first = 0; /* before it nothing of the source was ever loaded */

    while (first < g->n && cell_at(g, row, first)->state != COVER_PRESENT)
        first++;
    for (size_t p = g->n; p-- > 0;) {
        struct cover_cell *x = cell_at(g, row, p);
        if (x->state == COVER_PRESENT) {
            newer = true;
            if (x->expected > 0 && x->told * 2 < x->expected)
                x->state = COVER_THIN;
        } else if (!is_open(q, c->period, g->school[row], g->period[p])) {
            x->state = COVER_NOT_OPEN;
        } else if (p < first && !c->school && (newer || first == g->n)) {
            x->state = COVER_NOT_LOADED;
        } else if (due_on(g, g->period[p]) > today && !newer) {
            x->state = COVER_NOT_DUE;
        } else {
            x->state = newer ? COVER_MISSING : COVER_LATE;
        }
        g->gaps[row] += p + RECENT >= g->n && (x->state == COVER_THIN ||
                                               x->state == COVER_LATE ||
                                               x->state == COVER_MISSING);
    }
}

/* ---- gaps ------------------------------------------------------------------------------ */

static bool
is_gap(enum cover_state s)
{
    return s == COVER_THIN || s == COVER_LATE || s == COVER_MISSING;
}

static void
add_gap(const struct quality_look *q, struct cover *c, struct cover_gap g)
{
    if (c->n_gaps % 64 == 0)
        c->gap = job_grow(q->j, c->gap, c->n_gaps * sizeof *c->gap,
                          (c->n_gaps + 64) * sizeof *c->gap);
    g.message = cover_sentence(q, &g);
    c->gap[c->n_gaps++] = g;
}

/* Neighbours in the same state are one gap. */
static void
find_gaps(const struct quality_look *q, const struct cover_grid *g, struct cover *c)
{
    for (size_t row = 0; row < g->rows; row++)
        for (size_t p = 0, n; p < g->n; p += n) {
            enum cover_state s = cell_at(g, row, p)->state;
            for (n = 1; p + n < g->n && cell_at(g, row, p + n)->state == s;)
                n++;
            if (is_gap(s))
                add_gap(q, c, (struct cover_gap){
                    .source = g->source, .state = s, .school = g->school[row],
                    .days = {g->period[p].from, g->period[p + n - 1].to}});
        }
}

static int
newest_first(const void *a, const void *b)
{
    const struct cover_gap *x = a, *y = b;

    if (x->days.to != y->days.to)
        return x->days.to > y->days.to ? -1 : 1;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return strcmp(x->message, y->message);
}

static void
derive_source(struct quality_look *q, struct cover_grid *g, int32_t today)
{
    const struct cover_row *c = &cover_rows[g->source];

    if (c->school)
        take_schools(q, g);
    else
        take_authority(q, g);
    if (c->period == COVER_WEEK)
        week_periods(q, g);
    else if (c->period == COVER_TERM)
        term_periods(q, g);
    else
        year_periods(q, g);
    make_cells(q, g);
    if (c->period == COVER_WEEK) {
        count_on_roll(q, g);
        take_weeks(q, g);
    } else {
        take_returns(q, g);
    }
    if (c->period == COVER_TERM) {
        count_census(q, g);
        expect_as_before(g);
    }
    for (size_t row = 0; g->n && row < g->rows; row++)
        judge_row(q, g, row, today);
}

void
cover_derive(struct quality_look *q, int32_t today, const struct cover_due *due,
             struct cover *out)
{
    *out = (struct cover){.n_gaps = 0};
    for (int s = 0; s < COVER_SOURCES; s++) {
        out->grid[s].source = (enum cover_source)s;
        out->grid[s].due = due->days[s];
        derive_source(q, &out->grid[s], today);
        find_gaps(q, &out->grid[s], out);
    }
    if (out->n_gaps)
        qsort(out->gap, out->n_gaps, sizeof *out->gap, newest_first);
}
