#include "base/job.h"
#include <stdarg.h>
#include <stdalign.h>

_Thread_local int job_alloc_fault;

/* Small requests share a block; a large one gets its own. */
enum { BLOCK_SIZE = 16 * 1024, ALIGN = alignof(max_align_t) };

struct block {
    struct block *next;
    size_t size, at;
    max_align_t mem[];
};

void
job_init(struct job *j, size_t limit)
{
    *j = (struct job){.limit = limit};
}

void
job_init_child(struct job *child, const struct job *parent, size_t limit)
{
    job_init(child, limit);
    child->who = parent->who;
    child->area = parent->area;
    child->now = parent->now;
    child->today = parent->today;
}

enum err
job_run(struct job *j, job_fn *fn, void *arg)
{
    jmp_buf here;
    jmp_buf *volatile outer = j->out;
    enum err e;

    if (setjmp(here)) {
        j->out = outer;
        return j->err.kind;
    }
    j->out = &here;
    e = fn(j, arg);
    j->out = outer;
    return e;
}

static struct block *
block_new(struct job *j, size_t n)
{
    size_t size = n > BLOCK_SIZE / 4 ? n : BLOCK_SIZE;
    struct block *b = calloc(1, sizeof *b + size);

    if (!b)
        return NULL;
    b->size = size;
    b->next = j->blocks;
    j->blocks = b;
    return b;
}

void *
job_try_alloc(struct job *j, size_t n)
{
    size_t room = (n + ALIGN - 1) / ALIGN * ALIGN;
    struct block *b = j->blocks;
    char *mem = NULL;

    if (room < n || j->used > j->limit || room > j->limit - j->used ||
        (job_alloc_fault && --job_alloc_fault == 0))
        b = NULL;
    else if (!b || b->size - b->at < room)
        b = block_new(j, room);
    if (!b) {
        err_set(j, ERR_BUSY, "this needed more memory than it may take");
        err_hint(j, "Ask for less at once: a shorter period, or fewer files.");
        return NULL;
    }
    mem = (char *)b->mem + b->at;
    b->at += room;
    j->used += room;
    return mem;
}

void *
job_alloc(struct job *j, size_t n)
{
    void *mem = job_try_alloc(j, n ? n : 1);

    if (!mem) {
        if (!j->out) {
            fputs("rooted: out of memory outside a job\n", stderr);
            abort();
        }
        longjmp(*j->out, 1);
    }
    return mem;
}

void *
job_array(struct job *j, size_t count, size_t n)
{
    size_t size;

    if (__builtin_mul_overflow(count, n, &size))
        size = SIZE_MAX;
    return job_alloc(j, size);
}

void *
job_grow(struct job *j, const void *old, size_t n_old, size_t n_new)
{
    void *mem = job_alloc(j, n_new);

    if (n_old)
        memcpy(mem, old, n_old);
    return mem;
}

char *
job_copy_n(struct job *j, const char *s, size_t n)
{
    char *mem = job_alloc(j, n + 1);

    if (n)
        memcpy(mem, s, n);
    return mem;
}

char *
job_copy(struct job *j, const char *s)
{
    return s ? job_copy_n(j, s, strlen(s)) : NULL;
}

char *
job_format(struct job *j, const char *fmt, ...)
{
    va_list ap, again;
    char most[256]; /* hold: the text is made once */
    size_t n;
    char *mem;
    int made;

    va_start(ap, fmt);
    va_copy(again, ap);
    made = vsnprintf(most, sizeof most, fmt, ap);
    va_end(ap);
    n = made < 0 ? 0 : (size_t)made;
    mem = job_alloc(j, n + 1);
    if (n < sizeof most)
        memcpy(mem, most, n);
    else
        vsnprintf(mem, n + 1, fmt, again);
    va_end(again);
    return mem;
}

struct cleanup *
job_on_end(struct job *j, void (*fn)(void *))
{
    struct cleanup *c = job_alloc(j, sizeof *c);

    *c = (struct cleanup){j->cleanups, fn, NULL};
    return j->cleanups = c;
}

/* A clean-up lives in the memory it helps to give back, so all run first. */
static void
run_cleanups(struct job *j, const struct cleanup *until)
{
    while (j->cleanups != until) {
        struct cleanup *c = j->cleanups;
        j->cleanups = c->next;
        if (c->arg)
            c->fn(c->arg);
    }
}

struct scope
job_scope_begin(struct job *j)
{
    return (struct scope){j->blocks, j->cleanups, j->used, j->blocks ? j->blocks->at : 0};
}

void
job_scope_end(struct job *j, struct scope s)
{
    run_cleanups(j, s.cleanup);
    while (j->blocks != s.block) {
        struct block *b = j->blocks;
        j->blocks = b->next;
        free(b);
    }
    if (s.block) {
        /* what is given out again must be zero again */
        memset((char *)s.block->mem + s.at, 0, s.block->at - s.at);
        s.block->at = s.at;
    }
    j->used = s.used;
}

void
job_end(struct job *j)
{
    job_scope_end(j, (struct scope){0});
}

#define FORMAT_INTO(where)                                                     \
    do {                                                                       \
        va_list ap;                                                            \
        va_start(ap, fmt);                                                     \
        vsnprintf(where, sizeof where, fmt, ap);                               \
        va_end(ap);                                                            \
    } while (0)

enum err
err_set(struct job *j, enum err kind, const char *fmt, ...)
{
    j->err.kind = kind;
    j->err.hint[0] = j->err.detail[0] = '\0';
    FORMAT_INTO(j->err.message);
    return kind;
}

enum err
err_hint(struct job *j, const char *fmt, ...)
{
    FORMAT_INTO(j->err.hint);
    return j->err.kind;
}

enum err
err_detail(struct job *j, const char *fmt, ...)
{
    FORMAT_INTO(j->err.detail);
    return j->err.kind;
}

void
err_clear(struct job *j)
{
    j->err = (struct error){.kind = OK};
}

int
err_exit_code(enum err kind)
{
    switch (kind) {
    case OK:
        return 0;
    case ERR_USAGE:
        return 2;
    case ERR_BUSY:
    case ERR_ENV:
    case ERR_FAULT:
        return 3;
    case ERR_NOT_FOUND:
    case ERR_DENIED:
    case ERR_INPUT:
    case ERR_CONFLICT:
        break;
    }
    return 1;
}
