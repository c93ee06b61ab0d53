#include "base/worker.h"
#include <pthread.h>

struct work {
    worker_fn *fn;
    void *arg;
};

struct worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct work *ring; /* of depth */
    int64_t depth;
    int64_t given, done; /* tickets: the given-th was given, the done-th is done */
    bool stop;
};

static void *
worker_main(void *arg)
{
    struct worker *w = arg;

    pthread_mutex_lock(&w->lock);
    for (;;) {
        struct work next;

        while (w->done == w->given && !w->stop)
            pthread_cond_wait(&w->changed, &w->lock);
        if (w->done == w->given)
            break;
        next = w->ring[w->done % w->depth];
        pthread_mutex_unlock(&w->lock);
        next.fn(next.arg);
        pthread_mutex_lock(&w->lock);
        w->done++;
        pthread_cond_broadcast(&w->changed);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

static void
worker_stop(void *arg)
{
    struct worker *w = arg;

    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
}

enum err
worker_start(struct job *j, int depth, struct worker **out)
{
    struct worker *w = job_alloc(j, sizeof *w);
    struct cleanup *end;
    int r;

    w->depth = depth > 0 ? depth : 1;
    w->ring = job_array(j, (size_t)w->depth, sizeof *w->ring);
    end = job_on_end(j, worker_stop);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    r = pthread_create(&w->thread, NULL, worker_main, w);
    if (r) {
        pthread_cond_destroy(&w->changed);
        pthread_mutex_destroy(&w->lock);
        err_set(j, ERR_ENV, "the system gives no more threads");
        return err_detail(j, "pthread_create: %d", r);
    }
    end->arg = w;
    *out = w;
    return OK;
}

int64_t
worker_give(struct worker *w, worker_fn *fn, void *arg)
{
    int64_t ticket;

    pthread_mutex_lock(&w->lock);
    while (w->given - w->done >= w->depth)
        pthread_cond_wait(&w->changed, &w->lock);
    w->ring[w->given % w->depth] = (struct work){fn, arg};
    ticket = ++w->given;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    return ticket;
}

void
worker_wait(struct worker *w, int64_t ticket)
{
    pthread_mutex_lock(&w->lock);
    while (w->done < ticket)
        pthread_cond_wait(&w->changed, &w->lock);
    pthread_mutex_unlock(&w->lock);
}
