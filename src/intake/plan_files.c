#include "intake/plan.h"
#include "access/setting.h"
#include "intake/saved_layout.h"
#include "people/area.h"
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

enum { MOST_FILES = 20000, MOST_DEPTH = 16 };

/* Paths found, in order. */
struct search {
    struct job *j;
    struct plan_path *path;
    size_t n, most;
};

static enum err
add_path(struct search *s, const char *path, const char *folder, bool named)
{
    if (s->n == MOST_FILES) {
        err_set(s->j, ERR_INPUT, "there are more than %d files", MOST_FILES);
        return err_hint(s->j, "Load them folder by folder.");
    }
    if (s->n == s->most) {
        size_t most = s->most ? 2 * s->most : 64;
        s->path = job_grow(s->j, s->path, s->n * sizeof *s->path, most * sizeof *s->path);
        s->most = most;
    }
    s->path[s->n++] = (struct plan_path){path, folder, named};
    return OK;
}

static void
close_folder(void *arg)
{
    closedir(arg);
}

static int
by_name(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

/* Names in a folder, sorted; hidden ones are not looked at. */
static enum err
list_folder(struct job *j, const char *folder, const char ***out, size_t *n)
{
    struct cleanup *end = job_on_end(j, close_folder);
    const struct dirent *entry;
    size_t most = 64;
    DIR *d;

    *out = job_array(j, most, sizeof **out);
    *n = 0;
    d = opendir(folder);
    if (!d) {
        err_set(j, ERR_ENV, "the folder %s cannot be read", folder);
        return err_detail(j, "%s", strerror(errno));
    }
    end->arg = d;
    while ((entry = readdir(d))) {
        if (entry->d_name[0] == '.')
            continue;
        if (*n == most) {
            *out = job_grow(j, *out, most * sizeof **out, 2 * most * sizeof **out);
            most *= 2;
        }
        (*out)[(*n)++] = job_copy(j, entry->d_name);
    }
    end->arg = NULL;
    closedir(d);
    qsort(*out, *n, sizeof **out, by_name);
    return OK;
}

static enum err
search_folder(struct search *s, const char *folder, int depth)
{
    const char **name;
    size_t n;
    enum err e = list_folder(s->j, folder, &name, &n);

    for (size_t i = 0; !e && i < n; i++) {
        const char *path = job_format(s->j, "%s/%s", folder, name[i]);
        struct stat st;

        /* a link to a folder may lead round in circles */
        if (lstat(path, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth < MOST_DEPTH)
            e = search_folder(s, path, depth + 1);
        else if (S_ISREG(st.st_mode) || (S_ISLNK(st.st_mode) && stat(path, &st) == 0 &&
                                         S_ISREG(st.st_mode)))
            e = add_path(s, path, folder, false);
    }
    return e;
}

static const char *
folder_of(struct job *j, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? job_copy_n(j, path, (size_t)(slash - path)) : ".";
}

static enum err
search_path(struct search *s, const char *path)
{
    struct stat st;
    size_t n = strlen(path);

    if (stat(path, &st) != 0) {
        err_set(s->j, ERR_INPUT, "there is no file or folder %s", path);
        return err_hint(s->j, "Check the path.");
    }
    if (!S_ISDIR(st.st_mode))
        return add_path(s, path, folder_of(s->j, path), true);
    while (n > 1 && path[n - 1] == '/')
        n--;
    return search_folder(s, job_copy_n(s->j, path, n), 0);
}

enum err
plan_search(struct job *j, const char *path, struct plan_path **out, size_t *n)
{
    struct search s = {.j = j};
    enum err e = search_path(&s, path);

    *out = s.path;
    *n = s.n;
    return e;
}

void
plan_left_path(struct job *j, struct load_result *out, const struct load_left *l)
{
    if (out->n_left == out->room_left) {
        size_t room = out->room_left ? 2 * out->room_left : 64;
        out->left = job_grow(j, out->left, out->n_left * sizeof *out->left,
                             room * sizeof *out->left);
        out->room_left = room;
    }
    out->left[out->n_left++] = *l;
}

/* "folder/returns.zip › pupils.csv": the path of what holds it, and its name there. */
static const char *
path_of_part(struct job *j, const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');

    return job_format(j, "%.*s%s", slash ? (int)(slash - path) + 1 : 0, path, name);
}

void
plan_left(struct job *j, struct load_result *out, const struct planned_file *f, const char *why)
{
    const struct returns_file *r = f->file;
    const char *path = r->folder ? path_of_part(j, r->path, r->name) : r->path;

    plan_left_path(j, out, &(struct load_left){path, job_copy(j, why), f->named});
}

static enum err
add_file(struct job *j, const struct plan_path *at, struct returns_file *r, struct plan *p)
{
    if (p->n_files == MOST_FILES) {
        err_set(j, ERR_INPUT, "there are more than %d files", MOST_FILES);
        return err_hint(j, "Load them folder by folder.");
    }
    if (p->n_files == p->room) {
        size_t room = p->room ? 2 * p->room : 64;
        p->file = job_grow(j, p->file, p->n_files * sizeof *p->file, room * sizeof *p->file);
        p->room = room;
    }
    p->file[p->n_files++] = (struct planned_file){
        .file = r, .folder = r->folder ? r->folder : at->folder, .named = at->named};
    return OK;
}

/* What was found in one path: files of families that are loaded, and the rest. */
static enum err
take_set(struct job *j, const struct plan_path *at, const struct returns_set *set,
         struct plan *p, struct load_result *out)
{
    enum err e = OK;

    for (size_t i = 0; i < set->n_left; i++)
        plan_left_path(j, out, &(struct load_left){path_of_part(j, at->path, set->left[i].name),
                                                   set->left[i].why, at->named && !set->n});
    for (size_t i = 0; !e && i < set->n; i++) {
        struct returns_file *r = set->file[i];
        struct planned_file f = {.file = r, .named = at->named};
        if (family_find(r->family))
            e = add_file(j, at, r, p);
        else
            plan_left(j, out, &f,
                      job_format(j, "%s is recognised (%s), but not loaded by this version",
                                 r->name, r->layout->title));
    }
    return e;
}

/* An unreadable or strange file does not keep the others from being loaded. */
static enum err
open_path(struct job *j, const struct plan_path *at, struct plan *p, struct load_result *out)
{
    struct returns_set set = {.most = p->unpack, .mapping = p->mapping,
                              .n_mappings = p->n_mappings, .names = &p->names, .copy = p->copy};
    struct scope s = job_scope_begin(j);
    char why[sizeof j->err.message];
    enum err e = returns_open_all(j, at->path, &set);

    if (!e) { /* what it took stays until the load is done */
        p->unpack = set.most > 0 ? set.most : 1;
        return take_set(j, at, &set, p, out);
    }
    if (e != ERR_INPUT && e != ERR_ENV)
        return e;
    snprintf(why, sizeof why, "%s", j->err.message);
    err_clear(j);
    job_scope_end(j, s);
    plan_left_path(j, out, &(struct load_left){at->path, job_copy(j, why), at->named});
    return OK;
}

/* Names of elements that differ: for all, then for this authority. */
static enum err
find_names(struct job *j, struct plan *p)
{
    struct settings all;
    const char *own = NULL;
    enum err e = setting_list(j, &all);

    if (!e && j->area)
        e = setting_local_get(j, SETTING_ELEMENTS, &own);
    if (!e)
        e = xml_names_parse(j, all.value[SETTING_ELEMENTS], &p->names);
    return e ? e : xml_names_parse(j, own, &p->names);
}

/* What the authority has saved of its own: of the one that is named, else the only one. */
static enum err
find_own(struct job *j, int64_t area, struct plan *p)
{
    int64_t before = j->area;
    struct area *all;
    size_t n;
    enum err e = area_list(j, &all, &n);

    j->area = area ? area : n == 1 ? all[0].area_id : 0;
    if (!e && j->area)
        e = saved_layout_mappings(j, &p->mapping, &p->n_mappings);
    if (!e)
        e = find_names(j, p);
    j->area = before;
    return e;
}

static enum err
find_limit(struct job *j, struct plan *p)
{
    struct settings all;
    enum err e = setting_list(j, &all);

    p->unpack = e ? 0 : setting_number(&all, SETTING_UNPACKED) * 1024 * JOB_MB;
    return e;
}

enum err
plan_files(struct job *j, const struct load_paths *paths, struct plan *p,
           struct load_result *out)
{
    struct search s = {.j = j};
    enum err e = OK;

    for (size_t i = 0; !e && i < paths->n; i++)
        e = search_path(&s, paths->path[i]);
    if (!e)
        e = find_own(j, paths->area, p);
    if (!e)
        e = find_limit(j, p);
    p->copy = paths->copy;
    for (size_t i = 0; !e && i < s.n; i++)
        e = open_path(j, &s.path[i], p, out);
    return e;
}

enum err
plan_text(struct job *j, const struct load_text *t, struct plan *p, struct load_result *out)
{
    struct returns_set set = {0};
    struct plan_path at = {t->name, ".", true};
    enum err e = returns_open_all_bytes(j, t->name, span_of(t->text), &set);

    return e ? e : take_set(j, &at, &set, p, out);
}
