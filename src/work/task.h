/* work/task.h - work done behind the pages, from a queue in the database.
 *
 * A POST adds a task in its own transaction; one thread runs them, oldest first, in
 * whichever program holds the lock of the queue.  What died with its program is taken up
 * again; what a task does must therefore be whole or nothing.  After a second such death
 * the task has failed. */
#pragma once
#include "base/job.h"

struct task {
    int64_t id, area;
    const char *kind;     /* "load" */
    const char *input;    /* JSON object, as the kind wants it */
    const char *state;    /* waiting, running, done, failed */
    const char *asked_by; /* login */
    const char *message;  /* how it ended, in a sentence; NULL */
    int64_t asked, started, ended; /* times; 0 not yet */
    int64_t done, total;  /* progress; total 0: not known */
    struct work *work;    /* while it runs; else NULL */
};

/* Put one at the end of the queue of j->area, in the caller's transaction; then wake the
 * thread with work_wake() when it is committed. */
MUST_CHECK enum err task_add(struct job *j, const char *kind, const char *input,
                             const char *asked_by, int64_t *id);
/* ERR_NOT_FOUND: not in this area. */
MUST_CHECK enum err task_get(struct job *j, int64_t id, struct task *out);
/* Of j->area, newest first. */
MUST_CHECK enum err task_list(struct job *j, int64_t most, const struct task **out, size_t *n);
/* What those of every area were given that are not over yet, a line each. */
MUST_CHECK enum err task_inputs(struct job *j, const char **out);

/* ---- running them ---- */

/* What a kind of task does.  j has a writing connection and the area of the task; an error
 * on it is told to whoever asked. */
typedef enum err task_fn(struct job *j, struct task *t, void *arg);
/* How far it is; cheap, shown within a second. */
void task_progress(struct task *t, int64_t done, int64_t total);
/* The sentence to end with: "49,382 rows went in, 412 were turned away". */
void task_say(struct job *j, struct task *t, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Should it stop early, because the program does?  Then give back ERR_BUSY. */
bool task_should_stop(const struct task *t);

struct work;
struct work_options {
    const char *url;
    int64_t (*clock)(void *arg); /* UTC microseconds; NULL: the system's */
    void *clock_arg;
};
/* A runner without kinds; it ends with the job. */
MUST_CHECK enum err work_open(struct job *j, const struct work_options *o, struct work **out);
/* Before work_start(): tasks of this kind are done by fn(j, task, arg), which may take
 * `memory` bytes. */
void work_register(struct work *w, const char *kind, size_t memory, task_fn *fn, void *arg);
MUST_CHECK enum err work_start(struct job *j, struct work *w);
void work_wake(struct work *w); /* NULL: nothing */
/* Ask the running task to stop, wait this long at most; false: it still runs. */
bool work_quiet(struct work *w, int64_t milliseconds);
