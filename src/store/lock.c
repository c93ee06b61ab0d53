#include "store/driver.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/* SQLite's own locks are for a statement or a transaction; these are held by whoever works
 * for minutes.  Both kinds go by themselves when the process dies. */

struct lock {
    int fd;         /* SQLite: of PATH.NAME.lock, locked by flock() */
    struct job *j;  /* PostgreSQL: whose connection holds it */
    struct db *db;
    int64_t number; /* PostgreSQL: of the advisory lock */
};

static void
close_file(void *arg)
{
    const struct lock *l = arg;

    close(l->fd);
}

static enum err
lock_file(struct job *j, const char *name, struct lock *l, bool *taken)
{
    const char *path = job_format(j, "%s.%s.lock", db_url(j->db) + strlen("sqlite:"), name);
    struct cleanup *end = job_on_end(j, close_file);

    l->fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (l->fd < 0) {
        err_set(j, ERR_ENV, "a lock beside the database cannot be made");
        err_hint(j, "Check who may write in the folder of the database.");
        return err_detail(j, "%s: %s", path, strerror(errno));
    }
    end->arg = l;
    *taken = flock(l->fd, LOCK_EX | LOCK_NB) == 0;
    if (!*taken && errno != EWOULDBLOCK) {
        err_set(j, ERR_ENV, "the folder of the database cannot hold locks");
        err_hint(j, "Keep the database on a local disk.");
        return err_detail(j, "%s: %s", path, strerror(errno));
    }
    return OK;
}

static const char sql_lock[] = "SELECT CASE WHEN pg_try_advisory_lock($1) THEN 1 ELSE 0 END";
static const char sql_unlock[] = "SELECT CASE WHEN pg_advisory_unlock($1) THEN 1 ELSE 0 END";

/* The connection may be gone already, or in a transaction that failed: then the lock goes
 * with the connection. */
static void
unlock_number(void *arg)
{
    const struct lock *l = arg;
    const struct error before = l->j->err;
    int64_t done;

    l->db->locks--;
    if (l->j->db == l->db && !l->db->bulk) {
        if (!l->db->trial) /* whose transaction is open all the time */
            driver_settle(l->db);
        if (db_int(l->j, sql_unlock, ARGS(INT(l->number)), 0, &done))
            l->j->err = before;
    }
}

/* FNV-1a: the same number in every process. */
static int64_t
number_of(const char *name)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    return (int64_t)(h >> 1);
}

enum err
db_lock(struct job *j, const char *name, bool *taken)
{
    struct lock *l = job_alloc(j, sizeof *l);
    struct cleanup *end;
    int64_t got;
    enum err e = driver_fault(j);

    *taken = false;
    if (e)
        return e;
    if (db_engine(j->db) == DB_SQLITE)
        return lock_file(j, name, l, taken);
    end = job_on_end(j, unlock_number);
    *l = (struct lock){.j = j, .db = j->db, .number = number_of(name)};
    if ((e = db_int(j, sql_lock, ARGS(INT(l->number)), 0, &got)))
        return e;
    *taken = got == 1;
    if (*taken) {
        j->db->locks++;
        end->arg = l;
    }
    return OK;
}
