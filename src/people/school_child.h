/* people/school_child.h - the children of each school, kept for finding them.
 *
 * Made after batches were published or withdrawn; between that and the making nobody reads
 * it, and a search asks the facts themselves: it finds the same, more slowly. */
#pragma once
#include "store/db.h"

/* Within the transaction that publishes or withdraws a batch of j->area. */
MUST_CHECK enum err school_child_changed(struct job *j);
/* Brings it up to date for j->area unless it is.  Transactions of its own, one a school that
 * changed; when a batch is published meanwhile, who published it makes it. */
MUST_CHECK enum err school_child_make(struct job *j);
/* Every area where that was cut off, or was never done: at the start of the server. */
MUST_CHECK enum err school_child_catch_up(struct job *j);
/* May it be read now? */
MUST_CHECK enum err school_child_ready(struct job *j, bool *ready);
/* The last census that has pupils of the school; of one sent again, what came last.  0: none. */
MUST_CHECK enum err school_child_census(struct job *j, int64_t urn, int64_t *batch);
