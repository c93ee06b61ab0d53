#include "returns/tree_plan.h"
#include "returns/recognise.h"

#define HASH_START 2166136261U

struct tree_name {
    uint32_t hash;
    int id; /* TREE_NO_NAME: free */
    struct span name;
};

static uint32_t
hash_step(uint32_t h, char c)
{
    return (h ^ (unsigned char)(c >= 'A' && c <= 'Z' ? c | 32 : c)) * 16777619U;
}

static struct tree_name *
slot(const struct tree_plan *p, struct span name, uint32_t hash)
{
    size_t at = (hash ^ hash >> 15) & p->mask;

    while (p->names[at].id != TREE_NO_NAME) {
        const struct tree_name *x = &p->names[at];
        if (x->hash == hash && x->name.n == name.n &&
            (memcmp(x->name.s, name.s, name.n) == 0 ||
             strncasecmp(x->name.s, name.s, name.n) == 0))
            break;
        at = (at + 1) & p->mask;
    }
    return &p->names[at];
}

int
tree_name(const struct tree_plan *p, const char *name, size_t n)
{
    uint32_t h = HASH_START;
    size_t from = 0;

    for (size_t i = 0; i < n; i++) {
        if (name[i] == ':' && !p->json) {
            from = i + 1;
            h = HASH_START;
        } else {
            h = hash_step(h, name[i]);
        }
    }
    return slot(p, (struct span){name + from, n - from}, h)->id;
}

/* The number of a name, given out when it is new. */
static int
name_id(struct tree_plan *p, struct span name)
{
    uint32_t h = HASH_START;
    struct tree_name *x;

    for (size_t i = 0; i < name.n; i++)
        h = hash_step(h, name.s[i]);
    x = slot(p, name, h);
    if (x->id == TREE_NO_NAME)
        *x = (struct tree_name){h, (int)++p->n_names, name};
    return x->id;
}

/* "gender<2023" → gender; "Reasons/Reason" → Reason within Reasons: the last part of the
 * name, and the numbers of those before it. */
static struct span
last_part(struct tree_plan *p, struct span word, int parent[TREE_WITHIN])
{
    const char *until = memchr(word.s, '<', word.n), *slash;
    int part[TREE_WITHIN];
    int n = 0;

    if (until)
        word.n = (size_t)(until - word.s);
    while (n < TREE_WITHIN && (slash = memchr(word.s, '/', word.n))) {
        size_t n_part = (size_t)(slash - word.s);
        part[n++] = name_id(p, (struct span){word.s, n_part});
        word = (struct span){slash + 1, word.n - n_part - 1};
    }
    for (int i = 0; i < TREE_WITHIN; i++)
        parent[i] = i < n ? part[n - 1 - i] : TREE_NO_NAME;
    return word;
}

static bool
is_made(const struct field *f)
{
    return f->type == FIELD_KEY || f->type == FIELD_PARENT || f->type == FIELD_RETURN;
}

/* Append to the list of the name, which ends with position -1. */
static void
add_field(struct job *j, struct tree_plan *p, struct tree_layout *x, struct span name,
          int position)
{
    struct tree_field f = {.position = position};
    const struct tree_field **list;
    struct tree_field *longer;
    size_t n = 0;

    if (name.n && name.s[0] == '/') {
        int *number = &p->file_value[name_id(p, (struct span){name.s + 1, name.n - 1})];
        if (!*number)
            *number = (int)++p->n_file_values;
        x->file_value[position] = *number - 1;
        return;
    }
    name = last_part(p, name, f.parent);
    list = &x->fields[name_id(p, name)];
    while (*list && (*list)[n].position >= 0)
        n++;
    longer = job_array(j, n + 2, sizeof *longer);
    if (n)
        memcpy(longer, *list, n * sizeof *longer);
    longer[n] = f;
    longer[n + 1] = (struct tree_field){.position = -1};
    *list = longer;
}

static void
add_fields(struct job *j, struct tree_plan *p, struct tree_layout *x)
{
    for (size_t i = 0; i < x->l->n_fields; i++) {
        const struct field *f = &x->l->fields[i];
        const char *also = f->also;
        if (is_made(f))
            continue;
        add_field(j, p, x, span_of(f->name), (int)i);
        for (struct span w = next_word(&also); w.n; w = next_word(&also))
            add_field(j, p, x, w, (int)i);
    }
}

struct span
tree_next(const char **list, enum file_form form)
{
    struct span w;

    do
        w = next_word(list);
    while (w.n && (memchr(w.s, '[', w.n) != NULL) != (form == FORM_JSON));
    return w;
}

bool
tree_has(const struct layout *l, enum file_form form)
{
    const char *list = l->element;

    return tree_next(&list, form).n > 0;
}

bool
layout_is_element(const struct layout *l, struct span name)
{
    const char *list = l->element;

    for (struct span w = tree_next(&list, FORM_XML); w.n; w = tree_next(&list, FORM_XML))
        if (w.n == name.n && strncasecmp(w.s, name.s, w.n) == 0)
            return true;
    return false;
}

struct span
tree_part(struct span *path)
{
    const char *dot = memchr(path->s, '.', path->n);
    struct span part = {path->s, dot ? (size_t)(dot - path->s) : path->n};

    path->s += part.n + (dot != NULL);
    path->n -= part.n + (dot != NULL);
    if (part.n > 2 && part.s[part.n - 1] == ']')
        part.n -= 2;
    return part;
}

static void
append_record(struct job *j, struct tree_plan *p, struct span name, struct tree_record r)
{
    const struct tree_record **list = &p->records[name_id(p, name)];
    struct tree_record *longer;
    size_t n = 0;

    while (*list && (*list)[n].layout >= 0)
        n++;
    longer = job_array(j, n + 2, sizeof *longer);
    if (n)
        memcpy(longer, *list, n * sizeof *longer);
    longer[n] = r;
    longer[n + 1] = (struct tree_record){.layout = -1};
    *list = longer;
}

static void
add_element(struct job *j, struct tree_plan *p, int layout, struct span name)
{
    const char *within = p->layouts[layout].l->within;
    struct tree_record r = {.layout = layout};
    size_t in = 0;

    for (struct span w = next_word(&within); w.n && in < TREE_WITHIN; w = next_word(&within))
        r.within[in++] = name_id(p, w);
    append_record(j, p, name, r);
}

static void
add_path(struct job *j, struct tree_plan *p, int layout, struct span path)
{
    struct tree_record r = {.layout = layout};
    struct span part = tree_part(&path);

    for (; path.n && r.depth < TREE_WITHIN; part = tree_part(&path))
        r.within[r.depth++] = name_id(p, part);
    r.depth++;
    append_record(j, p, part, r);
}

static int
position_of(const struct layout *l, enum field_type type)
{
    for (size_t i = 0; i < l->n_fields; i++)
        if (l->fields[i].type == type)
            return (int)i;
    return -1;
}

static void
fill_layout(struct job *j, struct tree_plan *p, struct tree_layout *x, size_t most_names)
{
    x->key = position_of(x->l, FIELD_KEY);
    x->parent = position_of(x->l, FIELD_PARENT);
    x->native = position_of(x->l, FIELD_RETURN);
    x->fields = job_array(j, most_names, sizeof *x->fields);
    x->own = x->belongs_to = -1;
    x->file_value = job_array(j, x->l->n_fields, sizeof *x->file_value);
    for (size_t i = 0; i < x->l->n_fields; i++)
        x->file_value[i] = -1;
    add_fields(j, p, x);
    for (size_t i = 0; x->l->parent && i < p->n_layouts; i++)
        if (p->layouts[i].l->prefix && strcmp(p->layouts[i].l->prefix, x->l->parent) == 0)
            x->belongs_to = (int)i;
}

/* Each way in which its records are met. */
static void
add_records(struct job *j, struct tree_plan *p, int layout)
{
    struct tree_layout *x = &p->layouts[layout];
    const char *list = x->l->element;
    enum file_form form = p->json ? FORM_JSON : FORM_XML;

    for (struct span w = tree_next(&list, form); w.n; w = tree_next(&list, form)) {
        struct span last = w;
        if (p->json) {
            add_path(j, p, layout, w);
            for (struct span rest = w; rest.n;)
                last = tree_part(&rest);
        } else {
            add_element(j, p, layout, w);
        }
        for (size_t i = 0; i < x->l->n_fields; i++)
            if (span_is_nocase(last, x->l->fields[i].name))
                x->own = (int)i;
    }
}

/* Its records lie within no other's. */
static bool
stands_alone(const struct layout *l)
{
    const char *list = l->element;

    for (struct span w = tree_next(&list, FORM_JSON); w.n; w = tree_next(&list, FORM_JSON))
        if (!memchr(w.s, '.', w.n))
            return true;
    return false;
}

struct tree_plan *
tree_plan(struct job *j, const struct layout *of, enum file_form form)
{
    enum { SLOTS = 2048, NAMES = SLOTS / 2 };
    struct tree_plan *p = job_alloc(j, sizeof *p);

    p->json = form == FORM_JSON;
    p->names = job_array(j, SLOTS, sizeof *p->names);
    p->mask = SLOTS - 1;
    p->records = job_array(j, NAMES, sizeof *p->records);
    p->file_value = job_array(j, NAMES, sizeof *p->file_value);
    p->layouts = job_array(j, n_layouts, sizeof *p->layouts);
    for (size_t i = 0; i < n_layouts; i++)
        if (tree_has(&layouts[i], form) && strcmp(layouts[i].family, of->family) == 0 &&
            (form != FORM_JSON || &layouts[i] == of || !stands_alone(&layouts[i])))
            p->layouts[p->n_layouts++].l = &layouts[i];
    for (size_t i = 0; i < p->n_layouts; i++) {
        fill_layout(j, p, &p->layouts[i], NAMES);
        add_records(j, p, (int)i);
    }
    return p;
}
