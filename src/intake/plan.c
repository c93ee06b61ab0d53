#include "intake/plan.h"
#include "people/area.h"

static bool
lacks_root(const struct planned *b)
{
    if (!b->family->root || b->file[0]->file->form != FORM_CSV)
        return false;
    for (size_t i = 0; i < b->n; i++)
        if (!strcmp(b->file[i]->file->layout->name, b->family->root))
            return false;
    return true;
}

/* Without its table of returns nobody knows whose the pupils are. */
static void
leave_batch(struct job *j, const struct planned *b, struct load_result *out)
{
    const struct layout *root = layout_find(b->family->root);

    for (size_t i = 0; i < b->n; i++)
        plan_left(j, out, b->file[i],
                  job_format(j,
                             "It is a table of a %s export (%s), but the table that says which "
                             "school and term (%s) is not beside it under a like name.",
                             b->family->title, b->file[i]->file->layout->title,
                             root && root->prefix ? root->prefix : "header"));
}

/* Nothing but tables that are not used: companions of a file that is elsewhere, or alone. */
static bool
holds_nothing(const struct planned *b)
{
    for (size_t i = 0; i < b->n; i++)
        if (!b->file[i]->file->layout->skip)
            return false;
    return true;
}

static void
leave_unused(struct job *j, const struct planned *b, struct load_result *out)
{
    for (size_t i = 0; i < b->n; i++)
        plan_left(j, out, b->file[i],
                  job_format(j, "It is recognised (%s), but nothing in it is used here.",
                             b->file[i]->file->layout->title));
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
    return plan_by_path(x->file[0], y->file[0]);
}

enum err
plan_batches(struct job *j, struct plan *p, const struct load_options *o,
             struct load_result *out)
{
    int64_t by_default = 0;
    size_t kept = 0;
    enum err e = OK;

    plan_group(j, p);
    for (size_t i = 0; !e && i < p->n_batches; i++) {
        struct planned b = p->batch[i];
        if (lacks_root(&b))
            leave_batch(j, &b, out);
        else if (holds_nothing(&b))
            leave_unused(j, &b, out);
        else if (!(e = plan_peek(j, &b)))
            p->batch[kept++] = b;
    }
    p->n_batches = kept;
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
