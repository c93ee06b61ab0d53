#include "directory/service.h"
#include "directory/uuid.h"
#include "access/permit.h"
#include "store/query.h"
#include <string.h>

#define SERVICE_COLUMNS                                                                        \
    "SELECT e.entry_id, e.uuid, e.name, e.organization, e.live_version, e.live_since, e.made, " \
    "e.gone, e.hidden, e.hidden_why, e.merged_into"
#define SHOWN                                                                                  \
    "e.live_version IS NOT NULL AND e.hidden IS NULL AND e.gone IS NULL "                      \
    "AND e.merged_into IS NULL"

static void
service_from_row(struct rows *q, struct service *s)
{
    *s = (struct service){
        .id = row_int(q, 0), .uuid = row_text(q, 1), .name = row_text(q, 2),
        .organization = row_text(q, 3), .live_version = row_int_or(q, 4, 0),
        .live_since = row_int_or(q, 5, 0), .made = row_int(q, 6), .gone = row_int_or(q, 7, 0),
        .hidden = row_int_or(q, 8, 0), .hidden_why = row_text(q, 9),
        .merged_into = row_int_or(q, 10, 0)};
}

bool
service_is_public(const struct service *s)
{
    return s->live_version && !s->hidden && !s->gone && !s->merged_into;
}

static enum err
one(struct job *j, const char *sql, struct args a, struct service *out)
{
    struct rows q;
    bool found = false;
    enum err e;

    db_ask(j, &q, sql, a);
    while (db_next(&q)) {
        service_from_row(&q, out);
        found = true;
    }
    e = db_done(&q);
    return e || found ? e : err_set(j, ERR_NOT_FOUND, "there is no such service");
}

static const char sql_get[] =
    SERVICE_COLUMNS " FROM directory_entry e WHERE e.area_id = $1 AND e.entry_id = $2";

enum err
service_get(struct job *j, int64_t id, struct service *out)
{
    return one(j, sql_get, ARGS(INT(j->area), INT(id)), out);
}

static const char sql_find[] =
    SERVICE_COLUMNS " FROM directory_entry e WHERE e.area_id = $1 AND e.uuid = $2";

enum err
service_find(struct job *j, const char *uuid, struct service *out)
{
    return one(j, sql_find, ARGS(INT(j->area), TEXT(uuid)), out);
}

static const char sql_document[] =
    "SELECT v.document FROM directory_version v "
    "WHERE v.area_id = $1 AND v.entry_id = $2 AND v.version_no = $3";

static enum err
document_of(struct job *j, int64_t id, int64_t no, json_t **doc)
{
    struct rows q;
    const char *text = NULL;
    enum err e;

    db_ask(j, &q, sql_document, ARGS(INT(j->area), INT(id), INT(no)));
    while (db_next(&q))
        text = row_text(&q, 0);
    e = db_done(&q);
    if (!e && !text)
        return err_set(j, ERR_NOT_FOUND, "there is no such version of the service");
    return e ? e : document_parse(j, span_of(text), doc);
}

enum err
service_live(struct job *j, const char *uuid, struct service *out, json_t **doc)
{
    struct service s;
    enum err e = service_find(j, uuid, &s);

    if (!e && !service_is_public(&s))
        return err_set(j, ERR_NOT_FOUND, "there is no such service");
    if (!e)
        e = document_of(j, s.id, s.live_version, doc);
    if (!e && out)
        *out = s;
    return e;
}

static const char sql_holding[] =
    "SELECT v.document FROM directory_entry e JOIN directory_version v "
    "ON v.area_id = e.area_id AND v.entry_id = e.entry_id AND v.version_no = e.live_version "
    "WHERE e.area_id = $1 AND " SHOWN " AND v.document LIKE $2 ORDER BY e.uuid LIMIT 1";

enum err
service_holding(struct job *j, const char *uuid, json_t **doc)
{
    char id[UUID_TEXT];
    const char *text = NULL;
    struct rows q;
    enum err e;

    if (!uuid_fold(span_of(uuid), id))
        return err_set(j, ERR_NOT_FOUND, "that is no identifier");
    db_ask(j, &q, sql_holding, ARGS(INT(j->area), TEXT(job_format(j, "%%\"id\":\"%s\"%%", id))));
    while (db_next(&q))
        text = row_text(&q, 0);
    e = db_done(&q);
    if (!e && !text)
        e = err_set(j, ERR_NOT_FOUND, "nothing in the directory has that identifier");
    return e ? e : document_parse(j, span_of(text), doc);
}

static const char sql_walk[] =
    SERVICE_COLUMNS ", v.document FROM directory_entry e JOIN directory_version v "
                    "ON v.area_id = e.area_id AND v.entry_id = e.entry_id "
                    "AND v.version_no = e.live_version "
                    "WHERE e.area_id = $1 AND " SHOWN " ORDER BY e.uuid";

enum err
service_walk(struct job *j, service_fn *fn, void *arg)
{
    struct rows q;
    struct scope scope;
    enum err e = OK, done;

    db_ask(j, &q, sql_walk, ARGS(INT(j->area)));
    while (!e && db_next(&q)) {
        struct service s;
        struct service_step step = {.service = &s};

        scope = job_scope_begin(j);
        service_from_row(&q, &s);
        step.text.s = row_peek(&q, 11, &step.text.n);
        e = fn(j, arg, &step);
        job_scope_end(j, scope);
    }
    done = db_done(&q);
    return e ? e : done;
}

static const char sql_turn[] = "SELECT t.turn FROM directory_turn t WHERE t.area_id = $1";

enum err
service_turn(struct job *j, int64_t *out)
{
    return db_int(j, sql_turn, ARGS(INT(j->area)), 0, out);
}

static const char sql_counts[] =
    "SELECT COUNT(*), COUNT(CASE WHEN " SHOWN " THEN 1 END), COUNT(e.gone), COUNT(e.hidden), "
    "(SELECT COUNT(*) FROM directory_version v WHERE v.area_id = $1 AND v.state = 'waiting'), "
    "(SELECT COUNT(*) FROM directory_duplicate d WHERE d.area_id = $1 "
    "AND d.state = 'candidate') FROM directory_entry e WHERE e.area_id = $1";

enum err
service_count(struct job *j, struct service_counts *out)
{
    struct rows q;

    db_ask(j, &q, sql_counts, ARGS(INT(j->area)));
    while (db_next(&q))
        *out = (struct service_counts){
            .entries = row_int(&q, 0), .shown = row_int(&q, 1), .gone = row_int(&q, 2),
            .hidden = row_int(&q, 3), .waiting = row_int(&q, 4), .duplicates = row_int(&q, 5)};
    return db_done(&q);
}

/* ---- for those who keep the directory ---------------------------------------------------- */

static const char sql_list[] = SERVICE_COLUMNS " FROM directory_entry e WHERE e.area_id = $1";
static const struct query_order orders[] = {{"name", "e.name, e.entry_id"}, {NULL, NULL}};

static void
narrow(struct query *q, struct job *j, const struct service_filter *f)
{
    const char *words = f->words && *f->words ? query_like_holds(j, f->words) : NULL;

    if (words)
        query_and(q,
                  "lower(e.name) LIKE lower($1) ESCAPE '!' OR lower(e.organization) "
                  "LIKE lower($1) ESCAPE '!'",
                  ARGS(TEXT(words)));
    if (f->waiting)
        query_and(q,
                  "EXISTS (SELECT 1 FROM directory_version v WHERE v.area_id = e.area_id "
                  "AND v.entry_id = e.entry_id AND v.state = 'waiting')",
                  NO_ARGS);
    if (f->gone)
        query_and(q, "e.gone IS NOT NULL", NO_ARGS);
    if (f->hidden)
        query_and(q, "e.hidden IS NOT NULL", NO_ARGS);
}

enum err
service_list(struct job *j, const struct service_filter *f, struct service **out, size_t *n)
{
    size_t room = 64;
    struct service *v = job_array(j, room, sizeof *v);
    struct query query;
    struct rows q;
    enum err e = permit(j, ACT_DIRECTORY, (struct subject){0});

    *n = 0;
    *out = v;
    if (e)
        return e;
    query_begin(&query, j, sql_list, ARGS(INT(j->area)));
    narrow(&query, j, f);
    query_order(&query, orders, NULL);
    query_page(&query, f->limit > 0 ? f->limit : 1000000, f->offset);
    query_ask(&query, &q);
    while (db_next(&q)) {
        if (*n == room) {
            v = job_grow(j, v, room * sizeof *v, 2 * room * sizeof *v);
            room *= 2;
        }
        service_from_row(&q, &v[(*n)++]);
    }
    *out = v;
    return db_done(&q);
}

#define VERSION                                                                                \
    "SELECT v.entry_id, v.version_no, v.state, v.maker, v.source_id, v.run_id, v.account_id, " \
    "v.based_on, v.made, v.decided, v.decided_by, v.reason FROM directory_version v "          \
    "WHERE v.area_id = $1 AND v.entry_id = $2 "

static bool
version_from_row(struct rows *q, struct service_version *v)
{
    *v = (struct service_version){
        .service = row_int(q, 0), .no = row_int(q, 1), .maker = row_text(q, 3),
        .source = row_int_or(q, 4, 0), .run = row_int_or(q, 5, 0),
        .account = row_int_or(q, 6, 0), .based_on = row_int_or(q, 7, 0), .made = row_int(q, 8),
        .decided = row_int_or(q, 9, 0), .decided_by = row_int_or(q, 10, 0),
        .reason = row_text(q, 11)};
    return service_state_find(row_text(q, 2), &v->state);
}

static const char sql_versions[] = VERSION "ORDER BY v.version_no DESC";

enum err
service_versions(struct job *j, int64_t id, struct service_version **out, size_t *n)
{
    size_t room = 16;
    struct service_version *v = job_array(j, room, sizeof *v);
    struct rows q;

    *n = 0;
    db_ask(j, &q, sql_versions, ARGS(INT(j->area), INT(id)));
    while (db_next(&q)) {
        if (*n == room) {
            v = job_grow(j, v, room * sizeof *v, 2 * room * sizeof *v);
            room *= 2;
        }
        *n += version_from_row(&q, &v[*n]);
    }
    *out = v;
    return db_done(&q);
}

static const char sql_version[] = VERSION "AND v.version_no = $3";

enum err
service_version(struct job *j, int64_t id, int64_t no, struct service_version *out, json_t **doc)
{
    struct rows q;
    bool found = false;
    enum err e;

    db_ask(j, &q, sql_version, ARGS(INT(j->area), INT(id), INT(no)));
    while (db_next(&q))
        found = version_from_row(&q, out);
    e = db_done(&q);
    if (!e && !found)
        return err_set(j, ERR_NOT_FOUND, "there is no such version of the service");
    return e || !doc ? e : document_of(j, id, no, doc);
}
