#include "returns/tree.h"
#include "returns/recognise.h"
#include "returns/tree_listed.h"

static void
stop(struct tree *x)
{
    x->failed = true;
    x->library->stop(x);
}

void
tree_refuse(struct tree *x, const char *what)
{
    err_set(x->j, ERR_INPUT, "%s, line %lld: %s", x->f->name, (long long)x->library->line(x),
            what);
    err_hint(x->j, "Look whether this is the file that was meant, or export it again.");
    stop(x);
}

static void
refuse_long(struct tree *x)
{
    char most[TEXT_NUMBER], what[100];

    snprintf(what, sizeof what, "the text of an element is longer than a value may be (%s bytes)",
             text_count(TREE_VALUE, most));
    tree_refuse(x, what);
}

/* Room for `more` further items of this size; NULL when memory is at its end. */
static void *
grow(struct tree *x, struct tree_array *a, size_t more, size_t size)
{
    void *mem = a->mem;

    if (!mem || a->n + more > a->room) { /* room for nothing is room, too */
        size_t room = a->room ? a->room : 64;
        while (room < a->n + more)
            room *= 2;
        mem = job_try_alloc(x->j, room * size);
        if (!mem) {
            stop(x);
            return NULL;
        }
        if (a->n)
            memcpy(mem, a->mem, a->n * size);
        a->mem = mem;
        a->room = room;
    }
    mem = (char *)mem + a->n * size;
    a->n += more;
    return mem;
}

/* Does the element that has just been opened begin a record of this kind? */
static bool
begins(const struct tree *x, const struct tree_record *r)
{
    if (x->plan->json) {
        if (x->depth != r->depth)
            return false;
        for (int i = 0; i < r->depth - 1; i++)
            if (x->stack[i + 1].name != r->within[i])
                return false;
        return true;
    }
    for (int i = 0; i < TREE_WITHIN; i++)
        if (r->within[i] != TREE_NO_NAME && x->open[r->within[i]] == 0)
            return false;
    return true;
}

/* The layout that this element begins a record of; -1 none. */
static int
record_of(const struct tree *x, int name)
{
    const struct tree_record *r = x->plan->records[name];

    for (; r && r->layout >= 0; r++)
        if (begins(x, r))
            return r->layout;
    return -1;
}

/* Each record has a line of its own: where two would share one, the text that is kept gets
 * a line end before the second. */
static int64_t
own_line(struct tree *x)
{
    int64_t line = x->library->line(x) + x->added;
    int64_t *at;

    if (x->listed && (line == x->line || !x->library->begins_line(x))) {
        x->added++; /* written again: it gets one in any case */
        line++;
    } else if (line == x->line || !x->library->begins_line(x)) {
        at = grow(x, &x->breaks, 1, sizeof *at);
        if (!at)
            return line;
        *at = x->library->byte(x);
        x->added++;
        line++;
    }
    return x->line = line;
}

static void
capture(struct tree *x, size_t text)
{
    struct tree_text *t = (struct tree_text *)x->texts.mem + text;

    *t = (struct tree_text){.at = x->bytes.n, .given = true};
    x->capture = x->depth;
    x->captured = text;
}

static void
begin_record(struct tree *x, int layout)
{
    const struct tree_layout *xl = &x->plan->layouts[layout];
    size_t n = xl->l->n_fields;
    struct tree_node *node;
    struct tree_text *texts;

    if (x->nodes.n == TREE_RECORDS) {
        tree_refuse(x, "a record holds more records than one may hold");
        return;
    }
    node = grow(x, &x->nodes, 1, sizeof *node);
    texts = node ? grow(x, &x->texts, n, sizeof *texts) : NULL;
    if (!texts)
        return;
    if (n)
        memset(texts, 0, n * sizeof *texts);
    *node = (struct tree_node){
        .layout = layout,
        .parent = x->node,
        .depth = x->depth,
        .key = ++x->keys,
        .line = own_line(x),
        .texts = x->texts.n - n,
        .twice = -1,
    };
    x->node = x->stack[x->depth].node = (int)x->nodes.n - 1;
    if (x->listed)
        tree_listed_record(x, node->line);
    if (xl->own >= 0)
        capture(x, node->texts + (size_t)xl->own);
}

/* Is the element that has just been opened where the field lies? */
static bool
lies_there(const struct tree *x, const struct tree_node *node, const struct tree_field *f)
{
    int n = 0;

    for (; n < TREE_WITHIN && f->parent[n] != TREE_NO_NAME; n++)
        if (x->stack[x->depth - 1 - n].name != f->parent[n])
            return false;
        else if (!x->plan->json)
            return true;
    return !x->plan->json || x->depth == node->depth + 1 + n;
}

/* The text of a field goes to the first place of that name which is free yet. */
static void
begin_field(struct tree *x, int name)
{
    struct tree_node *node = (struct tree_node *)x->nodes.mem + x->node;
    const struct tree_layout *xl = &x->plan->layouts[node->layout];
    const struct tree_field *f = xl->l->n_fields ? xl->fields[name] : NULL;
    int taken = -1;

    for (; f && f->position >= 0; f++) {
        size_t text = node->texts + (size_t)f->position;
        if (!lies_there(x, node, f))
            continue;
        x->stack[x->depth].used = true;
        if (!((struct tree_text *)x->texts.mem)[text].given) {
            capture(x, text);
            return;
        }
        taken = f->position;
    }
    if (taken >= 0)
        node->twice = taken;
}

void
tree_start(struct tree *x, const char *element, size_t n, enum tree_kind kind)
{
    int name, layout;

    if (x->failed)
        return;
    if (x->depth == TREE_DEPTH) {
        tree_refuse(x, "elements lie too deep within one another");
        return;
    }
    name = tree_name(x->plan, element, n);
    x->stack[x->depth].leaf = false;
    x->stack[++x->depth] = (struct tree_open){.name = name, .node = -1, .leaf = true};
    x->open[name]++;
    if (x->listed)
        tree_listed_start(x, element, n, kind);
    if (name == TREE_NO_NAME)
        return;
    layout = kind == TREE_LEAF && x->node < 0 ? -1 : record_of(x, name);
    if (layout >= 0 && kind == TREE_LEAF && x->plan->layouts[layout].own < 0)
        layout = -1;
    if (layout >= 0)
        begin_record(x, layout);
    else if (x->node >= 0 && kind != TREE_BRANCH)
        begin_field(x, name);
}

/* An element within a record that holds a value which nothing here is made for. */
static void
note_stranger(struct tree *x, struct span name)
{
    const struct tree_node *node = (struct tree_node *)x->nodes.mem + x->node;
    const char *known = x->plan->layouts[node->layout].l->known;
    char element[sizeof x->stranger[0]];

    for (struct span w = next_word(&known); w.n; w = next_word(&known))
        if (name_means(w, name))
            return;
    x->strangers++;
    snprintf(element, sizeof element, "%.*s", name.n < sizeof element ? (int)name.n : 39, name.s);
    for (int i = 0; i < TREE_STRANGERS; i++) {
        if (!x->stranger[i][0])
            snprintf(x->stranger[i], sizeof x->stranger[i], "%s", element);
        if (strcmp(x->stranger[i], element) == 0)
            return;
    }
}

void
tree_end(struct tree *x, const char *element, size_t n)
{
    struct tree_open *o = &x->stack[x->depth];

    if (x->failed)
        return;
    if (x->capture == x->depth)
        x->capture = 0;
    if (o->node >= 0) {
        x->node = ((struct tree_node *)x->nodes.mem)[o->node].parent;
        if (x->node < 0) /* the outermost is complete: it is handed out */
            x->library->pause(x);
    } else if (o->leaf && !o->used && x->node >= 0) {
        note_stranger(x, (struct span){element, n});
    }
    if (x->listed)
        tree_listed_end(x);
    x->open[o->name]--;
    x->depth--;
}

/* A member of the outermost object of JSON, which holds for all records. */
static void
file_value(struct tree *x, const char *s, size_t n)
{
    int number = x->plan->file_value[x->stack[1].name];

    if (number && n < TREE_FILE_VALUE) {
        memcpy(x->file_value[number - 1], s, n);
        x->file_value[number - 1][n] = '\0';
    }
}

void
tree_text(struct tree *x, const char *s, size_t n)
{
    struct tree_text *t;
    char *to;

    if (x->failed)
        return;
    if (x->plan->json && x->depth == 1 && x->node < 0)
        file_value(x, s, n);
    if (x->listed && x->node >= 0)
        tree_listed_heard(x, (struct span){s, n});
    if (x->capture == 0 || x->capture != x->depth)
        return;
    t = (struct tree_text *)x->texts.mem + x->captured;
    if (t->n + n > TREE_VALUE) {
        refuse_long(x);
        return;
    }
    to = grow(x, &x->bytes, n, 1);
    if (!to)
        return;
    memcpy(to, s, n);
    t->n += n;
    if (x->listed) {
        const struct tree_node *node = (struct tree_node *)x->nodes.mem + x->node;
        tree_listed_text(x, x->plan->layouts[node->layout].l, x->captured - node->texts,
                         (struct span){s, n});
    }
}
