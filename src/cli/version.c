#include "cli/verb.h"
#include "store/db.h"

static enum err
version(struct job *j, const struct command *c)
{
    (void)j;
    if (c->json)
        printf("{\"version\":\"%s\",\"schema\":%lld}\n", ROOTED_VERSION,
               (long long)db_schema_version());
    else
        printf("rooted %s (database schema %lld)\n", ROOTED_VERSION,
               (long long)db_schema_version());
    return OK;
}

const struct verb verb_version = {
    .name = "version",
    .usage = "",
    .about = "print the program's version and the schema it wants",
    .manual = "Prints the version of the program and the number of the database schema\n"
              "that it works with. With --json both as one JSON object.",
    .fn = version,
};
