#include "store/backup.h"
#include "store/sqlite.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* ---- a file that is there whole or not at all ------------------------------------ */

static void
remove_file(void *arg)
{
    unlink(arg);
}

static enum err
file_error(struct job *j, const char *path, const char *what)
{
    int code = errno;

    err_set(j, ERR_ENV, "%.300s cannot be %s", path, what);
    err_hint(j, "Check its folder, the free space on that disk, and who may write there.");
    return err_detail(j, "%s", strerror(code));
}

enum err
backup_part(struct job *j, const char *path, struct backup_part *out)
{
    struct cleanup *end = job_on_end(j, remove_file);
    char *part = job_format(j, "%s.%d.part", path, (int)getpid());
    int fd = open(part, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);

    if (fd < 0)
        return file_error(j, path, "written");
    close(fd);
    end->arg = part;
    *out = (struct backup_part){part, path, end};
    return OK;
}

static bool
sync_path(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

enum err
backup_publish(struct job *j, struct backup_part *p)
{
    char *folder = job_copy(j, p->path);
    char *slash = strrchr(folder, '/');

    if (slash)
        slash[slash == folder] = '\0';
    if (!sync_path(p->part, O_RDONLY) || rename(p->part, p->path))
        return file_error(j, p->path, "written");
    p->end->arg = NULL;
    if (!sync_path(slash ? folder : ".", O_RDONLY | O_DIRECTORY))
        return file_error(j, p->path, "kept safely");
    return OK;
}

/* ---- SQLite ------------------------------------------------------------------------ */

static int
copy_pages(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");

    if (!b)
        return sqlite3_errcode(to);
    /* all in one step, from one snapshot: writers do not wait, and it never starts again */
    sqlite3_backup_step(b, -1);
    return sqlite3_backup_finish(b);
}

static enum err
copy_failed(struct job *j, const char *path, sqlite3 *to)
{
    err_set(j, ERR_ENV, "the copy %.300s of the database failed", path);
    err_hint(j, "Check the free space on that disk; the database itself is as it was.");
    return err_detail(j, "SQLite %d, %s", sqlite3_extended_errcode(to), sqlite3_errmsg(to));
}

enum err
sqlite_copy(struct job *j, struct db *db, const char *path)
{
    struct backup_part part;
    sqlite3 *to = NULL;
    int code;
    enum err e = backup_part(j, path, &part);

    if (e)
        return e;
    code = sqlite3_open_v2(part.part, &to, SQLITE_OPEN_READWRITE, NULL);
    if (!code)
        code = sqlite3_exec(to, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    if (!code)
        code = copy_pages(sqlite_handle(db), to);
    /* one plain file, readable where nothing may be written beside it */
    if (!code)
        code = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    if (code)
        e = copy_failed(j, path, to);
    sqlite3_close(to);
    if (!e)
        return backup_publish(j, &part);
    remove_file(part.end->arg);
    part.end->arg = NULL;
    return e;
}

static enum err
restore_sqlite(struct job *j, const char *path, const char *url)
{
    const char *to = url + strlen("sqlite:");
    const char *problem;
    enum err e;

    if (access(to, F_OK) == 0) {
        err_set(j, ERR_INPUT, "there is a file at %.300s already", to);
        return err_hint(j, "Move it away first: a restore never writes over a database.");
    }
    if ((e = db_open(j, job_format(j, "sqlite:%s", path), DB_READ, &j->db)) ||
        (e = db_integrity(j, &problem)))
        return e;
    if (*problem) {
        err_set(j, ERR_INPUT, "the backup %.300s is damaged", path);
        return err_detail(j, "%s", problem);
    }
    return sqlite_copy(j, j->db, to);
}

/* ---- either ------------------------------------------------------------------------- */

static bool
is_sqlite(const char *url)
{
    return strncmp(url, "sqlite:", 7) == 0;
}

enum err
db_backup(struct job *j, const char *url, const char *path)
{
    struct db *before = j->db;
    struct scope s = job_scope_begin(j);
    struct db *db;
    enum err e;

    if (access(path, F_OK) == 0) {
        err_set(j, ERR_INPUT, "there is a file at %.300s already", path);
        return err_hint(j, "Choose another name: a backup never writes over a file.");
    }
    if (!(e = db_open(j, url, DB_READ, &db)))
        e = db_engine(db) == DB_SQLITE ? sqlite_copy(j, db, path) : pg_backup(j, db, path);
    job_scope_end(j, s);
    j->db = before;
    return e;
}

/* What both kinds of backup start with. */
static const char sqlite_head[] = "SQLite format 3";
static const char pg_head[] = "PGDMP";

static enum err
check_head(struct job *j, const char *path, const char *url)
{
    const char *want = is_sqlite(url) ? sqlite_head : pg_head;
    char head[sizeof sqlite_head] = "";
    FILE *f = fopen(path, "rb");

    if (!f)
        return file_error(j, path, "read");
    if (fread(head, 1, strlen(want), f) < strlen(want))
        head[0] = '\0';
    fclose(f);
    if (strcmp(head, want) == 0)
        return OK;
    err_set(j, ERR_INPUT, "%.300s is no backup of a %s database", path,
            is_sqlite(url) ? "SQLite" : "PostgreSQL");
    return err_hint(j, "A backup goes back into the engine that it was made from.");
}

enum err
db_restore(struct job *j, const char *path, const char *url)
{
    struct db *before = j->db;
    struct scope s = job_scope_begin(j);
    enum err e = check_head(j, path, url);

    if (!e)
        e = is_sqlite(url) ? restore_sqlite(j, path, url) : pg_restore(j, path, url);
    job_scope_end(j, s);
    j->db = before;
    return e;
}

/* ---- integrity ------------------------------------------------------------------------ */

static const char sql_integrity_sqlite[] = "PRAGMA integrity_check(1)";
static const char sql_foreign_keys_sqlite[] = "PRAGMA foreign_key_check";

static enum err
integrity_sqlite(struct job *j, const char **problem)
{
    struct rows q;

    db_ask(j, &q, sql_integrity_sqlite, NO_ARGS);
    if (db_next(&q) && strcmp(row_peek(&q, 0, &(size_t){0}), "ok") != 0)
        *problem = row_text(&q, 0);
    if (db_done(&q) || **problem)
        return q.err;
    db_ask(j, &q, sql_foreign_keys_sqlite, NO_ARGS);
    if (db_next(&q))
        *problem = job_format(j, "a row of %s points to nothing", row_text(&q, 0));
    return db_done(&q);
}

/* PostgreSQL looks at each page as it reads it (where checksums are on), and keeps count. */
static const char sql_integrity_postgresql[] =
    "SELECT 'a page failed its checksum: ' || datname FROM pg_stat_database"
    " WHERE datname = current_database() AND checksum_failures > 0"
    " UNION ALL"
    " SELECT 'an index is not valid: ' || indexrelid::regclass FROM pg_index"
    " WHERE NOT indisvalid OR NOT indisready"
    " UNION ALL"
    " SELECT 'a constraint was never checked: ' || conname FROM pg_constraint"
    " WHERE NOT convalidated";

static enum err
integrity_postgresql(struct job *j, const char **problem)
{
    struct rows q;

    db_ask(j, &q, sql_integrity_postgresql, NO_ARGS);
    if (db_next(&q))
        *problem = row_text(&q, 0);
    return db_done(&q);
}

enum err
db_integrity(struct job *j, const char **problem)
{
    *problem = "";
    if (j->db && db_engine(j->db) == DB_POSTGRESQL)
        return integrity_postgresql(j, problem);
    return integrity_sqlite(j, problem);
}
