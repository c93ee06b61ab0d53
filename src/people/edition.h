/* people/edition.h - which edition of a table that all authorities share was known when.
 *
 * One edition is in force; of those before, what they had otherwise is kept in …_past tables, by
 * the last edition in which it stood so.  A row as known in an edition is that of the past with
 * the lowest edition from there on, else the one in force. */
#pragma once
#include "store/db.h"

/* name: gias, postcodes.  At a time when none was loaded yet, the first.  EDITION_NEWEST: the one
 * in force was known then. */
#define EDITION_NEWEST INT64_MAX
MUST_CHECK enum err edition_known(struct job *j, const char *name, int64_t known_at, int64_t *out);
