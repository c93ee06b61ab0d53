/* work/tick.h - what is done every so often while the program serves, and once more when it
 * stops.  One thread does all of it, each in a job of its own with its own memory. */
#pragma once
#include "base/job.h"

struct tick;
struct tick_options {
    int64_t (*clock)(void *arg); /* UTC microseconds: the jobs' clock; NULL: the system's */
    void *clock_arg;
};
enum { TICK_MOST = 8 };

/* Nothing happens before tick_start(). */
MUST_CHECK enum err tick_open(struct job *j, const struct tick_options *o, struct tick **out);
/* Do fn(job, arg) at the start, every `ms` milliseconds, and at the end, with `memory` bytes at
 * most.  An error is logged under this name, and it is tried again the next time. */
struct tick_work {
    const char *name;
    int64_t ms;
    size_t memory;
    job_fn *fn;
    void *arg;
};
void tick_add(struct tick *t, const struct tick_work *w);
MUST_CHECK enum err tick_start(struct job *j, struct tick *t);
/* Do everything a last time and end the thread; the end of the job does so too. */
void tick_stop(struct tick *t);
