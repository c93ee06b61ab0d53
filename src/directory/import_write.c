#include "directory/import_in.h"
#include <string.h>

/* ---- what the source said last ----------------------------------------------------------- */

static const char sql_record_put[] =
    "INSERT INTO directory_record (area_id, source_id, source_key, entry_id, digest, version_no, "
    "said, run_id, gone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL) "
    "ON CONFLICT (area_id, source_id, source_key) DO UPDATE SET digest = EXCLUDED.digest, "
    "version_no = EXCLUDED.version_no, said = EXCLUDED.said, run_id = EXCLUDED.run_id, "
    "gone = NULL";

struct said {
    int64_t entry, version;
    const struct span *doc; /* NULL: the version is just what was said */
};

static enum err
record_put(struct import *m, const struct read_record *r, const struct said *s)
{
    return db_run(m->j, sql_record_put,
                  ARGS(INT(m->j->area), INT(m->source.id), TEXT(r->key), INT(s->entry),
                       TEXT(r->digest), INT(s->version),
                       s->doc ? TEXT_N(s->doc->s, s->doc->n) : NUL, INT(m->run.id)),
                  NULL);
}

static const char sql_said[] =
    "SELECT r.version_no, COALESCE(r.said, v.document) FROM directory_record r "
    "LEFT JOIN directory_version v ON v.area_id = r.area_id AND v.entry_id = r.entry_id "
    "AND v.version_no = r.version_no "
    "WHERE r.area_id = $1 AND r.source_id = $2 AND r.source_key = $3";

static enum err
said_before(struct import *m, const char *key, int64_t *version, json_t **doc)
{
    struct rows q;
    const char *text = NULL;
    enum err e;

    db_ask(m->j, &q, sql_said, ARGS(INT(m->j->area), INT(m->source.id), TEXT(key)));
    while (db_next(&q)) {
        *version = row_int(&q, 0);
        text = row_text(&q, 1);
    }
    e = db_done(&q);
    if (e || !text)
        return e;
    return document_parse(m->j, span_of(text), doc);
}

/* ---- one record -------------------------------------------------------------------------- */

static struct service_maker
maker(const struct import *m)
{
    return (struct service_maker){.who = "source", .source = m->source.id, .run = m->run.id};
}

static enum err
add(struct import *m, struct read_record *r, int64_t *entry)
{
    const struct service_text t = {r->uuid, r->name, r->organization, r->doc};
    struct service_maker by = maker(m);
    enum err e = service_lay(m->j, &t, &by,
                             m->source.trusted ? SERVICE_APPROVE : SERVICE_SEND, entry);

    if (e)
        return e;
    m->moved = m->moved || m->source.trusted;
    if (!m->source.trusted)
        r->outcome = IMPORT_HELD;
    return record_put(m, r, &(struct said){*entry, 1, NULL});
}

static const char sql_waiting[] =
    "SELECT MAX(v.version_no) FROM directory_version v WHERE v.area_id = $1 AND v.entry_id = $2 "
    "AND v.maker = 'source' AND v.source_id = $3 AND v.state = 'waiting'";

/* What waits of this source is what it said last: a further proposal takes its place. */
static enum err
send(struct import *m, int64_t entry, json_t *doc, int64_t *no)
{
    struct service_proposal p = {.doc = doc, .by = maker(m)};
    struct service_version v;
    enum err e = db_int(m->j, sql_waiting,
                        ARGS(INT(m->j->area), INT(entry), INT(m->source.id)), 0, no);

    if (e)
        return e;
    if (!*no)
        return service_propose(m->j, entry, &p, SERVICE_SEND, no);
    e = service_version(m->j, entry, *no, &v, NULL);
    return e ? e : service_change(m->j, &v, doc, SERVICE_SEND);
}

static const char sql_owned[] =
    "SELECT o.field FROM directory_owner o WHERE o.area_id = $1 AND o.entry_id = $2 "
    "ORDER BY o.field";

/* Fields that people own stay as they are live; *theirs gets what the source wants of them, where
 * it changed its mind since it last spoke. */
struct merge {
    json_t *doc;    /* what the source says now, then what goes live */
    const json_t *live, *base;
    json_t *theirs; /* NULL: nothing to propose */
};

static bool
differs(struct job *j, const json_t *a, const json_t *b, const char *field)
{
    const char *const *v = document_members(j, a, b);

    while (*v && strcmp(*v, field))
        v++;
    return *v != NULL;
}

static enum err
keep_owned(struct import *m, int64_t entry, struct merge *g)
{
    json_t *says = document_own(m->j, json_deep_copy(g->doc));
    struct rows q;
    bool any = false;

    g->theirs = NULL;
    db_ask(m->j, &q, sql_owned, ARGS(INT(m->j->area), INT(entry)));
    while (db_next(&q)) {
        const char *field = row_text(&q, 0);

        any = any || (differs(m->j, g->base, says, field) && differs(m->j, g->live, says, field));
        document_take(g->doc, g->live, field);
    }
    document_tidy(g->doc);
    if (any)
        g->theirs = says;
    return db_done(&q);
}

static bool
equal(struct job *j, const json_t *a, const json_t *b)
{
    return !document_members(j, a, b)[0];
}

/* Of a trusted source: what it may say goes live at once, the rest waits. */
static enum err
merge(struct import *m, struct read_record *r, struct merge *g, struct said *s)
{
    struct service_proposal p = {.by = maker(m)};
    int64_t waiting;
    enum err e = keep_owned(m, s->entry, g);

    r->outcome = IMPORT_SAME;
    if (!e && !equal(m->j, g->live, g->doc)) {
        p.doc = g->doc;
        r->outcome = IMPORT_CHANGED;
        e = service_propose(m->j, s->entry, &p, SERVICE_APPROVE, &s->version);
    }
    if (!e && g->theirs) {
        r->outcome = IMPORT_HELD;
        e = send(m, s->entry, g->theirs, &waiting);
    }
    return e;
}

static const char sql_back[] =
    "UPDATE directory_entry SET gone = NULL WHERE area_id = $1 AND entry_id = $2 "
    "AND gone IS NOT NULL";

static enum err
back(struct import *m, int64_t entry, bool *was_gone)
{
    int64_t n = 0;
    enum err e = db_run(m->j, sql_back, ARGS(INT(m->j->area), INT(entry)), &n);

    *was_gone = n > 0;
    m->moved = m->moved || n;
    return e;
}

static enum err
change(struct import *m, struct read_record *r, json_t *doc, const struct known *k)
{
    struct said said = {.entry = k->entry};
    struct merge g = {.doc = doc};
    struct service s;
    struct service_version v;
    json_t *base = NULL, *live = NULL;
    bool was_gone;
    enum err e = service_get(m->j, k->entry, &s);

    if (!e)
        e = said_before(m, r->key, &said.version, &base);
    if (!e && s.live_version)
        e = service_version(m->j, k->entry, s.live_version, &v, &live);
    if (e)
        return e;
    g.live = live;
    g.base = base;
    if (m->source.trusted && live)
        e = merge(m, r, &g, &said);
    else if (!live || !equal(m->j, live, doc)) {
        r->outcome = IMPORT_HELD;
        e = send(m, k->entry, doc, &said.version);
    } else
        r->outcome = IMPORT_SAME;
    said.doc = &r->doc;
    if (!e)
        e = record_put(m, r, &said);
    if (!e)
        e = back(m, k->entry, &was_gone);
    if (!e && was_gone && r->outcome == IMPORT_SAME)
        r->outcome = IMPORT_CHANGED;
    return e;
}

enum err
import_write(struct import *m, struct read_record *r, int64_t *entry)
{
    const struct known *k = r->known < 0 ? NULL : pile_at(m->known, (size_t)r->known);
    json_t *doc = NULL;
    enum err e;

    *entry = k ? k->entry : 0;
    if (r->outcome == IMPORT_REFUSED || r->outcome == IMPORT_SAME)
        return OK;
    if (!k)
        return add(m, r, entry);
    e = document_parse(m->j, r->doc, &doc);
    return e ? e : change(m, r, doc, k);
}

/* ---- gone -------------------------------------------------------------------------------- */

static const char sql_record_gone[] =
    "UPDATE directory_record SET gone = $4, run_id = $5 "
    "WHERE area_id = $1 AND source_id = $2 AND source_key = $3";
/* What a person has taken over stays; so does what another source still has. */
static const char sql_entry_gone[] =
    "UPDATE directory_entry SET gone = $3 WHERE area_id = $1 AND entry_id = $2 AND gone IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM directory_record r WHERE r.area_id = $1 AND r.entry_id = $2 "
    "AND r.gone IS NULL) "
    "AND NOT EXISTS (SELECT 1 FROM directory_owner o WHERE o.area_id = $1 AND o.entry_id = $2)";

enum err
import_gone(struct import *m, const struct known *k)
{
    int64_t n = 0;
    enum err e = db_run(m->j, sql_record_gone,
                        ARGS(INT(m->j->area), INT(m->source.id), TEXT(k->key), INT(m->j->now),
                             INT(m->run.id)),
                        NULL);

    if (!e)
        e = db_run(m->j, sql_entry_gone, ARGS(INT(m->j->area), INT(k->entry), INT(m->j->now)),
                   &n);
    m->moved = m->moved || n;
    return e;
}
