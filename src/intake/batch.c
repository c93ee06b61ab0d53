#include "intake/batch.h"
#include "access/permit.h"
#include "base/text.h"
#include "intake/after.h"
#include "intake/counted.h"
#include "intake/sealing.h"
#include "people/area.h"
#include "people/school_child.h"
#include "timeline/timeline.h"

static const char *const state_names[BATCH_STATES] = {"loading", "published", "refused",
                                                      "withdrawn"};

const char *
batch_state_name(enum batch_state s)
{
    return state_names[s];
}

static enum batch_state
state_of(const char *name)
{
    for (int s = 0; s < BATCH_STATES; s++)
        if (name && !strcmp(name, state_names[s]))
            return (enum batch_state)s;
    return BATCH_LOADING;
}

/* ---- reading --------------------------------------------------------------------- */

/* Findings of a batch are numbered from 1: the last number is how many there are. */
#define SQL_BATCH                                                                              \
    "SELECT batch_id, kind, title, digest, state, started, published, withdrawn, "             \
    "withdrawn_why, withdrawn_by, loaded_by, school_year, term, rows_read, rows_loaded, "      \
    "rows_refused, message, COALESCE((SELECT MAX(f.finding_id) FROM finding f "                \
    "WHERE f.area_id = batch.area_id AND f.batch_id = batch.batch_id), 0), made_on "           \
    "FROM batch WHERE area_id = $1 "
static const char sql_batch[] = SQL_BATCH "AND batch_id = $2";
/* Those that no longer change but with the turn of the area, and those that do. */
static const char sql_settled[] = SQL_BATCH "AND state <> 'loading' ORDER BY batch_id DESC";
static const char sql_under_way[] = SQL_BATCH "AND state = 'loading' ORDER BY batch_id DESC";

static void
batch_from_row(struct rows *q, struct batch *b)
{
    *b = (struct batch){
        .id = row_int(q, 0), .kind = row_text(q, 1), .title = row_text(q, 2),
        .digest = row_text(q, 3), .state = state_of(row_text(q, 4)), .started = row_int(q, 5),
        .published = row_int(q, 6), .withdrawn = row_int(q, 7), .withdrawn_why = row_text(q, 8),
        .withdrawn_by = row_text(q, 9), .loaded_by = row_text(q, 10),
        .school_year = (int32_t)row_int(q, 11), .term = (int32_t)row_int(q, 12),
        .read = row_int(q, 13), .loaded = row_int(q, 14), .refused = row_int(q, 15),
        .message = row_text(q, 16), .findings = row_int(q, 17),
        .made_on = (int32_t)row_int_or(q, 18, DATE_NONE),
    };
}

/* Room for one more in an array that doubles. */
static void *
room(struct job *j, void *v, size_t n, size_t *most, size_t size)
{
    if (n < *most)
        return v;
    v = job_grow(j, v, n * size, (n ? 2 * n : 16) * size);
    *most = n ? 2 * n : 16;
    return v;
}

struct list {
    struct batch *v;
    size_t n, most;
};

static void
add_batch(struct job *j, struct list *l, const struct batch *b)
{
    l->v = room(j, l->v, l->n, &l->most, sizeof *l->v);
    l->v[l->n++] = *b;
}

static enum err
read_batches(struct job *j, const struct db_kept *k, struct list *out)
{
    struct rows q;
    struct batch b;

    if (k->types)
        db_ask_kept(j, &q, k, ARGS(INT(j->area)));
    else
        db_ask(j, &q, k->sql, ARGS(INT(j->area)));
    while (db_next(&q)) {
        batch_from_row(&q, &b);
        add_batch(j, out, &b);
    }
    return db_done(&q);
}

/* Both newest first, and so is what comes of them. */
static void
merge(struct job *j, const struct list *a, const struct list *b, struct list *out)
{
    size_t i = 0, k = 0;

    while (i < a->n || k < b->n) {
        bool first = k == b->n || (i < a->n && a->v[i].id > b->v[k].id);
        add_batch(j, out, first ? &a->v[i++] : &b->v[k++]);
    }
}

enum err
batch_list(struct job *j, struct batch **out, size_t *n)
{
    struct list settled = {0}, under_way = {0}, all = {0};
    int64_t turn;
    enum err e = permit(j, ACT_DATA, (struct subject){0});

    *out = NULL;
    *n = 0;
    if (!e)
        e = area_turn(j, &turn);
    if (!e)
        e = read_batches(j, &(struct db_kept){sql_settled, "ittttiiitttiiiiitii", turn}, &settled);
    if (!e)
        e = read_batches(j, &(struct db_kept){sql_under_way, NULL, 0}, &under_way);
    if (e)
        return e;
    if (under_way.n)
        merge(j, &settled, &under_way, &all);
    else
        all = settled;
    *out = all.v;
    *n = all.n;
    return OK;
}

enum err
batch_get(struct job *j, int64_t id, struct batch *out)
{
    struct rows q;
    enum err e =
        permit(j, ACT_DATA, (struct subject){.what = job_format(j, "batch %lld", (long long)id)});

    *out = (struct batch){0};
    if (e)
        return e;
    db_ask(j, &q, sql_batch, ARGS(INT(j->area), INT(id)));
    if (id > 0 && db_next(&q))
        batch_from_row(&q, out);
    e = db_done(&q);
    if (!e && !out->id) {
        err_set(j, ERR_NOT_FOUND, "there is no batch with number %lld", (long long)id);
        return err_hint(j, "See the numbers with: rooted batch list");
    }
    return e;
}

static const char sql_files[] =
    "SELECT file_id, name, layout, note, digest, bytes, rows_read, rows_loaded, rows_refused "
    "FROM batch_file WHERE area_id = $1 AND batch_id = $2 ORDER BY file_id";

static void
file_from_row(struct rows *q, struct batch_file *f)
{
    *f = (struct batch_file){
        .id = row_int(q, 0), .name = row_text(q, 1), .layout = row_text(q, 2),
        .note = row_text(q, 3), .digest = row_text(q, 4), .bytes = row_int(q, 5),
        .read = row_int(q, 6), .loaded = row_int(q, 7), .refused = row_int(q, 8),
    };
}

enum err
batch_files(struct job *j, int64_t id, struct batch_file **out, size_t *n)
{
    struct rows q;
    size_t most = 0;
    enum err e = permit(j, ACT_DATA, (struct subject){.what = "files of a batch"});

    *out = NULL;
    *n = 0;
    if (e)
        return e;
    db_ask(j, &q, sql_files, ARGS(INT(j->area), INT(id)));
    while (db_next(&q)) {
        *out = room(j, *out, *n, &most, sizeof **out);
        file_from_row(&q, &(*out)[(*n)++]);
    }
    return db_done(&q);
}

static const char sql_findings[] =
    "SELECT f.finding_id, f.file_id, f.line, f.field_column, f.urn, b.name, f.field, f.rule, "
    "f.value, f.message, f.refused FROM finding f JOIN batch_file b ON b.area_id = f.area_id "
    "AND b.batch_id = f.batch_id AND b.file_id = f.file_id "
    "WHERE f.area_id = $1 AND f.batch_id = $2 AND f.finding_id > $3 "
    "ORDER BY f.finding_id LIMIT $4";

static void
finding_from_row(struct rows *q, struct batch_finding *f)
{
    *f = (struct batch_finding){
        .id = row_int(q, 0), .file_id = row_int(q, 1), .line = row_int(q, 2),
        .column = row_int(q, 3), .urn = row_int(q, 4), .file = row_text(q, 5),
        .field = row_text(q, 6), .rule = row_text(q, 7), .value = row_text(q, 8),
        .message = row_text(q, 9), .refused = row_int(q, 10) == 1,
    };
}

enum err
batch_findings(struct job *j, struct batch_page p, struct batch_finding **out, size_t *n)
{
    struct rows q;
    size_t size = 0;
    enum err e = permit(j, ACT_DATA, (struct subject){.what = "findings of a batch"});

    *out = NULL;
    *n = 0;
    if (e)
        return e;
    db_ask(j, &q, sql_findings, ARGS(INT(j->area), INT(p.batch_id), INT(p.after), INT(p.most)));
    while (db_next(&q)) {
        *out = room(j, *out, *n, &size, sizeof **out);
        finding_from_row(&q, &(*out)[(*n)++]);
    }
    return db_done(&q);
}

static const char sql_rules[] =
    "SELECT g.rule, f.message, b.name, f.line, g.findings, g.refused FROM ("
    "SELECT rule, refused, COUNT(*) AS findings, MIN(finding_id) AS first FROM finding "
    "WHERE area_id = $1 AND batch_id = $2 GROUP BY rule, refused) g "
    "JOIN finding f ON f.area_id = $1 AND f.batch_id = $2 AND f.finding_id = g.first "
    "JOIN batch_file b ON b.area_id = f.area_id AND b.batch_id = f.batch_id "
    "AND b.file_id = f.file_id ORDER BY g.refused DESC, g.findings DESC, g.rule";

/* They are numbered, so the last number tells of which findings an answer is. */
static const char sql_last_finding[] =
    "SELECT MAX(finding_id) FROM finding WHERE area_id = $1 AND batch_id = $2";

static void
rule_from_row(struct rows *q, struct batch_rule *r)
{
    *r = (struct batch_rule){
        .rule = row_text(q, 0), .message = row_text(q, 1), .file = row_text(q, 2),
        .line = row_int(q, 3), .count = row_int(q, 4), .refused = row_int(q, 5) == 1,
    };
}

enum err
batch_rules(struct job *j, int64_t id, struct batch_rule **out, size_t *n)
{
    struct rows q;
    size_t size = 0;
    int64_t turn, last;
    enum err e = permit(j, ACT_DATA, (struct subject){.what = "findings of a batch"});

    *out = NULL;
    *n = 0;
    if (!e)
        e = area_turn(j, &turn);
    if (!e)
        e = db_int(j, sql_last_finding, ARGS(INT(j->area), INT(id)), 0, &last);
    if (e)
        return e;
    db_ask_kept(j, &q, &(struct db_kept){sql_rules, "tttiii", turn << 32 | last},
                ARGS(INT(j->area), INT(id)));
    while (db_next(&q)) {
        *out = room(j, *out, *n, &size, sizeof **out);
        rule_from_row(&q, &(*out)[(*n)++]);
    }
    return db_done(&q);
}

static const char sql_find[] =
    "SELECT batch_id FROM batch WHERE area_id = $1 AND digest = $2 AND state = 'published' "
    "ORDER BY batch_id LIMIT 1";

enum err
batch_find(struct job *j, const char *digest, int64_t *id)
{
    return db_int(j, sql_find, ARGS(INT(j->area), TEXT(digest)), 0, id);
}

/* ---- withdrawing ----------------------------------------------------------------- */

static const char sql_withdraw[] =
    "UPDATE batch SET state = 'withdrawn', withdrawn = $3, withdrawn_why = $4, "
    "withdrawn_by = $5 WHERE area_id = $1 AND batch_id = $2 AND state = 'published'";

/* Schools, postcodes, deprivation and published figures are not facts of a child: a newer file
 * replaces them. */
static bool
replaces(const struct batch *b)
{
    return !strcmp(b->kind, "gias") || !strcmp(b->kind, "postcodes") ||
           !strcmp(b->kind, "deprivation") || !strcmp(b->kind, "benchmarks");
}

bool
batch_may_withdraw(const struct batch *b)
{
    return b->state == BATCH_PUBLISHED && !replaces(b);
}

static enum err
check_withdraw(struct job *j, const struct batch *b, const char *why)
{
    struct span reason = span_trim(span_of(why));

    if (!reason.n) {
        err_set(j, ERR_INPUT, "a batch is withdrawn for a reason, and none was given");
        return err_hint(j, "Say why, for those who ask later: \"wrong year\", for example.");
    }
    if (replaces(b)) {
        err_set(j, ERR_INPUT, "batch %lld (%s) replaced what was there before", (long long)b->id,
                b->title);
        return err_hint(j, "Load the right file instead: it replaces this one.");
    }
    if (b->state != BATCH_PUBLISHED)
        return err_set(j, ERR_CONFLICT, "batch %lld is %s, so it cannot be withdrawn",
                       (long long)b->id, state_names[b->state]);
    return OK;
}

/* And its counts with it. */
static enum err
withdraw(struct job *j, const struct batch *b, const char *why)
{
    const char *who = j->who ? j->who->login : "command line";
    int64_t n = 0, last = 0, at;
    enum err e = timeline_known(j, &last);

    /* later than all that was known before, whatever the clocks say: else nobody sees that
     * something changed */
    at = j->now > last ? j->now : last + 1;
    if (!e)
        e = db_run(j, sql_withdraw,
                   ARGS(INT(j->area), INT(b->id), INT(at), TEXT(why), TEXT(who)), &n);
    if (!e && n != 1)
        e = err_set(j, ERR_CONFLICT, "batch %lld was changed meanwhile", (long long)b->id);
    if (!e)
        e = sealing_batches(j);
    if (e || !(after_changes(b->kind) & CHANGES_FACTS))
        return e;
    e = school_child_changed(j);
    return e ? e : counted_derive(j);
}

enum err
batch_withdraw(struct job *j, int64_t id, const char *why)
{
    struct batch b;
    enum err e = permit(j, ACT_LOAD,
                        (struct subject){.what = job_format(j, "batch %lld", (long long)id)});

    if (e || (e = batch_get(j, id, &b)) || (e = check_withdraw(j, &b, why)))
        return e;
    if (db_in_transaction(j)) /* a page's, with its entry in the audit */
        return withdraw(j, &b, why);
    e = db_begin(j);
    if (!e)
        e = withdraw(j, &b, why);
    if (!e)
        e = db_commit(j);
    if (e)
        db_rollback(j);
    return e;
}
