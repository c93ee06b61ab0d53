#include "store/backup.h"
#include "store/postgresql.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void
free_options(void *options)
{
    PQconninfoFree(options);
}

/* The environment with PGPASSWORD, where the url holds a password. */
static char **
environment(struct job *j, const char *url)
{
    struct cleanup *end = job_on_end(j, free_options);
    const char *password = NULL;
    size_t n = 0;
    char **env;

    end->arg = PQconninfoParse(url, NULL);
    for (PQconninfoOption *o = end->arg; o && o->keyword; o++) {
        if (strcmp(o->keyword, "password") == 0)
            password = o->val;
    }
    while (environ[n])
        n++;
    env = job_array(j, n + 2, sizeof *env);
    memcpy(env, environ, n * sizeof *env);
    if (password)
        env[n] = job_format(j, "PGPASSWORD=%s", password);
    return env;
}

/* What the tool says first; the rest is read so that it never waits for us. */
static void
read_first_line(int fd, char *line, size_t n)
{
    char buffer[4096];
    ssize_t got;
    size_t kept = 0;

    while ((got = read(fd, buffer, sizeof buffer)) > 0 || (got < 0 && errno == EINTR)) {
        for (ssize_t i = 0; i < got && kept + 1 < n; i++)
            line[kept++] = buffer[i];
    }
    line[kept] = '\0';
    line[strcspn(line, "\n")] = '\0';
}

static int
wait_for(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
spawn_reading(pid_t *pid, int out, char *const *argv, char *const *env)
{
    posix_spawn_file_actions_t actions;
    int code;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, out, 2);
    code = posix_spawnp(pid, argv[0], &actions, NULL, argv, env);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

static enum err
run_tool(struct job *j, char *const *argv, char *const *env)
{
    char said[400] = "";
    int ends[2], code;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC))
        return err_set(j, ERR_ENV, "%s could not be started", argv[0]);
    code = spawn_reading(&pid, ends[1], argv, env);
    close(ends[1]);
    if (!code) {
        read_first_line(ends[0], said, sizeof said);
        code = wait_for(pid);
    } else {
        pid = 0;
    }
    close(ends[0]);
    if (code == 0)
        return OK;
    err_set(j, ERR_ENV, pid ? "%s failed" : "%s could not be started", argv[0]);
    err_hint(j, "Check that postgresql-client is installed, in the server's version or newer.");
    return err_detail(j, "%d %s", code, said);
}

enum err
pg_backup(struct job *j, struct db *db, const char *path)
{
    struct backup_part part;
    enum err e = backup_part(j, path, &part);

    if (e)
        return e;
    char *const argv[] = {(char[]){"pg_dump"}, (char[]){"--format=custom"},
                          (char[]){"--no-owner"}, (char[]){"--no-privileges"},
                          (char[]){"--no-password"},
                          job_format(j, "--file=%s", part.part),
                          job_format(j, "--dbname=%s", db->shown), NULL};
    if ((e = run_tool(j, argv, environment(j, db->url))))
        return e;
    return backup_publish(j, &part);
}

static const char sql_tables[] =
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')"
    " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";

static enum err
check_empty(struct job *j, const char *url, const char **shown)
{
    int64_t tables;
    enum err e;

    if ((e = db_open(j, url, DB_READ, &j->db)) ||
        (e = db_int(j, sql_tables, NO_ARGS, 0, &tables)))
        return e;
    *shown = job_copy(j, db_url(j->db));
    db_rollback(j);
    if (!tables)
        return OK;
    err_set(j, ERR_INPUT, "the database %.300s is not empty", *shown);
    return err_hint(j, "Restore into a new one: a restore never writes over a database.");
}

enum err
pg_restore(struct job *j, const char *path, const char *url)
{
    const char *shown = "";
    enum err e = check_empty(j, url, &shown);

    if (e)
        return e;
    char *const argv[] = {(char[]){"pg_restore"}, (char[]){"--exit-on-error"},
                          (char[]){"--single-transaction"}, (char[]){"--no-owner"},
                          (char[]){"--no-privileges"}, (char[]){"--no-password"},
                          job_format(j, "--dbname=%s", shown), (char[]){"--"},
                          job_copy(j, path), NULL};
    return run_tool(j, argv, environment(j, url));
}
