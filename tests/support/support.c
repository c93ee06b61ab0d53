#include "support/support.h"
#include "support/migrated.h"
#include "support/pg.h"
#include <dirent.h>
#include <unistd.h>

enum { LIMIT = 64 * JOB_MB };

static struct support *
support_of(struct job *j)
{
    return (struct support *)j;
}

struct job *
support_job(void **state)
{
    struct support *s = *state;
    return &s->job;
}

int
support_start(void **state)
{
    struct support *s = calloc(1, sizeof *s);
    const char *tmp = getenv("TMPDIR");

    if (!s)
        return -1;
    snprintf(s->folder, sizeof s->folder, "%.40s/rooted-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(s->folder))
        return -1;
    job_init(&s->job, LIMIT);
    s->job.now = SUPPORT_NOW;
    s->job.today = SUPPORT_TODAY;
    *state = s;
    return 0;
}

static void
remove_tree(const char *path)
{
    char name[4096];
    DIR *d = opendir(path);
    const struct dirent *entry;

    while (d && (entry = readdir(d))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (unlink(name) != 0)
            remove_tree(name);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

int
support_stop(void **state)
{
    struct support *s = *state;

    job_alloc_fault = db_fault = 0;
    job_end(&s->job);
    remove_tree(s->folder);
    free(s);
    return 0;
}

const char *
support_path(struct job *j, const char *name)
{
    return job_format(j, "%s/%s", support_of(j)->folder, name);
}

const char *
support_url(struct job *j)
{
    return support_of(j)->url;
}

void
support_db(struct job *j)
{
    struct support *s = support_of(j);
    struct db *db;

    if (support_postgresql()) {
        support_pg_migrated(j, s->url, sizeof s->url);
    } else {
        snprintf(s->url, sizeof s->url, "sqlite:%s/test.db", s->folder);
        migrated_sqlite(j, s->url + strlen("sqlite:"));
    }
    assert_ok(j, db_open(j, s->url, DB_WRITE, &db));
    j->db = db;
}

const char *
support_empty_url(struct job *j)
{
    char url[256];

    if (!support_postgresql())
        return job_format(j, "sqlite:%s/empty.db", support_of(j)->folder);
    support_pg_fresh(j, "_empty", url, sizeof url);
    return job_copy(j, url);
}

static const char sql_area[] =
    "INSERT INTO area (area_id, name, next_id) VALUES (1, 'Test authority', 1)";

void
support_area(struct job *j)
{
    assert_ok(j, db_run(j, sql_area, NO_ARGS, NULL));
    j->area = 1;
}

void
support_expect(struct job *j, enum err got, enum err want, const char *file, int line)
{
    if (got != want) {
        print_error("%s:%d: gave %d, expected %d: %s | %s | %s\n", file, line, (int)got, (int)want,
                    j->err.message, j->err.hint, j->err.detail);
        _fail(file, line);
    }
    if (want != OK && (j->err.kind != want || !j->err.message[0])) {
        print_error("%s:%d: the error was not recorded on the job\n", file, line);
        _fail(file, line);
    }
}

void
support_says(struct job *j, const char *words, const char *file, int line)
{
    if (strstr(j->err.message, words) || strstr(j->err.hint, words))
        return;
    print_error("%s:%d: \"%s\" is not said by: %s | %s\n", file, line, words, j->err.message,
                j->err.hint);
    _fail(file, line);
}
