/* intake/shared.h - tables that all authorities share: schools, postcodes, deprivation.
 *
 * They carry no batch, so a load writes a whole new edition beside the one in force: what
 * the file has, and what it does not have carried over from before.  One update then puts
 * the new edition in force (migrations/0001_house.sql, table edition). */
#pragma once
#include "intake/loading.h"

/* The batch brings this family ("gias", "postcodes", "deprivation").  ERR_BUSY: another load
 * is bringing shared tables; the lock is held until the scope or job ends. */
MUST_CHECK enum err shared_begin(struct job *j, struct loading *l, const char *family);
/* Everything is written: carry over the rest, and keep of schools and postcodes what was other
 * before (people/edition.h). */
MUST_CHECK enum err shared_complete(struct job *j, struct loading *l);
/* In the transaction that publishes the batch.  at: the time from which it is known. */
MUST_CHECK enum err shared_publish(struct job *j, struct loading *l, int64_t at);
/* Remove editions that are not in force.  Only with the lock held. */
MUST_CHECK enum err shared_sweep(struct job *j, const char *family);
/* All families, if the lock can be had: at the start of the program. */
MUST_CHECK enum err shared_sweep_all(struct job *j);
