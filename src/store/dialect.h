/* store/dialect.h - migrations are written once, as SQLite has them.  Private. */
#pragma once
#include "base/job.h"

/* For PostgreSQL: INTEGER becomes BIGINT, BLOB BYTEA, REAL DOUBLE PRECISION,
 * TEXT is ordered by its bytes; STRICT and WITHOUT ROWID go.  Text in quotes stays;
 * comments go. */
const char *dialect_postgresql(struct job *j, const char *sql);
