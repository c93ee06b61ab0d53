/* Sessions by school week and code, counted with the figures. */
#include "base/thread.h"
#include "people/school_day.h"
#include "risk/pandemic_rows.h"
#include "risk/same_weeks_rows.h"

enum { WEEK = 7, WEDNESDAY = 2 };

const char *const same_kept_names[SAME_KEPT] = {
    [SAME_SESSIONS] = "week-sessions",
    [SAME_COUNTED] = "week-counted",
    [SAME_SCHOOLS] = "week-schools",
    [SAME_PUPILS] = "week-pupils",
    [SAME_PERSISTENT] = "week-persistent",
    [SAME_PUPILS_OUT] = "week-pupils-out",
    [SAME_PERSISTENT_OUT] = "week-persistent-out",
};

/* A pupil since the first week of the year, and in which of the counts it is by now. */
struct pupil {
    uint16_t possible, counted, absent;
    uint16_t in; /* bit per SAME_PUPILS … */
};
enum { PUPIL_COUNTS = SAME_KEPT - SAME_PUPILS };

/* What a school week comes to. */
struct week_counts {
    int64_t schools; /* 0: no registers of it */
    int64_t sessions[ATTENDANCE_CODES], counted[ATTENDANCE_CODES];
    int64_t pupils[PUPIL_COUNTS];
};
enum { MOST_WEEKS = 54 };

/* What all years share. */
struct shared {
    const struct years *y;
    const struct school_days *days; /* the authority's */
    int64_t first;                  /* lowest person_id in any week */
    size_t pupils;
    struct week_counts *week;       /* by year, then week */
};
/* A year. */
struct counting {
    const struct shared *s;
    int32_t year;
    struct pupil *pupil;
    int64_t pupils[PUPIL_COUNTS]; /* how many are in each count by now */
    bool *local;                  /* by school of the week at hand */
};

/* Everybody whom any week knows. */
static void
span_pupils(struct shared *s)
{
    const struct marks *m = s->y->marks;
    int64_t last = INT64_MIN;

    s->first = INT64_MAX;
    for (size_t i = 0; i < m->n; i++) {
        const struct marks_week *w = &m->week[i];
        if (!w->rows)
            continue;
        if (w->first_person + w->row[0].person < s->first)
            s->first = w->first_person + w->row[0].person;
        if (w->first_person + w->row[w->rows - 1].person > last)
            last = w->first_person + w->row[w->rows - 1].person;
    }
    s->pupils = last < s->first ? 0 : (size_t)(last - s->first + 1);
}

/* What stands in the week's registers, code by code, from how often each pattern is used. */
static void
add_codes(const struct marks_week *w, const uint32_t *uses, struct week_counts *out)
{
    for (uint32_t p = 0; p < w->patterns; p++)
        for (int k = 0; uses[p] && k < REGISTER_SLOTS; k++) {
            int code = w->pattern[p].mark[k] - 1;
            if (code < 0)
                continue;
            out->sessions[code] += uses[p];
            if (attendance_class(code, w->monday + k / 2) == ATT_COUNTED)
                out->counted[code] += uses[p];
        }
}

/* In which counts a pupil is. */
static unsigned
counts_of(const struct pupil *x)
{
    int left = x->possible - x->counted;
    const bool in[PUPIL_COUNTS] = {
        [SAME_PUPILS - SAME_PUPILS] = x->possible > 0,
        [SAME_PERSISTENT - SAME_PUPILS] = attendance_is_persistent(x->absent, x->possible),
        [SAME_PUPILS_OUT - SAME_PUPILS] = left > 0,
        [SAME_PERSISTENT_OUT - SAME_PUPILS] = attendance_is_persistent(x->absent, left),
    };
    unsigned out = 0;

    for (int k = 0; k < PUPIL_COUNTS; k++)
        out |= (unsigned)in[k] << k;
    return out;
}

static void
add_pattern(struct counting *c, const struct marks_pattern *p, struct pupil *x)
{
    int absent = p->authorised + p->unauthorised;
    unsigned was = x->in, now;

    x->absent = (uint16_t)(x->absent + absent);
    x->counted = (uint16_t)(x->counted + p->counted);
    x->possible = (uint16_t)(x->possible + p->present + p->activity + absent + p->counted);
    now = counts_of(x);
    x->in = (uint16_t)now;
    for (int k = 0; was != now && k < PUPIL_COUNTS; k++)
        c->pupils[k] += (int)(now >> k & 1) - (int)(was >> k & 1);
}

static void
add_rows(struct counting *c, const struct marks_week *w, uint32_t *uses)
{
    for (uint32_t i = 0; i < w->rows; i++) {
        const struct marks_row *r = &w->row[i];
        if (!c->local[r->school])
            continue;
        uses[r->pattern]++;
        add_pattern(c, &w->pattern[r->pattern],
                    &c->pupil[w->first_person + r->person - c->s->first]);
    }
}

/* Schools here whose registers were taken on any half day; c->local says which. */
static int64_t
local_schools(struct job *j, struct counting *c, const struct marks_week *w)
{
    const struct timeline *t = c->s->y->t;
    int64_t n = 0;

    c->local = job_array(j, w->schools + 1u, sizeof *c->local);
    for (uint32_t s = 0; s < w->schools; s++) {
        uint32_t at = timeline_school_find(t, w->school[s].urn);
        c->local[s] = at != TIMELINE_NONE && t->school[at].local && w->school[s].open;
        n += c->local[s];
    }
    return n;
}

/* Of a week that the term dates do not reach: half the schools were open. */
static bool
is_school_week(const struct school_days *days, int32_t monday, const struct marks_week *w)
{
    uint32_t open = 0;

    if (school_day_known(days, monday + WEDNESDAY))
        return school_day_count(days, monday, monday + WEEK) > 0;
    for (uint32_t s = 0; w && s < w->schools; s++)
        open += w->school[s].open != 0;
    return w && open && 2 * open >= w->schools;
}

static void
count_week(struct job *j, struct counting *c, const struct marks_week *w, struct week_counts *out)
{
    struct scope scope = job_scope_begin(j);
    uint32_t *uses = job_array(j, w->patterns + 1u, sizeof *uses);

    out->schools = local_schools(j, c, w);
    if (out->schools) {
        add_rows(c, w, uses);
        add_codes(w, uses, out);
        memcpy(out->pupils, c->pupils, sizeof out->pupils);
    }
    marks_give_back_rows(w, (struct marks_range){0, w->rows});
    job_scope_end(j, scope);
}

static enum err
count_year(struct job *j, void *arg, size_t block)
{
    const struct shared *s = arg;
    const struct marks *m = s->y->marks;
    struct counting c = {.s = s, .year = s->y->from + (int32_t)block,
                         .pupil = job_array(j, s->pupils + 1, sizeof *c.pupil)};
    struct week_counts *out = &s->week[block * MOST_WEEKS];
    int32_t start = date_year_start(c.year), end = date_year_end(c.year);

    for (int32_t monday = start - date_weekday(start); monday < end; monday += WEEK) {
        size_t i = marks_week_at(m, monday);
        const struct marks_week *w =
            i < m->n && m->week[i].monday == monday ? &m->week[i] : NULL;
        if (date_school_year(monday + WEDNESDAY) != c.year || !is_school_week(s->days, monday, w))
            continue;
        out++;
        if (w && !pandemic_is_closed(monday + WEDNESDAY))
            count_week(j, &c, w, out);
    }
    return OK;
}

/* ---- as rows of statistics ----------------------------------------------------------- */

static void
put(struct job *j, struct statistics *out, enum same_kept kept, struct statistic row)
{
    row.name = same_kept_names[kept];
    statistic_put(j, out, row);
}

static void
put_week(struct job *j, struct statistics *out, int32_t year, int week,
         const struct week_counts *n)
{
    const char *of_week = job_format(j, "%02d", week);

    put(j, out, SAME_SCHOOLS, (struct statistic){NULL, year, of_week, n->schools});
    for (int code = 0; code < ATTENDANCE_CODES; code++) {
        const char *item = n->sessions[code]
                               ? job_format(j, "%02d %s", week, attendance_name(code))
                               : NULL;
        if (n->sessions[code])
            put(j, out, SAME_SESSIONS, (struct statistic){NULL, year, item, n->sessions[code]});
        if (n->counted[code])
            put(j, out, SAME_COUNTED, (struct statistic){NULL, year, item, n->counted[code]});
    }
    for (int k = 0; k < PUPIL_COUNTS; k++)
        put(j, out, (enum same_kept)(SAME_PUPILS + k),
            (struct statistic){NULL, year, of_week, n->pupils[k]});
}

enum err
same_weeks_count(struct job *j, const struct years *y, struct statistics *out)
{
    struct shared s = {.y = y};
    size_t years = (size_t)(y->last - y->from + 1);
    struct school_calendars *calendars;
    enum err e;

    if (!y->marks || !y->marks->n)
        return OK;
    if ((e = school_days_load(j, y->t->head->known_at, &calendars)))
        return e;
    s.days = school_days_of(calendars, 0);
    span_pupils(&s);
    s.week = job_array(j, years * MOST_WEEKS, sizeof *s.week);
    e = thread_each(j, 0, years, (s.pupils + 1) * sizeof(struct pupil) + JOB_MB, count_year, &s);
    for (size_t i = 0; i < years * MOST_WEEKS && !e; i++)
        if (s.week[i].schools)
            put_week(j, out, y->from + (int32_t)(i / MOST_WEEKS), (int)(i % MOST_WEEKS),
                     &s.week[i]);
    return e;
}
