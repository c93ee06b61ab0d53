#include "returns/tree.h"
#include <expat.h>

/* The first elements of a file, as far as they say what it is. */
struct sniff {
    XML_Parser expat;
    int depth;
    bool in_collection, header, doctype, done;
    char root[40], body[40]; /* the outermost element; the first within it that is no Header */
    char collection[20];
};

static const char *
local(const char *element)
{
    const char *colon = strrchr(element, ':');

    return colon ? colon + 1 : element;
}

static void XMLCALL
on_start(void *arg, const char *element, const char **attributes)
{
    struct sniff *s = arg;

    (void)attributes;
    element = local(element);
    s->depth++;
    if (s->depth == 1)
        snprintf(s->root, sizeof s->root, "%s", element);
    if (s->depth == 2 && strcasecmp(element, "Header") == 0) {
        s->header = true;
    } else if (s->depth == 2) {
        snprintf(s->body, sizeof s->body, "%s", element);
        s->done = true;
        XML_StopParser(s->expat, XML_FALSE);
    }
    s->in_collection = s->depth == 4 && strcasecmp(element, "Collection") == 0;
}

static void XMLCALL
on_end(void *arg, const char *element)
{
    struct sniff *s = arg;

    (void)element;
    s->in_collection = false;
    s->depth--;
}

static void XMLCALL
on_text(void *arg, const char *text, int n)
{
    struct sniff *s = arg;
    size_t at = strlen(s->collection);

    for (int i = 0; s->in_collection && i < n && at + 1 < sizeof s->collection; i++)
        if (text[i] > ' ')
            s->collection[at++] = text[i];
}

static void XMLCALL
on_doctype(void *arg, const char *name, const char *system, const char *public, int internal)
{
    struct sniff *s = arg;

    (void)name, (void)system, (void)public, (void)internal;
    s->doctype = s->done = true;
    XML_StopParser(s->expat, XML_FALSE);
}

static void
free_expat(void *arg)
{
    XML_ParserFree(arg);
}

static enum err
too_long(struct job *j, const struct returns_file *f, const struct sniff *s, int64_t most)
{
    char bytes[TEXT_NUMBER];

    err_set(j, ERR_INPUT,
            "%s, line %llu: what stands before the records is longer than it may be (%s bytes)",
            f->name, (unsigned long long)XML_GetCurrentLineNumber(s->expat),
            text_count(most, bytes));
    return err_hint(j, "Look whether this is the file that was meant, or export it again.");
}

/* Until the body is met, or the file's beginning is over. */
static enum err
sniff_file(struct job *j, const struct returns_file *f, struct sniff *s)
{
    enum { MOST = 1024 * 1024 };
    struct encoding_reader reader = {.s = f->bytes, .n = f->n_bytes, .from = f->encoding};
    char *chunk = job_alloc(j, TREE_CHUNK);
    size_t n, total = 0;
    enum err e;

    do {
        e = encoding_read(j, &reader, chunk, TREE_CHUNK, &n);
        if (e)
            return e;
        if (XML_Parse(s->expat, chunk, (int)n, n == 0) == XML_STATUS_ERROR && !s->done)
            return xml_error(j, f, s->expat);
        total += n;
    } while (n && !s->done && total < MOST);
    if (n && !s->done)
        return too_long(j, f, s, MOST);
    return OK;
}

static enum err
not_known(struct job *j, const struct returns_file *f, const struct sniff *s)
{
    if (s->doctype) {
        err_set(j, ERR_INPUT,
                "%s declares a document type, which no return does; such files are not read",
                f->name);
        return err_hint(j, "Look whether this is the file that was meant.");
    }
    if (strcasecmp(s->root, "Message") != 0) {
        err_set(j, ERR_INPUT, "%s is XML, but not a return that is read here: its first element "
                "is %s, not Message", f->name, s->root);
        return err_hint(j, "\"rooted formats\" lists the files that are read.");
    }
    if (s->header) {
        err_set(j, ERR_INPUT,
                "%s is a return of another collection (%s, %s), which is not read here", f->name,
                *s->collection ? s->collection : "not named", *s->body ? s->body : "empty");
        return err_hint(j, "\"rooted formats\" lists the files that are read.");
    }
    err_set(j, ERR_INPUT,
            "%s has no Header before its records, so its year and authority are not known",
            f->name);
    return err_hint(j, "Export it again.");
}

/* The layout that such a file begins with; NULL: none. */
static const struct layout *
layout_of_root(const struct sniff *s)
{
    for (const struct xml_root *r = xml_roots; r < xml_roots + n_xml_roots; r++)
        if (!strcasecmp(s->root, r->root) && (!*r->body || !strcasecmp(s->body, r->body)) &&
            (!*r->collection || !strcasecmp(s->collection, r->collection)) &&
            (s->header || strcasecmp(s->root, "Message") != 0))
            return layout_find(r->layout);
    return NULL;
}

enum err
file_open_xml(struct job *j, struct returns_file *f)
{
    struct scope scope = job_scope_begin(j);
    struct cleanup *end = job_on_end(j, free_expat);
    struct sniff s = {0};
    enum err e;

    end->arg = s.expat = XML_ParserCreate("UTF-8");
    if (!s.expat)
        return err_set(j, ERR_BUSY, "there is not memory enough to read %s", f->name);
    XML_SetUserData(s.expat, &s);
    XML_SetElementHandler(s.expat, on_start, on_end);
    XML_SetCharacterDataHandler(s.expat, on_text);
    XML_SetStartDoctypeDeclHandler(s.expat, on_doctype);
    e = sniff_file(j, f, &s);
    job_scope_end(j, scope);
    if (e)
        return e;
    f->layout = layout_of_root(&s);
    if (!f->layout)
        return not_known(j, f, &s);
    f->form = FORM_XML;
    f->family = f->layout->family;
    return OK;
}
