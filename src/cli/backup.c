#include "cli/verb.h"
#include "intake/retention.h"
#include "store/db.h"
#include <errno.h>
#include <sys/stat.h>

static const struct option options[] = {
    {"--restore", NULL, "the other way: FILE into a database that is empty"},
    {0},
};

/* In the list of copies, so that it does not outlive what it holds.  A database that is only
 * looked at here is one of an older program: nothing is listed in it. */
static enum err
list_copy(struct job *j, const struct command *c, int64_t bytes)
{
    char *whole = realpath(c->argv[0], NULL);
    const char *path = job_copy(j, whole ? whole : c->argv[0]);
    struct job own;
    enum err e;

    free(whole);
    job_init_child(&own, j, 16 * JOB_MB);
    e = db_open(&own, c->db, DB_WRITE, &own.db);
    if (!e)
        e = db_begin(&own);
    if (!e)
        e = retention_copied(&own, path, bytes);
    if (!e)
        e = db_commit(&own);
    if (e)
        j->err = own.err;
    job_end(&own);
    return e;
}

static enum err
make_backup(struct job *j, const struct command *c)
{
    struct stat st;
    enum err e = command_db(j, c, false);

    if (e)
        return e;
    if (!stat(c->argv[0], &st)) {
        err_set(j, ERR_INPUT, "%s is there already", c->argv[0]);
        return err_hint(j, "Name a new file: a backup never overwrites another.");
    }
    e = db_backup(j, c->db, c->argv[0]);
    if (!e && stat(c->argv[0], &st))
        st.st_size = 0;
    if (!e)
        e = list_copy(j, c, st.st_size);
    if (e || c->quiet)
        return e;
    if (c->json)
        printf("{\"bytes\":%lld}\n", (long long)st.st_size);
    else
        printf("%s holds the whole database (%lld bytes). Keep it as safe as the database, and "
               "the key\nfile %s/key apart from it.\n",
               c->argv[0], (long long)st.st_size, c->home);
    return OK;
}

static enum err
restore(struct job *j, const struct command *c)
{
    enum err e;

    if (mkdir(c->home, 0700) && errno != EEXIST)
        return err_set(j, ERR_ENV, "the folder %s cannot be made", c->home);
    e = db_restore(j, c->argv[0], c->db);
    if (!e)
        e = db_migrate(j, c->db);
    if (!e && !c->quiet && !c->json)
        printf("The database is restored from %s. Put the key file that belongs to it into %s "
               "before\nit is served: without it nobody's second factor is known.\n", c->argv[0],
               c->home);
    return e;
}

static enum err
backup(struct job *j, const struct command *c)
{
    enum err e = command_words(j, c, 1, 1);

    if (e)
        return e;
    return command_option(c, "--restore") ? restore(j, c) : make_backup(j, c);
}

const struct verb verb_backup = {
    .name = "backup",
    .usage = "FILE | --restore FILE",
    .about = "copy the whole database into a file, or back",
    .manual =
        "Writes a whole and consistent copy of the database into a new FILE while the\n"
        "program serves and loads. With --restore the copy is put into a database that\n"
        "is empty or not there yet, and brought up to date if it is older than the\n"
        "program. The key file is not part of it: without the same key it is not served\n"
        "(\"rooted key --help\"), and search words in the audit cannot be compared.",
    .options = options,
    .gives_way = true,
    .fn = backup,
};
