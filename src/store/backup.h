/* store/backup.h - files that are there whole or not at all; PostgreSQL's tools.  Private. */
#pragma once
#include "store/driver.h"

/* Written under another name, removed with the job unless published. */
struct backup_part {
    char *part;
    const char *path;
    struct cleanup *end;
};
MUST_CHECK enum err backup_part(struct job *j, const char *path, struct backup_part *out);
/* On disk and under its own name when this returns OK. */
MUST_CHECK enum err backup_publish(struct job *j, struct backup_part *p);

/* pg_tools.c: pg_dump and pg_restore, never through a shell; the password goes by the
 * environment, where other users cannot see it. */
MUST_CHECK enum err pg_backup(struct job *j, struct db *db, const char *path);
MUST_CHECK enum err pg_restore(struct job *j, const char *path, const char *url);
