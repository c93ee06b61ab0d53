#include "store/migrate.h"
#include "store/dialect.h"
#include "store/sqlite.h"

static const char sql_create[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied INTEGER NOT NULL) STRICT;";

/* The number a migration's file name starts with. */
static int64_t
version_of(const struct embedded *m)
{
    return strtoll(m->name, NULL, 10);
}

static int64_t
last_version(const struct embedded *list)
{
    int64_t last = 0;

    for (; list->name; list++)
        last = version_of(list);
    return last;
}

int64_t
db_schema_version(void)
{
    return last_version(embed_migrations);
}

static const char sql_table_sqlite[] =
    "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'";
static const char sql_table_postgresql[] =
    "SELECT count(*) FROM pg_class WHERE oid = to_regclass('schema_migration')";
static const char sql_found[] = "SELECT max(version) FROM schema_migration";
static const char sql_is_applied[] = "SELECT count(*) FROM schema_migration WHERE version = $1";

enum err
db_schema_found(struct job *j, int64_t *version)
{
    bool sqlite = j->db && db_engine(j->db) == DB_SQLITE;
    int64_t tables;
    enum err e;

    *version = 0;
    e = db_int(j, sqlite ? sql_table_sqlite : sql_table_postgresql, NO_ARGS, 0, &tables);
    if (e || !tables)
        return e;
    return db_int(j, sql_found, NO_ARGS, 0, version);
}

static enum err
refuse_newer(struct job *j, int64_t found, int64_t known)
{
    err_set(j, ERR_ENV,
            "the database has schema version %lld, but this program knows only up to %lld",
            (long long)found, (long long)known);
    return err_hint(j, "A newer rooted has used it: run that one. Nothing was changed.");
}

/* Before the first change to a database in use: a copy beside it.  The write lock is
 * held already, so the copy is of the version it says. */
static enum err
keep_copy(struct job *j, int64_t found)
{
    const char *path;
    struct db *reader;
    enum err e;

    if (found == 0 || db_engine(j->db) != DB_SQLITE)
        return OK;
    path = job_format(j, "%s.before-%04lld", j->db->url + strlen("sqlite:"),
                      (long long)found + 1);
    if ((e = db_open(j, j->db->url, DB_READ, &reader)))
        return e;
    return sqlite_copy(j, reader, path);
}

static const char sql_add[] =
    "INSERT INTO schema_migration (version, name, applied) VALUES ($1, $2, $3)";

static enum err
run_script(struct job *j, const char *text)
{
    if (db_engine(j->db) == DB_POSTGRESQL)
        text = dialect_postgresql(j, dialect_part(j, text, "postgresql"));
    else
        text = dialect_part(j, text, "sqlite");
    return j->db->driver->script(j, j->db, text);
}

/* Asked one by one: of two changes made side by side the higher number may come first. */
static enum err
is_applied(struct job *j, int64_t found, const struct embedded *m, bool *out)
{
    int64_t n = 0;
    enum err e = OK;

    if (found)
        e = db_int(j, sql_is_applied, ARGS(INT(version_of(m))), 0, &n);
    *out = n > 0;
    return e;
}

/* Inside the transaction that holds the write lock.  Another process may have been
 * quicker: then there is nothing to do. */
static enum err
apply(struct job *j, const struct embedded *m, bool *copied)
{
    int64_t found;
    bool done;
    enum err e;

    if ((e = run_script(j, sql_create)) || (e = db_schema_found(j, &found)) ||
        (e = is_applied(j, found, m, &done)) || done)
        return e;
    if (!*copied && (e = keep_copy(j, found)))
        return e;
    *copied = true;
    if ((e = run_script(j, job_copy_n(j, (const char *)m->bytes, m->n))))
        return e;
    return db_run(j, sql_add, ARGS(INT(version_of(m)), TEXT(m->name), INT(j->now)), NULL);
}

static enum err
apply_all(struct job *j, const struct embedded *list)
{
    bool copied = false, done;
    int64_t found;
    enum err e = db_schema_found(j, &found);

    if (e)
        return e;
    if (found > last_version(list))
        return refuse_newer(j, found, last_version(list));
    for (; list->name; list++) {
        if ((e = is_applied(j, found, list, &done)))
            return e;
        if (done)
            continue;
        if ((e = db_begin(j)))
            return e;
        if ((e = apply(j, list, &copied)) || (e = db_commit(j))) {
            db_rollback(j);
            return e;
        }
    }
    return OK;
}

enum err
migrate_by(struct job *j, const char *url, const struct embedded *list)
{
    struct db *before = j->db;
    int64_t area = j->area;
    struct scope s = job_scope_begin(j);
    struct db *db;
    enum err e = db_open(j, url, DB_WRITE, &db);

    if (!e) {
        j->db = db;
        j->area = 0; /* the lock that all who migrate share */
        e = apply_all(j, list);
    }
    job_scope_end(j, s);
    j->area = area;
    j->db = before;
    return e;
}

enum err
db_migrate(struct job *j, const char *url)
{
    return migrate_by(j, url, embed_migrations);
}
