#include "directory/import.h"
#include "directory/uuid.h"
#include <string.h>

/* ---- sources ----------------------------------------------------------------------------- */

#define SOURCE                                                                                 \
    "SELECT s.source_id, s.name, s.place, s.space, s.kind, s.trusted, "                        \
    "(SELECT COUNT(*) FROM directory_record r WHERE r.area_id = s.area_id "                    \
    "AND r.source_id = s.source_id AND r.gone IS NULL), "                                      \
    "(SELECT MAX(u.run_id) FROM directory_run u WHERE u.area_id = s.area_id "                  \
    "AND u.source_id = s.source_id) FROM directory_source s WHERE s.area_id = $1 "

static bool
source_from_row(struct rows *q, struct import_source *s)
{
    *s = (struct import_source){
        .id = row_int(q, 0), .name = row_text(q, 1), .place = row_text(q, 2),
        .space = row_text(q, 3), .trusted = row_int(q, 5) != 0, .records = row_int(q, 6),
        .last_run = row_int_or(q, 7, 0)};
    return feed_kind_find(row_text(q, 4), &s->kind);
}

static const char sql_sources[] = SOURCE "ORDER BY s.source_id";

enum err
import_sources(struct job *j, struct import_source **out, size_t *n)
{
    size_t room = 16;
    struct import_source *v = job_array(j, room, sizeof *v);
    struct rows q;

    *n = 0;
    db_ask(j, &q, sql_sources, ARGS(INT(j->area)));
    while (db_next(&q)) {
        if (*n == room) {
            v = job_grow(j, v, room * sizeof *v, 2 * room * sizeof *v);
            room *= 2;
        }
        *n += source_from_row(&q, &v[*n]);
    }
    *out = v;
    return db_done(&q);
}

static const char sql_source[] = SOURCE "AND s.name = $2";

static enum err
find_source(struct job *j, const char *name, struct import_source *out, bool *found)
{
    struct rows q;

    *found = false;
    db_ask(j, &q, sql_source, ARGS(INT(j->area), TEXT(name)));
    while (db_next(&q))
        *found = source_from_row(&q, out);
    return db_done(&q);
}

static const char sql_source_add[] =
    "INSERT INTO directory_source (area_id, source_id, name, kind, place, space, trusted, added) "
    "SELECT $1, COALESCE((SELECT MAX(s.source_id) FROM directory_source s "
    "WHERE s.area_id = $1), 0) + 1, $2, $3, NULL, $4, 1, $5";

enum err
import_source(struct job *j, const char *name, enum feed_kind kind, struct import_source *out)
{
    char space[UUID_TEXT];
    bool found;
    enum err e = find_source(j, name, out, &found);

    if (e || found)
        return e;
    uuid_of_name(uuid_rooted,
                 span_of(job_format(j, "%lld/%s", (long long)j->area, name)), space);
    e = db_run(j, sql_source_add,
               ARGS(INT(j->area), TEXT(name), TEXT(feed_kind_name(kind)), TEXT(space),
                    INT(j->now)),
               NULL);
    return e ? e : find_source(j, name, out, &found);
}

static const char sql_trust[] =
    "UPDATE directory_source SET trusted = $3 WHERE area_id = $1 AND source_id = $2";

enum err
import_trust(struct job *j, struct import_source *s, bool yes)
{
    s->trusted = yes;
    return db_run(j, sql_trust, ARGS(INT(j->area), INT(s->id), INT(yes)), NULL);
}

/* ---- runs -------------------------------------------------------------------------------- */

static const char sql_runs[] =
    "SELECT r.run_id, r.source_id, r.started, r.ended, r.state, r.place, r.message, r.n_read, "
    "r.n_added, r.n_changed, r.n_same, r.n_held, r.n_refused, r.n_gone, r.n_repaired "
    "FROM directory_run r WHERE r.area_id = $1 ORDER BY r.run_id DESC LIMIT $2";

static void
run_from_row(struct rows *q, struct import_run *r)
{
    *r = (struct import_run){
        .id = row_int(q, 0), .source = row_int(q, 1), .started = row_int(q, 2),
        .ended = row_int_or(q, 3, 0), .state = row_text(q, 4), .place = row_text(q, 5),
        .message = row_text(q, 6), .read = row_int(q, 7), .added = row_int(q, 8),
        .changed = row_int(q, 9), .same = row_int(q, 10), .held = row_int(q, 11),
        .refused = row_int(q, 12), .gone = row_int(q, 13), .repaired = row_int(q, 14)};
}

enum err
import_runs(struct job *j, int64_t limit, struct import_run **out, size_t *n)
{
    struct import_run *v = job_array(j, (size_t)limit + 1, sizeof *v);
    struct rows q;

    *n = 0;
    db_ask(j, &q, sql_runs, ARGS(INT(j->area), INT(limit)));
    while (db_next(&q))
        run_from_row(&q, &v[(*n)++]);
    *out = v;
    return db_done(&q);
}

static const char sql_records[] =
    "SELECT r.record_no, r.entry_id, r.source_key, r.name, r.outcome, r.report, r.filled "
    "FROM directory_run_record r WHERE r.area_id = $1 AND r.run_id = $2 "
    "AND ($3 = '' OR r.outcome = $3) ORDER BY r.record_no";

enum err
import_records(struct job *j, int64_t run, const char *outcome, struct import_record **out,
               size_t *n)
{
    size_t room = 256;
    struct import_record *v = job_array(j, room, sizeof *v);
    struct rows q;

    *n = 0;
    db_ask(j, &q, sql_records, ARGS(INT(j->area), INT(run), TEXT(outcome ? outcome : "")));
    while (db_next(&q)) {
        if (*n == room) {
            v = job_grow(j, v, room * sizeof *v, 2 * room * sizeof *v);
            room *= 2;
        }
        v[(*n)++] = (struct import_record){
            .no = row_int(&q, 0), .service = row_int_or(&q, 1, 0), .key = row_text(&q, 2),
            .name = row_text(&q, 3), .outcome = row_text(&q, 4), .report = row_text(&q, 5),
            .filled = row_int(&q, 6)};
    }
    *out = v;
    return db_done(&q);
}
