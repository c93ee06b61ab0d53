/* What is due by the rules of retention, and what of it stays all the same. */
#include "intake/retention_in.h"
#include "access/custody.h"
#include "access/permit.h"
#include "base/text.h"
#include "people/register_walk.h"

#define DAY_US "86400000000"
/* $1 area, $2 the last day from which its time is over, $3 how many.  Rows: subject, that day,
 * the child (NULL: none in particular). */
/* Whose time is longer: $4 and $5 the last days of children looked after and with plans.  Any
 * fact tells, also of a load that was withdrawn: it is the cautious side. */
#define TOLD(table, which)                                                                         \
    "EXISTS (SELECT 1 FROM (SELECT p.identity_id AS his FROM identity p WHERE p.area_id = $1 "     \
    "AND p.person_id = d.subject UNION ALL SELECT -d.subject) x CROSS JOIN " table " f "           \
    "WHERE f.area_id = $1 AND f.identity_id = x.his AND f." which ")"
#define BY_CHILD(rows)                                                                             \
    "SELECT * FROM (SELECT d.subject, d.since, d.person_id, CASE WHEN "                            \
    TOLD("care_episode", "kind = 'care'") " THEN 1 ELSE 0 END AS care, CASE WHEN "                 \
    TOLD("ehc_fact", "kind = 'plan'") " OR " TOLD("census_pupil", "sen IN ('E', 'S')")             \
    " THEN 1 ELSE 0 END AS plan FROM (" rows ") d WHERE d.since <= $2) k WHERE (care = 0 OR "      \
    "since <= $4) AND (plan = 0 OR since <= $5) ORDER BY since, subject LIMIT $3"
/* A child of whom no date of birth is known: from when it was first told of. */
static const char sql_child[] = BY_CHILD(
    "SELECT i.person_id AS subject, COALESCE(MAX(i.born), MAX(b.started) / " DAY_US
    ") AS since, i.person_id FROM identity i LEFT JOIN batch b ON b.area_id = i.area_id "
    "AND b.batch_id = i.batch_id WHERE i.area_id = $1 AND i.person_id IS NOT NULL "
    "GROUP BY i.person_id UNION ALL "
    "SELECT -i.identity_id, COALESCE(i.born, b.started / " DAY_US "), NULL FROM identity i "
    "LEFT JOIN batch b ON b.area_id = i.area_id AND b.batch_id = i.batch_id "
    "WHERE i.area_id = $1 AND i.person_id IS NULL");
static const char sql_notes[] = BY_CHILD(
    "SELECT n.person_id AS subject, COALESCE(MAX(i.born), MAX(n.written) / " DAY_US
    ") AS since, n.person_id FROM note n LEFT JOIN identity i ON i.area_id = n.area_id "
    "AND i.person_id = n.person_id WHERE n.area_id = $1 GROUP BY n.person_id");
static const char sql_registers[] =
    "SELECT DISTINCT week, week + 6, NULL FROM register_week WHERE area_id = $1 "
    "AND week + 6 <= $2 ORDER BY week LIMIT $3";
static const char sql_originals[] =
    "SELECT b.batch_id, b.started / " DAY_US ", NULL FROM batch b WHERE b.area_id = $1 "
    "AND b.state <> 'loading' AND b.started / " DAY_US " <= $2 AND (EXISTS (SELECT 1 "
    "FROM file_chunk c WHERE c.area_id = b.area_id AND c.batch_id = b.batch_id) OR EXISTS "
    "(SELECT 1 FROM finding f WHERE f.area_id = b.area_id AND f.batch_id = b.batch_id)) "
    "ORDER BY b.started, b.batch_id LIMIT $3";
static const char sql_withdrawn[] =
    "SELECT batch_id, withdrawn / " DAY_US ", NULL FROM batch WHERE area_id = $1 "
    "AND state = 'withdrawn' AND withdrawn / " DAY_US " <= $2 AND expired IS NULL "
    "AND kind NOT LIKE 'marks%' ORDER BY withdrawn, batch_id LIMIT $3";
static const char sql_refused[] =
    "SELECT b.batch_id, b.started / " DAY_US ", NULL FROM batch b WHERE b.area_id = $1 "
    "AND b.state = 'refused' AND b.started / " DAY_US " <= $2 AND EXISTS (SELECT 1 FROM finding f "
    "WHERE f.area_id = b.area_id AND f.batch_id = b.batch_id) ORDER BY b.started, b.batch_id "
    "LIMIT $3";
static const char sql_tasks[] =
    "SELECT task_id, ended / " DAY_US ", NULL FROM task WHERE area_id = $1 "
    "AND state IN ('done', 'failed') AND ended / " DAY_US " <= $2 ORDER BY ended, task_id LIMIT $3";
static const char sql_forms[] =
    "SELECT form_id, COALESCE(sent, saved) / " DAY_US ", person_id FROM school_form "
    "WHERE area_id = $1 AND COALESCE(sent, saved) / " DAY_US " <= $2 ORDER BY form_id LIMIT $3";
static const char sql_signs[] =
    "SELECT * FROM (SELECT run_id AS subject, made / " DAY_US " AS since, NULL FROM sign_run "
    "WHERE area_id = $1 AND state IN ('past', 'kept') UNION ALL SELECT test_id, made / " DAY_US
    ", NULL FROM sign_test WHERE area_id = $1 AND state = 'kept' UNION ALL SELECT run_id, "
    "made / " DAY_US ", NULL FROM quality_run WHERE area_id = $1 AND state = 'past') d "
    "WHERE since <= $2 ORDER BY since, subject LIMIT $3";
/* One whose years another still reads waits for that one. */
static const char sql_snapshots[] =
    "SELECT s.snapshot_id, s.made / " DAY_US ", NULL FROM snapshot s WHERE s.area_id = $1 "
    "AND s.state = 'kept' AND s.made / " DAY_US " <= $2 AND NOT EXISTS (SELECT 1 "
    "FROM snapshot_year y WHERE y.area_id = s.area_id AND y.rows_of = s.snapshot_id "
    "AND y.snapshot_id <> s.snapshot_id) ORDER BY s.made, s.snapshot_id LIMIT $3";
static const char sql_openings[] =
    "SELECT glass_id, verdict_at / " DAY_US ", person_id FROM break_glass WHERE area_id = $1 "
    "AND verdict_at / " DAY_US " <= $2 ORDER BY glass_id LIMIT $3";
/* Of the installation, whichever authority looks. */
static const char sql_backups[] =
    "SELECT backup_id, made / " DAY_US ", NULL FROM backup_made WHERE area_id = 0 AND $1 > 0 "
    "AND destroyed IS NULL AND made / " DAY_US " <= $2 ORDER BY backup_id LIMIT $3";

static const char *const sql_due[RETENTION_RULES] = {
    [RETAIN_CHILD] = sql_child, [RETAIN_NOTES] = sql_notes, [RETAIN_REGISTERS] = sql_registers,
    [RETAIN_ORIGINALS] = sql_originals, [RETAIN_WITHDRAWN] = sql_withdrawn,
    [RETAIN_REFUSED] = sql_refused, [RETAIN_TASKS] = sql_tasks, [RETAIN_FORMS] = sql_forms,
    [RETAIN_SIGNS] = sql_signs, [RETAIN_SNAPSHOTS] = sql_snapshots,
    [RETAIN_OPENINGS] = sql_openings, [RETAIN_BACKUPS] = sql_backups};

const char *
retention_held_words(enum retention_held h)
{
    static const char *const words[] = {
        [HELD_NOT] = "", [HELD_ALL] = "a hold on everything", [HELD_CHILD] = "a hold on a child",
        [HELD_REGISTERS] = "registers that are kept longer tell of the child",
        [HELD_BY_HAND] = "a person has to destroy it", [HELD_SEALED] = ""};

    return words[h];
}

const char *
retention_subject(struct job *j, enum retention_rule r, int64_t subject)
{
    static const char *const what[RETENTION_RULES] = {
        [RETAIN_CHILD] = "child", [RETAIN_PLAN] = "child", [RETAIN_CARE] = "child",
        [RETAIN_NOTES] = "notes on child", [RETAIN_ORIGINALS] = "batch",
        [RETAIN_WITHDRAWN] = "batch", [RETAIN_REFUSED] = "batch", [RETAIN_TASKS] = "task",
        [RETAIN_FORMS] = "form", [RETAIN_SIGNS] = "list", [RETAIN_SNAPSHOTS] = "snapshot",
        [RETAIN_OPENINGS] = "opening", [RETAIN_BACKUPS] = "copy"};
    char day[DATE_TEXT];

    if (r == RETAIN_REGISTERS)
        return job_format(j, "week of %s", date_words((int32_t)subject, day));
    if (subject < 0)
        return job_format(j, "record %lld, no child's", (long long)-subject);
    return job_format(j, "%s %lld", what[r], (long long)subject);
}

int32_t
retention_cutoff(int32_t today, int months)
{
    struct ymd d = date_to_ymd(today);
    int32_t month = d.year * 12 + d.month - 1 - months;
    int32_t year = month / 12, m = month % 12 + 1, day = d.day;

    while (!date_is_valid(year, m, day))
        day--;
    return date_from_ymd(year, m, day);
}

/* ---- holds ------------------------------------------------------------------------------- */

struct batches {
    int64_t *v;
    size_t n, room;
};
/* The due items of one area, and all that keeps some of them. */
struct looking {
    struct retention_item *v;
    int64_t *child; /* of v; 0 none */
    size_t n, room;
    bool all;       /* a hold on everything */
    int64_t *held;  /* children */
    size_t n_held;
    struct batches of_held, of_sealed; /* that tell of them, and of sealed children that are held */
};

static bool
is_in(const int64_t *v, size_t n, int64_t x)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == x)
            return true;
    return false;
}

static enum err
take_batch(struct job *j, void *arg, int64_t batch)
{
    struct batches *b = arg;

    if (is_in(b->v, b->n, batch))
        return OK;
    if (b->n == b->room) {
        size_t room = b->room ? 2 * b->room : 64;
        b->v = job_grow(j, b->v, b->n * sizeof *b->v, room * sizeof *b->v);
        b->room = room;
    }
    b->v[b->n++] = batch;
    return OK;
}

static enum err
read_sealed(struct job *j, struct looking *l)
{
    int64_t area = j->area, *held;
    size_t n;
    bool all;
    enum err e;

    j->area = custody_area(area);
    e = retention_held(j, &held, &n, &all);
    for (size_t i = 0; !e && i < n; i++)
        e = retention_batches_of(j, held[i], take_batch, &l->of_sealed);
    j->area = area;
    return e;
}

static enum err
read_holds(struct job *j, struct looking *l)
{
    enum err e = retention_held(j, &l->held, &l->n_held, &l->all);

    for (size_t i = 0; !e && !l->all && i < l->n_held; i++)
        e = retention_batches_of(j, l->held[i], take_batch, &l->of_held);
    return e || l->all ? e : read_sealed(j, l);
}

/* ---- reading ----------------------------------------------------------------------------- */

static void
add(struct job *j, struct looking *l, const struct retention_item *i, int64_t child)
{
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : 256;
        l->v = job_grow(j, l->v, l->n * sizeof *l->v, room * sizeof *l->v);
        l->child = job_grow(j, l->child, l->n * sizeof *l->child, room * sizeof *l->child);
        l->room = room;
    }
    l->v[l->n] = *i;
    l->child[l->n++] = child;
}

bool
retention_is_child(enum retention_rule r)
{
    return r == RETAIN_CHILD || r == RETAIN_PLAN || r == RETAIN_CARE;
}

/* A child that goes does so by the longest rule that it is of. */
static enum retention_rule
rule_of(const struct rows *q, enum retention_rule r)
{
    if (r != RETAIN_CHILD)
        return r;
    return row_int(q, 3) ? RETAIN_CARE : row_int(q, 4) ? RETAIN_PLAN : r;
}

static enum err
ask(struct job *j, struct looking *l, enum retention_rule r, const struct retention_kept *kept)
{
    int32_t last = retention_cutoff(j->today, kept[r].months);
    struct rows q;

    if (!sql_due[r]) /* with another rule */
        return OK;
    if (r == RETAIN_CHILD || r == RETAIN_NOTES)
        db_ask(j, &q, sql_due[r],
               ARGS(INT(j->area), INT(last), INT(RETENTION_MOST),
                    INT(retention_cutoff(j->today, kept[RETAIN_CARE].months)),
                    INT(retention_cutoff(j->today, kept[RETAIN_PLAN].months))));
    else
        db_ask(j, &q, sql_due[r], ARGS(INT(j->area), INT(last), INT(RETENTION_MOST)));
    while (db_next(&q))
        add(j, l, &(struct retention_item){rule_of(&q, r), row_int(&q, 0), (int32_t)row_int(&q, 1),
                                           HELD_NOT}, row_int_or(&q, 2, 0));
    return db_done(&q);
}

static bool
is_of_batch(enum retention_rule r)
{
    return r == RETAIN_ORIGINALS || r == RETAIN_WITHDRAWN || r == RETAIN_REFUSED;
}

static enum retention_held
held_by(const struct looking *l, size_t i)
{
    const struct retention_item *v = &l->v[i];

    if (v->rule == RETAIN_BACKUPS)
        return HELD_BY_HAND;
    if (l->all)
        return HELD_ALL;
    if (l->child[i] && is_in(l->held, l->n_held, l->child[i]))
        return HELD_CHILD;
    if (is_of_batch(v->rule) && is_in(l->of_held.v, l->of_held.n, v->subject))
        return HELD_CHILD;
    if (is_of_batch(v->rule) && is_in(l->of_sealed.v, l->of_sealed.n, v->subject))
        return HELD_SEALED;
    return HELD_NOT;
}

/* ---- registers, which nobody can ask in SQL ---------------------------------------------- */

/* Rows of held children in the weeks that are due. */
struct kept_rows {
    const struct looking *l;
    const struct retention_records *held;
    int64_t *rows; /* of l->v */
    bool *open;    /* not of sealed children alone */
};

static enum err
count_row(struct job *j, void *arg, const struct register_stands *s)
{
    struct kept_rows *k = arg;

    (void)j;
    for (size_t w = 0; w < k->l->n; w++) {
        if (k->l->v[w].rule != RETAIN_REGISTERS || k->l->v[w].subject != s->week)
            continue;
        k->rows[w]++;
        for (size_t i = 0; i < k->held->n; i++)
            k->open[w] |= k->held->v[i] == s->identity && !k->held->sealed[i];
    }
    return OK;
}

static const char sql_rows[] =
    "SELECT CAST(SUM(children) AS INTEGER) FROM register_week WHERE area_id = $1 AND week = $2";

/* A week of which nothing but rows of held children is left stays; of another the rest goes. */
static enum err
look_at_weeks(struct job *j, struct looking *l)
{
    struct retention_records held;
    struct kept_rows k = {l, &held, job_array(j, l->n, sizeof *k.rows),
                          job_array(j, l->n, sizeof *k.open)};
    int64_t last = INT64_MIN, all;
    enum err e = retention_held_records(j, &held);

    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].rule == RETAIN_REGISTERS && l->v[i].subject > last)
            last = l->v[i].subject;
    if (e || last == INT64_MIN || !held.n)
        return e;
    e = register_walk(j, &(struct register_walk){held.v, held.n, last, count_row, &k});
    for (size_t i = 0; !e && i < l->n; i++) {
        if (!k.rows[i])
            continue;
        e = db_int(j, sql_rows, ARGS(INT(j->area), INT(l->v[i].subject)), 0, &all);
        if (k.rows[i] == all && !l->v[i].held)
            l->v[i].held = k.open[i] ? HELD_CHILD : HELD_SEALED;
    }
    return e;
}

/* ---- children of whom registers tell still -------------------------------------------------- */

struct who {
    struct job *j;
    struct looking *l;
    int64_t *identity;
    size_t *item; /* whose each is: an index into l->v */
    size_t n, room;
};

static enum err
stays_for_now(struct job *j, void *arg, const struct register_stands *s)
{
    struct who *w = arg;

    (void)j;
    for (size_t i = 0; i < w->n; i++)
        if (w->identity[i] == s->identity && !w->l->v[w->item[i]].held)
            w->l->v[w->item[i]].held = HELD_REGISTERS;
    return OK;
}

static const char sql_identities[] =
    "SELECT identity_id FROM identity WHERE area_id = $1 AND person_id = $2";

static void
add_identity(struct who *w, int64_t identity, size_t item)
{
    if (w->n == w->room) {
        size_t room = w->room ? 2 * w->room : 64;
        w->identity = job_grow(w->j, w->identity, w->n * sizeof *w->identity,
                               room * sizeof *w->identity);
        w->item = job_grow(w->j, w->item, w->n * sizeof *w->item, room * sizeof *w->item);
        w->room = room;
    }
    w->identity[w->n] = identity;
    w->item[w->n++] = item;
}

static enum err
add_person(struct who *w, int64_t person, size_t item)
{
    struct rows q;

    if (person < 0) { /* the record itself */
        add_identity(w, -person, item);
        return OK;
    }
    db_ask(w->j, &q, sql_identities, ARGS(INT(w->j->area), INT(person)));
    while (db_next(&q))
        add_identity(w, row_int(&q, 0), item);
    return db_done(&q);
}

static int
by_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* A child whose registers are kept longer stays till then. */
static enum err
look_at_children(struct job *j, struct looking *l)
{
    struct who w = {.j = j, .l = l};
    int64_t *sorted;
    enum err e = OK;

    for (size_t i = 0; !e && i < l->n; i++)
        if (retention_is_child(l->v[i].rule) && !l->v[i].held)
            e = add_person(&w, l->v[i].subject, i);
    if (e || !w.n)
        return e;
    sorted = job_array(j, w.n, sizeof *sorted);
    memcpy(sorted, w.identity, w.n * sizeof *sorted);
    qsort(sorted, w.n, sizeof *sorted, by_number);
    return register_walk(j, &(struct register_walk){sorted, w.n, INT32_MAX, stays_for_now, &w});
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* Nothing tells that a sealed child keeps something: it is not on the list. */
static void
leave_sealed_out(struct looking *l)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].held != HELD_SEALED)
            l->v[n++] = l->v[i];
    l->n = n;
}

enum err
retention_due(struct job *j, struct retention_item **out, size_t *n)
{
    struct looking l = {0};
    struct retention_kept rule[RETENTION_RULES];
    enum err e = retention_rules(j, rule);

    if (!e)
        e = read_holds(j, &l);
    for (int r = 0; !e && r < RETENTION_RULES; r++)
        e = ask(j, &l, (enum retention_rule)r, rule);
    for (size_t i = 0; !e && i < l.n; i++)
        l.v[i].held = held_by(&l, i);
    if (!e && !l.all)
        e = look_at_weeks(j, &l);
    if (!e && !l.all)
        e = look_at_children(j, &l);
    leave_sealed_out(&l);
    *out = l.v;
    *n = l.n;
    return e;
}

enum err
retention_due_copies(struct job *j, struct retention_item **out, size_t *n)
{
    struct looking l = {0};
    struct retention_kept rule[RETENTION_RULES];
    enum err e = retention_rules(j, rule);

    if (!e)
        e = ask(j, &l, RETAIN_BACKUPS, rule);
    for (size_t i = 0; !e && i < l.n; i++)
        l.v[i].held = HELD_BY_HAND;
    *out = l.v;
    *n = l.n;
    return e;
}
