#include "store/db.h"
#include "timeline/pack.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ALIGN = 64, PIECE = 1024 * 1024, TEXT_MOST = 256 };

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

struct out {
    struct job *j;
    const char *aside, *path;
    struct timeline_head *head;
    int fd;
    uint64_t at;
};

static void
close_out(void *arg)
{
    struct out *o = arg;

    if (o->aside) /* while the lock is held */
        unlink(o->aside);
    if (o->fd >= 0)
        close(o->fd);
}

static enum err
failed(const struct out *o)
{
    err_set(o->j, ERR_ENV, "the column file %s cannot be written: %s", o->path, strerror(errno));
    return err_hint(o->j, "Free some space or check who may write there; nothing else was "
                          "changed.");
}

static enum err
put(struct out *o, const void *p, size_t n)
{
    const char *s = p;

    for (size_t done = 0; done < n;) {
        ssize_t got = write(o->fd, s + done, n - done < PIECE ? n - done : PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return failed(o);
        done += (size_t)got;
    }
    o->at += n;
    return OK;
}

/* A section on its way from its parts. */
struct copying {
    struct out *o;
    struct file_sum sum;
};

static enum err
put_piece(void *arg, const void *p, size_t n)
{
    struct copying *c = arg;

    file_sum_add(&c->sum, p, n);
    return put(c->o, p, n);
}

/* rows NULL: those of its stream. */
static enum err
put_section(struct out *o, const struct build *b, int section, const void *rows)
{
    static const char zero[ALIGN];
    struct timeline_part *part = &o->head->part[section];
    size_t n = (size_t)part->count * part->width, gap = (ALIGN - o->at % ALIGN) % ALIGN;
    struct copying c = {.o = o};
    enum err e = put(o, zero, gap);

    file_sum_begin(&c.sum, 0, n);
    part->offset = o->at;
    if (!e)
        e = rows ? put_piece(&c, rows, n)
                 : streams_read(b->packed, (size_t)section, put_piece, &c);
    part->checksum = file_sum_end(&c.sum);
    return e;
}

static enum err
put_all(struct out *o, const struct build *b, const struct timeline *t)
{
    struct timeline_head *head = o->head;
    const void *rows[TIMELINE_SECTIONS] = {
        [TIMELINE_SCHOOL] = t->school, [TIMELINE_DISTRICT] = t->district,
        [TIMELINE_PLACE] = t->place, [TIMELINE_BATCH] = t->batch, [TIMELINE_RETURN] = t->returns};
    enum err e = put(o, head, sizeof *head); /* its place; the true one follows */

    for (int s = 0; s < TIMELINE_SECTIONS && !e; s++) {
        head->part[s].width = (uint32_t)pack_width((enum timeline_section)s);
        head->part[s].count = t->n[s] + (s == TIMELINE_PERSON);
        e = put_section(o, b, s, rows[s]);
    }
    if (e)
        return e;
    memcpy(head->magic, "rootedTL", sizeof head->magic);
    head->version = TIMELINE_VERSION;
    head->order = 0x01020304;
    head->bytes = o->at;
    head->checksum = 0;
    head->checksum = file_checksum(0, head, sizeof *head);
    if (pwrite(o->fd, head, sizeof *head, 0) != (ssize_t)sizeof *head)
        return failed(o);
    return OK;
}

/* The name itself is on disk once its folder is. */
static enum err
sync_folder(struct out *o)
{
    int fd = open(build_folder(o->j, o->path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int bad = fd < 0 || fsync(fd) < 0;

    if (fd >= 0)
        close(fd);
    return bad ? failed(o) : OK;
}

static bool
is_still(int fd, const char *path)
{
    struct stat mine, there;

    return fstat(fd, &mine) == 0 && stat(path, &there) == 0 && mine.st_ino == there.st_ino &&
           mine.st_dev == there.st_dev;
}

/* One name and a lock on it: what a killed build left is written over, and of two builds
 * at once the second waits, and then finds that the first has renamed the file. */
static enum err
open_aside(struct out *o, const char *aside)
{
    for (;;) {
        o->fd = open(aside, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (o->fd < 0 || flock(o->fd, LOCK_EX) < 0)
            return failed(o);
        if (is_still(o->fd, aside))
            break;
        close(o->fd);
    }
    o->aside = aside;
    return ftruncate(o->fd, 0) < 0 ? failed(o) : OK;
}

enum err
file_write(struct build *b, const struct timeline *t)
{
    struct out *o = job_alloc(b->j, sizeof *o);
    struct cleanup *end = job_on_end(b->j, close_out);
    enum err e;

    *o = (struct out){.j = b->j, .path = b->path, .head = &b->head, .fd = -1};
    end->arg = o;
    if ((e = open_aside(o, job_format(b->j, "%s.new", b->path))) || (e = put_all(o, b, t)))
        return e;
    if (fsync(o->fd) < 0 || rename(o->aside, b->path) < 0)
        return failed(o);
    o->aside = NULL;
    return sync_folder(o);
}
