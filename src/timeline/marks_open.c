#include "base/thread.h"
#include "timeline/marks_file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t BUILD_MEMORY = (size_t)512 * JOB_MB;

const char *
marks_path(struct job *j, const char *home)
{
    return job_format(j, "%s/marks-%lld", home, (long long)j->area);
}

/* ---- building --------------------------------------------------------------------- */

struct building {
    const char *folder;
    const struct marks_order *o;
    bool whole; /* files are read to their end before they are trusted */
    size_t built;
};

static void
close_lock(void *arg)
{
    close(*(int *)arg);
}

/* Of two builds at once the second waits, and then finds the work done. */
static enum err
lock_folder(struct job *j, const char *folder)
{
    int *fd = job_alloc(j, sizeof *fd);
    struct cleanup *end = job_on_end(j, close_lock);

    if (mkdir(folder, 0700) < 0 && errno != EEXIST)
        goto failed;
    *fd = open(job_format(j, "%s/lock", folder), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*fd < 0)
        goto failed;
    end->arg = fd;
    if (flock(*fd, LOCK_EX) == 0)
        return OK;
failed:
    err_set(j, ERR_ENV, "the folder of weekly marks, %s, cannot be used: %s", folder,
            strerror(errno));
    return err_hint(j, "Check who may write there.");
}

static bool
is_right(struct job *j, const struct building *b, const struct marks_wanted *w)
{
    struct scope s = job_scope_begin(j);
    struct marks_week week;
    bool right = marks_is_there(j, b->folder, w) == OK;

    if (right && b->whole)
        right = marks_map_file(j, b->folder, w, &week) == OK && marks_rows_are_right(&week);
    if (!right)
        err_clear(j);
    job_scope_end(j, s);
    return right;
}

static bool
is_wanted(const struct marks_wanted *w, size_t n, const char *name)
{
    char buf[MARKS_NAME];
    int32_t monday;

    if (!date_parse(name, 10, &monday))
        return false;
    for (size_t i = 0; i < n; i++)
        if (w[i].monday == monday && !strcmp(marks_file_name(&w[i], buf), name))
            return true;
    return false;
}

/* Weeks outside the period asked for, or later than its day, are somebody else's. */
static bool
is_in_period(const struct marks_order *o, const char *name)
{
    bool all = o->from == DATE_NONE && o->to == DATE_NONE;
    int32_t monday;

    return date_parse(name, 10, &monday) && monday <= o->as_of &&
           (all || (monday + 7 > o->from && monday < o->to));
}

static void
close_folder(void *arg)
{
    closedir(arg);
}

static void
remove_others(struct job *j, const struct building *b, const struct marks_wanted *w, size_t n)
{
    struct cleanup *end = job_on_end(j, close_folder);
    DIR *d = opendir(b->folder);
    const struct dirent *f;

    end->arg = d;
    while (d && (f = readdir(d))) {
        size_t len = strlen(f->d_name);
        if (len > 10 && strstr(f->d_name, ".week") && is_in_period(b->o, f->d_name) &&
            !is_wanted(w, n, f->d_name))
            unlink(job_format(j, "%s/%s", b->folder, f->d_name));
    }
}

static enum err
build_week(struct job *j, const struct building *b, const struct marks_who *who,
           const struct marks_wanted *w)
{
    struct scope s = job_scope_begin(j);
    struct marks_week week;
    enum err e = marks_week_derive(j, who, w, &week);

    if (!e)
        e = marks_write_file(j, b->folder, w, &week);
    job_scope_end(j, s);
    return e;
}

static enum err
build_within(struct job *j, void *arg)
{
    struct building *b = arg;
    int64_t known = b->o->from_made ? INT64_MAX : b->o->known_at; /* from made: as now */
    struct marks_who *who = NULL;
    struct marks_wanted *w;
    size_t n;
    enum err e;

    if ((e = lock_folder(j, b->folder)) || (e = marks_weeks(j, b->o, &w, &n)))
        return e;
    for (size_t i = 0; i < n && !e; i++) {
        if (is_right(j, b, &w[i]))
            continue;
        if (!who && (e = marks_who_load(j, known, &who)))
            return e;
        e = build_week(j, b, who, &w[i]);
        b->built++;
    }
    if (!e)
        remove_others(j, b, w, n);
    return e;
}

static enum err
build(struct job *j, struct building *b)
{
    struct job own;
    enum err e;

    job_init_child(&own, j, BUILD_MEMORY);
    db_use(&own, j->db);
    e = job_run(&own, build_within, b);
    if (e)
        j->err = own.err;
    job_end(&own);
    return e;
}

enum err
marks_build(struct job *j, const char *folder, const struct marks_order *o, size_t *built)
{
    struct building b = {folder, o, true, 0};
    enum err e = build(j, &b);

    if (built)
        *built = b.built;
    return e;
}

/* ---- opening ---------------------------------------------------------------------- */

/* The week that holds the last day gives only what is not later. */
static void
clip(struct job *j, struct marks_week *w, int32_t as_of)
{
    struct marks_pattern *p;

    if (w->monday + 6 <= as_of)
        return;
    p = job_array(j, w->patterns + 1u, sizeof *p);
    for (uint32_t i = 0; i < w->patterns; i++) {
        p[i] = w->pattern[i];
        marks_add_up(&p[i], w->monday, as_of);
    }
    w->pattern = p;
}

/* Weeks are read to their end beside each other. */
struct checking {
    const char *folder;
    const struct marks_wanted *w;
    const struct marks *m;
};
enum { WEEKS_A_BLOCK = 8 };

static enum err
check_block(struct job *j, void *arg, size_t block)
{
    const struct checking *c = arg;
    enum err e = OK;

    for (size_t i = block * WEEKS_A_BLOCK; !e && i < (block + 1) * WEEKS_A_BLOCK && i < c->m->n;
         i++)
        if (!marks_rows_are_right(&c->m->week[i]))
            e = marks_is_damaged(j, c->folder, &c->w[i]);
    return e;
}

static enum err
open_weeks(struct job *j, const char *folder, int32_t as_of, const struct marks_wanted *w,
           struct marks *m)
{
    struct checking c = {folder, w, m};
    size_t n = m->n;
    enum err e = OK;

    m->as_of = as_of;
    m->week = job_array(j, n + 1, sizeof *m->week);
    for (m->n = 0; m->n < n && !e; m->n++)
        e = marks_map_file(j, folder, &w[m->n], &m->week[m->n]);
    if (!e)
        e = thread_each(j, 0, (n + WEEKS_A_BLOCK - 1) / WEEKS_A_BLOCK, JOB_MB, check_block, &c);
    for (size_t i = 0; !e && i < n; i++)
        clip(j, &m->week[i], as_of);
    return e;
}

enum err
marks_open(struct job *j, const char *folder, const struct marks_order *o, struct marks **out)
{
    struct marks *m = job_alloc(j, sizeof *m);
    struct marks_wanted *w;
    enum err e = marks_weeks(j, o, &w, &m->n);

    *out = m;
    return e ? e : open_weeks(j, folder, o->as_of, w, m);
}

static bool
are_there(struct job *j, const char *folder, const struct marks_wanted *w, size_t n)
{
    struct scope s = job_scope_begin(j);
    enum err e = OK;

    for (size_t i = 0; i < n && !e; i++)
        e = marks_is_there(j, folder, &w[i]);
    if (e)
        err_clear(j);
    job_scope_end(j, s);
    return !e;
}

/* Of a new week only its own file is made; what is damaged shows when the files are read. */
enum err
marks_get(struct job *j, const char *folder, const struct marks_order *o, struct marks **out)
{
    struct building b = {folder, o, false, 0};
    struct marks_wanted *w;
    struct scope s;
    size_t n;
    enum err e = marks_weeks(j, o, &w, &n);

    if (!e && !are_there(j, folder, w, n))
        e = build(j, &b);
    if (e)
        return e;
    s = job_scope_begin(j);
    e = marks_open(j, folder, o, out);
    if (e != ERR_NOT_FOUND && e != ERR_ENV)
        return e;
    err_clear(j);
    job_scope_end(j, s);
    b.whole = true;
    e = build(j, &b);
    return e ? e : marks_open(j, folder, o, out);
}

enum err
marks_digests(struct job *j, const struct marks_order *o, struct marks_digest **out, size_t *n)
{
    struct marks_wanted *w;
    enum err e = marks_weeks(j, o, &w, n);

    if (e)
        return e;
    *out = job_array(j, *n + 1, sizeof **out);
    for (size_t i = 0; i < *n; i++) {
        (*out)[i].monday = w[i].monday;
        memcpy(&(*out)[i].digest, w[i].digest, sizeof (*out)[i].digest);
    }
    return OK;
}
