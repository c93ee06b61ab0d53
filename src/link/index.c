#include "link/index.h"
#include "access/custody.h"
#include "link/sealed.h"
#include "people/upn.h"
#include <sodium.h>

/* Kinds of keys: the same text as a UPN and as a case-system id are two keys. */
enum { KEY_UPN = 'u', KEY_LOCAL_ID = 'l', KEY_FORENAME = 'f', KEY_NAME = 'n', KEY_LIVED = 'p' };

/* A key of up to a kind, a number and a text; never 0, which stands for none. */
static uint64_t
key_of(const struct identities *ids, char kind, uint64_t number, struct span text)
{
    char buf[64];
    uint64_t parts[3] = {(uint64_t)(unsigned char)kind, number, 0}, key;

    if (text.n + 17 <= sizeof buf) {
        memcpy(buf, parts, 16);
        memcpy(buf + 16, text.s, text.n);
        key = map_key(&ids->salt, buf, text.n + 16);
    } else {
        parts[2] = map_key(&ids->salt, text.s, text.n);
        key = map_key(&ids->salt, parts, sizeof parts);
    }
    return key ? key : 1;
}

static uint64_t
key_of_text(const struct identities *ids, char kind, struct span text)
{
    return text.n ? key_of(ids, kind, 0, text) : 0;
}

/* "UNKNOWN" and the like are no number to be found by; a wrong check letter does not matter
 * where the text is the same. */
static uint64_t
key_of_upn(const struct identities *ids, struct span upn)
{
    return upn.n == UPN_SIZE - 1 ? key_of(ids, KEY_UPN, 0, upn) : 0;
}

void
index_keys(struct job *j, const struct identities *ids, const struct description *d,
           struct keys *k)
{
    struct span forename = span_of(text_name_key(j, d->forename));
    struct span surname = span_of(text_name_key(j, d->surname));

    *k = (struct keys){
        .upn = key_of_upn(ids, d->upn),
        .former_upn = key_of_upn(ids, d->former_upn),
        .local_id = key_of_text(ids, KEY_LOCAL_ID, d->local_id),
        .forename = key_of_text(ids, KEY_FORENAME, forename),
    };
    if (k->forename && surname.n && d->born != DATE_NONE)
        k->name = key_of(ids, KEY_NAME, k->forename ^ (uint32_t)d->born, surname);
}

uint64_t
index_key_lived(const struct identities *ids, int64_t person_id, struct span postcode)
{
    return key_of(ids, KEY_LIVED, (uint64_t)person_id, postcode);
}

int64_t
index_person(const struct identities *ids, int64_t person_id)
{
    const int64_t *to;

    while (person_id && map_count(ids->merged) &&
           (to = map_find(ids->merged, (uint64_t)person_id)))
        person_id = *to;
    return person_id;
}

bool
index_is_sealed(const struct identities *ids, int64_t person_id)
{
    return map_count(ids->sealed) &&
           (map_find(ids->sealed, (uint64_t)person_id) ||
            map_find(ids->sealed, (uint64_t)index_person(ids, person_id)));
}

struct holder *
index_first(const struct identities *ids, struct map *m, uint64_t key)
{
    const int64_t *at = key ? map_find(m, key) : NULL;

    return at ? pile_at(ids->holders, (size_t)*at) : NULL;
}

struct holder *
index_next(const struct identities *ids, const struct holder *h)
{
    return h->next < 0 ? NULL : pile_at(ids->holders, (size_t)h->next);
}

/* One holder for each person, forename and date of birth under a key, oldest first. */
static enum err
note(struct job *j, struct identities *ids, struct map *m, uint64_t key, struct holder new)
{
    struct holder *last = NULL, *h;
    int64_t at = (int64_t)pile_count(ids->holders);

    if (!key)
        return OK;
    for (h = index_first(ids, m, key); h; last = h, h = index_next(ids, h))
        if (h->person_id == new.person_id && h->born == new.born && h->forename == new.forename &&
            h->upn == new.upn)
            return OK;
    if (!(h = pile_add(j, ids->holders)))
        return j->err.kind;
    *h = new;
    h->next = -1;
    if (!last)
        return map_put(j, m, key, at);
    last->next = at;
    return OK;
}

enum err
index_note(struct job *j, struct identities *ids, const struct description *d,
           const struct keys *k, int64_t person_id)
{
    struct holder h = {-1, person_id, k->forename, d->born, k->upn != 0};
    enum err e;

    if (!person_id)
        return OK;
    if ((e = note(j, ids, ids->upn, k->upn, h)) || (e = note(j, ids, ids->upn, k->former_upn, h)) ||
        (e = note(j, ids, ids->local_id, k->local_id, h)) ||
        (e = note(j, ids, ids->name, k->name, h)))
        return e;
    if (!k->name || !d->postcode.n)
        return OK;
    return map_put(j, ids->lived, index_key_lived(ids, person_id, d->postcode), 1);
}

/* ---- descriptions ---------------------------------------------------------------- */

struct known *
index_known(const struct identities *ids, const uint64_t digest[2])
{
    const int64_t *at;
    uint64_t key = digest[0];

    for (; (at = map_find(ids->known_by, key)); key++) {
        struct known *k = pile_at(ids->known, (size_t)*at);
        if (k->digest == digest[1])
            return k;
    }
    return NULL;
}

enum err
index_add(struct job *j, struct identities *ids, const uint64_t digest[2],
          const struct identity *i)
{
    uint64_t key = digest[0];
    int64_t at = (int64_t)pile_count(ids->known);
    struct known *k = pile_add(j, ids->known);

    if (!k)
        return j->err.kind;
    *k = (struct known){digest[1], i->identity_id, i->person_id};
    while (map_find(ids->known_by, key))
        key++;
    return map_put(j, ids->known_by, key, at);
}

enum err
index_add_lone(struct job *j, struct identities *ids, const struct keys *k, int32_t born)
{
    size_t at = pile_count(ids->known) - 1;
    const struct known *known = pile_at(ids->known, at);
    struct lone *l = pile_add(j, ids->lone);

    if (!l)
        return j->err.kind;
    *l = (struct lone){known->identity_id, at, k->upn, k->local_id, born};
    return OK;
}

/* ---- from the database ----------------------------------------------------------- */

static bool
digest_from_hex(const char *hex, size_t n, uint64_t digest[2])
{
    digest[0] = digest[1] = 0;
    for (size_t i = 0; i < 32; i++) {
        char c = i < n ? hex[i] : '?';
        unsigned v = c >= '0' && c <= '9' ? (unsigned)(c - '0')
                     : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                                            : 16;
        if (v > 15)
            return false;
        digest[i / 16] = digest[i / 16] << 4 | v;
    }
    return n == 32;
}

static const char sql_identities[] =
    "SELECT identity_id, coalesce(person_id, 0), digest, source, upn, former_upn, local_id, "
    "surname, forename, born, postcode FROM identity WHERE area_id = $1 ORDER BY identity_id";

static struct span
row_span(const struct rows *q, int c)
{
    struct span s;

    s.s = row_peek(q, c, &s.n);
    return s.s ? s : (struct span){"", 0};
}

static enum err
load_row(struct job *j, struct rows *q, struct identities *ids)
{
    struct description d = {
        .upn = row_span(q, 4), .former_upn = row_span(q, 5), .local_id = row_span(q, 6),
        .surname = row_span(q, 7), .forename = row_span(q, 8),
        .born = (int32_t)row_int_or(q, 9, DATE_NONE), .postcode = row_span(q, 10),
    };
    struct span hex = row_span(q, 2);
    struct identity i = {.identity_id = row_int(q, 0), .person_id = row_int(q, 1)};
    struct keys k;
    uint64_t digest[2];
    enum err e;

    if (!digest_from_hex(hex.s, hex.n, digest))
        return err_set(j, ERR_FAULT, "identity %lld has no digest", (long long)i.identity_id);
    index_keys(j, ids, &d, &k);
    if ((e = index_add(j, ids, digest, &i)))
        return e;
    return i.person_id ? index_note(j, ids, &d, &k, i.person_id)
                       : index_add_lone(j, ids, &k, d.born);
}

/* ---- and of sealed children ------------------------------------------------------ */

static enum err
load_words(struct job *j, struct identities *ids, const struct sealed_words *w)
{
    struct description d = {
        .upn = span_of(w->upn), .former_upn = span_of(w->former_upn),
        .local_id = span_of(w->local_id), .surname = span_of(w->surname),
        .forename = span_of(w->forename), .born = w->born, .postcode = span_of(w->postcode),
    };
    struct identity i = {.identity_id = w->identity_id, .person_id = w->person_id};
    struct keys k;
    uint64_t digest[2];
    enum err e;

    if (!digest_from_hex(w->digest, strlen(w->digest), digest))
        return err_set(j, ERR_FAULT, "identity %lld has no digest", (long long)i.identity_id);
    index_keys(j, ids, &d, &k);
    if ((e = index_add(j, ids, digest, &i)) || (e = index_note(j, ids, &d, &k, i.person_id)))
        return e;
    return map_put(j, ids->sealed, (uint64_t)i.person_id, 1);
}

static enum err
load_sealed(struct job *j, struct identities *ids)
{
    struct sealed_words *v;
    struct key key;
    size_t n = 0;
    bool any;
    enum err e = custody_any(j, &any);

    if (e || !any)
        return e;
    if (!ids->sink.home)
        return err_set(j, ERR_ENV, "this authority cannot be loaded without its key file");
    if (!(e = key_load(j, ids->sink.home, &key)))
        e = sealed_read(j, &key, 0, &v, &n);
    for (size_t i = 0; !e && i < n; i++)
        e = load_words(j, ids, &v[i]);
    sodium_memzero(&key, sizeof key);
    return e;
}

static const char sql_history[] = "SELECT 1 FROM census_pupil WHERE area_id = $1 LIMIT 1";

enum err
index_load(struct job *j, struct identities *ids)
{
    struct rows q;
    int64_t history;
    enum err done, e = db_int(j, sql_history, ARGS(INT(j->area)), 0, &history);

    if (e)
        return e;
    /* without it nothing need be asked, and SQLite, which knows no statistics of an empty
     * table, would walk through all that comes in meanwhile */
    ids->history = history == 1;
    db_ask(j, &q, sql_identities, ARGS(INT(j->area)));
    while (!e && db_next(&q)) {
        struct scope s = job_scope_begin(j);
        e = load_row(j, &q, ids);
        job_scope_end(j, s);
    }
    done = db_done(&q);
    if (e || done)
        return e ? e : done;
    return load_sealed(j, ids);
}
