#include "people/edition.h"

static const char sql_known[] =
    "SELECT COALESCE(MIN(edition), 9223372036854775807) FROM edition_past WHERE name = $1 AND "
    "until > $2";

enum err
edition_known(struct job *j, const char *name, int64_t known_at, int64_t *out)
{
    return db_int(j, sql_known, ARGS(TEXT(name), INT(known_at)), EDITION_NEWEST, out);
}
