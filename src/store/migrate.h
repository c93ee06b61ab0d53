/* store/migrate.h - the schema by a given list of migrations.  Private; db.h has the rest. */
#pragma once
#include "base/embed.h"
#include "store/db.h"

/* What db_migrate() does with the program's own list. */
MUST_CHECK enum err migrate_by(struct job *j, const char *url, const struct embedded *list);
