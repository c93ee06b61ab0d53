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
uint64_t
file_checksum(uint64_t start, const void *p, size_t n)
{
    const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
    const char *s = p;
    uint64_t h = start ^ n * odd, lane[4] = {h, h + 1, h + 2, h + 3}, word[4];

    for (; n >= sizeof word; s += sizeof word, n -= sizeof word) {
        memcpy(word, s, sizeof word);
        for (int i = 0; i < 4; i++) { /* side by side: none waits for another */
            lane[i] = (lane[i] ^ word[i]) * odd;
            lane[i] ^= lane[i] >> 29;
        }
    }
    memset(word, 0, sizeof word);
    if (n)
        memcpy(word, s, n);
    for (int i = 0; i < 4; i++)
        h = (h ^ lane[i] ^ word[i]) * odd ^ h >> 31;
    return h ^ h >> 32;
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
static const char sql_editions[] = "SELECT name, edition FROM edition ORDER BY name";

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
    db_ask(j, &q, sql_editions, NO_ARGS);
    while (db_next(&q))
        take_in(&h, &q, 1, 0);
    crypto_hash_sha256_final(&h, out);
    return db_done(&q);
}

/* ---- writing ----------------------------------------------------------------------------- */

struct out {
    struct job *j;
    const char *aside, *path;
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

static enum err
put_section(struct out *o, struct timeline_part *part, const void *rows, size_t count)
{
    static const char zero[ALIGN];
    size_t n = count * part->width, gap = (ALIGN - o->at % ALIGN) % ALIGN;
    enum err e = put(o, zero, gap);

    part->count = (uint32_t)count;
    part->offset = o->at;
    part->checksum = file_checksum(0, rows, n);
    return e ? e : put(o, rows, n);
}

static enum err
put_all(struct out *o, const struct timeline *t, struct timeline_head *head)
{
    const void *rows[TIMELINE_SECTIONS] = {
        t->person, t->school, t->district, t->place, t->batch, t->returns, t->source,
        t->census, t->enrolment, t->suspension, t->event, t->absence, t->spell, t->placement,
        t->leaver, t->entry, t->move};
    enum err e = put(o, head, sizeof *head); /* its place; the true one follows */

    for (int s = 0; s < TIMELINE_SECTIONS && !e; s++) {
        head->part[s].width = (uint32_t)pack_width((enum timeline_section)s);
        e = put_section(o, &head->part[s], rows[s], t->n[s] + (s == TIMELINE_PERSON));
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
    const char *slash = strrchr(o->path, '/');
    const char *folder = slash ? job_copy_n(o->j, o->path, (size_t)(slash - o->path) + 1) : ".";
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
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
file_write(struct job *j, const char *path, const struct timeline *t, struct timeline_head *head)
{
    struct out *o = job_alloc(j, sizeof *o);
    struct cleanup *end = job_on_end(j, close_out);
    enum err e;

    *o = (struct out){.j = j, .path = path, .fd = -1};
    end->arg = o;
    if ((e = open_aside(o, job_format(j, "%s.new", path))) || (e = put_all(o, t, head)))
        return e;
    if (fsync(o->fd) < 0 || rename(o->aside, path) < 0)
        return failed(o);
    o->aside = NULL;
    return sync_folder(o);
}
