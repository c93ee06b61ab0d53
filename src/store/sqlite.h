/* store/sqlite.h - what backup.c and migrate.c need of the SQLite driver.  Private. */
#pragma once
#include "store/driver.h"
#include <sqlite3.h>

sqlite3 *sqlite_handle(const struct db *db);
/* The handle's last error, as the job's. */
enum err sqlite_error(struct job *j, const struct db *db, const char *sql);
/* A value at place 1, 2 …; gives SQLite's code. */
int sqlite_bind(sqlite3_stmt *stmt, int at, const struct arg *v, sqlite3_destructor_type life);
MUST_CHECK enum err sqlite_script(struct job *j, struct db *db, const char *sql);
/* Copy all of db into a new file at path; nothing is left there after an error. */
MUST_CHECK enum err sqlite_copy(struct job *j, struct db *db, const char *path);

/* sqlite_bulk.c: of driver.h */
MUST_CHECK enum err sqlite_bulk_begin(struct bulk *b);
MUST_CHECK enum err sqlite_bulk_row(struct bulk *b, const struct arg *v);
MUST_CHECK enum err sqlite_bulk_end(struct bulk *b);
void sqlite_bulk_close(struct bulk *b);
