#include "base/aside.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1024 * 1024 };

/* ---- writing ----------------------------------------------------------------------------- */

struct aside {
    struct job *j;
    const struct aside_words *words;
    const char *aside, *path; /* aside NULL: not there (any more) */
    int fd;
    uint64_t at;
};

static void
close_aside(void *arg)
{
    struct aside *a = arg;

    if (a->aside) /* while the lock is held */
        unlink(a->aside);
    if (a->fd >= 0)
        close(a->fd);
}

static enum err
failed(const struct aside *a)
{
    err_set(a->j, ERR_ENV, "%s %s cannot be written: %s", a->words->what, a->path,
            strerror(errno));
    return err_hint(a->j, "%s", a->words->hint);
}

static bool
is_still(int fd, const char *path)
{
    struct stat mine, there;

    return fstat(fd, &mine) == 0 && stat(path, &there) == 0 && mine.st_ino == there.st_ino &&
           mine.st_dev == there.st_dev;
}

enum err
aside_open(struct job *j, const char *path, const struct aside_words *w, struct aside **out)
{
    struct aside *a = job_alloc(j, sizeof *a);
    const char *aside = job_format(j, "%s.new", path);
    struct cleanup *end = job_on_end(j, close_aside);

    *a = (struct aside){.j = j, .words = w, .path = path, .fd = -1};
    *out = end->arg = a;
    for (;;) {
        a->fd = open(aside, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (a->fd < 0 || flock(a->fd, LOCK_EX) < 0)
            return failed(a);
        if (is_still(a->fd, aside))
            break;
        close(a->fd);
    }
    a->aside = aside;
    return ftruncate(a->fd, 0) < 0 ? failed(a) : OK;
}

enum err
aside_put(struct aside *a, const void *p, size_t n)
{
    const char *s = p;

    for (size_t done = 0; done < n;) {
        ssize_t got = write(a->fd, s + done, n - done < PIECE ? n - done : PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return failed(a);
        done += (size_t)got;
    }
    a->at += n;
    return OK;
}

uint64_t
aside_at(const struct aside *a)
{
    return a->at;
}

enum err
aside_put_first(struct aside *a, const void *p, size_t n)
{
    return pwrite(a->fd, p, n, 0) == (ssize_t)n ? OK : failed(a);
}

/* The name itself is on disk once its folder is. */
static enum err
sync_folder(const struct aside *a)
{
    const char *slash = strrchr(a->path, '/');
    const char *folder = slash ? job_copy_n(a->j, a->path, (size_t)(slash - a->path) + 1) : ".";
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int bad = fd < 0 || fsync(fd) < 0;

    if (fd >= 0)
        close(fd);
    return bad ? failed(a) : OK;
}

enum err
aside_end(struct aside *a)
{
    if (fsync(a->fd) < 0 || rename(a->aside, a->path) < 0)
        return failed(a);
    a->aside = NULL;
    return sync_folder(a);
}

/* ---- reading ----------------------------------------------------------------------------- */

struct mapped {
    void *at;
    size_t bytes;
};

static void
unmap(void *arg)
{
    struct mapped *m = arg;

    munmap(m->at, m->bytes);
}

static enum err
unreadable(struct job *j, const char *path, const char *what)
{
    if (errno == ENOENT)
        return err_set(j, ERR_NOT_FOUND, "there is no %s %s yet", what, path);
    return err_set(j, ERR_ENV, "the %s %s cannot be read: %s", what, path, strerror(errno));
}

enum err
aside_map(struct job *j, const char *path, const char *what, size_t least, struct aside_map *out)
{
    struct mapped *m = job_alloc(j, sizeof *m);
    struct cleanup *end = job_on_end(j, unmap);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    *out = (struct aside_map){NULL, 0};
    if (fd < 0 || fstat(fd, &st) < 0) {
        enum err e = unreadable(j, path, what);
        if (fd >= 0)
            close(fd);
        return e;
    }
    m->bytes = (size_t)st.st_size;
    m->at = S_ISREG(st.st_mode) && m->bytes >= least
                ? mmap(NULL, m->bytes, PROT_READ, MAP_SHARED, fd, 0)
                : MAP_FAILED;
    close(fd);
    if (m->at == MAP_FAILED)
        return OK;
    end->arg = m;
    *out = (struct aside_map){m->at, m->bytes};
    return OK;
}
