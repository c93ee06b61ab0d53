/* base/thread.h - work split over threads with the same answer for any number of them.
 *
 * Work is cut into fixed blocks by the data alone; each block runs in a child job of its
 * own; the caller reduces the blocks in order.  The lowest failing block's error wins. */
#pragma once
#include "base/job.h"

/* Runs fn(child job, arg, block) for block 0 … blocks-1 on up to `threads` threads
 * (0: as many as cores).  Each child may take `limit` bytes, given back when its block
 * ends: results are written through arg into the caller's memory. */
typedef enum err thread_fn(struct job *child, void *arg, size_t block);
MUST_CHECK enum err thread_each(struct job *j, int threads, size_t blocks, size_t limit,
                                thread_fn *fn, void *arg);
int thread_cores(void);
