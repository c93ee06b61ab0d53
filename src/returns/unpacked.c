#include "returns/unpacked.h"
#include "base/nameless.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void
close_file(void *arg)
{
    struct unpacked *u = arg;

    if (u->fd >= 0)
        close(u->fd);
    u->fd = -1;
}

enum err
unpacked_open(struct job *j, const char *name, int64_t most, struct unpacked **out)
{
    struct cleanup *end = job_on_end(j, close_file);
    struct unpacked *u = job_alloc(j, sizeof *u);

    *u = (struct unpacked){.fd = -1, .most = most, .j = j, .name = name};
    u->fd = nameless_open(NULL);
    end->arg = u;
    *out = u;
    if (u->fd >= 0)
        return OK;
    err_set(j, ERR_ENV, "there is no place to unpack %s", name);
    err_hint(j, "The folder for temporary files (TMPDIR, else /var/tmp) must be there and may be "
                "written.");
    return err_detail(j, "%s", strerrorname_np(errno));
}

static bool
fail(struct unpacked *u)
{
    int why = errno;

    u->failed = true;
    if (why == ENOSPC || why == EDQUOT) {
        err_set(u->j, ERR_ENV, "the disk is full: there is no room to unpack %s", u->name);
        err_hint(u->j, "Make room in the folder for temporary files (TMPDIR, else /var/tmp) and "
                       "load it again.");
    } else {
        err_set(u->j, ERR_ENV, "%s cannot be unpacked", u->name);
        err_detail(u->j, "%s", strerrorname_np(why));
    }
    return false;
}

bool
unpacked_write(struct unpacked *u, const char *s, size_t n)
{
    char most[TEXT_NUMBER];

    if (u->failed)
        return false;
    if (u->written + (int64_t)n > u->most) {
        u->failed = true;
        err_set(u->j, ERR_INPUT, "%s is larger unpacked than it may be (%s bytes)", u->name,
                text_count(u->most, most));
        err_hint(u->j, "Look whether this is the file that was meant.");
        return false;
    }
    u->written += (int64_t)n;
    while (n) {
        ssize_t done = write(u->fd, s, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return fail(u);
        s += done;
        n -= (size_t)done;
    }
    return true;
}

struct mapping {
    void *at;
    size_t n;
};

static void
unmap(void *arg)
{
    struct mapping *m = arg;

    munmap(m->at, m->n);
}

enum err
unpacked_map(struct job *j, struct unpacked *u, struct span *out)
{
    struct cleanup *end = job_on_end(j, unmap);
    struct mapping *m = job_alloc(j, sizeof *m);

    *out = (struct span){"", 0};
    if (u->failed)
        return j->err.kind;
    if (u->written > 0) {
        m->n = (size_t)u->written;
        m->at = mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, u->fd, 0);
        if (m->at == MAP_FAILED) {
            fail(u);
            return j->err.kind;
        }
        end->arg = m;
        *out = (struct span){m->at, m->n};
    }
    close_file(u);
    return OK;
}
