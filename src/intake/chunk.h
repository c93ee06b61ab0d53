/* intake/chunk.h - many rows of many tables, written a few at a time.
 *
 * Rows wait in memory and are written in transactions that hold the writer for at most
 * about 30 ms, with a gap between them in which others get in (rulings, "Loading": 50 ms).
 * A row is copied when it is given.  Nothing of it may be written while the caller has a
 * transaction or a question open. */
#pragma once
#include "store/db.h"

struct chunk;
/* About 6 MB, until the job or scope ends. */
struct chunk *chunk_open(struct job *j);
/* Rows of one table are written in the order given.  t must outlive the chunk. */
MUST_CHECK enum err chunk_row(struct job *j, struct chunk *c, const struct db_table *t,
                              const struct arg *v);
MUST_CHECK enum err chunk_flush(struct job *j, struct chunk *c);
/* Forget what waits. */
void chunk_clear(struct chunk *c);
/* How long the writer was held at most, in microseconds: for the tests of the rule. */
int64_t chunk_longest(const struct chunk *c);
