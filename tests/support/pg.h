/* tests/support/pg.h - databases of a test program's own in the cluster of ROOTED_TEST_DB. */
#pragma once
#include "support/support.h"

/* An empty database, this program's and this suffix's; its url.  Made once, emptied by
 * each call, dropped when the program ends. */
void support_pg_fresh(struct job *j, const char *suffix, char *url, size_t n);
/* A migrated one, this program's; its url.  In a cluster that is kept in memory each call makes
 * it anew, from one that all programs with the same migrations share. */
void support_pg_migrated(struct job *j, char *url, size_t n);
