#include "base/text.h"
#include "cli/verb.h"
#include "store/db.h"
#include <errno.h>
#include <sys/stat.h>

const char *
command_option(const struct command *c, const char *name)
{
    const struct option *o = c->verb->options;

    for (size_t i = 0; o && o[i].name; i++)
        if (!strcmp(o[i].name, name))
            return c->given[i];
    return NULL;
}

enum err
command_int(struct job *j, const struct command *c, const char *name, int64_t if_none,
            int64_t *out)
{
    const char *s = command_option(c, name);

    *out = if_none;
    if (!s || text_to_int(s, strlen(s), out))
        return OK;
    err_set(j, ERR_USAGE, "%s wants a whole number, not \"%s\"", name, s);
    return err_hint(j, "See: rooted %s --help", c->verb->name);
}

enum err
command_words(struct job *j, const struct command *c, int least, int most)
{
    if (c->argc >= least && c->argc <= most)
        return OK;
    if (c->argc < least)
        err_set(j, ERR_USAGE, "something is missing after \"rooted %s\"", c->verb->name);
    else
        err_set(j, ERR_USAGE, "\"%s\" is one word too many", c->argv[most]);
    return err_hint(j, "Usage: rooted %s %s", c->verb->name, c->verb->usage);
}

static enum err
make_home(struct job *j, const char *home)
{
    if (!mkdir(home, 0700) || errno == EEXIST)
        return OK;
    err_set(j, ERR_ENV, "the folder %s cannot be made: %s", home, strerror(errno));
    return err_hint(j, "Make it yourself, or name another in ROOTED_HOME.");
}

static enum err
schema_is_ours(struct job *j)
{
    int64_t found;
    enum err e = db_schema_found(j, &found);

    if (e || found == db_schema_version())
        return e;
    if (found > db_schema_version())
        err_set(j, ERR_ENV, "the database is newer than this program");
    else
        err_set(j, ERR_ENV, "the database is not set up, or older than this program");
    return err_hint(j, found > db_schema_version()
                           ? "Use the newer program that wrote it."
                           : "Load a file or run \"rooted serve\": both bring it up to date.");
}

enum err
command_db(struct job *j, const struct command *c, bool write)
{
    enum err e = write ? make_home(j, c->home) : OK;

    if (!e && write)
        e = db_migrate(j, c->db);
    if (!e)
        e = db_open(j, c->db, write ? DB_WRITE : DB_READ, &j->db);
    if (!e && !write)
        e = schema_is_ours(j);
    return e;
}

void
command_json(json_t *v)
{
    char *text = json_dumps(v, JSON_COMPACT);

    puts(text ? text : "null");
    free(text);
    json_decref(v);
}
