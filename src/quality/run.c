#include "quality/run.h"
#include "people/area.h"
#include "quality/cover.h"
#include "store/chunks.h"

static const size_t RUN_MEMORY = (size_t)1024 * JOB_MB;

struct making {
    const struct quality_order *o;
    struct quality_look look;
    struct quality_found found;
    struct cover cover;
    int64_t id;
    struct quality_made *out;
};

static const char sql_same[] =
    "SELECT COUNT(*) FROM quality_run WHERE area_id = $1 AND state = 'current' AND day = $2 AND "
    "known_at = $3 AND program = $4";

enum err
quality_run_due(struct job *j, const struct quality_order *o, bool *due)
{
    int64_t n = 0;
    enum err e = db_int(j, sql_same, ARGS(INT(j->area), INT(o->day), INT(o->known_at),
                                          TEXT(ROOTED_VERSION)), 0, &n);

    *due = !n || o->again;
    return e;
}

/* ---- writing --------------------------------------------------------------------------- */

static const char sql_run[] =
    "INSERT INTO quality_run (area_id, run_id, day, known_at, program, state, made, columns) "
    "VALUES ($1, $2, $3, $4, $5, 'making', $6, $7)";

static enum err
begin_run(struct job *j, struct making *m)
{
    enum err e = area_next_id(j, 1, &m->id);

    m->out->run = m->id;
    return e ? e : db_run(j, sql_run, ARGS(INT(j->area), INT(m->id), INT(m->o->day),
                                           INT(m->o->known_at), TEXT(ROOTED_VERSION),
                                           INT(j->now), TEXT(timeline_name(j, m->o->t))), NULL);
}

#define OR_NULL(known, x) ((known) ? INT(x) : NUL)

static enum err
write_finding(struct job *j, const struct making *m, size_t i, struct chunks *c)
{
    const struct quality_finding *f = &m->found.v[i];
    const struct timeline_person *p =
        f->person == TIMELINE_NONE ? NULL : &m->o->t->person[f->person];
    const struct arg v[] = {
        INT(j->area), INT(m->id), INT(i + 1), TEXT(quality_rules[f->rule].name), INT(f->urn),
        p ? INT(p->person_id) : NUL, p ? INT(p->identity_id) : NUL, TEXT(f->fact),
        OR_NULL(f->batch, f->batch), OR_NULL(f->batch, f->file), OR_NULL(f->batch, f->line),
        OR_NULL(f->on != DATE_NONE, f->on), TEXT(f->value), TEXT(f->message),
    };

    return chunks_row(j, c, v);
}

static enum err
write_findings(struct job *j, struct making *m)
{
    struct chunks c = {"quality_finding",
                       "area_id, run_id, place, rule, urn, person_id, identity_id, fact, "
                       "batch_id, file_id, line, on_day, value, message",
                       "iiitiiitiiiitt", NULL, 0};
    enum err e = OK;

    for (size_t i = 0; i < m->found.n && !e; i++)
        e = write_finding(j, m, i, &c);
    m->out->findings = (int64_t)m->found.n;
    return e ? e : chunks_end(j, &c);
}

/* ---- counts: by rule and school, by rule, by school, of all ---------------------------- */

struct totals {
    int64_t findings, parts;
};

static enum err
write_count(struct job *j, const struct making *m, struct chunks *c, const char *rule,
            const struct arg *v)
{
    const struct arg row[] = {INT(j->area), INT(m->id), INT(0), TEXT(rule), v[0], v[1], v[2]};

    return v[1].i ? chunks_row(j, c, row) : OK;
}

/* Findings are in order of school, then rule. */
static enum err
write_school_counts(struct job *j, const struct making *m, struct chunks *c,
                    struct totals *of_rule)
{
    struct totals school = {0};
    enum err e = OK;

    for (size_t i = 0, n; i < m->found.n && !e; i += n) {
        const struct quality_finding *f = &m->found.v[i];
        bool last;
        for (n = 1; i + n < m->found.n && f[n].urn == f->urn && f[n].rule == f->rule;)
            n++;
        e = write_count(j, m, c, quality_rules[f->rule].name,
                        (const struct arg[]){INT(f->urn), INT(n), INT(1)});
        of_rule[f->rule].findings += (int64_t)n;
        of_rule[f->rule].parts++;
        school.findings += (int64_t)n;
        school.parts++;
        last = i + n == m->found.n || f[n].urn != f->urn;
        if (!last || e)
            continue;
        e = write_count(j, m, c, "", (const struct arg[]){INT(f->urn), INT(school.findings),
                                                          INT(school.parts)});
        of_rule[QUALITY_RULES].findings += school.findings;
        of_rule[QUALITY_RULES].parts += f->urn != 0;
        school = (struct totals){0};
    }
    return e;
}

static enum err
write_counts(struct job *j, struct making *m)
{
    struct chunks c = {"quality_count", "area_id, run_id, at_load, rule, urn, findings, parts",
                       "iiitiii", NULL, 0};
    struct totals of_rule[QUALITY_RULES + 1] = {{0}};
    enum err e = write_school_counts(j, m, &c, of_rule);

    for (int r = 0; r <= QUALITY_RULES && !e; r++)
        e = write_count(j, m, &c, r < QUALITY_RULES ? quality_rules[r].name : "",
                        (const struct arg[]){INT(QUALITY_EVERYWHERE), INT(of_rule[r].findings),
                                             INT(of_rule[r].parts)});
    return e ? e : chunks_end(j, &c);
}

/* What loading found in the published batches, by rule. */
static const char sql_count_loads[] =
    "INSERT INTO quality_count (area_id, run_id, at_load, rule, urn, findings, parts) "
    "SELECT $1, $2, 1, f.rule, -1, COUNT(*), COUNT(DISTINCT b.batch_id) FROM batch b "
    "CROSS JOIN finding f WHERE b.area_id = $1 AND b.state = 'published' AND "
    "f.area_id = b.area_id AND f.batch_id = b.batch_id GROUP BY f.rule";

/* ---- in force, and what older runs leave behind ---------------------------------------- */

static const char sql_old_ones[] =
    "UPDATE quality_run SET state = 'old' WHERE area_id = $1 AND state IN ('current', 'making') "
    "AND run_id <> $2";
static const char sql_current[] =
    "UPDATE quality_run SET state = 'current' WHERE area_id = $1 AND run_id = $2 "
    "AND state = 'making'"; /* a record may have been sealed meanwhile (intake/sealing.h) */

static enum err
put_in_force(struct job *j, int64_t run)
{
    enum err e = db_begin(j);

    if (!e)
        e = db_run(j, sql_old_ones, ARGS(INT(j->area), INT(run)), NULL);
    if (!e)
        e = db_run(j, sql_current, ARGS(INT(j->area), INT(run)), NULL);
    return e ? e : db_commit(j);
}

static const char sql_old[] =
    "SELECT run_id FROM quality_run WHERE area_id = $1 AND state = 'old' ORDER BY run_id LIMIT 1";
static const char sql_drop[] =
    "DELETE FROM quality_finding WHERE area_id = $1 AND run_id = $2 AND place <= (SELECT "
    "MAX(place) FROM (SELECT place FROM quality_finding WHERE area_id = $1 AND run_id = $2 "
    "ORDER BY place LIMIT 8192) AS few)";
static const char sql_drop_counts[] =
    "DELETE FROM quality_count WHERE area_id = $1 AND run_id = $2";
static const char sql_past[] =
    "UPDATE quality_run SET state = 'past' WHERE area_id = $1 AND run_id = $2";

static enum err
empty_old_runs(struct job *j)
{
    int64_t run = 0, changed;
    enum err e = OK;

    while (!e && !(e = db_int(j, sql_old, ARGS(INT(j->area)), 0, &run)) && run) {
        struct args a = ARGS(INT(j->area), INT(run));
        for (changed = 1; changed && !e;)
            e = db_run(j, sql_drop, a, &changed);
        if (!e)
            e = db_run(j, sql_drop_counts, a, NULL);
        if (!e)
            e = quality_drop_cover(j, run);
        if (!e)
            e = db_run(j, sql_past, a, NULL);
    }
    return e;
}

/* ---- a run ----------------------------------------------------------------------------- */

static bool
asks(const struct quality_look *q, enum quality_about about)
{
    for (int r = 0; r < QUALITY_RULES; r++)
        if (quality_rules[r].about == about && !q->stands[r])
            return true;
    return false;
}

static enum err
look_for(struct job *j, struct making *m)
{
    struct quality_look *q = &m->look;
    struct cost start = cost_now();
    struct school_calendars *calendars;
    struct cover_due due;
    enum err e = OK;

    *q = (struct quality_look){.j = j, .t = m->o->t, .m = m->o->marks, .day = m->o->day};
    if (!m->o->again)
        e = quality_read_before(j, q, timeline_name(j, q->t));
    if (!e)
        e = quality_read_upns(j, q);
    if (!e)
        e = quality_read_names(j, q);
    if (!e && q->m && asks(q, QUALITY_TERM))
        e = quality_read_terms(j, q);
    if (!e && asks(q, QUALITY_LOOKED_AFTER))
        e = quality_read_looked_after(j, q);
    if (!e && !(e = school_days_load(j, m->o->known_at, &calendars)))
        q->calendars = calendars;
    for (int r = 0; r < QUALITY_RULES; r++)
        m->out->asked += !q->stands[r];
    if (!e)
        e = quality_look(q, &m->found);
    if (!e && !(e = cover_due_load(j, &due)))
        cover_derive(q, j->today, &due, &m->cover);
    m->out->looking = cost_since(start);
    return e;
}

static enum err
make_within(struct job *j, void *arg)
{
    struct making *m = arg;
    enum err e = look_for(j, m);
    struct cost start = cost_now();

    if (!e)
        e = db_reloadable(j, true);
    if (!e)
        e = begin_run(j, m);
    if (!e)
        e = write_findings(j, m);
    if (!e)
        e = write_counts(j, m);
    if (!e)
        e = quality_write_cover(j, m->id, &m->look, &m->cover);
    if (!e)
        e = quality_keep_terms(j, &m->look);
    if (!e)
        e = quality_keep_upns(j, &m->look);
    if (!e)
        e = db_run(j, sql_count_loads, ARGS(INT(j->area), INT(m->id)), NULL);
    if (!e)
        e = db_reloadable(j, false);
    if (!e)
        e = put_in_force(j, m->id);
    if (!e) /* emptied again after a power cut */
        e = db_reloadable(j, true);
    if (!e)
        e = empty_old_runs(j);
    if (!e)
        e = db_reloadable(j, false);
    m->out->writing = cost_since(start);
    m->out->made = !e;
    return e;
}

enum err
quality_run_make(struct job *j, const struct quality_order *o, struct quality_made *out)
{
    struct making m = {.o = o, .out = out};
    struct job own;
    bool due;
    enum err e = quality_run_due(j, o, &due);

    *out = (struct quality_made){0};
    if (e || !due)
        return e;
    job_init_child(&own, j, RUN_MEMORY);
    db_use(&own, j->db);
    e = job_run(&own, make_within, &m);
    if (e)
        j->err = own.err;
    job_end(&own);
    return e;
}

static const char sql_end[] =
    "UPDATE quality_run SET state = 'old' WHERE area_id = $1 AND state = 'current'";

enum err
quality_run_end(struct job *j)
{
    enum err e = db_run(j, sql_end, ARGS(INT(j->area)), NULL);

    return e ? e : empty_old_runs(j);
}
