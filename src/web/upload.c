#include "web/upload.h"
#include "web/server_private.h"
#include "work/task.h"
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { NAME_MOST = 120 };

/* Letters, digits, dot, dash, underscore and blank; never a leading dot.  The name itself
 * stays, because tables of one export are told by their names. */
static const char *
harmless(struct job *j, const char *name)
{
    size_t n = strlen(name);
    const char *tail = n > NAME_MOST ? name + n - NAME_MOST : name; /* the ending tells most */
    char *out = job_copy(j, *tail ? tail : "file");

    for (char *p = out; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || strchr("-_ ", *p) || (*p == '.' && p != out);
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

bool
upload_has_room(const struct server *s, int64_t bytes)
{
    struct statvfs fs;

    if (statvfs(s->o.home, &fs))
        return false;
    return (int64_t)fs.f_bavail * (int64_t)fs.f_frsize - bytes >= s->o.limits.least_free;
}

/* Text of some kind, or something zipped; which table it is the loader finds out.  A workbook of
 * before 2007 is let through, for the loader says in words what to do with one. */
static bool
begins_like_a_table(const char *path)
{
    unsigned char start[4096];
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(start, 1, sizeof start, f) : 0;

    if (f)
        fclose(f);
    if (n >= 4 && (!memcmp(start, "PK\3\4", 4) || !memcmp(start, "PK\5\6", 4) ||
                   !memcmp(start, "\xD0\xCF\x11\xE0", 4)))
        return true;
    if (n >= 2 && (!memcmp(start, "\xFF\xFE", 2) || !memcmp(start, "\xFE\xFF", 2)))
        return true; /* UTF-16 */
    if (n >= 4 && (!memcmp(start, "%PDF", 4) || !memcmp(start, "#!", 2) ||
                   !memcmp(start, "\x7F" "ELF", 4) || !memcmp(start, "\x89PNG", 4)))
        return false;
    return f && !memchr(start, '\0', n);
}

static enum err
move_all(struct job *j, const struct request *q, const char *folder)
{
    for (size_t i = 0; i < q->n_uploads; i++) {
        const char *name = harmless(j, q->uploads[i].name);
        const char *to = job_format(j, "%s/%s", folder, name);
        if (!begins_like_a_table(q->uploads[i].path)) {
            err_set(j, ERR_INPUT, "%s is no table", name);
            return err_hint(j, "CSV, XML, JSON, Excel and zip are understood.");
        }
        if (!access(to, F_OK)) {
            err_set(j, ERR_INPUT, "Two of the files are both called %s", name);
            return err_hint(j, "Send one after the other, or give one of them another name.");
        }
        if (rename(q->uploads[i].path, to))
            return cannot_keep(j, "rename");
    }
    return OK;
}

enum err
upload_keep(struct job *j, const struct request *q, const char **folder)
{
    char *path = job_format(j, "%s/kept-XXXXXX", q->server->uploads);
    enum err e;

    if ((mkdir(q->server->uploads, 0700) && errno != EEXIST) || !mkdtemp(path))
        return cannot_keep(j, "mkdtemp");
    *folder = path;
    e = move_all(j, q, path);
    if (e)
        remove_folder(path);
    return e;
}

/* Of malloc() made ours before anything can jump. */
static const char *
as_json(struct job *j, const char *folder)
{
    json_t *o = json_pack("{s:s}", "folder", folder);
    char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;
    char *copy = text ? job_try_alloc(j, strlen(text) + 1) : NULL;

    if (copy)
        memcpy(copy, text, strlen(text) + 1);
    free(text);
    json_decref(o);
    return copy;
}

const char *
upload_folder(struct job *j, const char *input)
{
    json_t *o = json_loads(input, 0, NULL);
    const char *folder = json_string_value(json_object_get(o, "folder"));
    char *copy = folder ? job_try_alloc(j, strlen(folder) + 1) : NULL;

    if (copy)
        memcpy(copy, folder, strlen(folder) + 1);
    json_decref(o);
    return copy;
}

static enum err
keep_for(struct job *j, const struct request *q, const char *kind, int64_t *task)
{
    const char *folder, *input;
    enum err e;

    if (!q->n_uploads) {
        err_set(j, ERR_INPUT, "No file was chosen");
        return err_hint(j, "Choose one or more files, then press the button again.");
    }
    e = upload_keep(j, q, &folder);
    if (e)
        return e;
    input = as_json(j, folder);
    if (!input)
        return err_set(j, ERR_FAULT, "the folder of the uploads has no name");
    e = task_add(j, kind, input, j->who ? j->who->login : "nobody", task);
    if (!e)
        audit_note(j, ACT_LOAD, job_format(j, "task %lld", (long long)*task), false);
    return e;
}

enum err
upload_load(struct job *j, const struct request *q, int64_t *task)
{
    return keep_for(j, q, "load", task);
}

enum err
upload_check(struct job *j, const struct request *q, int64_t *task)
{
    return keep_for(j, q, "check", task);
}

enum err
upload_checked(struct job *j, int64_t check, const char **folder)
{
    enum err e = permit(j, ACT_LOAD, (struct subject){.what = "files of a check"});
    struct task t;

    if (!e)
        e = task_get(j, check, &t);
    if (e)
        return e;
    *folder = !strcmp(t.kind, "check") && t.ended ? upload_folder(j, t.input) : NULL;
    if (*folder && !access(*folder, R_OK))
        return OK;
    err_set(j, ERR_NOT_FOUND, "these files are not kept any more");
    return err_hint(j, "Choose them again on the page that loads files.");
}

enum err
upload_again(struct job *j, int64_t check, const char *kind, int64_t *task)
{
    const char *folder, *input;
    enum err e = upload_checked(j, check, &folder);

    if (e)
        return e;
    input = as_json(j, folder);
    if (!input)
        return err_set(j, ERR_FAULT, "the folder of the uploads has no name");
    e = task_add(j, kind, input, j->who ? j->who->login : "nobody", task);
    if (!e)
        audit_note(j, ACT_LOAD, job_format(j, "task %lld", (long long)*task), false);
    return e;
}

void
upload_drop(const char *home, const char *folder)
{
    char start[4096];
    size_t n = (size_t)snprintf(start, sizeof start, "%s/uploads/kept-", home);

    if (n < sizeof start && !strncmp(folder, start, n) && !strchr(folder + n, '/'))
        remove_folder(folder);
}

/* Nothing in the loop can end the job. */
static void
sweep_kept(const char *home, const char *uploads, const char *needed)
{
    char path[4096];
    DIR *d = opendir(uploads);
    const struct dirent *entry;

    while (d && (entry = readdir(d))) {
        snprintf(path, sizeof path, "%s/%s", uploads, entry->d_name);
        if (!strncmp(entry->d_name, "kept-", 5) && !strstr(needed, entry->d_name))
            upload_drop(home, path);
        else if (!strncmp(entry->d_name, "upload-", 7))
            unlink(path); /* of a version that had no quarantine */
    }
    if (d)
        closedir(d);
}

enum err
upload_sweep(struct job *j, const char *home)
{
    const char *uploads = job_format(j, "%s/uploads", home), *needed;
    enum err e = task_inputs(j, &needed);

    remove_folder(job_format(j, "%s/quarantine", home));
    if (!e)
        sweep_kept(home, uploads, needed);
    return e;
}
