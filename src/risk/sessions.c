#include "risk/sessions.h"
#include "people/attendance.h"
#include "people/school_day.h"

enum { HALVES = 4, SCHOOLS_A_YEAR = 8, TELLS_PERCENT = 90, WEEK = 7 };

struct half_days { /* [from, to) */
    int32_t from, to;
};

struct sessions_cover {
    uint32_t **school;      /* by week, by its schools: index in the timeline, or NONE */
    uint8_t *whole;         /* by school and year: bit per half term told whole */
    uint8_t *some;          /* likewise: told of at all */
    int8_t *half;           /* by week: the half term that all of it lies in; -1 two of them */
    size_t week[RISK_YEARS + 1]; /* first week that ends in the year */
    uint8_t tells[RISK_YEARS], any[RISK_YEARS];
    int32_t last_day;       /* of marks, and not after as_of */
    int code_c2;
};

/* Easter Monday and spring bank holiday divide it as the census does. */
static struct half_days
half_of(int32_t year, int half)
{
    int32_t may = date_from_ymd(year + 1, 5, 31);
    int32_t bank_holiday = may - date_weekday(may);

    switch (half) {
    case HALF_AUTUMN:
        return (struct half_days){date_year_start(year), date_from_ymd(year + 1, 1, 1)};
    case HALF_SPRING:
        return (struct half_days){date_from_ymd(year + 1, 1, 1), date_easter(year + 1) + 1};
    case HALF_SUMMER1:
        return (struct half_days){date_easter(year + 1) + 1, bank_holiday};
    default:
        return (struct half_days){bank_holiday, date_year_end(year)};
    }
}

/* ---- what registers cover --------------------------------------------------------- */

struct covering {
    const struct years *y;
    const struct marks *m;
    struct sessions_cover *c;
    const struct school_calendars *calendars;
    uint16_t *common; /* by week: half days that half its schools were open for */
};

static void
set_common(struct covering *x, const struct marks_week *w, uint16_t *out)
{
    for (int k = 0; k < REGISTER_SLOTS; k++) {
        uint32_t n = 0;
        for (uint32_t i = 0; i < w->schools; i++)
            n += w->school[i].open >> k & 1;
        if (2 * n > w->schools)
            *out = (uint16_t)(*out | 1u << k);
        if (n && w->monday + k / 2 > x->c->last_day && w->monday + k / 2 <= x->m->as_of)
            x->c->last_day = w->monday + k / 2;
    }
}

/* A half term so far, and the weeks of marks that touch it. */
struct half_so_far {
    int32_t year;
    int half;
    struct half_days d;
    size_t from, to;
};

static struct half_so_far
half_so_far(const struct covering *x, int32_t year, int half)
{
    struct half_so_far h = {.year = year, .half = half, .d = half_of(year, half)};

    if (h.d.to > x->c->last_day + 1)
        h.d.to = x->c->last_day + 1;
    h.from = h.to = marks_week_at(x->m, h.d.from);
    while (h.to < x->m->n && x->m->week[h.to].monday < h.d.to)
        h.to++;
    return h;
}

/* Half days of the week in the half term for which the school had sessions: by its term
 * dates, where they tell of the year, else as most schools had. */
static uint16_t
expected(const struct half_so_far *h, const struct school_days *days, int32_t monday,
         uint16_t common)
{
    bool known = school_day_known(days, h->d.from);
    uint16_t out = 0;

    for (int k = 0; k < REGISTER_SLOTS; k++) {
        int32_t day = monday + k / 2;
        if (day >= h->d.from && day < h->d.to &&
            (known ? school_day_sessions(days, day) == 2 : common >> k & 1))
            out = (uint16_t)(out | 1u << k);
    }
    return out;
}

static uint16_t
given_in(const struct covering *x, size_t w, uint32_t urn)
{
    const struct marks_school *s = marks_school_in(&x->m->week[w], urn);

    return s ? s->given : 0;
}

/* Is every session of the half term so far in the school's registers; is any? */
static void
cover_half(const struct covering *x, uint32_t school, const struct half_so_far *h)
{
    uint32_t urn = x->y->t->school[school].urn;
    const struct school_days *days = school_days_of(x->calendars, urn);
    size_t at = (size_t)school * RISK_YEARS + (size_t)(h->year - x->y->first);
    bool whole = true, some = false;

    for (size_t w = h->from; w < h->to && !some; w++)
        some = given_in(x, w, urn) & expected(h, days, x->m->week[w].monday, x->common[w]);
    if (!some)
        return;
    x->c->some[at] = (uint8_t)(x->c->some[at] | 1u << h->half);
    for (int32_t monday = h->d.from - date_weekday(h->d.from); monday < h->d.to && whole;
         monday += WEEK) {
        size_t w = marks_week_at(x->m, monday);
        bool told = w < x->m->n && x->m->week[w].monday == monday;
        whole = !(expected(h, days, monday, told ? x->common[w] : 0) &
                  ~(told ? given_in(x, w, urn) : 0));
    }
    if (whole)
        x->c->whole[at] = (uint8_t)(x->c->whole[at] | 1u << h->half);
}

static bool
had_census(const struct timeline *t, uint32_t school, int32_t year)
{
    struct timeline_wanted w = {.kind = RETURN_CENSUS, .school_year = year, .school = school};

    return timeline_has(t, &w);
}

/* Of a year that is over every half term; of the one that runs those that have begun. */
static void
judge_year(const struct covering *x, int32_t year)
{
    const struct timeline *t = x->y->t;
    size_t k = (size_t)(year - x->y->first);
    unsigned begun = 0;
    int64_t schools = 0, told = 0;

    for (int half = 0; half < HALVES; half++)
        if (half_of(year, half).from <= x->c->last_day)
            begun |= 1u << half;
    for (uint32_t s = 0; s < t->n[TIMELINE_SCHOOL]; s++) {
        uint8_t whole = x->c->whole[(size_t)s * RISK_YEARS + k];
        x->c->any[k] |= x->c->some[(size_t)s * RISK_YEARS + k] != 0;
        if (!t->school[s].local || !t->school[s].state_funded || !had_census(t, s, year))
            continue;
        schools++;
        told += (whole & begun) == begun;
    }
    x->c->tells[k] = begun && schools && told * 100 >= schools * TELLS_PERCENT;
}

static int8_t
half_in(int32_t monday)
{
    int32_t year = date_school_year(monday);

    for (int half = 0; half < HALVES; half++) {
        struct half_days d = half_of(year, half);
        if (monday >= d.from && monday + WEEK <= d.to)
            return (int8_t)half;
    }
    return -1;
}

static void
map_schools(struct job *j, const struct covering *x)
{
    x->c->school = job_array(j, x->m->n + 1, sizeof *x->c->school);
    x->c->half = job_array(j, x->m->n + 1, 1);
    for (size_t w = 0; w < x->m->n; w++) {
        const struct marks_week *k = &x->m->week[w];
        x->c->half[w] = half_in(k->monday);
        x->c->school[w] = job_array(j, k->schools + 1u, sizeof **x->c->school);
        for (uint32_t i = 0; i < k->schools; i++)
            x->c->school[w][i] = timeline_school_find(x->y->t, k->school[i].urn);
    }
}

enum err
sessions_open(struct job *j, struct years *y, const struct marks *marks)
{
    struct sessions_cover *c = job_alloc(j, sizeof *c);
    struct covering x = {.y = y, .m = marks, .c = c};
    uint32_t schools = y->t->n[TIMELINE_SCHOOL];
    struct school_calendars *calendars;
    enum err e;

    y->marks = marks;
    y->cover = c;
    if (!marks || !marks->n)
        return OK;
    if ((e = school_days_load(j, y->t->head->known_at, &calendars)))
        return e;
    x.calendars = calendars;
    c->last_day = DATE_NONE;
    c->code_c2 = attendance_code(SPAN("C2"));
    c->whole = job_array(j, (size_t)schools * RISK_YEARS + 1, 1);
    c->some = job_array(j, (size_t)schools * RISK_YEARS + 1, 1);
    x.common = job_array(j, marks->n, sizeof *x.common);
    for (size_t w = 0; w < marks->n; w++)
        set_common(&x, &marks->week[w], &x.common[w]);
    map_schools(j, &x);
    for (int32_t year = y->first; year <= y->last; year++) {
        c->week[year - y->first] = marks_week_at(marks, date_year_start(year));
        c->week[year - y->first + 1] = marks_week_at(marks, date_year_end(year));
        for (int half = 0; half < HALVES; half++) {
            struct half_so_far h = half_so_far(&x, year, half);
            for (uint32_t s = 0; s < schools && h.from < h.to; s++)
                cover_half(&x, s, &h);
        }
        judge_year(&x, year);
    }
    return OK;
}

bool
sessions_registers_tell(const struct years *y, int32_t year)
{
    return y->cover && y->cover->tells[year - y->first];
}

bool
sessions_any_register(const struct years *y, int32_t year)
{
    return y->cover && y->cover->any[year - y->first];
}

/* ---- a child's year --------------------------------------------------------------- */

/* What registers say of a child at a school. */
struct at_school {
    uint32_t school;
    int32_t possible[HALVES], absent[HALVES], part_time[HALVES];
    bool told[HALVES];
};
struct gathered {
    struct at_school v[SCHOOLS_A_YEAR];
    size_t n;
};

static struct at_school *
at_school(struct gathered *g, uint32_t school)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->v[i].school == school)
            return &g->v[i];
    if (school == TIMELINE_NONE || g->n == SCHOOLS_A_YEAR)
        return NULL;
    g->v[g->n] = (struct at_school){.school = school};
    return &g->v[g->n++];
}

static void
add_whole_week(const struct marks_pattern *p, int half, struct at_school *s)
{
    int absent = p->authorised + p->unauthorised;
    int possible = p->present + p->activity + absent + p->counted;

    s->possible[half] += possible;
    s->absent[half] += absent;
    s->part_time[half] += p->part_time;
    s->told[half] |= possible > 0;
}

/* The week of New Year, and the one in which the school year ends. */
static void
add_parts(const struct years *y, const struct marks_week *w, uint32_t row, int32_t year,
          struct at_school *s)
{
    for (int half = 0; half < HALVES; half++) {
        struct half_days d = half_of(year, half);
        struct marks_sum sum = {0};
        marks_add(w, row, d.from, d.to, &sum);
        s->possible[half] += sum.possible;
        s->absent[half] += sum.authorised + sum.unauthorised;
        s->part_time[half] += marks_count(w, row, y->cover->code_c2, d.from, d.to);
        s->told[half] |= sum.possible > 0;
    }
}

static void
add_row(const struct years *y, size_t w, uint32_t row, int32_t year, struct gathered *g)
{
    const struct marks_week *week = &y->marks->week[w];
    struct at_school *s = at_school(g, y->cover->school[w][week->row[row].school]);

    if (s && y->cover->half[w] >= 0)
        add_whole_week(&week->pattern[week->row[row].pattern], y->cover->half[w], s);
    else if (s)
        add_parts(y, week, row, year, s);
}

/* Weeks of a year: the first, and the one after the last. */
static struct marks_range
weeks_of(const struct years *y, int32_t year)
{
    const struct marks *m = y->marks;
    struct marks_range r = {(uint32_t)y->cover->week[year - y->first],
                            (uint32_t)y->cover->week[year - y->first + 1]};

    if (r.to < m->n && m->week[r.to].monday < date_year_end(year)) /* begins in July */
        r.to++;
    return r;
}

static void
gather_marks(const struct years *y, uint32_t p, int32_t year, struct gathered *g)
{
    int64_t person = y->t->person[p].person_id;

    for (struct marks_range weeks = weeks_of(y, year); weeks.from < weeks.to; weeks.from++) {
        struct marks_range r = marks_of(y->cursor, weeks.from, person);
        for (; r.from < r.to; r.from++)
            add_row(y, weeks.from, r.from, year, g);
    }
}

/* A school that converts tells its last summer under its new number. */
static bool
is_same(const struct timeline *t, uint32_t a, uint32_t b)
{
    return a == b || t->school[a].successor == b || t->school[b].successor == a;
}

static bool
covers(const struct years *y, uint32_t school, int32_t year, int half)
{
    return y->cover->whole[(size_t)school * RISK_YEARS + (size_t)(year - y->first)] >> half & 1;
}

static void
add_school(struct sessions *s, uint32_t school)
{
    if (!s->registers && !s->census)
        s->school = school;
    else if (s->school != school)
        s->school = TIMELINE_NONE;
}

static void
add_census(const struct years *y, uint32_t p, int32_t year, struct gathered *g,
           struct sessions *out)
{
    struct timeline_range r = timeline_of(y->t, TIMELINE_ABSENCE, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_absence *a = &y->t->absence[r.from];
        bool told = false;
        if (a->school_year != year)
            continue;
        for (size_t i = 0; i < g->n; i++) {
            if (!is_same(y->t, g->v[i].school, a->school) || !g->v[i].told[a->half])
                continue;
            told |= covers(y, g->v[i].school, year, a->half);
            if (!told) /* the census knows more */
                g->v[i].told[a->half] = false;
        }
        if (told)
            continue;
        add_school(out, a->school);
        out->census = true;
        out->possible += a->possible;
        out->absent += a->authorised + a->unauthorised;
        out->part_time += a->part_time;
    }
}

static void
add_marks(const struct gathered *g, struct sessions *out)
{
    for (size_t i = 0; i < g->n; i++)
        for (int half = 0; half < HALVES; half++) {
            const struct at_school *s = &g->v[i];
            if (!s->told[half])
                continue;
            add_school(out, s->school);
            out->registers = true;
            out->possible += s->possible[half];
            out->absent += s->absent[half];
            out->part_time += s->part_time[half];
        }
}

static struct sessions
put_together(const struct years *y, uint32_t p, int32_t year, struct gathered *g)
{
    struct sessions out = {.school = TIMELINE_NONE};

    add_census(y, p, year, g, &out);
    add_marks(g, &out);
    return out;
}

/* ---- a block of children ------------------------------------------------------------ */

struct sessions_block {
    uint32_t from;
    int32_t first_year, years;
    struct sessions *of; /* by person, then year */
};

/* Both are in the order of person_id. */
static void
gather_week(const struct years *y, size_t w, int32_t year, struct timeline_range persons,
            struct gathered *g)
{
    const struct timeline_person *person = y->t->person;
    const struct marks_week *week = &y->marks->week[w];
    struct marks_range all = marks_between(week, person[persons.from].person_id,
                                           person[persons.to - 1].person_id + 1);
    uint32_t p = persons.from;

    for (struct marks_range r = all; r.from < r.to; r.from++) {
        int64_t id = week->first_person + week->row[r.from].person;
        while (person[p].person_id < id)
            p++;
        if (person[p].person_id == id)
            add_row(y, w, r.from, year, &g[p - persons.from]);
    }
    /* all of it: looking for the first of them touched pages far apart */
    marks_give_back_rows(week, (struct marks_range){0, week->rows});
}

struct sessions_block *
sessions_block(struct job *j, const struct years *y, uint32_t from, uint32_t to)
{
    struct sessions_block *b = job_alloc(j, sizeof *b);
    struct gathered *g = job_array(j, to - from + 1, sizeof *g);

    b->from = from;
    b->first_year = y->from > y->first ? y->from - 1 : y->first;
    b->years = y->last - b->first_year + 1;
    b->of = job_array(j, (size_t)(to - from + 1) * (size_t)b->years, sizeof *b->of);
    for (int32_t year = b->first_year; year <= y->last && from < to; year++) {
        struct marks_range weeks = weeks_of(y, year);
        for (uint32_t p = from; p < to; p++)
            g[p - from].n = 0;
        for (; y->cover->any[year - y->first] && weeks.from < weeks.to; weeks.from++)
            gather_week(y, weeks.from, year, (struct timeline_range){from, to}, g);
        for (uint32_t p = from; p < to; p++)
            b->of[(p - from) * (size_t)b->years + (size_t)(year - b->first_year)] =
                put_together(y, p, year, &g[p - from]);
    }
    return b;
}

struct sessions
sessions_of(const struct years *y, uint32_t p, int32_t year)
{
    const struct sessions_block *b = y->told;
    struct gathered g = {.n = 0};

    if (b)
        return b->of[(p - b->from) * (size_t)b->years + (size_t)(year - b->first_year)];
    if (y->cursor && y->cover->any[year - y->first])
        gather_marks(y, p, year, &g);
    return put_together(y, p, year, &g);
}
