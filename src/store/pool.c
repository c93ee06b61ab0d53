#include "store/driver.h"
#include <errno.h>
#include <pthread.h>

enum { WAIT_S = 10 };

struct slot {
    struct db *db; /* NULL until first taken */
    struct slot *next;
};

struct db_pool {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    char *url;
    struct slot *slots;
    struct slot *free; /* the one used last first: its cache is warm */
    int size;
};

/* What a job borrowed. */
struct loan {
    struct db_pool *pool;
    struct slot *slot;
};

static void
close_pool(void *arg)
{
    struct db_pool *p = arg;

    for (int i = 0; i < p->size; i++) {
        if (p->slots[i].db)
            driver_disconnect(p->slots[i].db);
    }
    pthread_cond_destroy(&p->freed);
    pthread_mutex_destroy(&p->lock);
    free(p->slots);
    free(p->url);
    free(p);
}

/* Clocks may be set back while somebody waits; this one is not. */
static void
init_locks(struct db_pool *p)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&p->freed, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&p->lock, NULL);
}

enum err
db_pool_open(struct job *j, const char *url, int size, struct db_pool **out)
{
    struct cleanup *end = job_on_end(j, close_pool);
    struct db_pool *p = driver_alloc(j, sizeof *p);
    enum err e;

    if (!p)
        return j->err.kind;
    init_locks(p);
    end->arg = p;
    p->url = driver_copy(j, url);
    p->slots = driver_alloc(j, (size_t)size * sizeof *p->slots);
    if (!p->url || !p->slots)
        return j->err.kind;
    p->size = size;
    for (int i = size - 1; i >= 0; i--) {
        p->slots[i].next = p->free;
        p->free = &p->slots[i];
    }
    /* one now, to know that the place can be reached; the others when they are needed */
    if ((e = driver_connect(j, url, DB_READ, &p->free->db)))
        return e;
    p->free->db->pooled = true;
    *out = p;
    return OK;
}

static struct slot *
take_slot(struct db_pool *p)
{
    struct timespec until;
    struct slot *s;
    int code = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_S;
    pthread_mutex_lock(&p->lock);
    while (!p->free && code != ETIMEDOUT)
        code = pthread_cond_timedwait(&p->freed, &p->lock, &until);
    if ((s = p->free))
        p->free = s->next;
    pthread_mutex_unlock(&p->lock);
    return s;
}

static void
give_back(void *arg)
{
    struct loan *l = arg;
    struct db_pool *p = l->pool;

    if (l->slot->db)
        driver_leave(l->slot->db);
    pthread_mutex_lock(&p->lock);
    l->slot->next = p->free;
    p->free = l->slot;
    pthread_cond_signal(&p->freed);
    pthread_mutex_unlock(&p->lock);
}

enum err
db_pool_take(struct job *j, struct db_pool *p)
{
    struct loan *l = job_alloc(j, sizeof *l);
    struct cleanup *end = job_on_end(j, give_back);
    enum err e;

    if ((e = driver_fault(j)))
        return e;
    if (!(l->slot = take_slot(p))) {
        err_set(j, ERR_BUSY, "all connections to the database are busy");
        return err_hint(j, "Wait a moment, then try again.");
    }
    l->pool = p;
    end->arg = l;
    if (!l->slot->db && (e = driver_connect(j, p->url, DB_READ, &l->slot->db)))
        return e;
    l->slot->db->pooled = true;
    l->slot->db->user = j;
    j->db = l->slot->db;
    return OK;
}
