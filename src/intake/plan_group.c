#include "intake/plan.h"
#include <ctype.h>

/* Which files make one batch.  There may be ten thousand of them, so they are sorted, never
 * compared each with each. */

/* ---- what the files of one export have in common ---------------------------------- */

/* The name without the table's own. */
static const char *
stem_of(struct job *j, const struct returns_file *f)
{
    char *stem = job_copy(j, f->base), *dot = strrchr(stem, '.'), *at;
    const char *table = f->layout->prefix;
    size_t n = table ? strcspn(table, "*") : 0;

    if (dot)
        *dot = '\0';
    for (char *c = stem; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    at = n ? strstr(stem, job_copy_n(j, table, n)) : NULL;
    if (at) {
        size_t rest = n;
        while (table[n] == '*' && isalnum((unsigned char)at[rest]))
            rest++;
        memmove(at, at + rest, strlen(at + rest) + 1);
    }
    return stem;
}

static const char *
digits_of(struct job *j, const char *name)
{
    char *digits = job_copy(j, name), *to = digits;

    for (const char *c = name; *c; c++)
        if (isdigit((unsigned char)*c))
            *to++ = *c;
    *to = '\0';
    return digits;
}

/* The digits of its name, without those of the table's: "AD1-2024.csv" gives "2024". */
static const char *
export_of(struct job *j, const struct returns_file *f)
{
    const char *table = strchr(f->layout->name, '-');
    char *name = job_copy(j, f->base), *at = table ? strcasestr(name, table + 1) : NULL;

    if (at)
        memmove(at, at + strlen(table + 1), strlen(at + strlen(table + 1)) + 1);
    return digits_of(j, name);
}

static const char *
key_of(struct job *j, const struct family *family, const struct returns_file *f)
{
    if (family->whole_folder == FOLDER_BY_TABLES)
        return export_of(j, f);
    return family->root ? stem_of(j, f) : digits_of(j, f->base);
}

/* ---- in order ---------------------------------------------------------------------- */

int
plan_by_path(const struct planned_file *a, const struct planned_file *b)
{
    int by_path = strcmp(a->file->path, b->file->path);

    return by_path ? by_path : strcmp(a->file->name, b->file->name);
}

static int
by_place(const void *a, const void *b)
{
    const struct planned_file *const *x = a, *const *y = b;
    int by_family = strcmp((*x)->file->family, (*y)->file->family);
    int by_folder = by_family ? by_family : strcmp((*x)->folder, (*y)->folder);

    return by_folder ? by_folder : plan_by_path(*x, *y);
}

static int
by_key(const void *a, const void *b)
{
    const struct planned_file *const *x = a, *const *y = b;
    int c = strcmp((*x)->key, (*y)->key);

    return c ? c : plan_by_path(*x, *y);
}

static int
by_table(const void *a, const void *b)
{
    const struct planned_file *const *x = a, *const *y = b;
    int by_order = (*x)->file->layout->order - (*y)->file->layout->order;

    /* where the order is the same, that of layouts.def */
    if (!by_order && (*x)->file->layout != (*y)->file->layout)
        by_order = (*x)->file->layout < (*y)->file->layout ? -1 : 1;
    return by_order ? by_order : plan_by_path(*x, *y);
}

/* ---- batches ----------------------------------------------------------------------- */

static void
add_batch(struct plan *p, const struct family *family, struct planned_file **file, size_t n)
{
    qsort(file, n, sizeof *file, by_table);
    p->batch[p->n_batches++] = (struct planned){.family = family, .newest = DATE_NONE,
                                                .file = file, .n = n};
}

/* Do all files of a family in a folder belong to one export? */
static bool
is_one_export(const struct family *family, struct planned_file *const *file, size_t n, bool *seen)
{
    size_t roots = 0;
    bool again = false;

    memset(seen, 0, n_layouts * sizeof *seen);
    for (size_t i = 0; i < n; i++) {
        const struct layout *l = file[i]->file->layout;
        again = again || seen[l - layouts];
        seen[l - layouts] = true;
        roots += family->root && !strcmp(l->name, family->root);
    }
    return family->whole_folder == FOLDER_BY_TABLES ? !again : family->root && roots == 1;
}

static bool
is_table_of_folder(const struct planned_file *f)
{
    int whole = family_find(f->file->family)->whole_folder;

    return whole == FOLDER_WHOLE || (whole && f->file->form == FORM_CSV);
}

/* Those of one family and folder. */
static void
group_folder(struct job *j, struct plan *p, struct planned_file **file, size_t n)
{
    const struct family *family = family_find(file[0]->file->family);
    size_t from = 0;

    if (family->whole_folder == FOLDER_WHOLE || is_one_export(family, file, n, p->seen)) {
        add_batch(p, family, file, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        file[i]->key = key_of(j, family, file[i]->file);
    qsort(file, n, sizeof *file, by_key);
    for (size_t i = 1; i <= n; i++)
        if (i == n || strcmp(file[i]->key, file[from]->key) != 0) {
            add_batch(p, family, file + from, i - from);
            from = i;
        }
}

void
plan_group(struct job *j, struct plan *p)
{
    struct planned_file **file = job_array(j, p->n_files, sizeof *file);
    size_t n = 0, from = 0;

    p->batch = job_array(j, p->n_files, sizeof *p->batch);
    p->seen = job_array(j, n_layouts, sizeof *p->seen);
    for (size_t i = 0; i < p->n_files; i++)
        if (is_table_of_folder(&p->file[i]))
            file[n++] = &p->file[i];
    for (size_t i = 0, at = n; i < p->n_files; i++)
        if (!is_table_of_folder(&p->file[i])) {
            file[at] = &p->file[i];
            add_batch(p, family_find(p->file[i].file->family), &file[at++], 1);
        }
    qsort(file, n, sizeof *file, by_place);
    for (size_t i = 1; i <= n; i++)
        if (i == n || strcmp(file[i]->file->family, file[from]->file->family) != 0 ||
            strcmp(file[i]->folder, file[from]->folder) != 0) {
            group_folder(j, p, file + from, i - from);
            from = i;
        }
}
