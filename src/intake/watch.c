#include "intake/watch.h"
#include "base/date.h"
#include "base/log.h"
#include "base/map.h"
#include "intake/plan.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* What was seen of a file last. */
struct seen {
    off_t size;
    struct timespec changed;
    int64_t since;  /* monotonic, in milliseconds: still since then */
    bool done;      /* as it is now it was loaded, or found to be nothing */
};
struct watch {
    struct job *j;
    const char *folder;
    const struct watch_options *o;
    int inotify;
    struct map *index;  /* path -> index in files */
    struct pile *files;
    struct map_salt salt;
    bool waiting;       /* for something to be still */
};

static int64_t
clock_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

/* ---- the folder is ours alone ------------------------------------------------------ */

static void
close_fd(void *arg)
{
    close((int)(intptr_t)arg - 1);
}

/* The lock is on the folder itself: nothing is written there. */
static enum err
take_folder(struct job *j, const char *folder)
{
    struct cleanup *end = job_on_end(j, close_fd);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0) {
        int why = errno;
        err_set(j, ERR_INPUT, "there is no folder %s to watch", folder);
        err_hint(j, "Make it, or check its name and who may read it.");
        return err_detail(j, "%s", strerrorname_np(why));
    }
    end->arg = (void *)(intptr_t)(fd + 1);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return OK;
    err_set(j, ERR_BUSY, "the folder %s is being watched already", folder);
    return err_hint(j, "One watcher is enough: end the other one first.");
}

static enum err
open_inotify(struct watch *w)
{
    struct cleanup *end = job_on_end(w->j, close_fd);

    w->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (w->inotify < 0) { /* looking from time to time does, too */
        log_event(LOG_WARNING, "watch-deaf", "errno=%s", strerrorname_np(errno));
        return OK;
    }
    end->arg = (void *)(intptr_t)(w->inotify + 1);
    return OK;
}

static void
listen_to(const struct watch *w, const char *folder)
{
    if (w->inotify >= 0)
        inotify_add_watch(w->inotify, folder,
                          IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MODIFY | IN_ONLYDIR);
}

/* ---- what is there ----------------------------------------------------------------- */

static enum err
seen_of(struct watch *w, const char *path, struct seen **out)
{
    uint64_t key = map_key(&w->salt, path, strlen(path));
    int64_t *known = map_find(w->index, key);

    if (known) {
        *out = pile_at(w->files, (size_t)*known);
        return OK;
    }
    *out = pile_add(w->j, w->files);
    return *out ? map_put(w->j, w->index, key, (int64_t)pile_count(w->files) - 1)
                : w->j->err.kind;
}

/* Is it as it was for long enough?  *news: it is not loaded as it is now. */
static enum err
look_at(struct watch *w, const char *path, int64_t now, bool *still, bool *news)
{
    struct stat st;
    struct seen *s;
    enum err e = seen_of(w, path, &s);

    if (e || stat(path, &st) != 0)
        return e;
    if (s->since == 0 || st.st_size != s->size || st.st_mtim.tv_sec != s->changed.tv_sec ||
        st.st_mtim.tv_nsec != s->changed.tv_nsec)
        *s = (struct seen){st.st_size, st.st_mtim, now, false};
    *still = *still && now - s->since >= w->o->quiet_ms;
    *news = *news || !s->done;
    return OK;
}

static enum err
note_done(struct watch *w, const struct plan_path *path, size_t n)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < n; i++) {
        struct seen *s;
        if (!(e = seen_of(w, path[i].path, &s)))
            s->done = true;
    }
    return e;
}

/* ---- loading ----------------------------------------------------------------------- */

struct loading_of {
    const struct watch *w;
    const char *const *path;
    size_t n;
    bool *go_on;
};

static enum err
load_and_tell(struct job *j, void *arg)
{
    struct loading_of *l = arg;
    const struct watch_options *o = l->w->o;
    struct load_result r = {0};
    enum err e = load(j, l->path, l->n, o->load, &r);

    *l->go_on = o->told(j, o->arg, &r, e);
    return e;
}

/* In a job of its own, so that neither its memory nor its error ends the watch. */
static enum err
load_files(struct watch *w, const struct plan_path *path, size_t n, bool *go_on)
{
    const char **name = job_array(w->j, n, sizeof *name);
    struct loading_of l = {w, name, n, go_on};
    struct job child;
    enum err e;

    for (size_t i = 0; i < n; i++)
        name[i] = path[i].path;
    job_init_child(&child, w->j, w->j->limit / 2);
    child.db = w->j->db;
    child.now = w->o->clock(w->o->arg);
    child.today = date_of_time(child.now, NULL);
    e = job_run(&child, load_and_tell, &l);
    if (e)
        log_error(&child, "watch-load");
    child.db = NULL;
    job_end(&child);
    /* what is wrong with the files stays wrong until they change; the rest may pass, as
     * whose they are may be told by what comes next */
    if (e == ERR_BUSY || e == ERR_ENV || e == ERR_CONFLICT || e == ERR_USAGE)
        return OK;
    return note_done(w, path, n);
}

/* Are the files of one folder to be loaded: is one new, and are all still? */
static enum err
look_at_folder(struct watch *w, const struct plan_path *path, size_t n, bool *ready)
{
    bool still = true, news = false;
    int64_t now = clock_ms();
    enum err e = OK;

    for (size_t i = 0; !e && i < n; i++)
        e = look_at(w, path[i].path, now, &still, &news);
    *ready = news && still;
    w->waiting = w->waiting || (news && !still);
    return e;
}

static int
by_folder(const void *a, const void *b)
{
    const struct plan_path *x = a, *y = b;
    int c = strcmp(x->folder, y->folder);

    return c ? c : strcmp(x->path, y->path);
}

/* What is ready in any folder is loaded together, so that the order is that of a load. */
static enum err
look(struct watch *w, bool *go_on)
{
    struct plan_path *path;
    size_t n, from = 0, n_ready = 0;
    bool ready;
    enum err e = plan_search(w->j, w->folder, &path, &n);

    w->waiting = false;
    listen_to(w, w->folder);
    if (e)
        return e;
    if (n)
        qsort(path, n, sizeof *path, by_folder);
    for (size_t i = 1; !e && i <= n; i++)
        if (i == n || strcmp(path[i].folder, path[from].folder) != 0) {
            listen_to(w, path[from].folder);
            e = look_at_folder(w, path + from, i - from, &ready);
            for (; ready && from < i; from++)
                path[n_ready++] = path[from];
            from = i;
        }
    return e || !n_ready ? e : load_files(w, path, n_ready, go_on);
}

/* ---- the watch --------------------------------------------------------------------- */

/* Until something is heard, what waits may be still, or it is time again.  false: end. */
static bool
wait_for_news(struct watch *w)
{
    struct pollfd fds[2] = {{w->o->stop_fd, POLLIN, 0}, {w->inotify, POLLIN, 0}};
    int ms = w->waiting ? w->o->quiet_ms / 2 + 1 : w->o->rescan_ms;
    char events[4096];

    poll(fds, w->inotify >= 0 ? 2 : 1, ms);
    while (w->inotify >= 0 && read(w->inotify, events, sizeof events) > 0)
        ; /* what was heard matters little: all is looked at */
    return !fds[0].revents;
}

static enum err
round_of(struct watch *w, bool *go_on)
{
    struct scope s = job_scope_begin(w->j);
    enum err e = look(w, go_on);

    job_scope_end(w->j, s);
    if (e == ERR_INPUT || e == ERR_ENV) { /* a folder that is gone may come back */
        log_error(w->j, "watch-look");
        err_clear(w->j);
        e = OK;
    }
    if (!e && *go_on && w->o->looked)
        *go_on = w->o->looked(w->o->arg);
    return e;
}

static enum err
watch_folder(struct watch *w)
{
    bool go_on = true;
    enum err e;

    if ((e = take_folder(w->j, w->folder)) || (e = open_inotify(w)) ||
        (e = map_open(w->j, 64, &w->index)) ||
        (e = pile_open(w->j, sizeof(struct seen), &w->files)))
        return e;
    do
        e = round_of(w, &go_on);
    while (!e && go_on && wait_for_news(w));
    return e;
}

enum err
watch(struct job *j, const char *folder, const struct watch_options *o)
{
    struct watch w = {.j = j, .folder = folder, .o = o, .inotify = -1, .salt = map_salt_new()};
    struct scope s = job_scope_begin(j);
    enum err e = watch_folder(&w);

    job_scope_end(j, s);
    return e;
}
