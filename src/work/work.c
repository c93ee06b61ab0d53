#include "base/date.h"
#include "base/log.h"
#include "store/db.h"
#include "work/task.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

enum { MOST_KINDS = 16, OWN_MEMORY = 8 * JOB_MB, LOOK_MS = 2000, BEAT_MS = 500, MOST_TRIES = 2 };
/* A task of another installation whose beat is older than this is taken for dead. */
static const int64_t DEAD_AFTER = (int64_t)120 * 1000000;

struct kind {
    const char *name;
    size_t memory;
    task_fn *fn;
    void *arg;
};

struct work {
    struct work_options o;
    struct kind kinds[MOST_KINDS];
    size_t n_kinds;
    char runner[17];   /* this installation, as its lock file says */
    int lock_fd;       /* -1: another program works for it */

    pthread_mutex_t lock; /* of all below */
    pthread_cond_t wake, changed;
    bool stop, running, woken;
    int64_t area, id;  /* of the running task */
    pthread_t runner_thread, beat_thread;
    _Atomic int64_t done, total;
    atomic_bool hurry;
};

static int64_t
now_of(const struct work *w)
{
    struct timespec t;

    if (w->o.clock)
        return w->o.clock(w->o.clock_arg);
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
start_job(struct job *j, const struct work *w, size_t memory)
{
    int32_t minute;

    job_init(j, memory);
    j->now = now_of(w);
    j->today = date_of_time(j->now, &minute);
}

/* ---- what a running task may say ------------------------------------------------------------ */

void
task_progress(struct task *t, int64_t done, int64_t total)
{
    if (!t->work)
        return;
    atomic_store(&t->work->done, done);
    atomic_store(&t->work->total, total);
}

bool
task_should_stop(const struct task *t)
{
    return t->work && atomic_load(&t->work->hurry);
}

void
task_say(struct job *j, struct task *t, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    t->message = job_copy(j, text);
}

/* ---- the queue ------------------------------------------------------------ */

static const char sql_again[] =
    "UPDATE task SET state = 'waiting', started = NULL, runner = NULL "
    "WHERE area_id > 0 AND state = 'running' AND attempts < $3 "
    "AND (runner = $1 OR beat < $2)";
static const char sql_give_up[] =
    "UPDATE task SET state = 'failed', ended = $4, message = $5 "
    "WHERE area_id > 0 AND state = 'running' AND attempts >= $3 "
    "AND (runner = $1 OR beat < $2)";

/* Tasks of the dead: begun by this installation before (we hold its lock, so nobody else
 * runs them), or silent for long. */
static enum err
revive(struct job *j, const struct work *w)
{
    int64_t dead = j->now - DEAD_AFTER;
    enum err e = db_begin(j);

    if (!e)
        e = db_run(j, sql_again, ARGS(TEXT(w->runner), INT(dead), INT(MOST_TRIES)), NULL);
    if (!e)
        e = db_run(j, sql_give_up,
                   ARGS(TEXT(w->runner), INT(dead), INT(MOST_TRIES), INT(j->now),
                        TEXT("The program stopped twice while it did this, so it was given up. "
                             "Nothing of it was kept.")),
                   NULL);
    return e ? e : db_commit(j);
}

static const char sql_oldest[] =
    "SELECT area_id, task_id, kind, input, asked, asked_by FROM task "
    "WHERE area_id > 0 AND state = 'waiting' ORDER BY asked, area_id, task_id LIMIT 1";
static const char sql_claim[] =
    "UPDATE task SET state = 'running', started = $3, beat = $3, runner = $4, "
    "attempts = attempts + 1, done = 0, total = 0 "
    "WHERE area_id = $1 AND task_id = $2 AND state = 'waiting'";

struct claim {
    struct work *w;
    struct task task;
    bool found;
};

static const char sql_any[] =
    "SELECT 1 FROM task WHERE area_id > 0 AND state IN ('waiting', 'running') LIMIT 1";

static enum err
claim_oldest(struct job *j, void *arg)
{
    struct claim *c = arg;
    int64_t any, changed = 0;
    struct rows q;
    enum err e = db_int(j, sql_any, NO_ARGS, 0, &any);

    if (!e && any)
        e = revive(j, c->w);
    if (e || !any)
        return e;
    db_ask(j, &q, sql_oldest, NO_ARGS);
    while (db_next(&q)) {
        c->task = (struct task){.area = row_int(&q, 0), .id = row_int(&q, 1),
            .kind = row_text(&q, 2), .input = row_text(&q, 3), .asked = row_int(&q, 4),
            .asked_by = row_text(&q, 5), .state = "running", .started = j->now, .work = c->w};
        c->found = true;
    }
    e = db_done(&q);
    if (!e && c->found)
        e = db_run(j, sql_claim, ARGS(INT(c->task.area), INT(c->task.id), INT(j->now),
                                      TEXT(c->w->runner)), &changed);
    c->found = c->found && changed == 1;
    return e;
}

static const char sql_end[] =
    "UPDATE task SET state = $3, ended = $4, message = $5, done = $6, total = $7 "
    "WHERE area_id = $1 AND task_id = $2";
static const char sql_put_back[] =
    "UPDATE task SET state = 'waiting', started = NULL, runner = NULL, attempts = attempts - 1 "
    "WHERE area_id = $1 AND task_id = $2";

struct ending {
    const struct work *w;
    const struct task *task;
    const struct error *err;
};

static enum err
write_end(struct job *j, void *arg)
{
    const struct ending *x = arg;
    const char *message = x->task->message;

    /* stopped because the program does: the next start takes it up */
    if (x->err->kind && task_should_stop(x->task))
        return db_run(j, sql_put_back, ARGS(INT(x->task->area), INT(x->task->id)), NULL);
    if (x->err->kind)
        message = job_format(j, "%s. %s", x->err->message, x->err->hint);
    return db_run(j, sql_end,
                  ARGS(INT(x->task->area), INT(x->task->id), TEXT(x->err->kind ? "failed" : "done"),
                       INT(j->now), TEXT(message), INT(atomic_load(&x->w->done)),
                       INT(atomic_load(&x->w->total))),
                  NULL);
}

static const char sql_beat[] =
    "UPDATE task SET beat = $3, done = $4, total = $5 "
    "WHERE area_id = $1 AND task_id = $2 AND state = 'running'";

struct beat { int64_t area, id, done, total; };

static enum err
write_beat(struct job *j, void *arg)
{
    const struct beat *b = arg;

    return db_run(j, sql_beat,
                  ARGS(INT(b->area), INT(b->id), INT(j->now), INT(b->done), INT(b->total)), NULL);
}

/* ---- a connection for a moment ------------------------------------------------------------ */

struct moment {
    const char *url;
    job_fn *fn;
    void *arg;
};

static enum err
open_and_do(struct job *j, void *arg)
{
    const struct moment *m = arg;
    enum err e = db_open(j, m->url, DB_WRITE, &j->db);

    return e ? e : m->fn(j, m->arg);
}

/* The job is the caller's: what fn allocates lives until its end. */
static enum err
with_db(struct work *w, struct job *j, job_fn *fn, void *arg)
{
    struct moment m = {w->o.url, fn, arg};
    enum err e = job_run(j, open_and_do, &m);

    if (e)
        log_error(j, "work");
    return e;
}

static enum err
do_briefly(struct work *w, job_fn *fn, void *arg)
{
    struct job j;
    enum err e;

    start_job(&j, w, OWN_MEMORY);
    e = with_db(w, &j, fn, arg);
    job_end(&j);
    return e;
}

/* ---- running one ------------------------------------------------------------ */

static const struct kind *
kind_find(const struct work *w, const char *name)
{
    for (size_t i = 0; i < w->n_kinds; i++)
        if (!strcmp(w->kinds[i].name, name))
            return &w->kinds[i];
    return NULL;
}

struct run {
    const struct kind *kind;
    struct task *task;
};

static enum err
run_kind(struct job *j, void *arg)
{
    struct run *r = arg;

    return r->kind->fn(j, r->task, r->kind->arg);
}

static void
set_running(struct work *w, const struct task *t)
{
    pthread_mutex_lock(&w->lock);
    w->running = t != NULL;
    w->area = t ? t->area : 0;
    w->id = t ? t->id : 0;
    if (t) {
        atomic_store(&w->done, 0);
        atomic_store(&w->total, 0);
    }
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

static void
run_task(struct work *w, struct task *t)
{
    struct run r = {kind_find(w, t->kind), t};
    struct job j;

    start_job(&j, w, r.kind ? r.kind->memory : OWN_MEMORY);
    j.area = t->area;
    set_running(w, t);
    log_event(LOG_INFO, "task_begins", "task=%lld kind=%s", (long long)t->id, t->kind);
    if (r.kind)
        with_db(w, &j, run_kind, &r);
    else
        err_set(&j, ERR_FAULT, "This program does not know how to do \"%.40s\"", t->kind);
    db_rollback(&j);
    do_briefly(w, write_end, &(struct ending){w, t, &j.err});
    log_event(LOG_INFO, "task_ends", "task=%lld error=%d", (long long)t->id, (int)j.err.kind);
    job_end(&j);
    set_running(w, NULL);
}

/* False: nothing to do. */
static bool
run_oldest(struct work *w)
{
    struct claim c = {.w = w};
    struct job j;
    bool found;

    start_job(&j, w, OWN_MEMORY);
    found = !with_db(w, &j, claim_oldest, &c) && c.found;
    if (found)
        run_task(w, &c.task);
    job_end(&j);
    return found;
}

/* ---- one program at a time ------------------------------------------------------------ */

static void
read_runner(struct work *w)
{
    unsigned char fresh[8];
    ssize_t n = pread(w->lock_fd, w->runner, 16, 0);

    if (n == 16)
        return;
    if (getrandom(fresh, sizeof fresh, 0) != (ssize_t)sizeof fresh)
        memset(fresh, 0, sizeof fresh);
    for (size_t i = 0; i < sizeof fresh; i++)
        snprintf(w->runner + 2 * i, 3, "%02x", fresh[i]);
    if (pwrite(w->lock_fd, w->runner, 16, 0) != 16)
        log_event(LOG_WARNING, "work", "lock=unwritten");
}

/* The lock goes with the process, however it ends. */
static bool
take_lock(struct work *w)
{
    char path[4096];
    int fd;

    if (w->lock_fd >= 0)
        return true;
    snprintf(path, sizeof path, "%s/work.lock", w->o.home);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
        close(fd);
        fd = -1;
    }
    w->lock_fd = fd;
    if (fd >= 0)
        read_runner(w);
    return fd >= 0;
}

/* ---- the two threads ------------------------------------------------------------ */

static struct timespec
in_ms(int64_t ms)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

static void
wait_ms(pthread_cond_t *c, pthread_mutex_t *m, int64_t ms)
{
    struct timespec until = in_ms(ms);

    pthread_cond_timedwait(c, m, &until);
}

static bool
stopping(struct work *w)
{
    bool stop;

    pthread_mutex_lock(&w->lock);
    stop = w->stop;
    pthread_mutex_unlock(&w->lock);
    return stop;
}

static void *
run_thread(void *arg)
{
    struct work *w = arg;

    while (!stopping(w)) {
        if (take_lock(w) && run_oldest(w))
            continue;
        pthread_mutex_lock(&w->lock);
        if (!w->stop && !w->woken)
            wait_ms(&w->wake, &w->lock, LOOK_MS);
        w->woken = false;
        pthread_mutex_unlock(&w->lock);
    }
    return NULL;
}

/* The running task may hold a transaction; its progress goes through another connection. */
static void *
beat_thread(void *arg)
{
    struct work *w = arg;
    struct beat b;

    pthread_mutex_lock(&w->lock);
    while (!w->stop) {
        if (w->running)
            wait_ms(&w->changed, &w->lock, BEAT_MS);
        else
            pthread_cond_wait(&w->changed, &w->lock);
        if (!w->running || w->stop)
            continue;
        b = (struct beat){w->area, w->id, atomic_load(&w->done), atomic_load(&w->total)};
        pthread_mutex_unlock(&w->lock);
        do_briefly(w, write_beat, &b);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* ---- beginning and end ------------------------------------------------------------ */

static void
work_stop(void *arg)
{
    struct work *w = arg;

    atomic_store(&w->hurry, true);
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->wake);
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->runner_thread, NULL);
    pthread_join(w->beat_thread, NULL);
    if (w->lock_fd >= 0)
        close(w->lock_fd);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->wake);
    pthread_cond_destroy(&w->changed);
}

enum err
work_open(struct job *j, const struct work_options *o, struct work **out)
{
    struct work *w = job_alloc(j, sizeof *w);

    w->o = *o;
    w->o.url = job_copy(j, o->url);
    w->o.home = job_copy(j, o->home);
    w->lock_fd = -1;
    *out = w;
    return OK;
}

void
work_register(struct work *w, const char *kind, size_t memory, task_fn *fn, void *arg)
{
    if (w->n_kinds < MOST_KINDS)
        w->kinds[w->n_kinds++] = (struct kind){kind, memory, fn, arg};
}

enum err
work_start(struct job *j, struct work *w)
{
    struct cleanup *end = job_on_end(j, work_stop);
    pthread_condattr_t monotonic;

    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &monotonic);
    pthread_cond_init(&w->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&w->runner_thread, NULL, run_thread, w))
        return err_set(j, ERR_ENV, "no thread can be started for the work behind the pages");
    if (pthread_create(&w->beat_thread, NULL, beat_thread, w)) {
        pthread_mutex_lock(&w->lock);
        w->stop = true;
        pthread_cond_signal(&w->wake);
        pthread_mutex_unlock(&w->lock);
        pthread_join(w->runner_thread, NULL);
        return err_set(j, ERR_ENV, "no thread can be started for the work behind the pages");
    }
    end->arg = w;
    return OK;
}

void
work_wake(struct work *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->woken = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

bool
work_quiet(struct work *w, int64_t milliseconds)
{
    struct timespec until = in_ms(milliseconds);
    bool quiet;

    atomic_store(&w->hurry, true);
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->wake);
    while (w->running && !pthread_cond_timedwait(&w->changed, &w->lock, &until))
        continue;
    quiet = !w->running;
    pthread_mutex_unlock(&w->lock);
    return quiet;
}
