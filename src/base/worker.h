/* base/worker.h - one thread beside this one that does what it is given, in order.
 *
 * For work that can run ahead of the main work (hashing the next files) or behind it
 * (compressing the last piece).  What it is given touches no job and no database: the
 * giver owns the memory, and looks at it only after worker_wait(). */
#pragma once
#include "base/job.h"

struct worker;
typedef void worker_fn(void *arg);

/* Stopped when the job ends, after all that was given is done.  ERR_ENV: no thread. */
MUST_CHECK enum err worker_start(struct job *j, int depth, struct worker **out);
/* Have fn(arg) done; waits while `depth` pieces of work are waiting.  Gives a ticket. */
int64_t worker_give(struct worker *w, worker_fn *fn, void *arg);
/* Return when the work of this ticket, and all before it, is done. */
void worker_wait(struct worker *w, int64_t ticket);
