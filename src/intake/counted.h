/* intake/counted.h - what pages show of the published batches, counted once and kept.
 *
 * Schools as their last census counts them (people/school.h), coverage (coverage.h). */
#pragma once
#include "base/job.h"

/* For j->area, within the transaction that publishes, refuses or withdraws a batch: whoever
 * sees the batch sees its counts. */
MUST_CHECK enum err counted_derive(struct job *j);
/* Every area whose counts were made with other schools of England, or by another version of
 * the program: at the start of the server, and after new schools.  Transactions of its own. */
MUST_CHECK enum err counted_catch_up(struct job *j);
