#include "returns/xml_plan.h"
#include "returns/recognise.h"

#define HASH_START 2166136261U

struct xml_name {
    uint32_t hash;
    int id; /* XML_NO_NAME: free */
    struct span name;
};

static uint32_t
hash_step(uint32_t h, char c)
{
    return (h ^ (unsigned char)(c >= 'A' && c <= 'Z' ? c | 32 : c)) * 16777619U;
}

static struct xml_name *
slot(const struct xml_plan *p, struct span name, uint32_t hash)
{
    size_t at = (hash ^ hash >> 15) & p->mask;

    while (p->names[at].id != XML_NO_NAME) {
        const struct xml_name *x = &p->names[at];
        if (x->hash == hash && x->name.n == name.n &&
            (memcmp(x->name.s, name.s, name.n) == 0 ||
             strncasecmp(x->name.s, name.s, name.n) == 0))
            break;
        at = (at + 1) & p->mask;
    }
    return &p->names[at];
}

int
xml_name(const struct xml_plan *p, const char *name)
{
    uint32_t h = HASH_START;
    const char *s = name;

    for (; *s; s++) {
        if (*s == ':') {
            name = s + 1;
            h = HASH_START;
        } else {
            h = hash_step(h, *s);
        }
    }
    return slot(p, (struct span){name, (size_t)(s - name)}, h)->id;
}

/* The number of a name, given out when it is new. */
static int
name_id(struct xml_plan *p, struct span name)
{
    uint32_t h = HASH_START;
    struct xml_name *x;

    for (size_t i = 0; i < name.n; i++)
        h = hash_step(h, name.s[i]);
    x = slot(p, name, h);
    if (x->id == XML_NO_NAME)
        *x = (struct xml_name){h, (int)++p->n_names, name};
    return x->id;
}

/* Names in `also`: "gender<2023" → gender; "Reasons/Reason" → Reason within Reasons. */
static struct span
element_name(struct span word, struct span *parent)
{
    const char *until = memchr(word.s, '<', word.n), *slash;

    if (until)
        word.n = (size_t)(until - word.s);
    slash = memchr(word.s, '/', word.n);
    *parent = (struct span){word.s, slash ? (size_t)(slash - word.s) : 0};
    if (slash) {
        word.n -= parent->n + 1;
        word.s = slash + 1;
    }
    return word;
}

static bool
is_made(const struct field *f)
{
    return f->type == FIELD_KEY || f->type == FIELD_PARENT || f->type == FIELD_RETURN;
}

/* Append to the list of a name, which ends with position -1. */
static void
add_field(struct job *j, const struct xml_field **list, struct xml_field f)
{
    size_t n = 0;
    struct xml_field *longer;

    while (*list && (*list)[n].position >= 0)
        n++;
    longer = job_array(j, n + 2, sizeof *longer);
    if (n)
        memcpy(longer, *list, n * sizeof *longer);
    longer[n] = f;
    longer[n + 1] = (struct xml_field){-1, XML_NO_NAME};
    *list = longer;
}

static void
add_fields(struct job *j, struct xml_plan *p, struct xml_layout *x)
{
    for (size_t i = 0; i < x->l->n_fields; i++) {
        const struct field *f = &x->l->fields[i];
        const char *also = f->also;
        if (is_made(f))
            continue;
        add_field(j, &x->fields[name_id(p, span_of(f->name))], (struct xml_field){(int)i, 0});
        for (struct span w = next_word(&also); w.n; w = next_word(&also)) {
            struct span parent, name = element_name(w, &parent);
            int in = parent.n ? name_id(p, parent) : XML_NO_NAME;
            add_field(j, &x->fields[name_id(p, name)], (struct xml_field){(int)i, in});
        }
    }
}

static void
add_record(struct job *j, struct xml_plan *p, int layout)
{
    const struct layout *l = p->layouts[layout].l;
    const struct xml_record **list = &p->records[name_id(p, span_of(l->element))];
    const char *within = l->within;
    struct xml_record *longer;
    size_t n = 0, in = 0;

    while (*list && (*list)[n].layout >= 0)
        n++;
    longer = job_array(j, n + 2, sizeof *longer);
    if (n)
        memcpy(longer, *list, n * sizeof *longer);
    longer[n].layout = layout;
    for (struct span w = next_word(&within); w.n && in < XML_WITHIN; w = next_word(&within))
        longer[n].within[in++] = name_id(p, w);
    longer[n + 1].layout = -1;
    *list = longer;
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
fill_layout(struct job *j, struct xml_plan *p, struct xml_layout *x, size_t most_names)
{
    x->key = position_of(x->l, FIELD_KEY);
    x->parent = position_of(x->l, FIELD_PARENT);
    x->native = position_of(x->l, FIELD_RETURN);
    x->fields = job_array(j, most_names, sizeof *x->fields);
    x->own = x->belongs_to = -1;
    add_fields(j, p, x);
    for (size_t i = 0; i < x->l->n_fields; i++)
        if (strcasecmp(x->l->fields[i].name, x->l->element) == 0)
            x->own = (int)i;
    for (size_t i = 0; x->l->parent && i < p->n_layouts; i++)
        if (strcmp(p->layouts[i].l->prefix, x->l->parent) == 0)
            x->belongs_to = (int)i;
}

struct xml_plan *
xml_plan(struct job *j, const char *family)
{
    enum { SLOTS = 2048, NAMES = SLOTS / 2 };
    struct xml_plan *p = job_alloc(j, sizeof *p);

    p->names = job_array(j, SLOTS, sizeof *p->names);
    p->mask = SLOTS - 1;
    p->records = job_array(j, NAMES, sizeof *p->records);
    p->layouts = job_array(j, n_layouts, sizeof *p->layouts);
    for (size_t i = 0; i < n_layouts; i++)
        if (layouts[i].element && strcmp(layouts[i].family, family) == 0)
            p->layouts[p->n_layouts++].l = &layouts[i];
    for (size_t i = 0; i < p->n_layouts; i++) {
        fill_layout(j, p, &p->layouts[i], NAMES);
        add_record(j, p, (int)i);
    }
    return p;
}
