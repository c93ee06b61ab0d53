#include "base/date.h"
#include "base/log.h"
#include "base/thread.h"
#include "store/db.h"
#include "work/task.h"
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>

enum { MOST_KINDS = 16, OWN_MEMORY = 8 * JOB_MB, LOOK_MS = 2000, TELL_MS = 500, MOST_TRIES = 2 };

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
    struct job job;    /* of the runner thread: its connection and the lock of the queue */
    struct db *db;     /* NULL: not connected, or another program has the lock */

    pthread_mutex_t lock; /* of all below */
    pthread_cond_t wake, changed;
    bool stop, running, woken;
    int64_t area, id;  /* of the running task */
    pthread_t run_thread_id, tell_thread_id;
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

/* ---- what a running task may say ----------------------------------------------------- */

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

/* ---- the queue ----------------------------------------------------------------------- */

static const char sql_again[] =
    "UPDATE task SET state = 'waiting', started = NULL "
    "WHERE area_id > 0 AND state = 'running' AND attempts < $1";
static const char sql_give_up[] =
    "UPDATE task SET state = 'failed', ended = $2, message = $3 "
    "WHERE area_id > 0 AND state = 'running' AND attempts >= $1";

/* We hold the lock of the queue and run nothing: what is running has died. */
static enum err
revive(struct job *j)
{
    enum err e = db_begin(j);

    if (!e)
        e = db_run(j, sql_again, ARGS(INT(MOST_TRIES)), NULL);
    if (!e)
        e = db_run(j, sql_give_up,
                   ARGS(INT(MOST_TRIES), INT(j->now),
                        TEXT("The program stopped twice while it did this, so it was given up. "
                             "Nothing of it was kept.")),
                   NULL);
    return e ? e : db_commit(j);
}

static const char sql_oldest[] =
    "SELECT area_id, task_id, kind, input, asked, asked_by FROM task "
    "WHERE area_id > 0 AND state = 'waiting' ORDER BY asked, area_id, task_id LIMIT 1";
static const char sql_claim[] =
    "UPDATE task SET state = 'running', started = $3, "
    "attempts = attempts + 1, done = 0, total = 0 "
    "WHERE area_id = $1 AND task_id = $2 AND state = 'waiting'";

struct claim {
    struct work *w;
    struct job *keep; /* the task's words outlive the job that reads them */
    struct task task;
    bool found;
};

static const char *
kept(struct claim *c, const char *s)
{
    char *copy = job_try_alloc(c->keep, strlen(s) + 1);

    return copy ? memcpy(copy, s, strlen(s) + 1) : "";
}

static enum err
claim_oldest(struct job *j, void *arg)
{
    struct claim *c = arg;
    int64_t changed = 0;
    struct rows q;
    enum err e;

    db_ask(j, &q, sql_oldest, NO_ARGS);
    while (db_next(&q)) {
        c->task = (struct task){.area = row_int(&q, 0), .id = row_int(&q, 1),
            .kind = kept(c, row_text(&q, 2)), .input = kept(c, row_text(&q, 3)),
            .asked = row_int(&q, 4), .asked_by = kept(c, row_text(&q, 5)),
            .state = "running", .started = j->now, .work = c->w};
        c->found = true;
    }
    e = db_done(&q);
    if (!e && c->found)
        e = db_run(j, sql_claim, ARGS(INT(c->task.area), INT(c->task.id), INT(j->now)),
                   &changed);
    c->found = c->found && changed == 1;
    return e;
}

static const char sql_end[] =
    "UPDATE task SET state = $3, ended = $4, message = $5, done = $6, total = $7 "
    "WHERE area_id = $1 AND task_id = $2";
static const char sql_put_back[] =
    "UPDATE task SET state = 'waiting', started = NULL, attempts = attempts - 1 "
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

static const char sql_progress[] =
    "UPDATE task SET done = $3, total = $4 "
    "WHERE area_id = $1 AND task_id = $2 AND state = 'running'";

struct told { int64_t area, id, done, total; };

static enum err
write_progress(struct job *j, void *arg)
{
    const struct told *t = arg;

    return db_run(j, sql_progress, ARGS(INT(t->area), INT(t->id), INT(t->done), INT(t->total)),
                  NULL);
}

/* ---- the runner's connection --------------------------------------------------------- */

static enum err
open_and_lock(struct job *j, void *arg)
{
    struct work *w = arg;
    struct db *db = NULL;
    bool taken = false;
    enum err e = db_open(j, w->o.url, DB_WRITE, &db);

    j->db = db;
    if (!e)
        e = db_lock(j, "work", &taken);
    if (!e && taken)
        e = revive(j);
    if (!e && taken)
        w->db = db;
    return e;
}

static void
disconnect(struct work *w)
{
    w->db = NULL;
    job_end(&w->job);
}

/* False: another program runs this queue, or the database is not there. */
static bool
connected(struct work *w)
{
    if (w->db)
        return true;
    start_job(&w->job, w, OWN_MEMORY);
    if (job_run(&w->job, open_and_lock, w))
        log_error(&w->job, "work");
    if (!w->db)
        disconnect(w);
    return w->db != NULL;
}

struct moment {
    struct work *w;
    job_fn *fn;
    void *arg;
};

static enum err
use_and_do(struct job *j, void *arg)
{
    const struct moment *m = arg;

    db_use(j, m->w->db);
    return m->fn(j, m->arg);
}

/* The job is the caller's: what fn allocates lives until its end. */
static enum err
with_own_db(struct work *w, struct job *j, job_fn *fn, void *arg)
{
    struct moment m = {w, fn, arg};
    enum err e = job_run(j, use_and_do, &m);

    if (e)
        log_error(j, "work");
    return e;
}

/* ---- running one --------------------------------------------------------------------- */

static const struct kind *
kind_find(const struct work *w, const char *name)
{
    for (size_t i = 0; i < w->n_kinds; i++)
        if (!strcmp(w->kinds[i].name, name))
            return &w->kinds[i];
    return NULL;
}

struct run {
    struct work *w;
    const struct kind *kind;
    struct task *task;
};

static enum err
run_kind(struct job *j, void *arg)
{
    struct run *r = arg;
    enum err e;

    if (!r->kind) {
        err_set(j, ERR_FAULT, "This program does not know how to do \"%.40s\"", r->task->kind);
        return err_hint(j, "Use the newer program that asked for it.");
    }
    e = db_open(j, r->w->o.url, DB_WRITE, &j->db);
    return e ? e : r->kind->fn(j, r->task, r->kind->arg);
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
end_task(struct work *w, const struct task *t, const struct error *err)
{
    struct ending x = {w, t, err};
    struct job j;

    start_job(&j, w, OWN_MEMORY);
    if (with_own_db(w, &j, write_end, &x)) {
        /* the lock goes with the connection; it is revived when both are back */
        job_end(&j);
        disconnect(w);
        return;
    }
    job_end(&j);
}

static void
run_task(struct work *w, struct task *t)
{
    struct run r = {w, kind_find(w, t->kind), t};
    struct job j;

    start_job(&j, w, r.kind ? r.kind->memory : OWN_MEMORY);
    j.area = t->area;
    set_running(w, t);
    log_event(LOG_INFO, "task_begins", "task=%lld kind=%s", (long long)t->id, t->kind);
    if (job_run(&j, run_kind, &r))
        log_error(&j, "task");
    db_rollback(&j);
    end_task(w, t, &j.err);
    log_event(LOG_INFO, "task_ends", "task=%lld error=%d", (long long)t->id, (int)j.err.kind);
    job_end(&j);
    set_running(w, NULL);
}

/* False: nothing to do. */
static bool
run_oldest(struct work *w)
{
    struct job j, keep;
    struct claim c = {.w = w, .keep = &keep};
    enum err e;

    start_job(&keep, w, OWN_MEMORY);
    start_job(&j, w, OWN_MEMORY);
    e = with_own_db(w, &j, claim_oldest, &c);
    job_end(&j);
    if (e)
        disconnect(w);
    else if (c.found)
        run_task(w, &c.task);
    job_end(&keep);
    return !e && c.found;
}

/* ---- the two threads ----------------------------------------------------------------- */

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

    thread_give_way(); /* pages come first */
    while (!stopping(w)) {
        if (connected(w) && run_oldest(w))
            continue;
        pthread_mutex_lock(&w->lock);
        if (!w->stop && !w->woken)
            wait_ms(&w->wake, &w->lock, LOOK_MS);
        w->woken = false;
        pthread_mutex_unlock(&w->lock);
    }
    if (w->db)
        disconnect(w);
    return NULL;
}

struct telling {
    const char *url;
    struct told *told;
};

static enum err
open_and_tell(struct job *j, void *arg)
{
    const struct telling *t = arg;
    enum err e = db_open(j, t->url, DB_WRITE, &j->db);

    return e ? e : write_progress(j, t->told);
}

static void
tell_progress(struct work *w, struct told *t)
{
    struct job j;

    start_job(&j, w, OWN_MEMORY);
    if (job_run(&j, open_and_tell, &(struct telling){w->o.url, t}))
        log_error(&j, "work");
    job_end(&j);
}

/* The running task may hold a transaction; its progress goes through another connection. */
static void *
tell_thread(void *arg)
{
    struct work *w = arg;
    struct told t;

    pthread_mutex_lock(&w->lock);
    while (!w->stop) {
        if (w->running)
            wait_ms(&w->changed, &w->lock, TELL_MS);
        else
            pthread_cond_wait(&w->changed, &w->lock);
        if (!w->running || w->stop)
            continue;
        t = (struct told){w->area, w->id, atomic_load(&w->done), atomic_load(&w->total)};
        pthread_mutex_unlock(&w->lock);
        tell_progress(w, &t);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* ---- beginning and end --------------------------------------------------------------- */

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
    pthread_join(w->run_thread_id, NULL);
    pthread_join(w->tell_thread_id, NULL);
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
    if (pthread_create(&w->run_thread_id, NULL, run_thread, w))
        return err_set(j, ERR_ENV, "no thread can be started for the work behind the pages");
    if (pthread_create(&w->tell_thread_id, NULL, tell_thread, w)) {
        pthread_mutex_lock(&w->lock);
        w->stop = true;
        pthread_cond_signal(&w->wake);
        pthread_mutex_unlock(&w->lock);
        pthread_join(w->run_thread_id, NULL);
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
