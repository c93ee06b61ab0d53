/* tests/support/migrated.h - databases that are migrated once, and copied for each test. */
#pragma once
#include "support/support.h"

enum { MIGRATED_DIGEST = 17 };
/* Sixteen digits that stand for this program's list of migrations. */
void migrated_digest(char digest[MIGRATED_DIGEST]);
/* A migrated SQLite database at this path, the test's own.  Within ./run test (which gives
 * ROOTED_TEST_TMP) it is a copy of one that all programs share. */
void migrated_sqlite(struct job *j, const char *path);
