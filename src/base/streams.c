#include "base/streams.h"
#include "base/nameless.h"
#include <errno.h>
#include <unistd.h>

static const size_t MEMORY = (size_t)1024 * JOB_MB;

/* Where a block of a stream lies in the file. */
struct piece {
    int64_t at;
    uint32_t n;
};
struct stream {
    char *block;      /* NULL: nothing was given yet */
    uint32_t used;    /* of it */
    uint32_t pieces, most;
    struct piece *piece;
    uint64_t bytes;   /* in all */
};

struct streams {
    struct job *j;    /* for errors */
    struct job mem;   /* of blocks and pieces, apart from the scopes of the work */
    struct streams_place at;
    int fd;
    int64_t written;
    enum err failed;
    char *nowhere;
    size_t n;
    struct stream stream[];
};

static void
close_streams(void *arg)
{
    struct streams *x = arg;

    job_end(&x->mem);
    if (x->fd >= 0)
        close(x->fd);
}

struct streams *
streams_open(struct job *j, struct streams_place at, size_t n)
{
    struct cleanup *end = job_on_end(j, close_streams);
    struct streams *x = job_alloc(j, sizeof *x + n * sizeof x->stream[0]);

    x->j = j;
    x->at = at;
    x->fd = -1;
    x->n = n;
    x->nowhere = job_alloc(j, STREAMS_BLOCK);
    job_init(&x->mem, MEMORY);
    end->arg = x;
    return x;
}

/* ---- writing ----------------------------------------------------------------------------- */

static void
fail(struct streams *x)
{
    x->failed = err_set(x->j, ERR_ENV, "%s cannot be put aside while it is made: %s",
                        x->at.what, strerror(errno));
    x->failed = err_hint(x->j, "Free some space or check who may write in %s; nothing else was "
                               "changed.",
                         x->at.folder ? x->at.folder : "the folder for temporary files");
}

static void *
memory(struct streams *x, size_t n)
{
    void *mem = job_try_alloc(&x->mem, n);

    if (!mem) {
        x->j->err = x->mem.err;
        x->failed = x->mem.err.kind;
    }
    return mem;
}

static bool
write_all(struct streams *x, const char *p, size_t n)
{
    while (n) {
        ssize_t done = pwrite(x->fd, p, n, x->written);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            fail(x);
            return false;
        }
        x->written += done;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

static void
flush(struct streams *x, struct stream *s)
{
    struct piece *more;
    int64_t at = x->written;

    if (s->pieces == s->most) {
        uint32_t most = s->most ? 2 * s->most : 16;
        if (!(more = memory(x, most * sizeof *more)))
            return;
        if (s->pieces)
            memcpy(more, s->piece, s->pieces * sizeof *more);
        s->piece = more;
        s->most = most;
    }
    if (x->fd < 0 && (x->fd = nameless_open(x->at.folder)) < 0)
        fail(x);
    if (x->failed || !write_all(x, s->block, s->used))
        return;
    s->piece[s->pieces++] = (struct piece){at, s->used};
    s->used = 0;
}

void *
streams_room(struct streams *x, size_t stream, size_t n)
{
    struct stream *s = &x->stream[stream];
    char *room;

    if (n > STREAMS_BLOCK || stream >= x->n)
        abort(); /* a row was widened without looking here */
    if (!x->failed && !s->block)
        s->block = memory(x, STREAMS_BLOCK);
    else if (!x->failed && s->used + n > STREAMS_BLOCK)
        flush(x, s);
    if (x->failed)
        return memset(x->nowhere, 0, n);
    room = s->block + s->used;
    s->used += (uint32_t)n;
    s->bytes += n;
    return memset(room, 0, n);
}

void
streams_put(struct streams *x, size_t stream, const void *p, size_t n)
{
    const char *from = p;

    while (n) {
        size_t left = STREAMS_BLOCK - x->stream[stream].used;
        size_t some = left == 0 ? STREAMS_BLOCK : left;
        some = some < n ? some : n;
        memcpy(streams_room(x, stream, some), from, some);
        from += some;
        n -= some;
    }
}

enum err
streams_state(const struct streams *x)
{
    return x->failed;
}

/* ---- reading ----------------------------------------------------------------------------- */

uint64_t
streams_bytes(const struct streams *x, size_t stream)
{
    return x->stream[stream].bytes;
}

static enum err
read_piece(struct streams *x, const struct piece *p, char *to)
{
    for (uint32_t done = 0; done < p->n;) {
        ssize_t got = pread(x->fd, to + done, p->n - done, p->at + done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            err_set(x->j, ERR_ENV, "%s cannot be made: what was put aside cannot be read again",
                    x->at.what);
            return err_detail(x->j, "%s", got < 0 ? strerrorname_np(errno) : "short read");
        }
        done += (uint32_t)got;
    }
    return OK;
}

enum err
streams_read(struct streams *x, size_t stream, streams_fn *fn, void *arg)
{
    const struct stream *s = &x->stream[stream];
    enum err e = x->failed;

    for (uint32_t i = 0; i < s->pieces && !e; i++)
        if (!(e = read_piece(x, &s->piece[i], x->nowhere)))
            e = fn(arg, x->nowhere, s->piece[i].n);
    return e || !s->used ? e : fn(arg, s->block, s->used);
}
