#include "returns/open.h"
#include <sys/mman.h>
#include <unistd.h>

void
file_text_open(struct job *j, const struct returns_file *f, size_t room, struct file_text *t)
{
    *t = (struct file_text){.file = f};
    t->direct = f->encoding == ENC_UTF8 || f->encoding == ENC_UTF8_BOM;
    t->reader = (struct encoding_reader){.s = f->bytes, .n = f->n_bytes, .from = f->encoding};
    if (t->direct) {
        size_t mark = f->encoding == ENC_UTF8_BOM ? 3 : 0;
        t->s = f->bytes + mark;
        t->n = f->n_bytes - mark;
    } else {
        t->room = room;
        t->s = t->buffer = job_alloc(j, room);
    }
}

enum err
file_text_read(struct job *j, void *arg, char *buf, size_t size, size_t *n)
{
    struct file_text *t = arg;
    enum err e = encoding_read(j, &t->reader, buf, size, n);

    if (e || t->room == 0)
        return e;
    if (*n > t->room - t->n) {
        err_set(j, ERR_INPUT, "one record of %s is larger than a record may be", t->file->name);
        return err_hint(j, "Look whether the file is whole, or export it again.");
    }
    memcpy(t->buffer + t->n, buf, *n);
    t->n += *n;
    return OK;
}

/* Pages of the map that are done with are given back, so that a long file needs little
 * memory. */
static void
let_go(struct file_text *t, size_t before)
{
    enum { STEP = 4 * 1024 * 1024 };
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), start = (uintptr_t)t->s;
    uintptr_t from = (start + t->let_go) / page * page, to = (start + before) / page * page;

    if (!t->file->mapped || before - t->let_go < STEP)
        return;
    madvise((void *)from, to - from, MADV_DONTNEED);
    t->let_go = before;
}

void
file_text_drop(struct file_text *t, int64_t before)
{
    size_t gone = (size_t)(before - t->base);

    if (t->direct) {
        let_go(t, (size_t)before);
        return;
    }
    memmove(t->buffer, t->buffer + gone, t->n - gone);
    t->n -= gone;
    t->base = before;
}

struct span
file_text_between(const struct file_text *t, int64_t from, int64_t to)
{
    return (struct span){t->s + (from - t->base), (size_t)(to - from)};
}

struct csv *
file_text_csv(struct job *j, struct file_text *t, size_t record_bytes)
{
    struct csv_limits limits = {.record_bytes = record_bytes};

    return t->direct ? csv_open_text(j, t->s, t->n, limits)
                     : csv_open(j, file_text_read, t, limits);
}
