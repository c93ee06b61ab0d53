/* base/streams.h - rows on their way to many places at once, in little memory.
 *
 * A stream is bytes in the order given.  What its block in memory does not hold goes to one
 * file without a name; it is gone with the job, however that ends, and is not made at all for
 * a small authority. */
#pragma once
#include "base/job.h"

enum { STREAMS_BLOCK = 16 * 1024 };

struct streams;
/* folder: where the file lies (NULL: as nameless.h has it); what: it is for, as errors name it. */
struct streams_place {
    const char *folder, *what;
};
struct streams *streams_open(struct job *j, struct streams_place at, size_t n);
/* Zeroed room for n bytes, a block at most, at the end of a stream; until the next is asked
 * for there.  After an error room that leads nowhere: ask streams_state() at the end. */
void *streams_room(struct streams *x, size_t stream, size_t n);
void streams_put(struct streams *x, size_t stream, const void *p, size_t n);
MUST_CHECK enum err streams_state(const struct streams *x);
uint64_t streams_bytes(const struct streams *x, size_t stream);
/* All of a stream, piece by piece. */
typedef enum err streams_fn(void *arg, const void *p, size_t n);
MUST_CHECK enum err streams_read(struct streams *x, size_t stream, streams_fn *fn, void *arg);
