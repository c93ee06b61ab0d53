#include "base/thread.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <unistd.h>

enum { THREADS_MOST = 256 };

/* What the threads share.  Blocks are handed out in order, so that when one fails every
 * lower one is finished or being worked at: the lowest failure is always found. */
struct crew {
    const struct job *parent;
    thread_fn *fn;
    void *arg;
    size_t blocks, limit;
    atomic_size_t next;
    atomic_bool failed;
    pthread_mutex_t lock; /* of the two below */
    size_t lowest;
    struct error err;
};

struct block_call {
    struct crew *crew;
    size_t block;
};

static enum err
run_block(struct job *child, void *arg)
{
    struct block_call *call = arg;

    return call->crew->fn(child, call->crew->arg, call->block);
}

static void
note_failure(struct crew *crew, size_t block, const struct error *err)
{
    atomic_store(&crew->failed, true);
    pthread_mutex_lock(&crew->lock);
    if (block < crew->lowest) {
        crew->lowest = block;
        crew->err = *err;
    }
    pthread_mutex_unlock(&crew->lock);
}

static void *
work(void *arg)
{
    struct crew *crew = arg;

    while (!atomic_load(&crew->failed)) {
        struct block_call call = {crew, atomic_fetch_add(&crew->next, 1)};
        struct job child;
        enum err e;
        if (call.block >= crew->blocks)
            break;
        job_init_child(&child, crew->parent, crew->limit);
        e = job_run(&child, run_block, &call);
        if (e && !child.err.kind)
            err_set(&child, e, "a part of the work failed without saying why");
        if (e)
            note_failure(crew, call.block, &child.err);
        job_end(&child);
    }
    return NULL;
}

int
thread_cores(void)
{
    cpu_set_t set;
    long n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set)
                                                         : sysconf(_SC_NPROCESSORS_ONLN);

    return n < 1 ? 1 : n > THREADS_MOST ? THREADS_MOST : (int)n;
}

enum err
thread_run(struct job *j, struct thread_blocks how, thread_fn *fn, void *arg)
{
    struct crew crew = {
        .parent = j, .fn = fn, .arg = arg, .blocks = how.blocks, .limit = how.limit,
        .lowest = SIZE_MAX,
    };
    pthread_t others[THREADS_MOST];
    size_t want = how.threads > 0 ? (size_t)how.threads : (size_t)thread_cores(), started = 0;

    if (want > how.blocks)
        want = how.blocks;
    if (want > THREADS_MOST)
        want = THREADS_MOST;
    atomic_init(&crew.next, 0);
    atomic_init(&crew.failed, false);
    pthread_mutex_init(&crew.lock, NULL);
    /* A thread that cannot be had makes the work slower, not wrong. */
    while (started + 1 < want && pthread_create(&others[started], NULL, work, &crew) == 0)
        started++;
    work(&crew);
    for (size_t i = 0; i < started; i++)
        pthread_join(others[i], NULL);
    pthread_mutex_destroy(&crew.lock);
    if (crew.lowest == SIZE_MAX)
        return OK;
    j->err = crew.err;
    return j->err.kind;
}

/* On Linux "this process" is the calling thread.  Ten less is a tenth of the share of a
 * thread that has not given way, and all of it while nobody else wants any.  A system that
 * refuses leaves things as they were. */
void
thread_give_way(void)
{
    (void)setpriority(PRIO_PROCESS, 0, 10);
}
