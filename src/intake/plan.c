#include "intake/plan.h"
#include "people/area.h"
#include <ctype.h>

/* ---- grouping -------------------------------------------------------------------- */

/* The name without the table's own: what the files of one export have in common. */
static const char *
stem_of(struct job *j, const struct returns_file *f)
{
    char *stem = job_copy(j, f->name), *dot = strrchr(stem, '.'), *at;
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
digits_of(struct job *j, const struct returns_file *f)
{
    char *digits = job_copy(j, f->name), *to = digits;

    for (const char *c = f->name; *c; c++)
        if (isdigit((unsigned char)*c))
            *to++ = *c;
    *to = '\0';
    return digits;
}

static bool
is_root(const struct family *family, const struct planned_file *f)
{
    return family->root && !strcmp(f->file->layout->name, family->root);
}

static bool
same_place(const struct planned_file *a, const struct planned_file *b)
{
    return b->file && b->file->form == FORM_CSV && !b->taken &&
           !strcmp(a->file->family, b->file->family) && !strcmp(a->folder, b->folder);
}

static size_t
roots_beside(const struct plan *p, const struct family *family, const struct planned_file *a)
{
    size_t n = 0;

    for (size_t i = 0; i < p->n_files; i++)
        if (!strcmp(p->file[i].folder, a->folder) && p->file[i].file->form == FORM_CSV &&
            is_root(family, &p->file[i]))
            n++;
    return n;
}

/* The digits of its name, without those of the table's: "AD1-2024.csv" gives "2024". */
static const char *
export_of(struct job *j, const struct returns_file *f)
{
    const char *table = strchr(f->layout->name, '-');
    struct returns_file stem = {.name = job_copy(j, f->name)};
    char *at = table ? strcasestr(stem.name, table + 1) : NULL;

    if (at)
        memmove(at, at + strlen(table + 1), strlen(at + strlen(table + 1)) + 1);
    return digits_of(j, &stem);
}

/* Each table of the family is in the folder once: then all of it is one export. */
static bool
each_once(const struct plan *p, const struct planned_file *first)
{
    for (size_t i = 0; i < p->n_files; i++)
        for (size_t k = 0; same_place(first, &p->file[i]) && k < i; k++)
            if (same_place(first, &p->file[k]) &&
                p->file[k].file->layout == p->file[i].file->layout)
                return false;
    return true;
}

/* Do they belong to one export? */
static bool
belong(struct job *j, const struct family *family, bool one_root, const struct planned_file *a,
       const struct planned_file *b)
{
    if (family->whole_folder == FOLDER_BY_TABLES)
        return one_root || !strcmp(export_of(j, a->file), export_of(j, b->file));
    if (!family->root)
        return !strcmp(digits_of(j, a->file), digits_of(j, b->file));
    return one_root || !strcmp(stem_of(j, a->file), stem_of(j, b->file));
}

static int
by_table(const void *a, const void *b)
{
    const struct planned_file *const *x = a, *const *y = b;
    int by_order = (*x)->file->layout->order - (*y)->file->layout->order;

    /* where the order is the same, that of layouts.def */
    if (!by_order && (*x)->file->layout != (*y)->file->layout)
        by_order = (*x)->file->layout < (*y)->file->layout ? -1 : 1;
    return by_order ? by_order : strcmp((*x)->file->path, (*y)->file->path);
}

/* A batch of this file and all that belongs to it. */
static struct planned *
begin_batch(struct job *j, struct plan *p, struct planned_file *first)
{
    const struct family *family = family_find(first->file->family);
    bool whole = family->whole_folder && first->file->form == FORM_CSV;
    bool one_root = whole && (family->whole_folder == FOLDER_BY_TABLES ? each_once(p, first)
                              : family->root && roots_beside(p, family, first) == 1);
    struct planned *b = &p->batch[p->n_batches++];

    *b = (struct planned){.family = family, .newest = DATE_NONE,
                          .file = job_array(j, p->n_files, sizeof *b->file)};
    b->file[b->n++] = first;
    first->taken = true;
    for (size_t i = 0; whole && i < p->n_files; i++) {
        struct planned_file *f = &p->file[i];
        if (same_place(first, f) && belong(j, family, one_root, first, f)) {
            f->taken = true;
            b->file[b->n++] = f;
        }
    }
    qsort(b->file, b->n, sizeof *b->file, by_table);
    return b;
}

static bool
lacks_root(const struct planned *b)
{
    if (!b->family->root || b->file[0]->file->form != FORM_CSV)
        return false;
    for (size_t i = 0; i < b->n; i++)
        if (is_root(b->family, b->file[i]))
            return false;
    return true;
}

/* Without its table of returns nobody knows whose the pupils are. */
static void
leave_batch(struct job *j, struct plan *p, struct load_result *out)
{
    const struct planned *b = &p->batch[--p->n_batches];
    const struct layout *root = layout_find(b->family->root);

    for (size_t i = 0; i < b->n; i++)
        plan_left(j, out, b->file[i],
                  job_format(j,
                             "It is a table of a %s export (%s), but the table that says which "
                             "school and term (%s) is not beside it under a like name.",
                             b->family->title, b->file[i]->file->layout->title,
                             root && root->prefix ? root->prefix : "header"));
}

/* ---- whose ----------------------------------------------------------------------- */

/* The one area that the files themselves name; 0: none, or several. */
static int64_t
area_of_files(const struct plan *p, bool of_gias)
{
    int64_t area = 0;

    for (size_t i = 0; i < p->n_batches; i++) {
        const struct planned *b = &p->batch[i];
        if (!b->lea || !strcmp(b->family->name, "gias") != of_gias)
            continue;
        if (area && area != b->lea)
            return 0;
        area = b->lea;
    }
    return area;
}

static enum err
area_by_default(struct job *j, const struct plan *p, const struct load_options *o, int64_t *area)
{
    struct area *all;
    size_t n;
    enum err e = area_list(j, &all, &n);

    *area = area_of_files(p, false);
    if (!*area)
        *area = area_of_files(p, true);
    if (!*area)
        *area = o->area;
    if (!*area && !e && n == 1)
        *area = all[0].area_id;
    return e;
}

static enum err
decide_area(struct job *j, struct planned *b, const struct load_options *o, int64_t by_default)
{
    bool from_header = b->lea && strcmp(b->family->name, "gias") != 0;

    b->area = from_header ? b->lea : by_default ? by_default : o->area;
    if (from_header && o->area && o->area != b->lea)
        b->refusal = job_format(j, "it is of authority %03lld, but --area says %03lld",
                                (long long)b->lea, (long long)o->area);
    if (b->area)
        return OK;
    err_set(j, ERR_USAGE, "whose files these are cannot be told");
    return err_hint(j, "Say which authority they are of, by its DfE number: --area 896");
}

static int
by_turn(const void *a, const void *b)
{
    const struct planned *x = a, *y = b;

    if (x->family != y->family)
        return x->family < y->family ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return strcmp(x->file[0]->file->path, y->file[0]->file->path);
}

enum err
plan_batches(struct job *j, struct plan *p, const struct load_options *o,
             struct load_result *out)
{
    int64_t by_default = 0;
    enum err e = OK;

    p->batch = job_array(j, p->n_files, sizeof *p->batch);
    for (size_t i = 0; !e && i < p->n_files; i++) {
        struct planned *b = p->file[i].taken ? NULL : begin_batch(j, p, &p->file[i]);
        if (b && lacks_root(b))
            leave_batch(j, p, out);
        else if (b)
            e = plan_peek(j, b);
    }
    if (e || (e = area_by_default(j, p, o, &by_default)))
        return e;
    for (size_t i = 0; !e && i < p->n_batches; i++)
        e = decide_area(j, &p->batch[i], o, by_default);
    if (e)
        return e;
    qsort(p->batch, p->n_batches, sizeof *p->batch, by_turn);
    for (size_t i = 0; i < p->n_batches; i++)
        for (size_t f = 0; f < p->batch[i].n; f++)
            p->bytes += (int64_t)p->batch[i].file[f]->file->n_bytes;
    return OK;
}
