#include "web/upload.h"
#include "web/server_private.h"
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MOST = 120 };

/* Letters, digits, dot, dash, underscore and blank; never a leading dot. */
static const char *
harmless(struct job *j, const char *name, size_t i)
{
    size_t n = strlen(name);
    const char *tail = n > NAME_MOST ? name + n - NAME_MOST : name; /* the ending tells most */
    char *out = job_format(j, "%zu-%s", i + 1, tail);

    for (char *p = out; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || strchr(".-_ ", *p);
        if (!plain)
            *p = '_';
    }
    return out;
}

static enum err
cannot_keep(struct job *j, const char *what)
{
    err_set(j, ERR_ENV, "the files could not be kept");
    return err_detail(j, "%s: %s", what, strerror(errno));
}

enum err
upload_keep(struct job *j, const struct request *q, const char **folder)
{
    char *path = job_format(j, "%s/kept-XXXXXX", q->server->uploads);

    if (!mkdtemp(path))
        return cannot_keep(j, "mkdtemp");
    for (size_t i = 0; i < q->n_uploads; i++) {
        const struct upload *u = &q->uploads[i];
        if (rename(u->path, job_format(j, "%s/%s", path, harmless(j, u->name, i))))
            return cannot_keep(j, "rename");
    }
    *folder = path;
    return OK;
}

static void
remove_folder(const char *path)
{
    char name[4096];
    DIR *d = opendir(path);
    const struct dirent *entry;

    while (d && (entry = readdir(d))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        unlink(name);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

void
upload_drop(const char *home, const char *folder)
{
    char start[4096];
    size_t n = (size_t)snprintf(start, sizeof start, "%s/uploads/kept-", home);

    if (n < sizeof start && !strncmp(folder, start, n) && !strchr(folder + n, '/'))
        remove_folder(folder);
}

static const char sql_inputs[] =
    "SELECT input FROM task WHERE area_id > 0 AND state IN ('waiting', 'running')";

static enum err
waiting_inputs(struct job *j, const char **all)
{
    struct rows q;

    *all = "";
    db_ask(j, &q, sql_inputs, NO_ARGS);
    while (db_next(&q))
        *all = job_format(j, "%s\n%s", *all, row_text(&q, 0));
    return db_done(&q);
}

/* The folder is read in a scope; nothing in the loop can end the job. */
enum err
upload_sweep(struct job *j, const char *home)
{
    const char *uploads = job_format(j, "%s/uploads", home), *needed;
    enum err e = waiting_inputs(j, &needed);
    char path[4096];
    DIR *d = e ? NULL : opendir(uploads);
    const struct dirent *entry;

    while (d && (entry = readdir(d))) {
        snprintf(path, sizeof path, "%s/%s", uploads, entry->d_name);
        if (!strncmp(entry->d_name, "upload-", 7))
            unlink(path);
        else if (!strncmp(entry->d_name, "kept-", 5) && !strstr(needed, entry->d_name))
            upload_drop(home, path);
    }
    if (d)
        closedir(d);
    return e;
}
