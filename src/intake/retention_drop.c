/* One thing that is due, removed: what is large in small transactions, and a last one. */
#include "access/custody.h"
#include "intake/facts.h"
#include "intake/retention_in.h"
#include "people/register_walk.h"
#include "people/school_child.h"

bool
retention_mends(enum retention_rule r)
{
    static const bool mends[] = {
#define RULE(id, name, words, months, from, source, mend) [id] = mend,
#include "intake/retention.def"
#undef RULE
    };

    return mends[r];
}

/* ---- what goes in one transaction: $1 area, $2 subject ----------------------------------- */

static const char *const sql_notes[] = {
    "DELETE FROM note_audience WHERE area_id = $1 AND note_id IN (SELECT n.note_id FROM note n "
    "WHERE n.area_id = $1 AND n.person_id = $2)",
    "DELETE FROM note WHERE area_id = $1 AND person_id = $2",
    NULL};
/* After the rows themselves.  A batch of which no week is left is history; so is what was found
 * wrong with its lines. */
static const char *const sql_registers[] = {
    "DELETE FROM register_batch WHERE area_id = $1 AND week = $2 AND NOT EXISTS (SELECT 1 "
    "FROM register_week r WHERE r.area_id = $1 AND r.week = $2 "
    "AND r.batch_id = register_batch.batch_id)",
    "UPDATE register_batch SET marks = (SELECT CAST(SUM(r.marks) AS INTEGER) FROM register_week r "
    "WHERE r.area_id = $1 AND r.week = $2 AND r.batch_id = register_batch.batch_id) "
    "WHERE area_id = $1 AND week = $2",
    "DELETE FROM finding WHERE area_id = $1 AND $2 > 0 AND batch_id IN (SELECT b.batch_id "
    "FROM batch b WHERE b.area_id = $1 AND b.kind LIKE 'marks%' AND b.state = 'published' "
    "AND NOT EXISTS (SELECT 1 FROM register_week r WHERE r.area_id = $1 "
    "AND r.batch_id = b.batch_id))",
    NULL};
static const char *const sql_tasks[] = {
    "DELETE FROM file_check WHERE area_id = $1 AND task_id = $2",
    "DELETE FROM task WHERE area_id = $1 AND task_id = $2",
    NULL};
static const char *const sql_forms[] = {
    "DELETE FROM school_form WHERE area_id = $1 AND form_id = $2", NULL};
static const char *const sql_signs[] = {
    "DELETE FROM sign_reason WHERE area_id = $1 AND run_id = $2",
    "DELETE FROM sign_child WHERE area_id = $1 AND run_id = $2",
    "DELETE FROM sign_count WHERE area_id = $1 AND run_id = $2",
    "DELETE FROM watched_child WHERE area_id = $1 AND run_id = $2",
    "DELETE FROM sign_run WHERE area_id = $1 AND run_id = $2",
    "DELETE FROM sign_score WHERE area_id = $1 AND test_id = $2",
    "DELETE FROM sign_test WHERE area_id = $1 AND test_id = $2",
    "DELETE FROM quality_count WHERE area_id = $1 AND run_id = $2",
    "DELETE FROM quality_run WHERE area_id = $1 AND run_id = $2",
    NULL};
static const char *const sql_snapshots[] = {
    "DELETE FROM figure WHERE area_id = $1 AND snapshot_id = $2",
    "DELETE FROM statistic WHERE area_id = $1 AND snapshot_id = $2",
    "DELETE FROM child_type WHERE area_id = $1 AND snapshot_id = $2",
    "DELETE FROM listed_child WHERE area_id = $1 AND snapshot_id = $2",
    "DELETE FROM child_year WHERE area_id = $1 AND snapshot_id = $2",
    "DELETE FROM enrolment_year WHERE area_id = $1 AND snapshot_id = $2",
    "DELETE FROM snapshot_year WHERE area_id = $1 AND snapshot_id = $2",
    "DELETE FROM snapshot WHERE area_id = $1 AND snapshot_id = $2",
    NULL};
static const char *const sql_openings[] = {
    "DELETE FROM break_glass WHERE area_id = $1 AND glass_id = $2", NULL};

static const char *const *const small[RETENTION_RULES] = {
    [RETAIN_NOTES] = sql_notes, [RETAIN_REGISTERS] = sql_registers, [RETAIN_TASKS] = sql_tasks,
    [RETAIN_FORMS] = sql_forms, [RETAIN_SIGNS] = sql_signs, [RETAIN_SNAPSHOTS] = sql_snapshots,
    [RETAIN_OPENINGS] = sql_openings};

static const char sql_week[] = "DELETE FROM register_week WHERE area_id = $1 AND week = $2";

/* Rows of held children stay. */
static enum err
drop_week(struct job *j, int64_t week)
{
    struct retention_records held;
    enum err e = retention_held_records(j, &held);

    if (e)
        return e;
    return held.n ? register_keep_only(j, &(struct register_kept){week, held.v, held.n})
                  : db_run(j, sql_week, ARGS(INT(j->area), INT(week)), NULL);
}

static const char sql_expired[] =
    "UPDATE batch SET expired = $3 WHERE area_id = $1 AND batch_id = $2";

static enum err
drop_small(struct job *j, const struct retention_item *i)
{
    enum err e = OK;

    if (j->area < 0 && i->rule != RETAIN_NOTES)
        return retention_sealed_drop(j, i);
    if (retention_is_child(i->rule))
        return retention_drop_child(j, i->subject);
    if (i->rule == RETAIN_REGISTERS)
        e = drop_week(j, i->subject);
    if (i->rule == RETAIN_WITHDRAWN)
        e = retention_drop_records(j, i->subject);
    if (!e && i->rule == RETAIN_WITHDRAWN)
        e = db_run(j, sql_expired, ARGS(INT(j->area), INT(i->subject), INT(j->now)), NULL);
    for (const char *const *sql = small[i->rule]; !e && sql && *sql; sql++)
        e = db_run(j, *sql, ARGS(INT(j->area), INT(i->subject)), NULL);
    return e;
}

/* ---- what is large ----------------------------------------------------------------------- */

/* From here on no question about a past day sees it, so that nobody sees half of it. */
static const char sql_never_known[] =
    "UPDATE batch SET withdrawn = published WHERE area_id = $1 AND batch_id = $2 "
    "AND state = 'withdrawn' AND published IS NOT NULL";

static enum err
hide(struct job *j, int64_t batch)
{
    enum err e = db_begin(j);

    if (!e)
        e = db_run(j, sql_never_known, ARGS(INT(j->area), INT(batch)), NULL);
    return e ? e : db_commit(j);
}

static const char sql_sealed_findings[] =
    "DELETE FROM sealed_finding WHERE area_id = $1 AND batch_id = $2";

/* Where j->area is: facts of a batch that was withdrawn, its text and what was found in it. */
static enum err
drop_batch(struct job *j, const struct retention_item *i)
{
    enum err e = OK;

    if (i->rule == RETAIN_WITHDRAWN)
        e = facts_expire(j, i->subject);
    return e ? e : facts_forget(j, i->subject);
}

/* What the batch told of sealed children goes with it. */
static enum err
drop_large(struct job *j, const struct retention_item *i)
{
    int64_t area = j->area;
    enum err e = OK;

    if (area < 0 || (i->rule != RETAIN_WITHDRAWN && i->rule != RETAIN_ORIGINALS &&
                     i->rule != RETAIN_REFUSED))
        return OK;
    if (i->rule == RETAIN_WITHDRAWN)
        e = hide(j, i->subject);
    if (!e)
        e = drop_batch(j, i);
    j->area = custody_area(area);
    if (!e)
        e = drop_batch(j, i);
    if (!e)
        e = db_begin(j);
    if (!e)
        e = db_run(j, sql_sealed_findings, ARGS(INT(j->area), INT(i->subject)), NULL);
    if (!e)
        e = db_commit(j);
    j->area = area;
    return e;
}

/* Answers that pages kept about published batches are not given any more. */
static const char sql_turn[] = "UPDATE counted SET turn = turn + 1 WHERE area_id = $1";

enum err
retention_drop(struct job *j, const struct retention_drop *d)
{
    enum err e = drop_large(j, d->item);

    if (!e)
        e = db_begin(j);
    if (!e)
        e = drop_small(j, d->item);
    if (!e)
        e = db_run(j, sql_turn, ARGS(INT(j->area)), NULL);
    if (!e && retention_is_child(d->item->rule) && j->area > 0)
        e = school_child_changed(j);
    if (!e)
        e = d->last(j, d->arg, d->item);
    if (!e)
        e = db_commit(j);
    if (e)
        db_rollback(j);
    return e;
}
