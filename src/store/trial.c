#include "store/sqlite.h"
#include "store/driver.h"
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- SQLite: a copy in a folder of its own, beside the database ---------------------- */

static void
empty_folder(const char *folder)
{
    DIR *d = opendir(folder);
    const struct dirent *entry;
    char path[1024];

    while (d && (entry = readdir(d)))
        if (entry->d_name[0] != '.' &&
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < (int)sizeof path)
            unlink(path);
    if (d)
        closedir(d);
}

static void
remove_folder(void *arg)
{
    empty_folder(arg);
    rmdir(arg);
}

static enum err
make_folder(struct job *j, const char *path, bool there, const char **out)
{
    struct cleanup *end = job_on_end(j, remove_folder);
    const char *tmp = getenv("TMPDIR");
    char *folder = there ? job_format(j, "%s.trial-XXXXXX", path)
                         : job_format(j, "%s/rooted-trial-XXXXXX", tmp && *tmp ? tmp : "/tmp");

    if (!mkdtemp(folder)) {
        int why = errno;
        err_set(j, ERR_ENV, "there is no place for a copy of the database to try it on");
        err_hint(j, "Check the folder of the database: who may write there, and its free space.");
        return err_detail(j, "%s: %s", folder, strerrorname_np(why));
    }
    end->arg = folder;
    *out = folder;
    return OK;
}

/* Its files lose their names once they are open, so that a killed trial leaves nothing of
 * what was in the database; only locks will have a name. */
static enum err
make_nameless(struct job *j, const char *folder)
{
    enum err e = db_begin(j); /* opens the write-ahead log, too */

    if (e)
        return e;
    db_rollback(j);
    empty_folder(folder);
    return OK;
}

static enum err
trial_of_file(struct job *j, const char *url, struct db **out)
{
    const char *path = url + strlen("sqlite:"), *folder = NULL;
    bool there = access(path, F_OK) == 0;
    struct db *before = j->db, *trial = NULL;
    char *copy;
    enum err e = make_folder(j, path, there, &folder);

    if (e)
        return e;
    copy = job_format(j, "%s/trial.db", folder);
    if (there && !(e = db_open(j, url, DB_READ, &j->db)))
        e = sqlite_copy(j, j->db, copy);
    copy = job_format(j, "sqlite:%s", copy);
    if (!e && !there)
        e = db_migrate(j, copy);
    if (!e)
        e = db_open(j, copy, DB_WRITE, &trial);
    j->db = trial;
    if (!e)
        e = make_nameless(j, folder);
    j->db = before;
    if (!e)
        *out = trial;
    return e;
}

/* ---- PostgreSQL: a transaction that never ends well ---------------------------------- */

static enum err
trial_of_server(struct job *j, const char *url, struct db **out)
{
    struct db *db;
    enum err e = db_open(j, url, DB_WRITE, &db);

    /* without the writers' turn: nobody waits for what never comes */
    if (e || (e = db->driver->script(j, db, "BEGIN")))
        return e;
    db->trial = db->in_transaction = true;
    *out = db;
    return OK;
}

enum err
db_open_trial(struct job *j, const char *url, struct db **out)
{
    if (!url)
        url = j->db->url;
    return strncmp(url, "sqlite:", 7) == 0 ? trial_of_file(j, url, out)
                                           : trial_of_server(j, url, out);
}
