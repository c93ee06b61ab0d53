/* The series of months and half terms, counted with the figures. */
#include "people/school_day.h"
#include "risk/pandemic_rows.h"

enum { MONTHS = RISK_YEARS * 12 };

/* Closed to most pupils in England: from 21 March to the end of July 2020, and from 5 January
 * to 7 March 2021 (school attendance (January 2021 national lockdown) guidance, DfE). */
static const struct {
    struct ymd from, to; /* half-open */
} closures[] = {{{2020, 3, 21}, {2020, 8, 1}}, {{2021, 1, 5}, {2021, 3, 8}}};
enum { CLOSURES = sizeof closures / sizeof *closures };

static int32_t
date_of(struct ymd d)
{
    return date_from_ymd(d.year, d.month, d.day);
}

bool
pandemic_is_closed(int32_t day)
{
    for (int i = 0; i < CLOSURES; i++)
        if (day >= date_of(closures[i].from) && day < date_of(closures[i].to))
            return true;
    return false;
}

static int32_t
month_of(int32_t day)
{
    struct ymd d = date_to_ymd(day);

    return d.year * 12 + d.month - 1;
}

static int32_t
month_start(int32_t month)
{
    return date_from_ymd(month / 12, month % 12 + 1, 1);
}

struct counting {
    const struct timeline *t;
    const struct school_calendars *calendars;
    int32_t first, last; /* months */
    int32_t from_day, from_year; /* of the first year that is made: those before stand */
    /* Asked for each enrolment and month, so worked out once. */
    int32_t start[MONTHS + 1]; /* of each month, and the day after the last */
    int32_t closed[CLOSURES], opened[CLOSURES];
    int64_t events[MONTHS], exposure[MONTHS];
};

/* School days in [from, to) on which the school was open to its pupils. */
static int
open_days(const struct counting *c, const struct school_days *d, int32_t from, int32_t to)
{
    int days = school_day_count(d, from, to);

    for (int i = 0; i < CLOSURES; i++) {
        int32_t a = c->closed[i] > from ? c->closed[i] : from;
        int32_t b = c->opened[i] < to ? c->opened[i] : to;
        days -= school_day_count(d, a, b);
    }
    return days;
}

/* Pupil-days of one enrolment, month by month. */
static void
add_enrolment(struct counting *c, const struct timeline_enrolment *e)
{
    const struct timeline_school *s = &c->t->school[e->school];
    const struct school_days *d;
    int32_t end = e->end < c->t->head->as_of + 1 ? e->end : c->t->head->as_of + 1;
    int32_t first, months = c->last - c->first + 1;

    if (end <= c->from_day || !s->local || timeline_status_rank(e->status) > 1)
        return;
    d = school_days_of(c->calendars, s->urn);
    first = month_of(e->start > c->from_day ? e->start : c->from_day) - c->first;
    for (int32_t m = first > 0 ? first : 0; m < months && c->start[m] < end; m++) {
        int32_t from = c->start[m], to = c->start[m + 1];
        c->exposure[m] +=
            open_days(c, d, from > e->start ? from : e->start, to < end ? to : end);
    }
}

static void
add_event(struct counting *c, const struct timeline_event *e)
{
    int32_t month = month_of(e->started);

    if (e->counts && e->category == CATEGORY_SUSPENSION && c->t->school[e->school].local &&
        month >= c->first && month <= c->last && !pandemic_is_closed(e->started))
        c->events[month - c->first]++;
}

/* A half term stands at the month of its middle. */
static int32_t
half_month(const struct timeline_absence *a)
{
    static const int8_t month[] = {10, 1, 4, 5}; /* November, February, May, June */
    int32_t year = a->school_year + (a->half != HALF_AUTUMN);

    return year * 12 + month[a->half & 3];
}

/* Spring 2020 ended on 20 March; summer 2020 and most of spring 2021 were closed. */
static bool
is_closed_half(const struct timeline_absence *a)
{
    return (a->school_year == 2019 && a->half >= HALF_SUMMER1) ||
           (a->school_year == 2020 && a->half == HALF_SPRING);
}

static void
add_absence(struct counting *c, const struct timeline_absence *a)
{
    int32_t month = half_month(a);

    if (a->school_year < c->from_year || month < c->first || month > c->last ||
        is_closed_half(a) ||
        (a->flags & ABSENCE_BOARDER) || !c->t->school[a->school].local)
        return;
    c->events[month - c->first] += a->authorised + a->unauthorised;
    c->exposure[month - c->first] += a->possible;
}

static void
put_series(struct job *j, const struct counting *c, enum series_kind kind,
           struct statistics *out)
{
    for (int32_t m = 0; m <= c->last - c->first; m++) {
        int32_t year = date_school_year(month_start(c->first + m));
        const char *item = job_format(j, "%d", (int)(c->first + m));
        if (!c->exposure[m])
            continue;
        statistic_put(j, out, (struct statistic){series_names[kind].events, year, item,
                                                 c->events[m]});
        statistic_put(j, out, (struct statistic){series_names[kind].exposure, year, item,
                                                 c->exposure[m]});
    }
}

const struct series_names series_names[SERIES_KINDS] = {
    [SERIES_SUSPENSIONS] = {"month-suspensions", "month-pupil-days"},
    [SERIES_ABSENCE] = {"half-absent", "half-possible"},
};

enum err
pandemic_count(struct job *j, const struct years *y, struct statistics *out)
{
    const struct timeline *t = y->t;
    struct counting *c = job_alloc(j, sizeof *c);
    struct school_calendars *calendars;
    enum err e = school_days_load(j, t->head->known_at, &calendars);

    if (e)
        return e;
    *c = (struct counting){.t = t, .calendars = calendars,
                           .first = month_of(date_year_start(y->first)) + 1,
                           .last = month_of(t->head->as_of), .from_year = y->from,
                           .from_day = date_year_start(y->from)};
    if (c->last - c->first >= MONTHS)
        c->last = c->first + MONTHS - 1;
    for (int32_t m = 0; m <= c->last - c->first + 1; m++)
        c->start[m] = month_start(c->first + m);
    for (int i = 0; i < CLOSURES; i++) {
        c->closed[i] = date_of(closures[i].from);
        c->opened[i] = date_of(closures[i].to);
    }
    for (uint32_t i = 0; i < t->n[TIMELINE_ENROLMENT]; i++) {
        add_enrolment(c, &t->enrolment[i]);
        timeline_walked(t, i);
    }
    for (uint32_t i = 0; i < t->n[TIMELINE_EVENT]; i++)
        add_event(c, &t->event[i]);
    put_series(j, c, SERIES_SUSPENSIONS, out);
    memset(c->events, 0, sizeof c->events);
    memset(c->exposure, 0, sizeof c->exposure);
    for (uint32_t i = 0; i < t->n[TIMELINE_ABSENCE]; i++) {
        add_absence(c, &t->absence[i]);
        timeline_walked(t, i);
    }
    put_series(j, c, SERIES_ABSENCE, out);
    return OK;
}
