#include "risk/sign_test.h"
#include "people/area.h"
#include "store/chunks.h"
#include "risk/refresh.h"
#include "risk/sign_past.h"
#include "risk/sign_run.h"
#include "store/db.h"

/* The weeks of every child, for whom each is a few hundred bytes; in a region a gigabyte. */
static const size_t TEST_MEMORY = (size_t)3 * 1024 * JOB_MB;
enum { WEEK = 7, DATES_MOST = 300 };

const struct sign_after_row sign_after_rows[AFTERS] = {
#define AFTER(id, name, title, definition) [id] = {name, title, definition},
#include "risk/sign_after.def"
#undef AFTER
};

struct testing {
    const struct sign_test_order *o;
    struct past past;
    struct past_scores *scores;
    int64_t known_at;
    struct sign_test *out;
};

/* ---- which Sundays ---------------------------------------------------------------- */

/* The day on which the first school census was known. */
static const char sql_first_known[] =
    "SELECT MIN(COALESCE(made_on, $2)) FROM batch WHERE area_id = $1 AND "
    "state = 'published' AND kind = 'census'";

static int32_t
sunday_before(int32_t day)
{
    return day - (date_weekday(day) + 1) % WEEK;
}

static enum err
too_little(struct job *j)
{
    err_set(j, ERR_NOT_FOUND, "there is too little data to look back: a day counts when a "
                              "school census was known on it and a year of data follows it");
    return err_hint(j, "Load the school censuses of at least two years, with the date on which "
                       "each file was made.");
}

static enum err
choose_dates(struct job *j, struct testing *x)
{
    struct past_dates *d = &x->past.dates;
    int most = x->o->dates > 0 && x->o->dates < DATES_MOST ? x->o->dates : SIGN_TEST_DATES;
    int64_t known;
    enum err e = signs_last_day(j, &d->followed_to);

    if (!e)
        e = db_int(j, sql_first_known, ARGS(INT(j->area), INT(j->today)), j->today, &known);
    if (e)
        return e;
    if (d->followed_to == DATE_NONE)
        return too_little(j);
    d->last = sunday_before(d->followed_to - PAST_DAYS);
    d->first = d->last - WEEK * (most - 1);
    while (d->first < known)
        d->first += WEEK;
    if (d->first > d->last)
        return too_little(j);
    d->n = (d->last - d->first) / WEEK + 1;
    d->first_year = date_school_year(d->first);
    d->years = date_school_year(d->last) - d->first_year + 1;
    return OK;
}

static enum err
open_today(struct job *j, struct testing *x)
{
    struct refresh_order order = {DATE_NONE, 0, false};
    struct timeline *t;
    struct marks *marks;
    enum err e = timeline_known(j, &x->known_at);
    struct marks_order weeks = {x->past.dates.followed_to, x->known_at, false, DATE_NONE,
                                DATE_NONE};

    if (!e)
        e = figures_timeline(j, x->o->home, &order, &t);
    if (!e)
        e = marks_get(j, marks_path(j, x->o->home), &weeks, &marks);
    if (e)
        return e;
    x->past.now = t;
    x->past.marks = marks->n ? marks : NULL;
    x->past.pack = x->o->pack;
    x->past.threads = x->o->threads;
    return OK;
}

/* ---- keeping it ------------------------------------------------------------------- */

static const char sql_test[] =
    "INSERT INTO sign_test (area_id, test_id, pack_id, program, state, made, known_at, first_day, "
    "last_day, followed_to, dates, states, looked, no_data) VALUES ($1, $2, $3, $4, 'making', $5, "
    "$6, $7, $8, $9, $10, $11, $12, $13)";

static enum err
begin_test(struct job *j, const struct testing *x)
{
    const struct past_dates *d = &x->past.dates;
    struct sign_test *t = x->out;
    enum err e = area_next_id(j, 1, &t->id);

    return e ? e
             : db_run(j, sql_test,
                      ARGS(INT(j->area), INT(t->id), INT(t->pack_id), TEXT(ROOTED_VERSION),
                           INT(j->now), INT(x->known_at), INT(d->first), INT(d->last),
                           INT(d->followed_to), INT(d->n), INT(t->states), INT(t->looked),
                           INT(t->no_data)),
                      NULL);
}

struct cell {
    int tested, after;
    size_t group;
};

static struct arg
days_or_null(int32_t days, size_t group)
{
    return days < 0 || group ? NUL : INT(days);
}

static enum err
write_cell(struct job *j, const struct testing *x, const struct cell *c, struct chunks *to)
{
    const struct past_score *s = &x->scores->cell[c->tested][c->after][c->group];
    const int32_t *lead = x->scores->lead[c->tested][c->after];
    const struct past_group *g = &past_groups[c->group];
    const struct arg v[] = {
        INT(j->area), INT(x->out->id), INT(c->tested), TEXT(sign_after_rows[c->after].name),
        TEXT(g->dimension), TEXT(g->member), INT(s->looked), INT(s->looked_outcome),
        INT(s->listed), INT(s->listed_outcome), INT(s->outcomes), INT(s->outcomes_listed),
        days_or_null(past_lead(lead, 1), c->group), days_or_null(past_lead(lead, 2), c->group),
        days_or_null(past_lead(lead, 3), c->group)};

    return s->looked || s->outcomes ? chunks_row(j, to, v) : OK;
}

static enum err
write_scores(struct job *j, const struct testing *x)
{
    struct chunks to = {"sign_score",
                        "area_id, test_id, tested, outcome, dimension, member, looked, "
                        "looked_outcome, listed, listed_outcome, outcomes, outcomes_listed, "
                        "lead_low, lead, lead_high",
                        "iiitttiiiiiiiii", NULL, 0};
    enum err e = OK;

    for (int r = 0; r < SIGN_TESTED && !e; r++)
        for (int o = 0; o < AFTERS && past_row(&x->past, r) && !e; o++)
            for (size_t g = 0; g < past_n_groups && !e; g++)
                e = write_cell(j, x, &(struct cell){r, o, g}, &to);
    return e ? e : chunks_end(j, &to);
}

/* One test of a pack is in force; what an older one, or a killed one, has left goes. */
static const char sql_keep[] =
    "UPDATE sign_test SET state = 'kept' WHERE area_id = $1 AND pack_id = $2 AND "
    "state = 'current'";
static const char sql_current[] =
    "UPDATE sign_test SET state = 'current' WHERE area_id = $1 AND test_id = $2";
static const char sql_drop[] =
    "DELETE FROM sign_score WHERE area_id = $1 AND test_id IN (SELECT test_id FROM sign_test "
    "WHERE area_id = $1 AND pack_id = $2 AND test_id < $3)";

static enum err
put_in_force(struct job *j, const struct testing *x)
{
    int64_t pack = x->out->pack_id, test = x->out->id;
    enum err e = db_begin(j);

    if (!e)
        e = db_run(j, sql_keep, ARGS(INT(j->area), INT(pack)), NULL);
    if (!e)
        e = db_run(j, sql_current, ARGS(INT(j->area), INT(test)), NULL);
    if (!e)
        e = db_run(j, sql_drop, ARGS(INT(j->area), INT(pack), INT(test)), NULL);
    return e ? e : db_commit(j);
}

static enum err
keep(struct job *j, const struct testing *x)
{
    enum err e = begin_test(j, x);

    if (!e)
        e = write_scores(j, x);
    return e ? e : put_in_force(j, x);
}

/* ---- a test ----------------------------------------------------------------------- */

static enum err
test_within(struct job *j, void *arg)
{
    struct testing *x = arg;
    struct past *p = &x->past;
    enum err e = choose_dates(j, x);

    if (!e)
        e = open_today(j, x);
    if (!e)
        e = past_look(j, p, x->o->home);
    if (!e)
        e = past_score(j, p, &x->scores);
    if (e)
        return e;
    *x->out = (struct sign_test){
        .pack_id = x->o->pack_id, .made = j->now, .first_day = p->dates.first,
        .last_day = p->dates.last, .followed_to = p->dates.followed_to, .dates = p->dates.n,
        .states = p->states, .looked = x->scores->looked, .no_data = p->no_data};
    return x->o->pack_id ? keep(j, x) : OK;
}

enum err
sign_test_make(struct job *j, const struct sign_test_order *o, struct sign_test *out)
{
    struct testing x = {.o = o, .out = out};
    struct job own;
    enum err e;

    *out = (struct sign_test){0};
    job_init_child(&own, j, TEST_MEMORY);
    db_use(&own, j->db);
    e = job_run(&own, test_within, &x);
    if (e)
        j->err = own.err;
    job_end(&own);
    out->pack_version = o->pack->version;
    return e;
}
