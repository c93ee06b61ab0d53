#include "access/seal.h"
#include "base/text.h"
#include "store/db.h"
#include <sodium.h>

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    SEALED_MOST = 1024 * 1024,
};

/* ---- one text ---------------------------------------------------------------------- */

/* What binds it to its place; no two places give the same. */
static const char *
bind(struct job *j, struct seal_place p)
{
    return job_format(j, "%s %lld %lld", p.where, (long long)p.area, (long long)p.id);
}

static const unsigned char *
version_of(const struct key *k, int version)
{
    return version < k->oldest || version > k->newest ? NULL : k->seal[version % KEY_VERSIONS];
}

static enum err
seal_under(struct job *j, const struct key *k, struct seal_place p, const char *text,
           const char **out)
{
    size_t n = strlen(text), n_bytes = NONCE + n + TAG;
    size_t n_encoded = sodium_base64_ENCODED_LEN(n_bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    unsigned char *bytes = job_alloc(j, n_bytes);
    char *encoded = job_alloc(j, n_encoded);
    const char *place = bind(j, p);

    randombytes_buf(bytes, NONCE);
    if (crypto_aead_xchacha20poly1305_ietf_encrypt(
            bytes + NONCE, NULL, (const unsigned char *)text, n, (const unsigned char *)place,
            strlen(place), NULL, bytes, version_of(k, k->newest)))
        return err_set(j, ERR_FAULT, "a text could not be sealed");
    sodium_bin2base64(encoded, n_encoded, bytes, n_bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    *out = job_format(j, "v%d.%s", k->newest, encoded);
    return OK;
}

enum err
seal_text(struct job *j, const struct key *k, struct seal_place p, const char *text,
          const char **out)
{
    struct key *now = job_alloc(j, sizeof *now);
    enum err e = key_load(j, k->home, now);

    if (!e)
        e = seal_under(j, now, p, text, out);
    sodium_memzero(now, sizeof *now);
    return e;
}

static enum err
does_not_open(struct job *j, struct seal_place p)
{
    err_set(j, ERR_ENV, "a sealed text in the database does not open with this key file");
    err_detail(j, "%s area=%lld id=%lld", p.where, (long long)p.area, (long long)p.id);
    return err_hint(j, "The key file must be the one that the database was used with. If it is "
                       "lost for good: \"rooted key --help\".");
}

/* "v3.…" into its version and bytes; 0: it is nothing sealed. */
static int
take_apart(struct job *j, const char *sealed, unsigned char **bytes, size_t *n)
{
    size_t length = strlen(sealed);
    char *end = NULL;
    long version = sealed[0] == 'v' ? strtol(sealed + 1, &end, 10) : 0;

    if (version < 1 || version > INT32_MAX || *end != '.' || length > SEALED_MOST)
        return 0;
    *bytes = job_alloc(j, length);
    if (sodium_base642bin(*bytes, length, end + 1, strlen(end + 1), NULL, n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
        *n < NONCE + TAG)
        return 0;
    return (int)version;
}

static enum err
open_under(struct job *j, const unsigned char *key, struct seal_place p,
           const struct span *sealed, const char **out)
{
    const unsigned char *bytes = (const unsigned char *)sealed->s;
    const char *place = bind(j, p);
    char *text = job_alloc(j, sealed->n - NONCE - TAG + 1);
    unsigned long long n = 0;

    if (!key || crypto_aead_xchacha20poly1305_ietf_decrypt(
                    (unsigned char *)text, &n, NULL, bytes + NONCE, sealed->n - NONCE,
                    (const unsigned char *)place, strlen(place), bytes, key))
        return does_not_open(j, p);
    text[n] = '\0';
    *out = text;
    return OK;
}

enum err
seal_open(struct job *j, const struct key *k, struct seal_place p, const char *sealed,
          const char **out)
{
    struct key *now = NULL;
    unsigned char *bytes;
    size_t n;
    int version = take_apart(j, sealed, &bytes, &n);
    enum err e = OK;

    if (!version)
        return does_not_open(j, p);
    if (version > k->newest) { /* rotated since this program read the file */
        now = job_alloc(j, sizeof *now);
        e = key_load(j, k->home, now);
    }
    if (!e)
        e = open_under(j, version_of(now ? now : k, version), p,
                       &(struct span){(const char *)bytes, n}, out);
    if (now)
        sodium_memzero(now, sizeof *now);
    return e;
}

/* ---- is this the key of this database? ------------------------------------------------ */

static const struct seal_place check_place = {"setting.key-check", 0, 0};

/* Sealed with the versions, it also tells whether the hashes are of this key. */
static void
check_text(const struct key *k, char *out)
{
    key_hash(k, "check", "rooted", out);
}

static const char sql_write_check[] =
    "INSERT INTO setting (name, value) VALUES ('key-check', $1) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value";

static enum err
write_check(struct job *j, const struct key *k)
{
    char text[KEY_HASH];
    const char *sealed;
    enum err e;

    check_text(k, text);
    e = seal_under(j, k, check_place, text, &sealed);
    return e ? e : db_run(j, sql_write_check, ARGS(TEXT(sealed)), NULL);
}

static const char sql_check[] = "SELECT value FROM setting WHERE name = 'key-check'";

static enum err
read_check(struct job *j, const char **sealed)
{
    struct rows q;

    *sealed = NULL;
    db_ask(j, &q, sql_check, NO_ARGS);
    while (db_next(&q))
        *sealed = row_text(&q, 0);
    return db_done(&q);
}

static enum err
wrong_key(struct job *j, const struct key *k)
{
    err_set(j, ERR_ENV, "the key file %s does not belong to this database",
            key_path(j, k->home));
    return err_hint(j, "Put the key file of the installation that the database comes from in its "
                       "place (mode 600). If it is lost for good: \"rooted key --help\".");
}

enum err
seal_check(struct job *j, const struct key *k, bool write)
{
    const char *sealed, *found;
    char text[KEY_HASH];
    enum err e = read_check(j, &sealed);

    if (e)
        return e;
    if (!sealed)
        return write ? write_check(j, k) : OK;
    check_text(k, text);
    e = seal_open(j, k, check_place, sealed, &found);
    if (!e && key_same(found, text))
        return OK;
    err_clear(j);
    return wrong_key(j, k);
}

enum err
seal_is_marked(struct job *j, bool *yes)
{
    const char *sealed;
    enum err e = read_check(j, &sealed);

    *yes = sealed != NULL;
    return e;
}

enum err
seal_renew(struct job *j, struct key *k)
{
    unsigned char *bytes;
    const char *sealed;
    size_t n;
    enum err e = read_check(j, &sealed);

    if (e || (sealed && take_apart(j, sealed, &bytes, &n) < k->newest))
        return e;
    return key_add_version(j, k);
}

/* ---- all of them ------------------------------------------------------------------------ */

static const struct sealed_column {
    const char *where, *list, *change;
} columns[] = {
#define SEALED(where, list, change) {where, list, change},
#include "access/sealed.def"
#undef SEALED
};
enum { COLUMNS = sizeof columns / sizeof *columns };

struct sealed {
    struct sealed *next;
    int64_t area, id;
    const char *text;
};

static enum err
list_column(struct job *j, const struct sealed_column *c, struct sealed **out)
{
    struct rows q;

    *out = NULL;
    db_ask(j, &q, c->list, NO_ARGS);
    while (db_next(&q)) {
        struct sealed *s = job_alloc(j, sizeof *s);
        *s = (struct sealed){*out, row_int(&q, 0), row_int(&q, 1), row_text(&q, 2)};
        *out = s;
    }
    return db_done(&q);
}

static enum err
rotate_one(struct job *j, const struct key *k, const struct sealed_column *c,
           const struct sealed *s)
{
    struct seal_place p = {c->where, s->area, s->id};
    const char *text, *sealed;
    enum err e = seal_open(j, k, p, s->text, &text);

    if (!e)
        e = seal_under(j, k, p, text, &sealed);
    return e ? e : db_run(j, c->change, ARGS(INT(s->area), INT(s->id), TEXT(sealed)), NULL);
}

static enum err
rotate_column(struct job *j, const struct key *k, const struct sealed_column *c, int64_t *n)
{
    struct sealed *list;
    enum err e = list_column(j, c, &list);

    for (; list && !e; list = list->next) {
        struct scope inner = job_scope_begin(j);
        e = rotate_one(j, k, c, list);
        job_scope_end(j, inner);
        ++*n;
    }
    return e;
}

enum err
seal_rotate(struct job *j, const struct key *k, int64_t *n)
{
    enum err e = seal_check(j, k, true);

    *n = 0;
    for (size_t i = 0; i < COLUMNS && !e; i++)
        e = rotate_column(j, k, &columns[i], n);
    return e ? e : write_check(j, k);
}

static void
lower(struct job *j, const char *sealed, int *version)
{
    unsigned char *bytes;
    size_t n;
    int v = sealed ? take_apart(j, sealed, &bytes, &n) : 0;

    if (v && v < *version)
        *version = v;
}

enum err
seal_oldest(struct job *j, const struct key *k, int *version)
{
    const char *check;
    enum err e = read_check(j, &check);

    *version = k->newest;
    if (!e)
        lower(j, check, version);
    for (size_t i = 0; i < COLUMNS && !e; i++) {
        struct sealed *list;
        e = list_column(j, &columns[i], &list);
        for (; list && !e; list = list->next)
            lower(j, list->text, version);
    }
    return e;
}

/* Codes are hashes under the lost key, so they open nothing any more. */
static const char sql_no_factors[] = "DELETE FROM second_factor";
static const char sql_no_codes[] = "DELETE FROM recovery_code";
static const char sql_no_forms[] = "DELETE FROM kept_form";
/* Who was sealed cannot be told any more: a load brings the child as anybody (decision 0016). Of
 * safe addresses the mark stays. */
static const char *const sql_no_sealed[] = {
    "DELETE FROM sealed_news", "DELETE FROM sealed_custodian", "DELETE FROM sealed_child",
    "DELETE FROM identity WHERE area_id < 0", "DELETE FROM safe_postcode",
    "UPDATE safe_address SET address = '', why = ''",
};
static const char sql_no_emails[] = "UPDATE account SET email = NULL";
static const char sql_no_mail[] =
    "UPDATE outbox SET state = 'given-up', link = NULL, settled = $1, "
    "problem = 'The key file was lost' WHERE area_id >= 0 AND state = 'waiting'";
static const char sql_no_sessions[] = "UPDATE session SET ended = $1 WHERE ended IS NULL";

enum err
seal_give_up(struct job *j, const struct key *k)
{
    enum err e = db_run(j, sql_no_factors, NO_ARGS, NULL);

    if (!e)
        e = db_run(j, sql_no_codes, NO_ARGS, NULL);
    if (!e)
        e = db_run(j, sql_no_forms, NO_ARGS, NULL);
    if (!e)
        e = db_run(j, sql_no_emails, NO_ARGS, NULL);
    for (size_t i = 0; !e && i < sizeof sql_no_sealed / sizeof *sql_no_sealed; i++)
        e = db_run(j, sql_no_sealed[i], NO_ARGS, NULL);
    if (!e)
        e = db_run(j, sql_no_mail, ARGS(INT(j->now)), NULL);
    if (!e)
        e = db_run(j, sql_no_sessions, ARGS(INT(j->now)), NULL);
    return e ? e : write_check(j, k);
}
