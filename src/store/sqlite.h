/* store/sqlite.h - what backup.c and migrate.c need of the SQLite driver.  Private. */
#pragma once
#include "store/driver.h"
#include <sqlite3.h>

sqlite3 *sqlite_handle(const struct db *db);
/* The handle's last error, as the job's. */
enum err sqlite_error(struct job *j, const struct db *db, const char *sql);
MUST_CHECK enum err sqlite_script(struct job *j, struct db *db, const char *sql);
/* Copy all of db into a new file at path; nothing is left there after an error. */
MUST_CHECK enum err sqlite_copy(struct job *j, struct db *db, const char *path);
