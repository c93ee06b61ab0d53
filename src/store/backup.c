#include "store/sqlite.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* The unfinished copy's name; the finished one appears at once under its own. */
static void
remove_file(void *arg)
{
    unlink(arg);
}

static enum err
file_error(struct job *j, const char *path, const char *what)
{
    int code = errno;

    err_set(j, ERR_ENV, "the copy %s cannot be %s", path, what);
    err_hint(j, "Check its folder, the free space on that disk, and who may write there.");
    return err_detail(j, "%s", strerror(code));
}

static enum err
copy_pages(struct job *j, struct db *db, const char *path)
{
    sqlite3 *to = NULL;
    sqlite3_backup *backup;
    int code = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL);

    if (!code)
        code = sqlite3_exec(to, "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF", NULL, NULL, NULL);
    if (!code) {
        /* all in one step: a reader's snapshot, so writers do not wait and nothing restarts */
        backup = sqlite3_backup_init(to, "main", sqlite_handle(db), "main");
        if (backup)
            sqlite3_backup_step(backup, -1);
        code = backup ? sqlite3_backup_finish(backup) : sqlite3_errcode(to);
    }
    if (code) {
        err_set(j, ERR_ENV, "the copy %s of the database failed", path);
        err_hint(j, "Check the free space on that disk; the database itself is as it was.");
        err_detail(j, "SQLite %d, %s", code, sqlite3_errmsg(to));
    }
    sqlite3_close(to);
    return code ? ERR_ENV : OK;
}

/* On disk, and under its name, or not there. */
static enum err
publish_file(struct job *j, const char *part, const char *path)
{
    int fd = open(part, O_RDONLY | O_CLOEXEC);
    bool bad = fd < 0 || fsync(fd);

    if (fd >= 0)
        close(fd);
    if (bad || rename(part, path))
        return file_error(j, path, "written");
    return OK;
}

enum err
sqlite_copy(struct job *j, struct db *db, const char *path)
{
    char *part = job_format(j, "%s.%d.part", path, (int)getpid());
    struct cleanup *end = job_on_end(j, remove_file);
    int fd = open(part, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);
    enum err e;

    if (fd < 0)
        return file_error(j, path, "written");
    close(fd);
    end->arg = part;
    if (!(e = copy_pages(j, db, part)))
        e = publish_file(j, part, path);
    remove_file(part);
    end->arg = NULL;
    return e;
}
