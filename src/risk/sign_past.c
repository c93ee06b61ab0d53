/* Signs on each Sunday of the past, with the column file of what was known then. */
#include "risk/sign_past.h"
#include "base/thread.h"
#include "risk/sign_view.h"
#include "store/db.h"
#include <unistd.h>

enum { PEOPLE_A_BLOCK = 256, WEEKS_MOST = 512, WEEK = 7, TIERS = SIGN_TESTED - TESTED_LISTED };
static const int64_t DAY_US = INT64_C(24) * 3600 * 1000000;

/* ---- Sundays ---------------------------------------------------------------------- */

static int32_t
first_sunday(int32_t school_year)
{
    int32_t start = date_year_start(school_year);

    return start + 6 - date_weekday(start);
}

int
past_week_of(int32_t sunday)
{
    return (sunday - first_sunday(date_school_year(sunday))) / WEEK;
}

int32_t
past_sunday(int32_t school_year, int week)
{
    return first_sunday(school_year) + WEEK * week;
}

past_weeks *
past_at(const struct past *p, uint32_t person, int year)
{
    return &p->weeks[((size_t)p->slot[person] * (size_t)p->dates.years + (size_t)year) *
                     (1 + p->pack->n + TIERS)];
}

int
past_row(const struct past *p, int tested)
{
    if (tested >= TESTED_LISTED)
        return 1 + (int)p->pack->n + tested - TESTED_LISTED;
    return tested < (int)p->pack->n ? 1 + tested : 0;
}

/* ---- one state of knowledge ------------------------------------------------------- */

/* Sundays from `from` to `to` on which the same was known. */
struct state {
    const struct past *past;
    struct sign_pass pass;
    const uint32_t *now;     /* person of the state's file: that of today's */
    int32_t from, to;
    uint32_t no_data;
};

/* Two states may lie in one school year, and so in one word, and be looked at together. */
static void
set_bit(past_weeks *at, past_weeks bit)
{
    __atomic_fetch_or(at, bit, __ATOMIC_RELAXED);
}

static void
note_day(const struct state *s, const struct sign_view *v, uint32_t person)
{
    int year = date_school_year(v->day) - s->past->dates.first_year;
    past_weeks *at = past_at(s->past, person, year), bit = UINT64_C(1) << past_week_of(v->day);
    int tier = sign_tier(sign_domains(s->pass.pack, v->met));

    set_bit(at, bit);
    for (uint32_t met = v->met; met; met &= met - 1)
        set_bit(&at[1 + __builtin_ctz(met)], bit);
    for (int k = 1; k <= tier; k++)
        set_bit(&at[past_row(s->past, TESTED_LISTED + k - 1)], bit);
}

static void
look_at_days(const struct state *s, struct sign_view *v, const struct sign_week *week, size_t n)
{
    struct sign_found found[SIGNS_MOST];

    for (v->day = s->from; v->day <= s->to; v->day += WEEK) {
        if (!sign_is_looked_at(&s->pass, v))
            continue;
        sign_view_window(v, week, n);
        sign_look(&s->pass, v, found);
        note_day(s, v, s->now[v->p]);
    }
}

/* Is it on any roll on one of the days?  Most who are in the file have left long ago. */
static bool
is_there(const struct timeline *t, uint32_t p, int32_t from, int32_t to)
{
    struct timeline_range r = timeline_of(t, TIMELINE_ENROLMENT, p);

    for (; r.from < r.to; r.from++)
        if (t->enrolment[r.from].start <= to && t->enrolment[r.from].end > from)
            return true;
    return false;
}

static enum err
look_block(struct job *j, void *arg, size_t block)
{
    const struct state *s = arg;
    const struct timeline *t = s->pass.t;
    const struct marks *marks = s->past->marks;
    uint32_t from = (uint32_t)block * PEOPLE_A_BLOCK, to = from + PEOPLE_A_BLOCK;
    struct sign_span span = sign_span_of(j, s->from, s->to, WEEKS_MOST);
    struct sign_view v = {.t = t, .data_day = DATE_NONE};
    struct marks_cursor cursor;

    if (to > t->n[TIMELINE_PERSON])
        to = t->n[TIMELINE_PERSON];
    if (marks)
        marks_cursor(j, marks, &cursor);
    for (v.p = from; v.p < to; v.p++) {
        if (s->now[v.p] == TIMELINE_NONE || !is_there(t, v.p, s->from, s->to))
            continue;
        look_at_days(s, &v, span.week, marks ? sign_view_load(&v, &cursor, &span) : 0);
    }
    timeline_give_back(t);
    return OK;
}

/* Persons of an older file among today's; both in order of person_id. */
static const uint32_t *
persons_now(struct job *j, const struct timeline *then, const struct past *past)
{
    const struct timeline *now = past->now;
    uint32_t *out = job_array(j, then->n[TIMELINE_PERSON] + 1u, sizeof *out), k = 0;

    for (uint32_t p = 0; p < then->n[TIMELINE_PERSON]; p++) {
        while (k < now->n[TIMELINE_PERSON] &&
               now->person[k].person_id < then->person[p].person_id)
            k++;
        out[p] = k < now->n[TIMELINE_PERSON] &&
                         now->person[k].person_id == then->person[p].person_id &&
                         past->slot[k] != TIMELINE_NONE
                     ? k
                     : TIMELINE_NONE;
    }
    return out;
}

/* A slot for whoever was here then by what is known now, or may have seemed to be: whose
 * leaving was told late. */
static size_t
give_slots(struct job *j, struct past *p)
{
    uint32_t people = p->now->n[TIMELINE_PERSON], n = 0;

    p->slot = job_array(j, people + 1u, sizeof *p->slot);
    for (uint32_t k = 0; k < people; k++)
        p->slot[k] = is_there(p->now, k, p->dates.first - 2 * PAST_DAYS, p->dates.last)
                         ? n++
                         : TIMELINE_NONE;
    return n;
}

static struct timeline_order
order_of(int32_t day, int32_t as_of, int threads)
{
    return (struct timeline_order){.as_of = as_of, .known_at = (day + 1) * DAY_US - 1,
                                   .threads = threads, .from_made = true};
}

/* ---- all of them ------------------------------------------------------------------ */

/* The last of the Sundays on which the same is known as on `from`. */
static enum err
same_until(struct job *j, const struct past *p, int32_t from, int32_t *to)
{
    uint8_t first[TIMELINE_STATE], next[TIMELINE_STATE];
    struct timeline_order order = order_of(from, from, 0);
    enum err e = timeline_state(j, &order, first);

    for (*to = from; !e && *to < p->dates.last; *to += WEEK) {
        order = order_of(*to + WEEK, *to + WEEK, 0);
        e = timeline_state(j, &order, next);
        if (!e && memcmp(first, next, sizeof first) != 0)
            break;
    }
    return e;
}

static enum err
find_states(struct job *j, struct past *p, struct state *state)
{
    int32_t to = p->dates.first - WEEK;
    enum err e = OK;

    for (p->states = 0; !e && to < p->dates.last; p->states++) {
        struct state *s = &state[p->states];
        *s = (struct state){.past = p, .from = to + WEEK};
        e = same_until(j, p, s->from, &s->to);
        to = s->to;
    }
    return e;
}

/* States are worked off on two lanes where there are two cores and a second connection: most
 * of the time goes into reading the facts of each, which is one thread's work. */
enum { LANES = 2 };
struct lane {
    struct db *db;
    char *path;              /* of its column file */
};
struct lanes {
    struct past *past;
    struct state *state;
    struct lane lane[LANES];
    size_t n;
    int threads;             /* of each */
};

/* The file is as of the last of the days: signs look at none later than their own, and all
 * the batches were known on the first. */
static enum err
look_at_state(struct job *j, const struct lanes *l, const char *path, struct state *s)
{
    struct timeline_order order = order_of(s->from, s->to, l->threads);
    struct timeline *t;
    size_t blocks;
    enum err e = timeline_build(j, path, &order);

    if (!e)
        e = timeline_open(j, path, &t);
    if (e)
        return e;
    s->pass = sign_pass_of(l->past->pack, t, l->past->marks);
    s->now = persons_now(j, t, l->past);
    s->no_data = s->pass.no_data;
    blocks = (t->n[TIMELINE_PERSON] + PEOPLE_A_BLOCK - 1u) / PEOPLE_A_BLOCK;
    return thread_each(j, l->threads, blocks, JOB_MB, look_block, s);
}

static enum err
work_lane(struct job *j, void *arg, size_t lane)
{
    const struct lanes *l = arg;
    enum err e = OK;

    db_use(j, l->lane[lane].db);
    for (size_t i = lane; i < (size_t)l->past->states && !e; i += l->n) {
        struct scope scope = job_scope_begin(j);
        e = look_at_state(j, l, l->lane[lane].path, &l->state[i]);
        job_scope_end(j, scope);
    }
    return e;
}

static void
remove_file(void *arg)
{
    unlink(arg);
}

static void
open_lanes(struct job *j, struct lanes *l, const char *home)
{
    int threads = l->past->threads ? l->past->threads : thread_cores();

    l->n = threads > 1 && l->past->states > 1 ? 2 : 1;
    l->lane[0].db = j->db;
    if (l->n == 2 && db_open(j, db_url(j->db), DB_READ, &l->lane[1].db) != OK) {
        err_clear(j); /* a url that wants its password again: one after the other, then */
        l->n = 1;
    }
    l->threads = threads / (int)l->n;
    for (size_t i = 0; i < l->n; i++) {
        struct cleanup *c = job_on_end(j, remove_file);
        l->lane[i].path = job_format(j, "%s/timeline-%lld-then-%zu.columns", home,
                                     (long long)j->area, i + 1);
        c->arg = l->lane[i].path;
    }
}

enum err
past_look(struct job *j, struct past *p, const char *home)
{
    static const size_t memory = (size_t)1024 * JOB_MB;
    struct lanes l = {.past = p, .state = job_array(j, (size_t)p->dates.n + 1, sizeof *l.state)};
    enum err e = find_states(j, p, l.state);

    p->weeks = job_array(j, give_slots(j, p) * (size_t)p->dates.years + 1,
                         (1 + p->pack->n + TIERS) * sizeof *p->weeks);
    if (e)
        return e;
    open_lanes(j, &l, home);
    e = thread_each(j, (int)l.n, l.n, memory, work_lane, &l);
    p->no_data = UINT32_MAX;
    for (int i = 0; i < p->states; i++)
        p->no_data &= l.state[i].no_data;
    return e;
}
