/* store/dialect.h - migrations are written once, as SQLite has them.  Private. */
#pragma once
#include "base/job.h"

/* For PostgreSQL: INTEGER becomes BIGINT, BLOB BYTEA, REAL DOUBLE PRECISION,
 * TEXT is ordered by its bytes; STRICT and WITHOUT ROWID go.  Text in quotes stays;
 * comments go. */
const char *dialect_postgresql(struct job *j, const char *sql);
/* Where the engines have nothing in common (triggers) a migration has a part for each: of the lines
 * after "-- only sqlite" or "-- only postgresql", up to the next such line or "-- both", those
 * for another engine go. */
const char *dialect_part(struct job *j, const char *sql, const char *engine);
