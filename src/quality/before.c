/* What rules found in the run in force that still stands. */
#include "quality/run.h"
#include "store/db.h"

static const char sql_run[] =
    "SELECT run_id, day FROM quality_run WHERE area_id = $1 AND state = 'current' AND "
    "program = $2 AND columns = $3";

static enum err
find_run(struct job *j, const char *columns, int64_t *run, int32_t *day)
{
    struct rows r;

    *run = 0;
    db_ask(j, &r, sql_run, ARGS(INT(j->area), TEXT(ROOTED_VERSION), TEXT(columns)));
    if (db_next(&r)) {
        *run = row_int(&r, 0);
        *day = (int32_t)row_int(&r, 1);
    }
    return db_done(&r);
}

static const char sql_findings[] =
    "SELECT rule, urn, person_id, fact, batch_id, file_id, line, on_day, value, message "
    "FROM quality_finding WHERE area_id = $1 AND run_id = $2 ORDER BY place";

static struct quality_finding
finding_from_row(const struct quality_look *q, struct rows *r, int rule)
{
    return (struct quality_finding){
        .rule = rule, .urn = row_int(r, 1),
        .person = row_is_null(r, 2) ? TIMELINE_NONE : timeline_person_find(q->t, row_int(r, 2)),
        .fact = row_text(r, 3), .batch = row_int(r, 4), .file = row_int(r, 5),
        .line = row_int(r, 6), .on = (int32_t)row_int_or(r, 7, DATE_NONE),
        .value = row_text(r, 8), .message = row_text(r, 9)};
}

static enum err
read_findings(struct job *j, struct quality_look *q, int64_t run)
{
    struct quality_found *f = &q->before;
    size_t room = 0;
    struct rows r;

    db_ask(j, &r, sql_findings, ARGS(INT(j->area), INT(run)));
    while (db_next(&r)) {
        size_t n;
        const char *name = row_peek(&r, 0, &n);
        int rule = quality_rule_find(job_copy_n(j, name, n));
        if (rule < 0 || !q->stands[rule])
            continue;
        if (f->n == room) {
            room = room ? 2 * room : 1024;
            f->v = job_grow(j, f->v, f->n * sizeof *f->v, room * sizeof *f->v);
        }
        f->v[f->n++] = finding_from_row(q, &r, rule);
    }
    return db_done(&r);
}

enum err
quality_read_before(struct job *j, struct quality_look *q, const char *columns)
{
    int64_t run = 0;
    int32_t day = DATE_NONE;
    enum err e = columns ? find_run(j, columns, &run, &day) : OK;

    if (e || !run)
        return e;
    for (int r = 0; r < QUALITY_RULES; r++)
        q->stands[r] = quality_rules[r].reads == QUALITY_FACTS ||
                       (quality_rules[r].reads == QUALITY_DAY && day == q->day);
    return read_findings(j, q, run);
}
