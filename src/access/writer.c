#include "access/writer.h"
#include "access/session.h"
#include "base/log.h"
#include "store/db.h"
#include <errno.h>
#include <pthread.h>

enum { MOST_SEEN = 256, WRITER_MEMORY = 64 * JOB_MB };
/* Where a commit took several pages with it, many are asked for at once: then the next waits
 * for more of them, for a moment.  Each commit costs the disk's time, and what readers hold in
 * memory of the database. */
enum { SEVERAL = 4, MANY = 24 };
static const long MOMENT_NS = 4 * 1000 * 1000;

/* A page that waits for its notes. */
struct waiting {
    struct waiting *next;
    const struct notes *notes;
    struct error err;
    bool done;
};
/* Of two groups one is being committed while the other gathers. */
enum { GROUPS = 2 };

struct seen { char token[KEY_TOKEN]; int64_t now; };

struct writer {
    const char *url;
    const struct key *key;
    pthread_mutex_t turn; /* of the connection */
    struct job job;       /* holds the connection; its memory is used by turns */
    struct db *db;        /* NULL: lost, or not open yet */

    pthread_mutex_t lock; /* of all below */
    pthread_cond_t more, done[GROUPS];
    struct waiting *first, **last;
    size_t n_waiting, n_before; /* in this group, in the one before */
    int gathering;              /* which of the two */
    struct seen seen[MOST_SEEN];
    size_t n_seen;
    bool stop;
    pthread_t thread;
};

/* ---- the connection, with the turn held ------------------------------------------ */

static void
give_up_connection(struct writer *w)
{
    job_end(&w->job);
    job_init(&w->job, WRITER_MEMORY);
    w->db = NULL;
}

static enum err
open_connection(struct job *j, void *arg)
{
    struct writer *w = arg;

    return db_open(j, w->url, DB_WRITE, &w->db);
}

static enum err
use_connection(struct writer *w, struct job *j)
{
    enum err e = w->db ? OK : job_run(&w->job, open_connection, w);

    if (e) {
        j->err = w->job.err;
        give_up_connection(w);
        return e;
    }
    db_use(j, w->db);
    return OK;
}

struct change {
    struct writer *w;
    job_fn *fn;
    void *arg;
};

static enum err
change_and_note(struct job *j, void *arg)
{
    struct change *c = arg;
    enum err e = use_connection(c->w, j);

    if (!e)
        e = db_begin(j);
    if (!e)
        e = c->fn(j, c->arg);
    if (!e && j->notes)
        e = audit_write(j, j->notes);
    return e ? e : db_commit(j);
}

/* Runs in a job of its own, so that the connection is free when it ends. */
static enum err
take_turn(struct writer *w, struct job *j, struct change *c)
{
    enum err e;

    pthread_mutex_lock(&w->turn);
    e = job_run(j, change_and_note, c);
    job_end(j);
    if (e == ERR_ENV)
        give_up_connection(w);
    pthread_mutex_unlock(&w->turn);
    return e;
}

enum err
writer_run(struct writer *w, struct job *j, job_fn *fn, void *arg)
{
    struct change c = {w, fn, arg};
    struct job inner;
    enum err e;

    job_init_child(&inner, j, WRITER_MEMORY);
    inner.notes = j->notes;
    e = take_turn(w, &inner, &c);
    if (e) {
        j->err = inner.err;
        audit_taken_back(j);
    } else if (j->notes) {
        audit_end(j->notes);
    }
    return e;
}

/* ---- the thread --------------------------------------------------------------------- */

struct group {
    struct waiting *first;
    struct seen seen[MOST_SEEN];
    size_t n_seen;
    const struct key *key;
};

static enum err
write_group(struct job *j, void *arg)
{
    const struct group *g = arg;
    struct audit_pen pen;
    enum err e = OK;

    audit_open(j, &pen);
    for (const struct waiting *p = g->first; p && !e; p = p->next)
        e = audit_add(&pen, p->notes);
    if (!e)
        e = audit_close(&pen);
    for (size_t i = 0; i < g->n_seen && !e; i++) {
        j->now = g->seen[i].now;
        e = session_see(j, g->key, g->seen[i].token);
    }
    return e;
}

static void
commit_group(struct writer *w, struct group *g)
{
    struct change c = {w, write_group, g};
    struct job j;

    job_init(&j, WRITER_MEMORY);
    if (take_turn(w, &j, &c))
        log_error(&j, "audit");
    for (struct waiting *p = g->first; p; p = p->next)
        p->err = j.err;
}

/* With the lock held. */
static void
wait_for_more(struct writer *w)
{
    struct timespec until;
    int code = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += MOMENT_NS;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (w->n_waiting < MANY && !w->stop && code != ETIMEDOUT)
        code = pthread_cond_timedwait(&w->more, &w->lock, &until);
}

/* With the lock held. */
static bool
take_group(struct writer *w, struct group *g)
{
    while (!w->first && !w->n_seen && !w->stop)
        pthread_cond_wait(&w->more, &w->lock);
    if (w->n_before >= SEVERAL)
        wait_for_more(w);
    w->n_before = w->n_waiting;
    w->n_waiting = 0;
    w->gathering = (w->gathering + 1) % GROUPS;
    g->first = w->first;
    g->n_seen = w->n_seen;
    memcpy(g->seen, w->seen, w->n_seen * sizeof *w->seen);
    w->first = NULL;
    w->last = &w->first;
    w->n_seen = 0;
    return g->first || g->n_seen;
}

static void *
run_thread(void *arg)
{
    struct writer *w = arg;
    struct group g = {.key = w->key};

    pthread_mutex_lock(&w->lock);
    while (take_group(w, &g)) {
        pthread_mutex_unlock(&w->lock);
        commit_group(w, &g);
        pthread_mutex_lock(&w->lock);
        for (struct waiting *p = g.first, *next; p; p = next) {
            next = p->next; /* p is gone as soon as the lock is */
            p->done = true;
        }
        pthread_cond_broadcast(&w->done[(w->gathering + 1) % GROUPS]);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

enum err
writer_keep(struct writer *w, struct job *j)
{
    struct waiting me = {.notes = j->notes};
    pthread_cond_t *done;

    if (!j->notes || (!j->notes->first && !j->notes->lost))
        return OK;
    if (j->notes->lost)
        return err_set(j, ERR_BUSY, "this looked at more than can be noted at once");
    pthread_mutex_lock(&w->lock);
    *w->last = &me;
    w->last = &me.next;
    if (++w->n_waiting == 1 || w->n_waiting == MANY)
        pthread_cond_signal(&w->more);
    done = &w->done[w->gathering];
    while (!me.done)
        pthread_cond_wait(done, &w->lock);
    pthread_mutex_unlock(&w->lock);
    if (me.err.kind)
        j->err = me.err;
    else
        audit_end(j->notes);
    return me.err.kind;
}

void
writer_see(struct writer *w, const char *token, int64_t now)
{
    pthread_mutex_lock(&w->lock);
    if (w->n_seen < MOST_SEEN) { /* else a later page will say it again */
        struct seen *s = &w->seen[w->n_seen++];
        snprintf(s->token, sizeof s->token, "%s", token);
        s->now = now;
        pthread_cond_signal(&w->more);
    }
    pthread_mutex_unlock(&w->lock);
}

/* ---- beginning and end ----------------------------------------------------------------- */

static void
writer_stop(void *arg)
{
    struct writer *w = arg;

    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_signal(&w->more);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    job_end(&w->job);
    pthread_mutex_destroy(&w->turn);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->more);
    for (int i = 0; i < GROUPS; i++)
        pthread_cond_destroy(&w->done[i]);
}

/* Clocks may be set back while somebody waits; this one is not. */
static void
init_locks(struct writer *w)
{
    pthread_condattr_t monotonic;

    pthread_mutex_init(&w->turn, NULL);
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w->more, &monotonic);
    pthread_condattr_destroy(&monotonic);
    for (int i = 0; i < GROUPS; i++)
        pthread_cond_init(&w->done[i], NULL);
}

enum err
writer_open(struct job *j, const char *url, const struct key *key, struct writer **out)
{
    struct writer *w = job_alloc(j, sizeof *w);
    struct cleanup *end = job_on_end(j, writer_stop);

    w->url = job_copy(j, url);
    w->key = key;
    w->last = &w->first;
    job_init(&w->job, WRITER_MEMORY);
    if (job_run(&w->job, open_connection, w)) {
        j->err = w->job.err;
        give_up_connection(w);
        return j->err.kind;
    }
    init_locks(w);
    if (pthread_create(&w->thread, NULL, run_thread, w)) {
        give_up_connection(w);
        return err_set(j, ERR_ENV, "no thread can be started for the writer");
    }
    end->arg = w;
    *out = w;
    return OK;
}
