#include "work/tick.h"
#include "base/date.h"
#include "base/log.h"
#include <pthread.h>

struct tick {
    struct tick_options o;
    struct tick_work work[TICK_MOST];
    int64_t due[TICK_MOST]; /* milliseconds of the monotonic clock */
    size_t n;
    pthread_mutex_t lock;   /* of stop */
    pthread_cond_t wake;
    bool stop, started;
    pthread_t thread;
};

static int64_t
milliseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t
now_of(const struct tick *t)
{
    struct timespec s;

    if (t->o.clock)
        return t->o.clock(t->o.clock_arg);
    clock_gettime(CLOCK_REALTIME, &s);
    return (int64_t)s.tv_sec * 1000000 + s.tv_nsec / 1000;
}

static void
do_one(const struct tick *t, const struct tick_work *w)
{
    struct job j;
    int32_t minute;

    job_init(&j, w->memory);
    j.now = now_of(t);
    j.today = date_of_time(j.now, &minute);
    if (job_run(&j, w->fn, w->arg))
        log_error(&j, w->name);
    job_end(&j);
}

/* What is due; when the next will be. */
static int64_t
do_due(struct tick *t)
{
    int64_t next = INT64_MAX;

    for (size_t i = 0; i < t->n; i++) {
        if (milliseconds() >= t->due[i]) {
            do_one(t, &t->work[i]);
            t->due[i] = milliseconds() + t->work[i].ms;
        }
        next = t->due[i] < next ? t->due[i] : next;
    }
    return next;
}

static void
wait_until(struct tick *t, int64_t ms)
{
    struct timespec until = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    pthread_mutex_lock(&t->lock);
    if (!t->stop)
        pthread_cond_timedwait(&t->wake, &t->lock, &until);
    pthread_mutex_unlock(&t->lock);
}

static bool
stopping(struct tick *t)
{
    bool stop;

    pthread_mutex_lock(&t->lock);
    stop = t->stop;
    pthread_mutex_unlock(&t->lock);
    return stop;
}

static void *
run_thread(void *arg)
{
    struct tick *t = arg;

    while (!stopping(t))
        wait_until(t, do_due(t));
    for (size_t i = 0; i < t->n; i++)
        do_one(t, &t->work[i]);
    return NULL;
}

enum err
tick_open(struct job *j, const struct tick_options *o, struct tick **out)
{
    *out = job_alloc(j, sizeof **out);
    (*out)->o = *o;
    return OK;
}

void
tick_add(struct tick *t, const struct tick_work *w)
{
    if (t->n < TICK_MOST)
        t->work[t->n++] = *w;
}

void
tick_stop(struct tick *t)
{
    if (!t->started)
        return;
    t->started = false;
    pthread_mutex_lock(&t->lock);
    t->stop = true;
    pthread_cond_signal(&t->wake);
    pthread_mutex_unlock(&t->lock);
    pthread_join(t->thread, NULL);
    pthread_mutex_destroy(&t->lock);
    pthread_cond_destroy(&t->wake);
}

static void
stop_at_end(void *arg)
{
    tick_stop(arg);
}

enum err
tick_start(struct job *j, struct tick *t)
{
    struct cleanup *end = job_on_end(j, stop_at_end);
    pthread_condattr_t monotonic;

    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&t->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&t->thread, NULL, run_thread, t))
        return err_set(j, ERR_ENV, "no thread can be started for what is done every so often");
    t->started = true;
    end->arg = t;
    return OK;
}
