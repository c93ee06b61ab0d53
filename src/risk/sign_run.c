#include "risk/sign_run.h"
#include "people/area.h"
#include "store/chunks.h"
#include "risk/refresh.h"
#include "risk/sign_packs.h"
#include "risk/sign_rows.h"
#include "risk/watch_walk.h"

/* Of whom all is held at once: rows of children and reasons, twice. */
static const size_t RUN_MEMORY = (size_t)1024 * JOB_MB;
enum { WEEK = 7, LEAST_BACK = 5, MOST_BACK = 9, KEPT_DAYS = 10 };

struct making {
    const struct sign_run_order *o;
    struct sign_pack pack;
    int64_t id, pack_id;
    struct sign_list list;
    struct sign_befores before;
    struct watch_order watch;
    struct watched_list watched;
    struct sign_rows rows;
    struct sign_run_made *out;
};

/* ---- a week before ---------------------------------------------------------------- */

/* The run nearest to a week before that kept its children. */
static const char sql_before[] =
    "SELECT run_id, day FROM sign_run WHERE area_id = $1 AND day >= $2 AND day <= $3 AND "
    "state IN ('kept', 'current') AND pack_id = $5 AND no_data = $6 "
    "ORDER BY ABS(day - $4), run_id DESC LIMIT 1";
static const char sql_before_children[] =
    "SELECT person_id, urn, met, year_group, tier, tier_school FROM sign_child "
    "WHERE area_id = $1 AND run_id = $2 AND met <> 0 ORDER BY person_id";
static const char sql_before_count[] =
    "SELECT COUNT(*) FROM sign_child WHERE area_id = $1 AND run_id = $2 AND met <> 0";

static enum err
read_before(struct job *j, int64_t run, struct sign_befores *out)
{
    struct args a = ARGS(INT(j->area), INT(run));
    int64_t room;
    struct rows q;
    enum err e = db_int(j, sql_before_count, a, 0, &room);

    if (e)
        return e;
    out->v = job_array(j, (size_t)room + 1, sizeof *out->v);
    db_ask(j, &q, sql_before_children, a);
    while ((int64_t)out->n < room && db_next(&q))
        out->v[out->n++] = (struct sign_before){
            .person_id = row_int(&q, 0), .urn = row_int(&q, 1), .met = (uint32_t)row_int(&q, 2),
            .year_group = (int8_t)row_int(&q, 3), .tier = (uint8_t)row_int(&q, 4),
            .tier_school = (uint8_t)row_int(&q, 5)};
    return db_done(&q);
}

static enum err
find_before(struct job *j, struct making *m, uint32_t no_data, int64_t *run)
{
    int32_t day = m->o->day;
    struct rows q;

    *run = 0;
    db_ask(j, &q, sql_before,
           ARGS(INT(j->area), INT(day - MOST_BACK), INT(day - LEAST_BACK), INT(day - WEEK),
                INT(m->pack_id), INT(no_data)));
    if (db_next(&q)) {
        *run = row_int(&q, 0);
        m->before.day = (int32_t)row_int(&q, 1);
    }
    return db_done(&q);
}

/* ---- looking ---------------------------------------------------------------------- */

/* Everybody once: for signs of the day, what the law counts, and signs of a week before where no
 * run kept them. */
static enum err
walk(struct job *j, struct making *m, bool before)
{
    const struct sign_run_order *o = m->o;
    struct sign_order now = {&m->pack, o->t, o->marks, o->day, 0}, then = now;
    struct sign_looker looker[SIGN_LOOKERS];
    struct sign_walk w = {o->t, o->marks, looker, before ? 3 : 2, 0};
    struct sign_finding *found = sign_finding_open(j, &now, &looker[0]), *was = NULL;
    struct watch_finding *watched = watch_finding_open(j, &m->watch, &looker[1]);
    struct sign_list list;
    enum err e;

    then.day = o->day - WEEK;
    if (before)
        was = sign_finding_open(j, &then, &looker[2]);
    if ((e = sign_walk(j, &w)))
        return e;
    sign_finding_end(found, &m->list);
    watch_finding_end(watched, &m->watched);
    if (was) {
        sign_finding_end(was, &list);
        m->before = sign_befores_of(j, o->t, &list);
    }
    return OK;
}

static enum err
look(struct job *j, struct making *m)
{
    struct sign_pass pass = sign_pass_of(&m->pack, m->o->t, m->o->marks);
    int64_t run;
    enum err e = find_before(j, m, pass.no_data, &run);

    if (!e)
        e = watch_order_of(j, m->o, &m->watch);
    if (!e)
        e = walk(j, m, !run);
    return e || !run ? e : read_before(j, run, &m->before);
}

/* ---- writing ---------------------------------------------------------------------- */

#define DATE_OR_NULL(d) ((d) == DATE_NONE ? NUL : INT(d))

static const char sql_run[] =
    "INSERT INTO sign_run (area_id, run_id, day, known_at, pack_id, pack_version, program, "
    "state, made, looked_at, compared_day, no_data, registers_to) VALUES ($1, $2, $3, $4, $5, "
    "$6, $7, 'making', $8, $9, $10, $11, $12)";

static enum err
begin_run(struct job *j, struct making *m)
{
    const struct sign_run_order *o = m->o;
    enum err e = area_next_id(j, 1, &m->id);

    m->out->run = m->id;
    return e ? e
             : db_run(j, sql_run,
                      ARGS(INT(j->area), INT(m->id), INT(o->day), INT(o->known_at),
                           INT(m->pack_id), TEXT(m->pack.version), TEXT(ROOTED_VERSION),
                           INT(j->now), INT(m->list.looked_at), DATE_OR_NULL(m->before.day),
                           INT(m->list.no_data), DATE_OR_NULL(o->registers_to)),
                      NULL);
}

static enum err
write_child(struct job *j, const struct making *m, const struct sign_row *r, struct chunks *c)
{
    const struct timeline_person *p = &m->o->t->person[r->person];
    const struct arg v[] = {
        INT(j->area), INT(m->id), INT(r->place), INT(p->person_id), INT(p->identity_id),
        INT(m->o->t->school[r->school].urn), INT(r->year_group), INT(r->kinds_place),
        INT(r->tier), INT(r->tier_school), INT(r->before.tier), INT(r->before.tier_school),
        INT(r->met), INT(r->met_school), INT(r->before.met),
        INT(sign_domains(&m->pack, r->met)), INT(sign_domains(&m->pack, r->met_school)),
        INT(r->now ? r->now->context : 0),
    };

    return chunks_row(j, c, v);
}

static enum err
write_children(struct job *j, struct making *m)
{
    struct chunks c = {"sign_child",
                       "area_id, run_id, place, person_id, identity_id, urn, year_group, "
                       "kinds_place, tier, tier_school, tier_before, tier_before_school, met, "
                       "met_school, met_before, domains, domains_school, context",
                       "iiiiiiiiiiiiiiiiii", NULL, 0};
    enum err e = OK;

    for (size_t i = 0; i < m->rows.n && !e; i++)
        e = write_child(j, m, &m->rows.v[i], &c);
    if (!e)
        e = chunks_end(j, &c);
    m->out->children = c.rows;
    return e;
}

static enum err
write_child_reasons(struct job *j, const struct making *m, const struct sign_child *child,
                    struct chunks *c)
{
    enum err e = OK;

    for (size_t i = 0; i < child->n && !e; i++) {
        const struct sign_found *f = &m->list.found[child->found + i];
        const struct arg v[] = {
            INT(j->area), INT(m->id), INT(m->o->t->person[child->person].person_id),
            INT(f->rule), INT(f->variant), INT(f->value[0]), INT(f->value[1]),
            INT(f->value[2]), INT(f->value[3]), DATE_OR_NULL(f->on),
            DATE_OR_NULL(f->data_day)};
        e = chunks_row(j, c, v);
    }
    return e;
}

static enum err
write_reasons(struct job *j, struct making *m)
{
    struct chunks c = {"sign_reason",
                       "area_id, run_id, person_id, rule, variant, value_1, value_2, value_3, "
                       "value_4, on_day, data_day",
                       "iiiiiiiiiii", NULL, 0};
    enum err e = OK;

    for (size_t i = 0; i < m->list.n && !e; i++)
        e = write_child_reasons(j, m, &m->list.child[i], &c);
    if (!e)
        e = chunks_end(j, &c);
    m->out->reasons = c.rows;
    return e;
}

/* ---- counts ----------------------------------------------------------------------- */

struct counted_for {
    bool school;
    int64_t urn; /* 0 all */
};

static enum err
write_counts_of(struct job *j, const struct making *m, struct counted_for of,
                const struct sign_counts *n, struct chunks *c)
{
    enum err e = OK;

    for (const struct sign_counted *s = sign_counted; s->what && !e; s++) {
        const int32_t *v = (const int32_t *)(const void *)((const char *)n + s->offset);
        for (size_t i = 0; i < s->members && !e; i++) {
            const struct arg row[] = {INT(j->area), INT(m->id), INT(of.school), INT(of.urn),
                                      TEXT(s->what), INT(s->first + (int)i), INT(v[i])};
            if (v[i])
                e = chunks_row(j, c, row);
        }
    }
    return e;
}

static enum err
write_counts(struct job *j, struct making *m)
{
    uint32_t schools = m->o->t->n[TIMELINE_SCHOOL];
    struct sign_counts *n = job_array(j, 2 * (size_t)(schools + 1), sizeof *n);
    struct sign_counts *all = &n[2 * (size_t)schools];
    struct chunks c = {"sign_count", "area_id, run_id, school, urn, what, member, children",
                       "iiiitii", NULL, 0};
    enum err e = OK;

    for (size_t i = 0; i < m->rows.n; i++) {
        const struct sign_row *r = &m->rows.v[i];
        sign_count_row(&m->pack, r, false, &n[2 * (size_t)r->school]);
        sign_count_row(&m->pack, r, true, &n[2 * (size_t)r->school + 1]);
        sign_count_row(&m->pack, r, false, all);
    }
    e = write_counts_of(j, m, (struct counted_for){false, 0}, all, &c);
    for (uint32_t s = 0; s < 2 * schools && !e; s++)
        e = write_counts_of(j, m,
                            (struct counted_for){s % 2, m->o->t->school[s / 2].urn}, &n[s], &c);
    return e ? e : chunks_end(j, &c);
}

/* ---- in force, and what older runs leave behind ------------------------------------ */

static const char sql_keep[] =
    "UPDATE sign_run SET state = 'kept' WHERE area_id = $1 AND state = 'current'";
static const char sql_current[] =
    "UPDATE sign_run SET state = 'current' WHERE area_id = $1 AND run_id = $2 "
    "AND state = 'making'"; /* a record may have been sealed meanwhile (intake/sealing.h) */

static enum err
put_in_force(struct job *j, const struct making *m)
{
    enum err e = db_begin(j);

    if (!e)
        e = db_run(j, sql_keep, ARGS(INT(j->area)), NULL);
    if (!e)
        e = db_run(j, sql_current, ARGS(INT(j->area), INT(m->id)), NULL);
    return e ? e : db_commit(j);
}

/* A run to be emptied: killed while it was made, of a day long past, or not the newest of
 * its day. */
static const char sql_old[] =
    "SELECT r.run_id FROM sign_run r WHERE r.area_id = $1 AND r.run_id < $2 AND "
    "r.state IN ('making', 'kept', 'withdrawn') AND (r.state <> 'kept' OR r.day < $3 OR "
    "r.day > $4 OR EXISTS (SELECT 1 FROM sign_run n WHERE n.area_id = r.area_id AND "
    "n.day = r.day AND n.run_id > r.run_id AND n.state IN ('kept', 'current'))) "
    "ORDER BY r.run_id LIMIT 1";
static const char sql_drop_children[] =
    "DELETE FROM sign_child WHERE area_id = $1 AND run_id = $2 AND place <= (SELECT MAX(place) "
    "FROM (SELECT place FROM sign_child WHERE area_id = $1 AND run_id = $2 ORDER BY place "
    "LIMIT 8192) AS few)";
static const char sql_drop_reasons[] =
    "DELETE FROM sign_reason WHERE area_id = $1 AND run_id = $2 AND person_id <= (SELECT "
    "MAX(person_id) FROM (SELECT person_id FROM sign_reason WHERE area_id = $1 AND run_id = $2 "
    "ORDER BY person_id, rule LIMIT 8192) AS few)";
static const char sql_drop_counts[] =
    "DELETE FROM sign_count WHERE area_id = $1 AND run_id = $2";
static const char sql_drop_watched[] =
    "DELETE FROM watched_child WHERE area_id = $1 AND run_id = $2 AND urn IN (SELECT urn FROM "
    "watched_child WHERE area_id = $1 AND run_id = $2 ORDER BY urn LIMIT 4096)";
static const char sql_past[] =
    "UPDATE sign_run SET state = 'past' WHERE area_id = $1 AND run_id = $2";

static enum err
empty_run(struct job *j, int64_t run)
{
    static const char *const piecewise[] = {sql_drop_children, sql_drop_reasons,
                                            sql_drop_watched};
    struct args a = ARGS(INT(j->area), INT(run));
    int64_t changed = 1;
    enum err e = OK;

    for (size_t i = 0; i < 3 && !e; i++)
        for (changed = 1; changed && !e;)
            e = db_run(j, piecewise[i], a, &changed);
    if (!e)
        e = db_run(j, sql_drop_counts, a, NULL);
    return e ? e : db_run(j, sql_past, a, NULL);
}

static enum err
empty_old_runs(struct job *j, const struct making *m)
{
    int64_t run = 1;
    enum err e = OK;

    while (run && !e) {
        e = db_int(j, sql_old,
                   ARGS(INT(j->area), INT(m->id), INT(m->o->day - KEPT_DAYS), INT(m->o->day)), 0,
                   &run);
        if (!e && run)
            e = empty_run(j, run);
    }
    return e;
}

/* ---- a run ------------------------------------------------------------------------ */

static enum err
write_all(struct job *j, struct making *m)
{
    enum err e = db_reloadable(j, true);

    if (!e)
        e = begin_run(j, m);
    if (!e)
        e = write_children(j, m);
    if (!e)
        e = write_reasons(j, m);
    if (!e)
        e = write_counts(j, m);
    if (!e)
        e = watch_write(j, m->o, m->id, &m->watched);
    if (!e)
        e = db_reloadable(j, false);
    if (!e)
        e = put_in_force(j, m);
    if (!e) /* emptied again after a power cut */
        e = db_reloadable(j, true);
    if (!e)
        e = empty_old_runs(j, m);
    return e ? e : db_reloadable(j, false);
}

static enum err
make_within(struct job *j, void *arg)
{
    struct making *m = arg;
    struct cost start = cost_now(), found;
    enum err e = sign_pack_in_force(j, &m->pack, &m->pack_id);

    if (!e)
        e = look(j, m);
    if (!e)
        sign_rows_of(j, m->o, &m->list, &m->before, &m->rows);
    timeline_give_back(m->o->t);
    if (m->o->marks)
        marks_give_back_all(m->o->marks);
    found = cost_now();
    m->out->looking = cost_since(start);
    if (!e)
        e = write_all(j, m);
    m->out->writing = cost_since(found);
    m->out->made = !e;
    return e;
}

enum err
sign_run_make(struct job *j, const struct sign_run_order *o, struct sign_run_made *out)
{
    struct making m = {.o = o, .out = out, .before.day = DATE_NONE};
    struct job own;
    enum err e;

    *out = (struct sign_run_made){0};
    job_init_child(&own, j, RUN_MEMORY);
    db_use(&own, j->db);
    e = job_run(&own, make_within, &m);
    if (e)
        j->err = own.err;
    job_end(&own);
    return e;
}
