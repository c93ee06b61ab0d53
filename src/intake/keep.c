#include "intake/keep.h"
#include "base/worker.h"
#include <zstd.h>

/* Pieces are about 256 kB, and never longer than that and one record. */
enum { SLOTS = 6, PIECE = 2 * JOB_MB, LEVEL = 3, MOST_TEXT = 16 * JOB_MB };

struct slot {
    ZSTD_CCtx *ctx;
    char *in, *out;
    size_t n_in, n_out, size_out; /* n_out an error code where it did not work */
    struct kept about;
    int64_t ticket; /* 0: free */
};

struct keeper {
    struct worker *worker;
    ZSTD_CCtx *ctx;
    struct slot slot[SLOTS];
    int first, n; /* those on their way: slot[first], … */
};

static void
free_context(void *arg)
{
    ZSTD_freeCCtx(arg);
}

enum err
keeper_open(struct job *j, struct keeper **out)
{
    struct keeper *k = job_alloc(j, sizeof *k);
    struct cleanup *end = job_on_end(j, free_context);

    k->ctx = ZSTD_createCCtx();
    if (!k->ctx)
        return err_set(j, ERR_BUSY, "the machine has no memory left for this load");
    end->arg = k->ctx;
    for (int i = 0; i < SLOTS; i++) {
        k->slot[i].ctx = k->ctx; /* one worker: used by one thread at a time */
        k->slot[i].in = job_alloc(j, PIECE);
        k->slot[i].size_out = ZSTD_compressBound(PIECE);
        k->slot[i].out = job_alloc(j, k->slot[i].size_out);
    }
    *out = k;
    return worker_start(j, SLOTS, &k->worker);
}

static void
compress(void *arg)
{
    struct slot *s = arg;

    s->n_out = ZSTD_compressCCtx(s->ctx, s->out, s->size_out, s->in, s->n_in, LEVEL);
}

static enum err
hand_back_first(struct job *j, struct keeper *k, kept_fn *fn, void *arg)
{
    struct slot *s = &k->slot[k->first];

    worker_wait(k->worker, s->ticket);
    k->first = (k->first + 1) % SLOTS;
    k->n--;
    if (ZSTD_isError(s->n_out)) {
        err_set(j, ERR_FAULT, "a piece of a file could not be compressed");
        return err_detail(j, "zstd: %s", ZSTD_getErrorName(s->n_out));
    }
    s->about.content = s->out;
    s->about.n = s->n_out;
    return fn(j, arg, &s->about);
}

enum err
keeper_give(struct job *j, struct keeper *k, const struct kept *piece, kept_fn *fn, void *arg)
{
    struct slot *s;
    enum err e;

    if (piece->n > PIECE)
        return err_set(j, ERR_FAULT, "a piece of a file is larger than a record may be");
    if (k->n == SLOTS && (e = hand_back_first(j, k, fn, arg)))
        return e;
    s = &k->slot[(k->first + k->n++) % SLOTS];
    s->about = *piece;
    s->n_in = piece->n;
    memcpy(s->in, piece->content, piece->n);
    s->ticket = worker_give(k->worker, compress, s);
    return OK;
}

enum err
keeper_drain(struct job *j, struct keeper *k, kept_fn *fn, void *arg)
{
    enum err e = OK;

    while (!e && k->n)
        e = hand_back_first(j, k, fn, arg);
    return e;
}

void
keeper_clear(struct keeper *k)
{
    for (; k->n; k->n--) {
        worker_wait(k->worker, k->slot[k->first].ticket);
        k->first = (k->first + 1) % SLOTS;
    }
}

enum err
kept_text(struct job *j, const void *content, size_t n, const char **text, size_t *n_text)
{
    unsigned long long size = ZSTD_getFrameContentSize(content, n);
    size_t got;
    char *mem;

    if (size > MOST_TEXT) /* unknown and wrong are larger than any size */
        return err_set(j, ERR_FAULT, "the kept text of a file cannot be read");
    mem = job_alloc(j, (size_t)size + 1);
    got = ZSTD_decompress(mem, (size_t)size, content, n);
    if (ZSTD_isError(got) || got != size) {
        err_set(j, ERR_FAULT, "the kept text of a file cannot be read");
        return err_detail(j, "zstd: %s", ZSTD_getErrorName(got));
    }
    *text = mem;
    *n_text = got;
    return OK;
}

enum err
kept_pack(struct job *j, const char *text, size_t n, const void **content, size_t *n_content)
{
    size_t room = ZSTD_compressBound(n), got;
    char *mem = job_alloc(j, room);

    got = ZSTD_compress(mem, room, text, n, LEVEL);
    if (ZSTD_isError(got)) {
        err_set(j, ERR_FAULT, "the text of a file cannot be packed");
        return err_detail(j, "zstd: %s", ZSTD_getErrorName(got));
    }
    *content = mem;
    *n_content = got;
    return OK;
}
