#include "risk/watch.h"
#include "base/text.h"
#include "people/attendance.h"
#include "risk/watch_walk.h"

enum { DAYS = 240, LEAST_SESSIONS = 20, LATELY = 14, PART_TIME_WEEKS = 6 };

const struct watch_about watches[WATCHES] = {
#define WATCH(id, name, title, words, about) [id] = {name, title, words, about},
#include "risk/watch.def"
#undef WATCH
};

struct piece {
    struct watched row[SIGN_BLOCK * WATCHES];
    size_t n;
};
/* One child: what is known of it, and where its rows go. */
struct look {
    const struct watch_order *o;
    struct sign_view v;
    struct marks_cursor cursor;
    struct clock_day day[DAYS]; /* school days of the school year with its marks */
    size_t n_days;
    struct piece *out;
};
struct watch_finding {
    const struct watch_order *o;
    struct sign_pass everybody; /* whoever is on a roll here */
    struct piece *piece;        /* by block of the wave … */
    struct look *look[SIGN_WAVE]; /* … and the block's own */
    struct watched_list list;
    size_t room;
};

static struct watched *
add(struct look *l, enum watch w, int32_t part, int32_t whole)
{
    struct watched *row = &l->out->row[l->out->n++];

    *row = (struct watched){.person = l->v.p, .school = l->v.school, .watch = w,
                            .year_group = l->v.year_group, .part = part, .whole = whole,
                            .on = DATE_NONE, .due = DATE_NONE};
    return row;
}

/* ---- registers -------------------------------------------------------------------- */

static void
watch_absence(struct look *l)
{
    int32_t start = date_year_start(date_school_year(l->v.day));
    int32_t missed = 0, possible = 0;

    for (size_t i = 0; i < l->v.n_weeks; i++)
        if (l->v.week[i].monday >= start - 6) {
            missed += l->v.week[i].sum.authorised + l->v.week[i].sum.unauthorised;
            possible += l->v.week[i].sum.possible;
        }
    if (possible < LEAST_SESSIONS)
        return;
    if (attendance_is_severe(missed, possible))
        add(l, WATCH_SEVERE, missed, possible);
    else if (attendance_is_persistent(missed, possible))
        add(l, WATCH_PERSISTENT, missed, possible);
}

/* The window that ends with the last week, or one that ended in the two weeks before. */
static void
watch_penalty(struct look *l)
{
    struct clock_week w[SIGN_WEEKS];
    size_t n = l->v.n_weeks, from = n > 3 ? n - 3 : 0, at;

    if (!n)
        return;
    for (size_t i = 0; i < n; i++)
        w[i] = (struct clock_week){l->v.week[i].monday, l->v.week[i].notice};
    at = clock_penalty(&l->o->rules, w, n, from);
    if (at < n)
        add(l, WATCH_PENALTY, clock_window(w, at), CLOCK_WINDOW)->on =
            w[at].monday + 6 < l->v.day ? w[at].monday + 6 : l->v.day;
}

static void
watch_codes(struct look *l)
{
    size_t n = l->v.n_weeks, from = n > PART_TIME_WEEKS ? n - PART_TIME_WEEKS : 0;
    int32_t part_time = 0;
    struct sign_rule rule = {.limit = {PART_TIME_WEEKS, 1}};
    struct sign_found found = {0};
    struct watched *row;

    for (size_t i = from; i < n; i++)
        part_time += l->v.week[i].part_time;
    if (part_time)
        add(l, WATCH_PART_TIME, part_time, 0);
    if (n && sign_coded_without_record(&l->v, &rule, &found)) {
        row = add(l, WATCH_CODED, found.value[0], 0);
        row->on = found.on;
    }
}

/* The school days of this school year up to the day, with the marks of the main school. */
static void
load_days(struct look *l)
{
    const struct marks *m = l->o->marks;
    int64_t person = l->v.t->person[l->v.p].person_id;
    uint32_t urn = l->v.t->school[l->v.school].urn;
    size_t w = marks_week_at(m, date_year_start(date_school_year(l->v.day)));

    l->n_days = 0;
    for (; w < m->n && m->week[w].monday <= l->v.day; w++) {
        const struct marks_week *week = &m->week[w];
        struct marks_range r = marks_of(&l->cursor, w, person);
        while (r.from < r.to && marks_urn(week, r.from) != urn)
            r.from++;
        if (r.from == r.to)
            continue;
        for (int k = 0; k < 7 && week->monday + k <= l->v.day && l->n_days < DAYS; k++) {
            const uint8_t *mark = marks_pattern(week, r.from)->mark + 2 * k;
            unsigned open = week->school[week->row[r.from].school].open >> 2 * k & 3u;
            if (open)
                l->day[l->n_days++] =
                    (struct clock_day){week->monday + k, mark[0] - 1, mark[1] - 1};
        }
    }
}

static void
watch_days(struct look *l)
{
    const struct clock_rules *r = &l->o->rules;
    int run = clock_run(l->day, l->n_days, "GNOU"), ill = clock_days(l->day, l->n_days, "I");
    size_t last = l->n_days;

    if (run >= r->amount[CLOCK_ABSENCE_RETURN])
        add(l, WATCH_ABSENCE, run, 0)->on = l->day[l->n_days - 1].date;
    if (ill < r->amount[CLOCK_SICKNESS_RETURN])
        return;
    while (last > 0 && !clock_days(&l->day[last - 1], 1, "I"))
        last--;
    add(l, WATCH_SICKNESS, ill, 0)->on = l->day[last - 1].date;
}

static void
watch_told(struct look *l)
{
    uint32_t spell = sign_spell_on(&l->v, SPELL_PART_TIME, NULL);

    if (spell != TIMELINE_NONE)
        add(l, WATCH_PART_TIME_TOLD, 0, 0)->on = l->v.t->spell[spell].start;
}

/* ---- suspensions ------------------------------------------------------------------ */

enum { EVENTS = 128 };

static size_t
load_events(const struct look *l, struct clock_event *out)
{
    const struct timeline *t = l->v.t;
    struct timeline_range r = timeline_of(t, TIMELINE_EVENT, l->v.p);
    int32_t from = date_year_start(date_school_year(l->v.day));
    size_t n = 0;

    for (; r.from < r.to && n < EVENTS; r.from++) {
        const struct timeline_event *e = &t->event[r.from];
        if (e->counts && e->started >= from && e->started <= l->v.day)
            out[n++] = (struct clock_event){
                .urn = t->school[e->school].urn, .started = e->started, .ended = e->ended,
                .notified = DATE_NONE, .sessions = e->sessions,
                .category = (enum timeline_category)e->category};
    }
    return n;
}

static void
watch_event(struct look *l, const struct clock_event *e, size_t n, size_t at)
{
    const struct school_days *d = school_days_of(l->o->calendars, e[at].urn);
    struct clock_sums sums = clock_sum(l->o->calendars, e, n, at);
    struct clock_due due = clock_due(&l->o->rules, d, &e[at], sums);
    int32_t lately = l->v.day - LATELY;
    struct watched *row;

    if (due.board != BOARD_NOTE &&
        (due.board_by == DATE_NONE ? e[at].started >= lately : due.board_by >= lately)) {
        row = add(l, WATCH_GOVERNORS, sums.term, due.board == BOARD_MUST);
        row->on = e[at].started;
        row->due = due.board_by;
    }
    if (due.sixth_needed &&
        (due.sixth_day == DATE_NONE ? e[at].started >= lately : due.sixth_day >= lately)) {
        row = add(l, WATCH_SIXTH_DAY, due.by_authority, 0);
        row->on = e[at].started;
        row->due = due.sixth_day;
    }
}

/* Of several events the one that is due last stands for the child in each list. */
static void
watch_events(struct look *l)
{
    struct clock_event e[EVENTS];
    size_t n = load_events(l, e), before = l->out->n;
    struct clock_sums sums;

    if (!n)
        return;
    sums = clock_sum(l->o->calendars, e, n, n - 1);
    if (clock_limit(&l->o->rules, sums.year) != LIMIT_OK)
        add(l, WATCH_YEAR_DAYS, sums.year, 0);
    for (size_t at = n; at-- > 0;) {
        size_t mark = l->out->n;
        watch_event(l, e, n, at);
        for (size_t i = before; i < mark; i++)
            for (size_t k = mark; k < l->out->n;)
                if (l->out->row[k].watch == l->out->row[i].watch)
                    l->out->row[k] = l->out->row[--l->out->n];
                else
                    k++;
    }
}

/* ---- all children ----------------------------------------------------------------- */

static void
begin_block(struct job *j, void *arg, size_t block)
{
    struct watch_finding *f = arg;
    struct look *l = job_alloc(j, sizeof *l);

    l->o = f->o;
    l->out = &f->piece[block];
    l->out->n = 0;
    if (f->o->marks)
        marks_cursor(j, f->o->marks, &l->cursor);
    f->look[block] = l;
}

static void
look_in_block(void *arg, size_t block, struct sign_view *v)
{
    struct look *l = ((struct watch_finding *)arg)->look[block];

    l->v = *v;
    if (l->o->marks) {
        load_days(l);
        watch_absence(l);
        watch_penalty(l);
        watch_codes(l);
        watch_days(l);
    }
    watch_told(l);
    watch_events(l);
}

/* Appended in order of persons, the room doubling. */
static void
append(struct job *j, struct watch_finding *f, const struct piece *piece)
{
    struct watched_list *out = &f->list;
    size_t want = f->room ? f->room : 1024;

    while (want < out->n + piece->n)
        want *= 2;
    if (want != f->room)
        out->v = job_grow(j, out->v, out->n * sizeof *out->v, want * sizeof *out->v);
    f->room = want;
    if (piece->n)
        memcpy(out->v + out->n, piece->row, piece->n * sizeof *out->v);
    out->n += piece->n;
}

static void
take_wave(struct job *j, void *arg, size_t n)
{
    struct watch_finding *f = arg;

    for (size_t b = 0; b < n; b++)
        append(j, f, &f->piece[b]);
}

struct watch_finding *
watch_finding_open(struct job *j, const struct watch_order *o, struct sign_looker *looker)
{
    static const struct sign_pack everybody = {.first_year = -1, .last_year = 14};
    struct watch_finding *f = job_alloc(j, sizeof *f);

    *f = (struct watch_finding){.o = o, .everybody = {.pack = &everybody, .t = o->t},
                                .piece = job_array(j, SIGN_WAVE, sizeof *f->piece)};
    *looker = (struct sign_looker){&f->everybody, o->day, f, begin_block, look_in_block,
                                   take_wave};
    return f;
}

void
watch_finding_end(const struct watch_finding *f, struct watched_list *out)
{
    *out = f->list;
}

enum err
watch_find(struct job *j, const struct watch_order *o, struct watched_list *out)
{
    struct sign_looker looker;
    struct watch_finding *f = watch_finding_open(j, o, &looker);
    struct sign_walk w = {o->t, o->marks, &looker, 1, o->threads};
    enum err e = sign_walk(j, &w);

    watch_finding_end(f, out);
    return e;
}

/* ---- words ------------------------------------------------------------------------ */

static const char *
days_words(struct job *j, int sessions)
{
    if (sessions == 2)
        return "1 day";
    return job_format(j, "%d%s days", sessions / 2, sessions % 2 ? ".5" : "");
}

static const char *
date_or_unknown(struct job *j, int32_t date)
{
    char day[DATE_TEXT];

    return date == DATE_NONE ? "a day that the term dates do not tell"
                             : job_copy(j, date_words(date, day));
}

static const char *
value_of(struct job *j, const struct watched *w, struct span name)
{
    char number[TEXT_NUMBER];

    if (span_is(name, "part"))
        return job_format(j, "%d", w->part);
    if (span_is(name, "whole"))
        return job_format(j, "%d", w->whole);
    if (span_is(name, "percent"))
        return w->whole > 0
                   ? job_format(j, "%s%%", text_percent(w->part, w->whole, 0, number)) : "";
    if (span_is(name, "days"))
        return days_words(j, w->part);
    return date_or_unknown(j, span_is(name, "due") ? w->due : w->on);
}

const char *
watch_words(struct job *j, const struct watched *w)
{
    const char *at = watches[w->watch].words, *out = "", *open, *close;

    while ((open = strchr(at, '{')) && (close = strchr(open, '}'))) {
        struct span name = {open + 1, (size_t)(close - open - 1)};
        out = job_format(j, "%s%.*s%s", out, (int)(open - at), at, value_of(j, w, name));
        at = close + 1;
    }
    return job_format(j, "%s%s", out, at);
}
