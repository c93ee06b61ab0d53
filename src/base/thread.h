/* base/thread.h - work split over threads with the same answer for any number of them.
 *
 * Work is cut into fixed blocks by the data alone; each block runs in a child job of its
 * own; the caller reduces the blocks in order.  The lowest failing block's error wins. */
#pragma once
#include "base/job.h"

/* How the work is cut: block 0 … blocks-1 on up to `threads` threads (0: as many as
 * cores); each child job may take `limit` bytes, given back when its block ends. */
struct thread_blocks {
    int threads;
    size_t blocks, limit;
};
/* One block: results are written through arg into the caller's memory. */
typedef enum err thread_fn(struct job *child, void *arg, size_t block);
MUST_CHECK enum err thread_run(struct job *j, struct thread_blocks how, thread_fn *fn, void *arg);
/* The usual way to say it: thread_each(j, threads, blocks, limit, fn, arg). */
#define thread_each(j, threads, blocks, limit, fn, arg) \
    thread_run(j, (struct thread_blocks){threads, blocks, limit}, fn, arg)
int thread_cores(void);
/* From here on this thread, and those it starts, give way to the others for the processor:
 * for long work beside people who wait.  There is no way back. */
void thread_give_way(void);
