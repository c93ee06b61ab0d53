#include "base/aside.h"
#include "store/db.h"
#include "timeline/pack.h"
#include <sodium.h>

enum { ALIGN = 64, TEXT_MOST = 256 };

/* ---- checksum and digest ----------------------------------------------------------------- */

/* Not against malice, which check.c stands against, but against a bad disk. */
static const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);

void
file_sum_begin(struct file_sum *x, uint64_t start, size_t n)
{
    x->h = start ^ n * odd;
    x->held = 0;
    for (unsigned i = 0; i < 4; i++)
        x->lane[i] = x->h + i;
}

static void
sum_words(struct file_sum *x, const char *s, size_t n)
{
    uint64_t lane[4], word[4];

    memcpy(lane, x->lane, sizeof lane);
    for (; n >= sizeof word; s += sizeof word, n -= sizeof word) {
        memcpy(word, s, sizeof word);
        for (int i = 0; i < 4; i++) { /* side by side: none waits for another */
            lane[i] = (lane[i] ^ word[i]) * odd;
            lane[i] ^= lane[i] >> 29;
        }
    }
    memcpy(x->lane, lane, sizeof lane);
}

void
file_sum_add(struct file_sum *x, const char *s, size_t n)
{
    size_t some = x->held ? sizeof x->rest - x->held : 0;

    if (!n) /* an empty section has no place */
        return;
    some = some < n ? some : n;
    memcpy(x->rest + x->held, s, some);
    x->held += some;
    if (x->held == sizeof x->rest) {
        sum_words(x, x->rest, sizeof x->rest);
        x->held = 0;
    }
    if (x->held || some == n)
        return;
    sum_words(x, s + some, n - some);
    x->held = (n - some) % sizeof x->rest;
    memcpy(x->rest, s + n - x->held, x->held);
}

uint64_t
file_sum_end(struct file_sum *x)
{
    uint64_t word[4] = {0}, h = x->h;

    memcpy(word, x->rest, x->held);
    for (int i = 0; i < 4; i++)
        h = (h ^ x->lane[i] ^ word[i]) * odd ^ h >> 31;
    return h ^ h >> 32;
}

uint64_t
file_checksum(uint64_t start, const void *p, size_t n)
{
    struct file_sum x;

    file_sum_begin(&x, start, n);
    file_sum_add(&x, p, n);
    return file_sum_end(&x);
}

static const char sql_batches[] =
    "SELECT batch_id, digest " BUILD_BATCHES "ORDER BY batch_id";
/* So often had who is who changed by then. */
static const char sql_changes[] =
    "SELECT COUNT(*), COALESCE(MAX(changed), 0) FROM identity_change WHERE area_id = $1 AND "
    "changed <= $2";
/* So much was corrected, and undone, by then. */
static const char sql_corrections[] =
    "SELECT COUNT(*) FILTER (WHERE made <= $2), COUNT(*) FILTER (WHERE undone <= $2) "
    "FROM correction WHERE area_id = $1";
static const char sql_editions[] =
    "SELECT name, COALESCE((SELECT MIN(p.edition) FROM edition_past p WHERE p.name = e.name AND "
    "p.until > $1), edition) FROM edition e ORDER BY name";

static void
take_in(crypto_hash_sha256_state *h, const struct rows *q, int number, int text)
{
    char line[TEXT_MOST];
    size_t n = 0;
    const char *s = row_peek(q, text, &n);
    int len = snprintf(line, sizeof line, "%lld %.*s\n", (long long)row_int(q, number),
                       n < 200 ? (int)n : 200, s ? s : "");

    crypto_hash_sha256_update(h, (const unsigned char *)line, (unsigned long long)len);
}

static void
take_numbers(crypto_hash_sha256_state *h, const struct rows *q)
{
    char line[TEXT_MOST];
    int len = snprintf(line, sizeof line, "%lld %lld\n", (long long)row_int(q, 0),
                       (long long)row_int(q, 1));

    crypto_hash_sha256_update(h, (const unsigned char *)line, (unsigned long long)len);
}

/* Sealed children are not in the file, and were not in any that is made again of the past. */
static const char sql_sealed[] =
    "SELECT identity_id, 0 FROM identity WHERE area_id = $1 ORDER BY identity_id";

/* Nor where children live whose address is marked as safe (people/safe_address.h). */
static const char sql_safe[] =
    "SELECT person_id, since FROM safe_address WHERE area_id = $1 ORDER BY person_id";

enum err
file_digest(struct job *j, const struct timeline_order *o, uint8_t *out)
{
    int64_t who = o->from_made ? INT64_MAX : o->known_at;
    crypto_hash_sha256_state h;
    struct rows q;
    enum err e;

    crypto_hash_sha256_init(&h);
    db_ask(j, &q, sql_batches, ARGS(BUILD_KNOWN(j->area, o)));
    while (db_next(&q))
        take_in(&h, &q, 0, 1);
    if ((e = db_done(&q)))
        return e;
    db_ask(j, &q, sql_changes, ARGS(INT(j->area), INT(who)));
    while (db_next(&q))
        take_numbers(&h, &q);
    if ((e = db_done(&q)))
        return e;
    db_ask(j, &q, sql_corrections, ARGS(INT(j->area), INT(o->known_at)));
    while (db_next(&q))
        take_numbers(&h, &q);
    if ((e = db_done(&q)))
        return e;
    db_ask(j, &q, sql_sealed, ARGS(INT(-j->area)));
    while (db_next(&q))
        take_numbers(&h, &q);
    if ((e = db_done(&q)))
        return e;
    db_ask(j, &q, sql_safe, ARGS(INT(j->area)));
    while (db_next(&q))
        take_numbers(&h, &q);
    if ((e = db_done(&q)))
        return e;
    db_ask(j, &q, sql_editions, ARGS(INT(build_shared_at(o))));
    while (db_next(&q))
        take_in(&h, &q, 1, 0);
    crypto_hash_sha256_final(&h, out);
    return db_done(&q);
}

/* ---- writing ----------------------------------------------------------------------------- */

/* A section on its way from its parts. */
struct copying {
    struct aside *to;
    struct file_sum sum;
};

static enum err
put_piece(void *arg, const void *p, size_t n)
{
    struct copying *c = arg;

    file_sum_add(&c->sum, p, n);
    return aside_put(c->to, p, n);
}

/* rows NULL: those of its stream. */
static enum err
put_section(struct aside *to, struct build *b, int section, const void *rows)
{
    static const char zero[ALIGN];
    struct timeline_part *part = &b->head.part[section];
    size_t n = (size_t)part->count * part->width;
    struct copying c = {.to = to};
    enum err e = aside_put(to, zero, (ALIGN - aside_at(to) % ALIGN) % ALIGN);

    file_sum_begin(&c.sum, 0, n);
    part->offset = aside_at(to);
    if (!e)
        e = rows ? put_piece(&c, rows, n)
                 : streams_read(b->packed, (size_t)section, put_piece, &c);
    part->checksum = file_sum_end(&c.sum);
    return e;
}

static enum err
put_all(struct aside *to, struct build *b, const struct timeline *t)
{
    struct timeline_head *head = &b->head;
    const void *rows[TIMELINE_SECTIONS] = {
        [TIMELINE_SCHOOL] = t->school, [TIMELINE_DISTRICT] = t->district,
        [TIMELINE_PLACE] = t->place, [TIMELINE_BATCH] = t->batch, [TIMELINE_RETURN] = t->returns};
    enum err e = aside_put(to, head, sizeof *head); /* its place; the true one follows */

    for (int s = 0; s < TIMELINE_SECTIONS && !e; s++) {
        head->part[s].width = (uint32_t)pack_width((enum timeline_section)s);
        head->part[s].count = t->n[s] + (s == TIMELINE_PERSON);
        e = put_section(to, b, s, rows[s]);
    }
    if (e)
        return e;
    memcpy(head->magic, "rootedTL", sizeof head->magic);
    head->version = TIMELINE_VERSION;
    head->order = 0x01020304;
    head->bytes = aside_at(to);
    head->checksum = 0;
    head->checksum = file_checksum(0, head, sizeof *head);
    return aside_put_first(to, head, sizeof *head);
}

enum err
file_write(struct build *b, const struct timeline *t)
{
    static const struct aside_words words = {
        "the column file", "Free some space or check who may write there; nothing else was "
                           "changed."};
    struct aside *to;
    enum err e = aside_open(b->j, b->path, &words, &to);

    if (!e)
        e = put_all(to, b, t);
    return e ? e : aside_end(to);
}
