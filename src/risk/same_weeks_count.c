/* Sessions by school week and code, counted with the figures. */
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

/* A pupil since the first week of the year. */
struct pupil {
    uint16_t possible, counted, absent;
};

struct counting {
    const struct timeline *t;
    const struct marks *m;
    const struct school_days *days; /* the authority's */
    struct statistics *out;
    int64_t first;       /* lowest person_id in any week */
    size_t pupils;
    struct pupil *pupil;
    int32_t year;
    int week;
    bool *local;         /* by school of the week at hand */
};

/* Room for everybody whom any week knows. */
static void
span_pupils(struct job *j, struct counting *c)
{
    int64_t last = INT64_MIN;

    c->first = INT64_MAX;
    for (size_t i = 0; i < c->m->n; i++) {
        const struct marks_week *w = &c->m->week[i];
        if (!w->rows)
            continue;
        if (w->first_person + w->row[0].person < c->first)
            c->first = w->first_person + w->row[0].person;
        if (w->first_person + w->row[w->rows - 1].person > last)
            last = w->first_person + w->row[w->rows - 1].person;
    }
    c->pupils = last < c->first ? 0 : (size_t)(last - c->first + 1);
    c->pupil = job_array(j, c->pupils + 1, sizeof *c->pupil);
}

static void
put(struct job *j, const struct counting *c, enum same_kept kept, const char *item, int64_t value)
{
    statistic_put(j, c->out, (struct statistic){same_kept_names[kept], c->year, item, value});
}

/* What stands in the week's registers, code by code, from how often each pattern is used. */
static void
put_codes(struct job *j, const struct counting *c, const struct marks_week *w,
          const uint32_t *uses)
{
    int64_t sessions[ATTENDANCE_CODES] = {0}, counted[ATTENDANCE_CODES] = {0};

    for (uint32_t p = 0; p < w->patterns; p++)
        for (int k = 0; uses[p] && k < REGISTER_SLOTS; k++) {
            int code = w->pattern[p].mark[k] - 1;
            if (code < 0)
                continue;
            sessions[code] += uses[p];
            if (attendance_class(code, w->monday + k / 2) == ATT_COUNTED)
                counted[code] += uses[p];
        }
    for (int code = 0; code < ATTENDANCE_CODES; code++) {
        const char *item = job_format(j, "%02d %s", c->week, attendance_name(code));
        if (sessions[code])
            put(j, c, SAME_SESSIONS, item, sessions[code]);
        if (counted[code])
            put(j, c, SAME_COUNTED, item, counted[code]);
    }
}

static void
add_rows(struct counting *c, const struct marks_week *w, uint32_t *uses)
{
    for (uint32_t i = 0; i < w->rows; i++) {
        const struct marks_row *r = &w->row[i];
        const struct marks_pattern *p = &w->pattern[r->pattern];
        struct pupil *x = &c->pupil[w->first_person + r->person - c->first];
        int absent = p->authorised + p->unauthorised;
        if (!c->local[r->school])
            continue;
        uses[r->pattern]++;
        x->absent = (uint16_t)(x->absent + absent);
        x->counted = (uint16_t)(x->counted + p->counted);
        x->possible = (uint16_t)(x->possible + p->present + p->activity + absent + p->counted);
    }
}

static void
put_pupils(struct job *j, const struct counting *c)
{
    const char *item = job_format(j, "%02d", c->week);
    int64_t n[SAME_KEPT] = {0};

    for (size_t i = 0; i < c->pupils; i++) {
        const struct pupil *x = &c->pupil[i];
        int left = x->possible - x->counted;
        n[SAME_PUPILS] += x->possible > 0;
        n[SAME_PERSISTENT] += attendance_is_persistent(x->absent, x->possible);
        n[SAME_PUPILS_OUT] += left > 0;
        n[SAME_PERSISTENT_OUT] += attendance_is_persistent(x->absent, left);
    }
    for (int kept = SAME_PUPILS; kept < SAME_KEPT; kept++)
        put(j, c, (enum same_kept)kept, item, n[kept]);
}

/* Schools here whose registers were taken on any half day; c->local says which. */
static int64_t
local_schools(struct job *j, struct counting *c, const struct marks_week *w)
{
    int64_t n = 0;

    c->local = job_array(j, w->schools + 1u, sizeof *c->local);
    for (uint32_t s = 0; s < w->schools; s++) {
        uint32_t at = timeline_school_find(c->t, w->school[s].urn);
        c->local[s] = at != TIMELINE_NONE && c->t->school[at].local && w->school[s].open;
        n += c->local[s];
    }
    return n;
}

/* Of a week that the term dates do not reach: half the schools were open. */
static bool
is_school_week(const struct counting *c, int32_t monday, const struct marks_week *w)
{
    uint32_t open = 0;

    if (school_day_known(c->days, monday + WEDNESDAY))
        return school_day_count(c->days, monday, monday + WEEK) > 0;
    for (uint32_t s = 0; w && s < w->schools; s++)
        open += w->school[s].open != 0;
    return w && open && 2 * open >= w->schools;
}

static void
count_week(struct job *j, struct counting *c, const struct marks_week *w)
{
    uint32_t *uses = job_array(j, w->patterns + 1u, sizeof *uses);
    int64_t schools = local_schools(j, c, w);

    if (!schools)
        return;
    add_rows(c, w, uses);
    put(j, c, SAME_SCHOOLS, job_format(j, "%02d", c->week), schools);
    put_codes(j, c, w, uses);
    put_pupils(j, c);
}

static void
count_year(struct job *j, struct counting *c)
{
    int32_t start = date_year_start(c->year), end = date_year_end(c->year);

    memset(c->pupil, 0, c->pupils * sizeof *c->pupil);
    c->week = 0;
    for (int32_t monday = start - date_weekday(start); monday < end; monday += WEEK) {
        size_t i = marks_week_at(c->m, monday);
        const struct marks_week *w =
            i < c->m->n && c->m->week[i].monday == monday ? &c->m->week[i] : NULL;
        if (date_school_year(monday + WEDNESDAY) != c->year || !is_school_week(c, monday, w))
            continue;
        c->week++;
        if (w && !pandemic_is_closed(monday + WEDNESDAY))
            count_week(j, c, w);
    }
}

enum err
same_weeks_count(struct job *j, const struct years *y, struct statistics *out)
{
    struct counting c = {.t = y->t, .m = y->marks, .out = out};
    struct school_calendars *calendars;
    enum err e;

    if (!y->marks || !y->marks->n)
        return OK;
    if ((e = school_days_load(j, y->t->head->known_at, &calendars)))
        return e;
    c.days = school_days_of(calendars, 0);
    span_pupils(j, &c);
    for (c.year = y->from; c.year <= y->last; c.year++)
        count_year(j, &c);
    return OK;
}
