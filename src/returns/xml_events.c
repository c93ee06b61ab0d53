#include "returns/xml_reader.h"
#include "returns/recognise.h"

static void
stop(struct xml *x)
{
    x->failed = true;
    XML_StopParser(x->expat, XML_FALSE);
}

static void
refuse(struct xml *x, const char *what)
{
    err_set(x->j, ERR_INPUT, "%s, line %llu: %s", x->f->name,
            (unsigned long long)XML_GetCurrentLineNumber(x->expat), what);
    err_hint(x->j, "Look whether this is the file that was meant, or export it again.");
    stop(x);
}

static void
refuse_long(struct xml *x)
{
    char most[TEXT_NUMBER], what[100];

    snprintf(what, sizeof what, "the text of an element is longer than a value may be (%s bytes)",
             text_count(XML_VALUE, most));
    refuse(x, what);
}

/* Room for `more` further items of this size; NULL when memory is at its end. */
static void *
grow(struct xml *x, struct xml_array *a, size_t more, size_t size)
{
    void *mem = a->mem;

    if (a->n + more > a->room) {
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

/* The layout that this element begins a record of; -1 none. */
static int
record_of(const struct xml *x, int name)
{
    const struct xml_record *r = x->plan->records[name];

    for (; r && r->layout >= 0; r++) {
        bool all = true;
        for (int i = 0; i < XML_WITHIN; i++)
            all = all && (r->within[i] == XML_NO_NAME || x->open[r->within[i]] > 0);
        if (all)
            return r->layout;
    }
    return -1;
}

/* Each record has a line of its own: where two would share one, the text that is kept gets
 * a line end before the second. */
static int64_t
own_line(struct xml *x)
{
    int64_t line = (int64_t)XML_GetCurrentLineNumber(x->expat) + x->added;
    int64_t *at;

    if (line == x->line) {
        at = grow(x, &x->breaks, 1, sizeof *at);
        if (!at)
            return line;
        *at = XML_GetCurrentByteIndex(x->expat);
        x->added++;
        line++;
    }
    return x->line = line;
}

static void
capture(struct xml *x, size_t text)
{
    struct xml_text *t = (struct xml_text *)x->texts.mem + text;

    *t = (struct xml_text){.at = x->bytes.n, .given = true};
    x->capture = x->depth;
    x->captured = text;
}

static void
begin_record(struct xml *x, int layout)
{
    const struct xml_layout *xl = &x->plan->layouts[layout];
    size_t n = xl->l->n_fields;
    struct xml_node *node;
    struct xml_text *texts;

    if (x->nodes.n == XML_RECORDS) {
        refuse(x, "a record holds more records than one may hold");
        return;
    }
    node = grow(x, &x->nodes, 1, sizeof *node);
    texts = node ? grow(x, &x->texts, n, sizeof *texts) : NULL;
    if (!texts)
        return;
    if (n)
        memset(texts, 0, n * sizeof *texts);
    *node = (struct xml_node){
        .layout = layout,
        .parent = x->node,
        .key = ++x->keys,
        .line = own_line(x),
        .texts = x->texts.n - n,
        .twice = -1,
    };
    x->node = x->stack[x->depth].node = (int)x->nodes.n - 1;
    if (xl->own >= 0)
        capture(x, node->texts + (size_t)xl->own);
}

/* The text of a field goes to the first place of that name which is free yet. */
static void
begin_field(struct xml *x, int name)
{
    struct xml_node *node = (struct xml_node *)x->nodes.mem + x->node;
    const struct xml_layout *xl = &x->plan->layouts[node->layout];
    const struct xml_field *f = xl->l->n_fields ? xl->fields[name] : NULL;
    int within = x->stack[x->depth - 1].name, taken = -1;

    for (; f && f->position >= 0; f++) {
        size_t text = node->texts + (size_t)f->position;
        if (f->parent != XML_NO_NAME && f->parent != within)
            continue;
        x->stack[x->depth].used = true;
        if (!((struct xml_text *)x->texts.mem)[text].given) {
            capture(x, text);
            return;
        }
        taken = f->position;
    }
    if (taken >= 0)
        node->twice = taken;
}

static void XMLCALL
on_start(void *arg, const char *element, const char **attributes)
{
    struct xml *x = arg;
    int name, layout;

    (void)attributes;
    if (x->failed)
        return;
    if (x->depth == XML_DEPTH) {
        refuse(x, "elements lie too deep within one another");
        return;
    }
    name = xml_name(x->plan, element);
    x->stack[x->depth].leaf = false;
    x->stack[++x->depth] = (struct xml_open){.name = name, .node = -1, .leaf = true};
    x->open[name]++;
    if (name == XML_NO_NAME)
        return;
    layout = record_of(x, name);
    if (layout >= 0)
        begin_record(x, layout);
    else if (x->node >= 0)
        begin_field(x, name);
}

/* An element within a record that holds a value which nothing here is made for. */
static void
note_stranger(struct xml *x, const char *element)
{
    const struct xml_node *node = (struct xml_node *)x->nodes.mem + x->node;
    const char *known = x->plan->layouts[node->layout].l->known;

    for (struct span w = next_word(&known); w.n; w = next_word(&known))
        if (name_means(w, span_of(element)))
            return;
    x->strangers++;
    for (int i = 0; i < XML_STRANGERS; i++) {
        if (!x->stranger[i][0])
            snprintf(x->stranger[i], sizeof x->stranger[i], "%s", element);
        if (strncmp(x->stranger[i], element, sizeof x->stranger[i] - 1) == 0)
            return;
    }
}

static void XMLCALL
on_end(void *arg, const char *element)
{
    struct xml *x = arg;
    struct xml_open *o = &x->stack[x->depth];

    if (x->failed)
        return;
    if (x->capture == x->depth)
        x->capture = 0;
    if (o->node >= 0) {
        x->node = ((struct xml_node *)x->nodes.mem)[o->node].parent;
        if (x->node < 0) /* the outermost is complete: expat gives way, it is handed out */
            XML_StopParser(x->expat, XML_TRUE);
    } else if (o->leaf && !o->used && x->node >= 0) {
        note_stranger(x, element);
    }
    x->open[o->name]--;
    x->depth--;
}

static void XMLCALL
on_text(void *arg, const char *s, int n)
{
    struct xml *x = arg;
    struct xml_text *t;
    char *to;

    if (x->failed || x->capture == 0 || x->capture != x->depth)
        return;
    t = (struct xml_text *)x->texts.mem + x->captured;
    if (t->n + (size_t)n > XML_VALUE) {
        refuse_long(x);
        return;
    }
    to = grow(x, &x->bytes, (size_t)n, 1);
    if (!to)
        return;
    memcpy(to, s, (size_t)n);
    t->n += (size_t)n;
}

/* No document type, so no entities either: nothing can grow or be fetched. */
static void XMLCALL
on_doctype(void *arg, const char *name, const char *system, const char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    refuse(arg, "the file declares a document type, which no return does; such files are not "
                "read");
}

void
xml_listen(struct xml *x)
{
    XML_SetUserData(x->expat, x);
    XML_SetElementHandler(x->expat, on_start, on_end);
    XML_SetCharacterDataHandler(x->expat, on_text);
    XML_SetStartDoctypeDeclHandler(x->expat, on_doctype);
}
