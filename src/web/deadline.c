#include "web/deadline.h"
#include "base/log.h"
#include <pthread.h>
#include <sys/socket.h>

struct deadline {
    struct deadline *next, *before;
    int64_t at; /* milliseconds of the monotonic clock; INT64_MAX: none */
    int fd;
};

struct deadlines {
    pthread_mutex_t lock;
    pthread_cond_t sooner;
    struct deadline all; /* head of a ring */
    int64_t wakes_at;    /* when the thread looks next */
    int count;
    bool stop;
    pthread_t thread;
};

static int64_t
now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* With the lock held. */
static void
shut_late(struct deadlines *d)
{
    int64_t now = now_ms();

    d->wakes_at = INT64_MAX;
    for (struct deadline *c = d->all.next; c != &d->all; c = c->next) {
        if (c->at <= now) {
            shutdown(c->fd, SHUT_RDWR);
            c->at = INT64_MAX;
            log_event(LOG_INFO, "deadline", "connection=shut");
        }
        if (c->at < d->wakes_at)
            d->wakes_at = c->at;
    }
}

static void *
watch(void *arg)
{
    struct deadlines *d = arg;

    pthread_mutex_lock(&d->lock);
    while (!d->stop) {
        shut_late(d);
        if (d->wakes_at == INT64_MAX) {
            pthread_cond_wait(&d->sooner, &d->lock);
        } else {
            struct timespec t = {d->wakes_at / 1000, d->wakes_at % 1000 * 1000000};
            pthread_cond_timedwait(&d->sooner, &d->lock, &t);
        }
    }
    pthread_mutex_unlock(&d->lock);
    return NULL;
}

/* With the lock held. */
static void
set(struct deadlines *d, struct deadline *c, int64_t ms)
{
    c->at = ms ? now_ms() + ms : INT64_MAX;
    if (c->at < d->wakes_at)
        pthread_cond_signal(&d->sooner);
}

struct deadline *
deadline_add(struct deadlines *d, int fd, int64_t ms)
{
    struct deadline *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->fd = fd;
    pthread_mutex_lock(&d->lock);
    c->next = d->all.next;
    c->before = &d->all;
    c->next->before = d->all.next = c;
    d->count++;
    set(d, c, ms);
    pthread_mutex_unlock(&d->lock);
    return c;
}

void
deadline_set(struct deadlines *d, struct deadline *c, int64_t ms)
{
    if (!c)
        return;
    pthread_mutex_lock(&d->lock);
    set(d, c, ms);
    pthread_mutex_unlock(&d->lock);
}

void
deadline_remove(struct deadlines *d, struct deadline *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&d->lock);
    c->next->before = c->before;
    c->before->next = c->next;
    d->count--;
    pthread_mutex_unlock(&d->lock);
    free(c);
}

int
deadline_count(struct deadlines *d)
{
    int n;

    pthread_mutex_lock(&d->lock);
    n = d->count;
    pthread_mutex_unlock(&d->lock);
    return n;
}

static void
deadlines_stop(void *arg)
{
    struct deadlines *d = arg;

    pthread_mutex_lock(&d->lock);
    d->stop = true;
    pthread_cond_signal(&d->sooner);
    pthread_mutex_unlock(&d->lock);
    pthread_join(d->thread, NULL);
    pthread_mutex_destroy(&d->lock);
    pthread_cond_destroy(&d->sooner);
}

enum err
deadlines_open(struct job *j, struct deadlines **out)
{
    struct deadlines *d = job_alloc(j, sizeof *d);
    struct cleanup *end = job_on_end(j, deadlines_stop);
    pthread_condattr_t monotonic;

    d->all.next = d->all.before = &d->all;
    d->wakes_at = INT64_MAX;
    pthread_mutex_init(&d->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&d->sooner, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&d->thread, NULL, watch, d))
        return err_set(j, ERR_ENV, "no thread can be started to watch connections");
    end->arg = d;
    *out = d;
    return OK;
}
