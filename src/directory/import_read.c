#include "base/encoding.h"
#include "directory/import_in.h"
#include "directory/oruk1.h"
#include <errno.h>
#include <sodium.h>
#include <string.h>

/* ---- the spool --------------------------------------------------------------------------- */

static enum err
full(struct job *j)
{
    err_set(j, ERR_ENV, "What was read of the feed cannot be kept: %s", strerror(errno));
    return err_hint(j, "Is the disk with temporary files full?");
}

static bool
put_bytes(FILE *f, const void *s, size_t n)
{
    return !n || fwrite(s, 1, n, f) == n;
}

static bool
put_text(FILE *f, struct span s)
{
    uint32_t n = s.s ? (uint32_t)s.n + 1 : 0; /* 0: NULL */

    return put_bytes(f, &n, sizeof n) && put_bytes(f, s.s, s.n);
}

static bool
get_text(struct job *j, FILE *f, struct span *out)
{
    uint32_t n;
    char *s;

    *out = (struct span){NULL, 0};
    if (fread(&n, sizeof n, 1, f) != 1)
        return false;
    if (!n)
        return true;
    s = job_alloc(j, n);
    *out = (struct span){s, n - 1};
    return n == 1 || fread(s, 1, n - 1, f) == n - 1;
}

enum { TEXTS = 5 };

static enum err
spool(struct import *m, const struct read_record *r)
{
    const struct span texts[TEXTS] = {span_of(r->key), span_of(r->name), span_of(r->organization),
                                      span_of(r->report), r->doc};
    bool kept = put_bytes(m->spool, r, sizeof *r);

    for (size_t i = 0; kept && i < TEXTS; i++)
        kept = put_text(m->spool, texts[i]);
    return kept ? OK : full(m->j);
}

enum err
import_rewind(struct import *m)
{
    return fflush(m->spool) || fseek(m->spool, 0, SEEK_SET) ? full(m->j) : OK;
}

enum err
import_spooled(struct import *m, struct read_record *out, bool *more)
{
    struct span t[TEXTS];
    bool whole = true;

    *more = fread(out, sizeof *out, 1, m->spool) == 1;
    if (!*more)
        return ferror(m->spool) ? full(m->j) : OK;
    for (size_t i = 0; whole && i < TEXTS; i++)
        whole = get_text(m->j, m->spool, &t[i]);
    if (!whole)
        return full(m->j);
    out->key = t[0].s;
    out->name = t[1].s;
    out->organization = t[2].s;
    out->report = t[3].s;
    out->doc = t[4];
    return OK;
}

/* ---- one record -------------------------------------------------------------------------- */

/* Bytes that are no UTF-8 as Windows-1252 has them. */
static struct span
as_utf8(struct job *j, struct span t, bool *mended)
{
    char *out;
    size_t n = 0, bad;

    *mended = false;
    if (text_is_utf8(t.s, t.n, &bad))
        return t;
    *mended = true;
    out = job_alloc(j, 3 * t.n + 1);
    while (t.n) {
        bool sound = text_is_utf8(t.s, t.n, &bad);
        size_t good = sound ? t.n : bad;
        struct span one;

        memcpy(out + n, t.s, good);
        n += good;
        t = (struct span){t.s + good, t.n - good};
        if (!t.n)
            break;
        one = encoding_to_utf8(j, ENC_WINDOWS_1252, t.s, 1);
        memcpy(out + n, one.s, one.n);
        n += one.n;
        t = (struct span){t.s + 1, t.n - 1};
    }
    return (struct span){out, n};
}

/* The record as JSON; NULL and why. */
static json_t *
value_of(struct import *m, const struct feed_record *in, const char **why, bool *mended)
{
    json_t *v = NULL;

    *mended = false;
    if (in->fault) {
        *why = in->fault;
        return NULL;
    }
    if (in->value)
        return in->value;
    if (in->text.n > DOCUMENT_BYTES) {
        *why = job_format(m->j, "It is larger than %d kB.", DOCUMENT_BYTES / 1024);
        return NULL;
    }
    if (document_parse(m->j, as_utf8(m->j, in->text, mended), &v) == OK)
        return v;
    *why = job_format(m->j, "%s.", m->j->err.message);
    err_clear(m->j);
    return NULL;
}

/* Lists of organisations, places or terms have the same envelope as those of services. */
static bool
is_other(const json_t *v)
{
    static const char *const theirs[] = {"website", "location_type", "term_uri", "vocabulary",
                                         "parent_id", "address_1"};
    bool other = false;

    for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++)
        other = other || json_object_get(v, theirs[i]);
    return other && !json_object_get(v, "status") && !json_object_get(v, "organization") &&
           !json_object_get(v, "service_at_locations");
}

/* An id that is taken, in the area or earlier in this feed, is given to nobody else. */
static enum err
settle_id(struct import *m, struct repaired *r, const struct known *k)
{
    const char *id = k ? k->uuid : document_string(r->doc, "id");
    char uuid[UUID_TEXT];
    uint64_t at = map_key(&m->salt, id, strlen(id));

    snprintf(uuid, sizeof uuid, "%s", id);
    if (!k && map_find(m->uuids, at)) {
        if (r->n < REPAIR_NOTES) {
            r->note = job_grow(m->j, r->note, r->n * sizeof *r->note,
                               (r->n + 1) * sizeof *r->note);
            r->note[r->n++] = (struct repair_note){REPAIR_ID_TAKEN, 1, "id",
                                                   job_copy(m->j, id)};
        }
        uuid_of_name(m->source.space,
                     span_of(job_format(m->j, "service/%s/again", r->key)), uuid);
        at = map_key(&m->salt, uuid, strlen(uuid));
    }
    json_object_set_new(r->doc, "id", json_string(uuid));
    return k ? OK : map_put(m->j, m->uuids, at, 1);
}

static void
digest_of(struct span s, char *out)
{
    unsigned char sum[32];

    crypto_generichash(sum, sizeof sum, (const unsigned char *)s.s, s.n, NULL, 0);
    sodium_bin2hex(out, DIGEST, sum, sizeof sum);
}

static const char *
why_refused(struct job *j, const char *why)
{
    json_t *v = document_own(j, json_pack("[{s:s, s:s, s:s}]", "rule", "refused", "path", "",
                                          "was", why));
    struct span s = document_text(j, v);

    return job_copy_n(j, s.s, s.n);
}

/* The place in known of what has this key; -1 none.  Seen twice in one feed: *before is where. */
static enum err
meet(struct import *m, const char *key, int64_t no, int64_t *known, int64_t *before)
{
    uint64_t at = map_key(&m->salt, key, strlen(key));
    int64_t *place = map_find(m->by_key, at), *seen = map_find(m->seen, at);

    *known = place ? *place : -1;
    *before = seen ? *seen : 0;
    if (place)
        ((struct known *)pile_at(m->known, (size_t)*place))->seen = true;
    return seen ? OK : map_put(m->j, m->seen, at, no);
}

static enum err
take_repaired(struct import *m, struct repaired *r, struct read_record *out)
{
    struct known *k = out->known < 0 ? NULL : pile_at(m->known, (size_t)out->known);
    struct document_problem *wrong;
    struct span text;
    size_t n = 0;
    enum err e = settle_id(m, r, k);

    if (!e)
        e = document_check(m->j, r->doc, &wrong, &n);
    if (!e && n)
        return err_set(m->j, ERR_FAULT, "Record %lld was not repaired: %s %s",
                       (long long)out->no, wrong[0].path, wrong[0].message);
    if (e)
        return e;
    snprintf(out->uuid, sizeof out->uuid, "%s", document_string(r->doc, "id"));
    out->organization = document_string(r->doc, "organization.name");
    text = document_text(m->j, r->doc);
    digest_of(text, out->digest);
    out->outcome = !k ? IMPORT_ADDED
                   : k->gone || strcmp(k->digest, out->digest) ? IMPORT_CHANGED
                                                               : IMPORT_SAME;
    out->filled = r->filled;
    out->report = repair_report(m->j, r);
    if (out->outcome != IMPORT_SAME)
        out->doc = text;
    return OK;
}

static enum err
take_record(struct import *m, const struct feed_record *in, int64_t no)
{
    struct read_record out = {.no = no, .known = -1, .outcome = IMPORT_REFUSED};
    struct repaired r = {0};
    const char *why = NULL;
    int64_t before = 0;
    bool mended;
    json_t *v = value_of(m, in, &why, &mended);
    enum err e = OK;

    if (v && oruk1_is(v))
        oruk1_convert(m->j, v);
    if (v && is_other(v)) {
        why = "It is no service: it looks like an organisation, a place or a term.";
    } else if (v) {
        repair_record(m->j, &m->repair, v, &r);
        why = r.refused;
        out.key = r.key;
        out.name = r.name;
    }
    if (r.key)
        e = meet(m, r.key, no, &out.known, &before);
    if (before && !why)
        why = job_format(m->j, "Record %lld of this feed has the same id.", (long long)before);
    if (mended)
        m->run.repaired += !r.n;
    if (!e && !why)
        e = take_repaired(m, &r, &out);
    else if (!e)
        out.report = why_refused(m->j, why);
    m->run.repaired += r.n > 0;
    m->count[out.outcome]++;
    return e ? e : spool(m, &out);
}

enum err
import_read(struct import *m)
{
    bool more = true;
    enum err e = OK;

    while (!e && more) {
        struct scope scope = job_scope_begin(m->j);
        struct feed_record in = {0};

        e = m->feed->next(m->j, m->feed->arg, &in, &more);
        if (!e && more)
            e = take_record(m, &in, ++m->run.read);
        job_scope_end(m->j, scope);
    }
    if (!e && !m->run.read)
        return err_set(m->j, ERR_INPUT, "%s holds no services", m->feed->place);
    return e;
}
