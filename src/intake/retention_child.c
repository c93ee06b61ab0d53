/* All of a child removed: facts, names, notes, lines of kept text.  What is derived from facts
 * and holds no name (retention_tables) goes when figures are made again. */
#include "access/custody.h"
#include "intake/original.h"
#include "intake/retention_in.h"
#include "people/register_walk.h"

/* ---- the tables of facts that tell of a child -------------------------------------------- */

#define SQL_BATCHES(table)                                                                     \
    "SELECT DISTINCT f.batch_id FROM identity i CROSS JOIN " table " f WHERE i.area_id = $1 "  \
    "AND i.person_id = $2 AND f.area_id = i.area_id AND f.identity_id = i.identity_id"
#define SQL_LINES(table)                                                                       \
    "SELECT DISTINCT batch_id, file_id, line FROM " table " WHERE area_id = $1 "               \
    "AND identity_id = $2"
#define SQL_DROP(table) "DELETE FROM " table " WHERE area_id = $1 AND identity_id = $2"

/* The rows of facts.def whose facts are a child's. */
static const struct fact_sql {
    const char *columns, *batches, *lines, *drop;
} facts[] = {
#define FACT(table, columns, types)                                                            \
    {columns, SQL_BATCHES(#table), SQL_LINES(#table), SQL_DROP(#table)},
#include "intake/facts.def"
#undef FACT
};
enum { FACTS = sizeof facts / sizeof *facts };

static bool
is_of_child(const struct fact_sql *f)
{
    return strstr(f->columns, "identity_id") != NULL;
}

static const char sql_first_told[] =
    "SELECT DISTINCT batch_id FROM identity WHERE area_id = $1 AND person_id = $2";
/* Lists of people have no facts: one that says of somebody what an earlier one said leaves no
 * trace but its text. */
static const char sql_lists[] =
    "SELECT b.batch_id FROM batch b WHERE b.area_id = $1 AND b.kind = 'people' AND EXISTS "
    "(SELECT 1 FROM identity i WHERE i.area_id = b.area_id AND i.person_id = $2 "
    "AND i.source = 'person list')";

static enum err
give_batches(struct job *j, const char *sql, int64_t person, retention_batch_fn *fn, void *arg)
{
    enum err e = OK, done;
    struct rows q;

    db_ask(j, &q, sql, ARGS(INT(j->area), INT(person)));
    while (!e && db_next(&q))
        e = fn(j, arg, row_int(&q, 0));
    done = db_done(&q);
    return e ? e : done;
}

enum err
retention_batches_of(struct job *j, int64_t person, retention_batch_fn *fn, void *arg)
{
    enum err e = give_batches(j, sql_first_told, person, fn, arg);

    if (!e)
        e = give_batches(j, sql_lists, person, fn, arg);
    for (size_t i = 0; !e && i < FACTS; i++)
        if (is_of_child(&facts[i]))
            e = give_batches(j, facts[i].batches, person, fn, arg);
    return e;
}

/* ---- one record -------------------------------------------------------------------------- */

static const char sql_forget_findings[] =
    "UPDATE finding SET value = NULL, message = 'removed: its time was over' WHERE area_id = $1 "
    "AND batch_id = $2 AND file_id = $3 AND line = $4";

/* The text lies with the authority, of a sealed child too. */
static enum err
forget_line(struct job *j, struct original_place at)
{
    int64_t area = j->area;
    enum err e;

    j->area = custody_authority(area);
    e = original_forget(j, at);
    j->area = area;

    return e ? e : db_run(j, sql_forget_findings, ARGS(INT(j->area), INT(at.batch), INT(at.file),
                                                       INT(at.line)), NULL);
}

static enum err
list_lines(struct job *j, const char *sql, int64_t identity, struct original_place **out,
           size_t *n)
{
    size_t room = 0;
    struct rows q;

    *n = 0;
    *out = NULL;
    db_ask(j, &q, sql, ARGS(INT(j->area), INT(identity)));
    while (db_next(&q)) {
        if (*n == room) {
            room = room ? 2 * room : 64;
            *out = job_grow(j, *out, *n * sizeof **out, room * sizeof **out);
        }
        (*out)[(*n)++] = (struct original_place){row_int(&q, 0), row_int(&q, 1), row_int(&q, 2)};
    }
    return db_done(&q);
}

static enum err
drop_facts(struct job *j, const struct fact_sql *f, int64_t identity, size_t *lines)
{
    struct original_place *at;
    size_t n;
    enum err e = list_lines(j, f->lines, identity, &at, &n);

    for (size_t i = 0; !e && i < n; i++) {
        struct scope s = job_scope_begin(j);
        e = forget_line(j, at[i]);
        job_scope_end(j, s);
    }
    *lines += n;
    return e ? e : db_run(j, f->drop, ARGS(INT(j->area), INT(identity)), NULL);
}

static const char sql_batch_of[] =
    "SELECT batch_id FROM identity WHERE area_id = $1 AND identity_id = $2";
static const char sql_forget_text[] =
    "DELETE FROM file_chunk WHERE area_id = $1 AND (batch_id = $2 OR batch_id IN (SELECT "
    "b.batch_id FROM batch b WHERE b.area_id = $1 AND b.kind = 'people'))";

/* A list of people has no facts, and nothing says which line of which list was whose: the text of
 * all of them goes. */
static enum err
forget_list(struct job *j, int64_t identity)
{
    int64_t batch;
    enum err e = db_int(j, sql_batch_of, ARGS(INT(j->area), INT(identity)), 0, &batch);

    return e ? e : db_run(j, sql_forget_text, ARGS(INT(custody_authority(j->area)), INT(batch)),
                          NULL);
}

static const char *const sql_of_record[] = {
    "DELETE FROM correction WHERE area_id = $1 AND identity_id = $2",
    "DELETE FROM identity_change WHERE area_id = $1 AND identity_id = $2",
    "DELETE FROM identity WHERE area_id = $1 AND identity_id = $2",
};

static enum err
drop_record(struct job *j, int64_t identity)
{
    size_t lines = 0;
    enum err e = OK;

    for (size_t i = 0; !e && i < FACTS; i++)
        if (is_of_child(&facts[i]))
            e = drop_facts(j, &facts[i], identity, &lines);
    if (!e && !lines)
        e = forget_list(j, identity);
    for (size_t i = 0; !e && i < sizeof sql_of_record / sizeof *sql_of_record; i++)
        e = db_run(j, sql_of_record[i], ARGS(INT(j->area), INT(identity)), NULL);
    return e;
}

/* ---- a child ----------------------------------------------------------------------------- */

/* $1 area, $2 child. */
static const char *const sql_of_child[] = {
    "DELETE FROM note_audience WHERE area_id = $1 AND note_id IN (SELECT n.note_id FROM note n "
    "WHERE n.area_id = $1 AND n.person_id = $2)",
    "DELETE FROM note WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM child_guard WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM child_named WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM child_bar WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM break_glass WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM safe_address WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM safe_postcode WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM school_form WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM sign_child WHERE area_id = $1 AND person_id = $2 AND run_id IN "
    "(SELECT r.run_id FROM sign_run r WHERE r.area_id = $1)",
    "DELETE FROM sign_reason WHERE area_id = $1 AND person_id = $2 AND run_id IN "
    "(SELECT r.run_id FROM sign_run r WHERE r.area_id = $1)",
    "DELETE FROM watched_child WHERE area_id = $1 AND person_id = $2 AND run_id IN "
    "(SELECT r.run_id FROM sign_run r WHERE r.area_id = $1)",
    "DELETE FROM found_child WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM school_child WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM school_roll WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM retention_hold WHERE area_id = $1 AND person_id = $2 AND ended IS NOT NULL",
    "DELETE FROM identity_change WHERE area_id = $1 AND was_person_id = $2",
    "DELETE FROM person WHERE area_id = $1 AND person_id = $2",
};
static const char sql_records[] =
    "SELECT identity_id FROM identity WHERE area_id = $1 AND person_id = $2 ORDER BY identity_id";

static enum err
list_numbers(struct job *j, const char *sql, int64_t of, int64_t **out, size_t *n)
{
    size_t room = 0;
    struct rows q;

    *n = 0;
    *out = NULL;
    db_ask(j, &q, sql, ARGS(INT(j->area), INT(of)));
    while (db_next(&q)) {
        if (*n == room) {
            room = room ? 2 * room : 64;
            *out = job_grow(j, *out, *n * sizeof **out, room * sizeof **out);
        }
        (*out)[(*n)++] = row_int(&q, 0);
    }
    return db_done(&q);
}

enum err
retention_drop_child(struct job *j, int64_t person)
{
    int64_t *record;
    size_t n;
    enum err e;

    if (person < 0)
        return drop_record(j, -person);
    e = list_numbers(j, sql_records, person, &record, &n);
    for (size_t i = 0; !e && i < n; i++)
        e = drop_record(j, record[i]);
    for (size_t i = 0; !e && i < sizeof sql_of_child / sizeof *sql_of_child; i++)
        e = db_run(j, sql_of_child[i], ARGS(INT(j->area), INT(person)), NULL);
    return e;
}

/* ---- records of a load that was taken back ----------------------------------------------- */

#define SQL_NO_FACT(table) " AND NOT EXISTS (SELECT 1 FROM " table " f WHERE f.area_id = "       \
    "i.area_id AND f.identity_id = i.identity_id)"
static const char sql_told_by_nothing[] =
    "SELECT i.identity_id FROM identity i WHERE i.area_id = $1 AND i.batch_id = $2"
    SQL_NO_FACT("census_pupil") SQL_NO_FACT("suspension") SQL_NO_FACT("sen_need")
    SQL_NO_FACT("fsm_period") SQL_NO_FACT("ap_placement") SQL_NO_FACT("care_episode")
    SQL_NO_FACT("exclusion_outcome") SQL_NO_FACT("leaver") SQL_NO_FACT("register_entry")
    SQL_NO_FACT("ehc_fact")
    " AND NOT (i.source = 'person list' AND EXISTS (SELECT 1 FROM batch b WHERE b.area_id = $1 "
    "AND b.kind = 'people' AND b.state = 'published')) ORDER BY i.identity_id";
static const char sql_left_over[] =
    "DELETE FROM person WHERE area_id = $1 AND person_id = $2 AND NOT EXISTS (SELECT 1 "
    "FROM identity i WHERE i.area_id = $1 AND i.person_id = $2)";
static const char sql_person_of[] =
    "SELECT person_id FROM identity WHERE area_id = $1 AND identity_id = $2";

struct unseen {
    int64_t *record; /* 0: a register tells of it */
    size_t n;
};

static enum err
is_told_of(struct job *j, void *arg, const struct register_stands *s)
{
    struct unseen *u = arg;

    (void)j;
    for (size_t i = 0; i < u->n; i++)
        if (u->record[i] == s->identity)
            u->record[i] = 0;
    return OK;
}

static enum err
drop_unseen(struct job *j, int64_t record)
{
    int64_t person;
    enum err e = db_int(j, sql_person_of, ARGS(INT(j->area), INT(record)), 0, &person);

    for (size_t i = 0; !e && i < sizeof sql_of_record / sizeof *sql_of_record; i++)
        e = db_run(j, sql_of_record[i], ARGS(INT(j->area), INT(record)), NULL);
    return e || !person ? e : db_run(j, sql_left_over, ARGS(INT(j->area), INT(person)), NULL);
}

enum err
retention_drop_records(struct job *j, int64_t batch)
{
    struct unseen u;
    int64_t *all;
    enum err e = list_numbers(j, sql_told_by_nothing, batch, &all, &u.n);

    u.record = job_array(j, u.n, sizeof *u.record);
    if (!e && u.n)
        memcpy(u.record, all, u.n * sizeof *all);
    if (!e)
        e = register_walk(j, &(struct register_walk){all, u.n, INT32_MAX, is_told_of, &u});
    for (size_t i = 0; !e && i < u.n; i++)
        if (u.record[i])
            e = drop_unseen(j, u.record[i]);
    return e;
}
