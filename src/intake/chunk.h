/* intake/chunk.h - many rows of many tables, written a few at a time.
 *
 * Rows wait in memory and are written in transactions that hold the writer for at most
 * about 20 ms, with a gap between them in which others get in (rulings, "Loading": 50 ms).
 * One ends as soon as a look at the clock, every few rows, says that it took long enough, and
 * is never larger than what waits.
 * A row is copied when it is given.  Nothing of it may be written while the caller has a
 * transaction or a question open. */
#pragma once
#include "store/db.h"

enum {
    CHUNK_ROWS = 8 * 1024,          /* wait at most */
    CHUNK_BYTES = 3 * 1024 * 1024,  /* of texts and blobs */
    CHUNK_HOLD_US = 15 * 1000,      /* begin no more rows after this; the commit comes on top */
    CHUNK_POLITE_US = 3 * 1000,     /* nor after this, when somebody waits */
    CHUNK_LOOK = 32,                /* rows between two looks at the clock */
};

struct chunk;
/* About 6 MB, until the job or scope ends. */
struct chunk *chunk_open(struct job *j);
/* Rows of one table are written in the order given.  t must outlive the chunk. */
MUST_CHECK enum err chunk_row(struct job *j, struct chunk *c, const struct db_table *t,
                              const struct arg *v);
MUST_CHECK enum err chunk_flush(struct job *j, struct chunk *c);
/* Forget what waits. */
void chunk_clear(struct chunk *c);

/* For the tests of the rule: told() is called after each transaction, while this loader holds
 * nothing; clock() stands for the machine's, in microseconds.  Either may be NULL. */
struct chunk_hold {
    int rows;
    size_t bytes;
};
struct chunk_watch {
    void (*told)(void *arg, const struct chunk_hold *h);
    int64_t (*clock)(void *arg);
    void *arg;
};
void chunk_watch(struct chunk *c, const struct chunk_watch *w);
