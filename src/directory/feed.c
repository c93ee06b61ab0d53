#include "directory/feed.h"
#include "directory/feed_in.h"
#include "returns/archive.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *name, *words;
} kinds[] = {
#define FEED(id, name, words) {name, words},
#include "directory/feeds.def"
#undef FEED
};

const char *
feed_kind_name(enum feed_kind k)
{
    return kinds[k].name;
}

const char *
feed_kind_words(enum feed_kind k)
{
    return kinds[k].words;
}

bool
feed_kind_find(const char *name, enum feed_kind *out)
{
    for (size_t i = 0; i < FEED_KINDS; i++)
        if (!strcmp(kinds[i].name, name)) {
            *out = (enum feed_kind)i;
            return true;
        }
    return false;
}

enum err
feed_looks(struct job *j, const char *place, struct span text)
{
    struct span t = span_trim(text);

    if (!t.n)
        return err_set(j, ERR_INPUT, "%s is empty", place);
    if (t.s[0] == '<') {
        err_set(j, ERR_INPUT, "%s is a web page or XML, not a feed of services", place);
        return err_hint(j, "Give the address of the feed itself; it often ends with /services.");
    }
    if (t.n > 1 && ((!memcmp(t.s, "\xff\xfe", 2)) || !memcmp(t.s, "\xfe\xff", 2))) {
        err_set(j, ERR_INPUT, "%s is UTF-16", place);
        return err_hint(j, "Save it as UTF-8.");
    }
    return OK;
}

/* ---- files ------------------------------------------------------------------------------- */

struct mapped {
    int fd;
    void *at;
    size_t n;
};

static void
let_go(void *arg)
{
    struct mapped *m = arg;

    if (m->at)
        munmap(m->at, m->n);
    if (m->fd >= 0)
        close(m->fd);
}

static enum err
cannot(struct job *j, const char *path)
{
    return err_set(j, ERR_ENV, "%s cannot be read: %s", path, strerror(errno));
}

static enum err
map_file(struct job *j, const char *path, struct span *out)
{
    struct mapped *m = job_alloc(j, sizeof *m);
    struct stat st;

    m->fd = -1;
    job_on_end(j, let_go)->arg = m;
    m->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (m->fd < 0 || fstat(m->fd, &st))
        return cannot(j, path);
    if (!S_ISREG(st.st_mode))
        return err_set(j, ERR_INPUT, "%s is no file", path);
    m->n = (size_t)st.st_size;
    *out = (struct span){"", 0};
    if (!m->n)
        return OK;
    m->at = mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, m->fd, 0);
    if (m->at == MAP_FAILED) {
        m->at = NULL;
        return cannot(j, path);
    }
    madvise(m->at, m->n, MADV_SEQUENTIAL);
    *out = (struct span){m->at, m->n};
    return OK;
}

enum err
feed_open_file(struct job *j, const char *path, struct feed *out)
{
    const char *slash = strrchr(path, '/');
    struct span t, first;
    enum err e = map_file(j, path, &t);

    *out = (struct feed){.place = job_copy(j, slash ? slash + 1 : path)};
    if (e)
        return e;
    if (archive_is(t.s, t.n))
        return feed_open_zip(j, t, out);
    if ((e = feed_looks(j, out->place, t)))
        return e;
    if (t.n >= 3 && !memcmp(t.s, "\xef\xbb\xbf", 3))
        t = (struct span){t.s + 3, t.n - 3};
    first = span_trim((struct span){t.s, t.n < 4096 ? t.n : 4096});
    if (first.n && (first.s[0] == '{' || first.s[0] == '['))
        return feed_open_json(j, t, out);
    return feed_open_template(j, t, out);
}
