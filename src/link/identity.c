#include "link/identity.h"
#include "access/custody.h"
#include "link/index.h"
#include "people/area.h"
#include <sodium.h>

const struct db_table identity_table = {
    "identity",
    "area_id, identity_id, person_id, digest, source, upn, former_upn, local_id, surname, "
    "forename, middle_names, preferred_surname, former_surname, born, sex, postcode, batch_id, "
    "surname_key, forename_key",
    "iiittttttttttittitt",
};
const struct db_table identity_person_table = {"person", "area_id, person_id", "ii"};

enum { IDS_AT_ONCE = 1000 };

enum err
identity_open(struct job *j, struct identity_sink sink, struct identities **out)
{
    struct identities *ids = job_alloc(j, sizeof *ids);
    struct map **maps[] = {&ids->known_by, &ids->upn,    &ids->local_id, &ids->name,
                           &ids->lived,    &ids->merged, &ids->sealed};
    enum err e = OK;

    ids->sink = sink;
    ids->salt = map_salt_new();
    for (size_t i = 0; !e && i < sizeof maps / sizeof *maps; i++)
        e = map_open(j, 0, maps[i]);
    if (e || (e = pile_open(j, sizeof(struct known), &ids->known)) ||
        (e = pile_open(j, sizeof(struct holder), &ids->holders)) ||
        (e = pile_open(j, sizeof(struct lone), &ids->lone)) ||
        (e = pile_open(j, sizeof(struct merge), &ids->merges)))
        return e;
    *out = ids;
    return index_load(j, ids);
}

void
identity_for_batch(struct identities *ids, int64_t batch_id)
{
    ids->batch_id = batch_id;
}

/* ---- the description as one value ------------------------------------------------ */

static const char *
source_name(enum identity_source s)
{
    switch (s) {
    case IDENTITY_CARE:
        return "social care";
    case IDENTITY_LIST:
        return "person list";
    case IDENTITY_SCHOOL:
    case IDENTITY_NOTIFICATION:
        break;
    }
    return "school";
}

static struct span
kept_postcode(const struct description *d)
{
    return d->upn.n ? (struct span){"", 0} : d->postcode;
}

/* Length and bytes of each field, so that no two descriptions run together. */
static void
digest_of(const struct description *d, unsigned char out[crypto_hash_sha256_BYTES])
{
    const struct span part[] = {
        span_of(source_name(d->source)), d->upn, d->former_upn, d->local_id, d->surname,
        d->forename, d->middle_names, d->preferred_surname, d->former_surname, d->sex,
        kept_postcode(d),
    };
    crypto_hash_sha256_state state;
    unsigned char born[4];

    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        unsigned char n[4];
        for (int b = 0; b < 4; b++)
            n[b] = (unsigned char)(part[i].n >> 8 * b);
        crypto_hash_sha256_update(&state, n, sizeof n);
        crypto_hash_sha256_update(&state, (const unsigned char *)part[i].s, part[i].n);
    }
    for (int b = 0; b < 4; b++)
        born[b] = (unsigned char)((uint32_t)d->born >> 8 * b);
    crypto_hash_sha256_update(&state, born, sizeof born);
    crypto_hash_sha256_final(&state, out);
}

static uint64_t
big_endian(const unsigned char *p)
{
    uint64_t v = 0;

    for (int i = 0; i < 8; i++)
        v = v << 8 | p[i];
    return v;
}

/* ---- who is it ------------------------------------------------------------------- */

/* What is known of a description while its person is looked for. */
struct search {
    struct job *j;
    struct identities *ids;
    const struct description *d;
    struct keys keys;
    int64_t person; /* the first found */
    unsigned doubt;
};

static bool
contradicts(const struct search *s, const struct holder *h)
{
    if (s->d->born == DATE_NONE || h->born == DATE_NONE || s->d->born == h->born)
        return false;
    return !s->keys.forename || !h->forename || s->keys.forename != h->forename;
}

/* Another rule found this person.  Two rules that find two persons tell that these are one
 * child; the older number stays.  Social care gives no names to be sure by. */
static enum err
found(struct search *s, int64_t person)
{
    struct merge m;
    struct merge *kept;

    if (!s->person)
        s->person = person;
    if (s->person == person || s->d->source == IDENTITY_CARE)
        return OK;
    m = (struct merge){s->person > person ? s->person : person,
                       s->person > person ? person : s->person};
    s->person = m.to;
    if (!(kept = pile_add(s->j, s->ids->merges)))
        return s->j->err.kind;
    *kept = m;
    return map_put(s->j, s->ids->merged, (uint64_t)m.from, m.to);
}

static enum err
find_by_number(struct search *s, struct map *m, uint64_t key, unsigned if_shared)
{
    struct holder *h = index_first(s->ids, m, key);
    bool shared = false;

    while (h && contradicts(s, h)) {
        /* that a sealed child has the number must not be told to the other's school */
        shared = shared || !index_is_sealed(s->ids, h->person_id);
        h = index_next(s->ids, h);
    }
    if (h)
        return found(s, index_person(s->ids, h->person_id));
    if (shared)
        s->doubt |= if_shared;
    return OK;
}

/* Earlier loads: the postcodes that the person's census records gave. */
static const char sql_lived[] =
    "SELECT 1 FROM census_pupil WHERE area_id = $1 AND identity_id IN (SELECT identity_id "
    "FROM identity WHERE area_id = $1 AND person_id = $2) AND postcode = $3 LIMIT 1";

static enum err
has_lived(struct search *s, int64_t person, bool *lived)
{
    int64_t area = index_is_sealed(s->ids, person) ? custody_area(s->j->area) : s->j->area;
    struct span p = s->d->postcode;
    int64_t found_it;
    enum err e;

    *lived = map_find(s->ids->lived, index_key_lived(s->ids, person, p)) != NULL;
    if (*lived || !s->ids->history)
        return OK;
    e = db_int(s->j, sql_lived, ARGS(INT(area), INT(person), TEXT_N(p.s, p.n)), 0, &found_it);
    *lived = found_it == 1;
    return e;
}

static enum err
find_by_name(struct search *s)
{
    struct holder *h = index_first(s->ids, s->ids->name, s->keys.name);
    bool by_number = s->person != 0, other_upn = false;
    enum err e = OK;

    for (; !e && h && s->d->postcode.n; h = index_next(s->ids, h)) {
        int64_t person = index_person(s->ids, h->person_id);
        bool lived = person == s->person;

        if (!lived && (e = has_lived(s, h->person_id, &lived)))
            break;
        if (lived)
            e = found(s, person);
        other_upn = other_upn || (lived && h->upn);
    }
    if (other_upn && !by_number && s->keys.upn)
        s->doubt |= DOUBT_UPN_CHANGED;
    return e;
}

static bool
makes_person(const struct description *d)
{
    switch (d->source) {
    case IDENTITY_SCHOOL:
        return true;
    case IDENTITY_NOTIFICATION:
        return d->upn.n != 0;
    case IDENTITY_LIST:
        return d->upn.n || (d->surname.n && d->forename.n && d->born != DATE_NONE);
    case IDENTITY_CARE:
        break;
    }
    return false;
}

static enum err
next_id(struct search *s, int64_t *id)
{
    struct identities *ids = s->ids;

    if (!ids->ids_left) {
        enum err e = area_next_id(s->j, IDS_AT_ONCE, &ids->next_id);
        if (e)
            return e;
        ids->ids_left = IDS_AT_ONCE;
    }
    ids->ids_left--;
    *id = ids->next_id++;
    return OK;
}

static enum err
new_person(struct search *s)
{
    enum err e = next_id(s, &s->person);

    return e ? e
             : s->ids->sink.row(s->j, s->ids->sink.arg, &identity_person_table,
                                ARGS(INT(s->j->area), INT(s->person)).v);
}

static enum err
find_person(struct search *s)
{
    struct identities *ids = s->ids;
    enum err e;

    if ((e = find_by_number(s, ids->upn, s->keys.upn, DOUBT_UPN_SHARED)) ||
        (e = find_by_number(s, ids->upn, s->keys.former_upn, 0)) || (e = find_by_name(s)) ||
        (e = find_by_number(s, ids->local_id, s->keys.local_id, DOUBT_ID_SHARED)))
        return e;
    if (s->person)
        return OK;
    if (makes_person(s->d))
        return new_person(s);
    s->doubt |= DOUBT_NOT_LINKABLE;
    return OK;
}

static struct arg
text_or_null(struct span s)
{
    return s.n ? TEXT_N(s.s, s.n) : NUL;
}

/* What children are looked for by (people/child.h). */
static struct arg
name_key(struct job *j, struct span name)
{
    return name.n ? TEXT(text_name_key(j, name)) : NUL;
}

static enum err
write_identity(struct search *s, int64_t identity_id, const unsigned char *digest)
{
    const struct description *d = s->d;
    char hex[33];

    sodium_bin2hex(hex, sizeof hex, digest, 16);
    return s->ids->sink.row(
        s->j, s->ids->sink.arg, &identity_table,
        ARGS(INT(s->j->area), INT(identity_id), s->person ? INT(s->person) : NUL,
             TEXT_N(hex, 32), TEXT(source_name(d->source)), text_or_null(d->upn),
             text_or_null(d->former_upn), text_or_null(d->local_id), text_or_null(d->surname),
             text_or_null(d->forename), text_or_null(d->middle_names),
             text_or_null(d->preferred_surname), text_or_null(d->former_surname),
             d->born == DATE_NONE ? NUL : INT(d->born), text_or_null(d->sex),
             text_or_null(kept_postcode(d)), INT(s->ids->batch_id), name_key(s->j, d->surname),
             name_key(s->j, d->forename))
            .v);
}

static enum err
add_new(struct search *s, const unsigned char *bytes, const uint64_t digest[2],
        struct identity *out)
{
    enum err e;

    index_keys(s->j, s->ids, s->d, &s->keys);
    if ((e = find_person(s)) || (e = next_id(s, &out->identity_id)) ||
        (e = write_identity(s, out->identity_id, bytes)))
        return e;
    out->person_id = s->person;
    out->doubt = s->doubt;
    if ((e = index_add(s->j, s->ids, digest, out)))
        return e;
    return s->person ? index_note(s->j, s->ids, s->d, &s->keys, s->person)
                     : index_add_lone(s->j, s->ids, &s->keys, s->d->born);
}

/* The child with a UPN may have moved house since: rule 2 knows each place, and at the new
 * one it may meet who is described without a number. */
static enum err
note_place(struct search *s, int64_t *person)
{
    const struct description *d = s->d;
    struct scope scope;
    uint64_t key;
    enum err e;

    if (!*person || !d->postcode.n || !d->upn.n)
        return OK;
    key = index_key_lived(s->ids, *person, d->postcode);
    if (map_find(s->ids->lived, key))
        return OK;
    scope = job_scope_begin(s->j);
    s->person = *person;
    index_keys(s->j, s->ids, d, &s->keys);
    e = find_by_name(s);
    *person = s->person;
    job_scope_end(s->j, scope);
    return e ? e : map_put(s->j, s->ids->lived, key, 1);
}

enum err
identity_find(struct job *j, struct identities *ids, const struct description *d,
              struct identity *out)
{
    unsigned char bytes[crypto_hash_sha256_BYTES];
    struct search s = {.j = j, .ids = ids, .d = d};
    const struct known *known;
    uint64_t digest[2];
    struct scope scope;
    enum err e;

    *out = (struct identity){0};
    digest_of(d, bytes);
    digest[0] = big_endian(bytes);
    digest[1] = big_endian(bytes + 8);
    if ((known = index_known(ids, digest))) {
        out->identity_id = known->identity_id;
        out->person_id = index_person(ids, known->person_id);
        out->seen = true;
        return note_place(&s, &out->person_id);
    }
    scope = job_scope_begin(j);
    e = add_new(&s, bytes, digest, out);
    job_scope_end(j, scope);
    return e;
}
