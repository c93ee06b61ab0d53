#include "returns/tree.h"
#include <expat.h>

/* An XML file as expat reads it. */
struct xml {
    struct tree tree; /* first: tree_events.c knows only this */
    XML_Parser expat;
    int64_t fed;      /* bytes given to expat */
};

enum err
xml_error(struct job *j, const struct returns_file *f, XML_Parser p)
{
    enum XML_Error why = XML_GetErrorCode(p);
    unsigned long long line = XML_GetCurrentLineNumber(p), column = XML_GetCurrentColumnNumber(p);

    if (why == XML_ERROR_NO_MEMORY)
        return err_set(j, ERR_BUSY, "there is not memory enough to read %s", f->name);
    if (why == XML_ERROR_NO_ELEMENTS || why == XML_ERROR_UNCLOSED_TOKEN ||
        why == XML_ERROR_PARTIAL_CHAR || why == XML_ERROR_UNCLOSED_CDATA_SECTION) {
        err_set(j, ERR_INPUT, "%s breaks off in line %llu: its end is missing", f->name, line);
        return err_hint(j, "The file is not whole. Copy or export it again.");
    }
    err_set(j, ERR_INPUT, "%s, line %llu, column %llu: this is not well-formed XML (%s)", f->name,
            line, column + 1, XML_ErrorString(why));
    return err_hint(j, "Export it again; do not change such a file by hand.");
}

static void
free_expat(void *arg)
{
    XML_ParserFree(arg);
}

/* ---- what expat can do and say --------------------------------------------------- */

static void
stop(struct tree *x)
{
    XML_StopParser(((struct xml *)x)->expat, XML_FALSE);
}

static void
pause_expat(struct tree *x)
{
    XML_StopParser(((struct xml *)x)->expat, XML_TRUE);
}

static int64_t
line_of(struct tree *x)
{
    return (int64_t)XML_GetCurrentLineNumber(((struct xml *)x)->expat);
}

static int64_t
byte_of(struct tree *x)
{
    return XML_GetCurrentByteIndex(((struct xml *)x)->expat);
}

static bool
begins_line(struct tree *x)
{
    (void)x; /* it is found by its name, wherever it stands in the line */
    return true;
}

static const struct tree_library library = {stop, pause_expat, line_of, byte_of, begins_line};

static void XMLCALL
on_start(void *arg, const char *element, const char **attributes)
{
    (void)attributes;
    tree_start(arg, element, strlen(element), TREE_EITHER);
}

static void XMLCALL
on_end(void *arg, const char *element)
{
    tree_end(arg, element, strlen(element));
}

static void XMLCALL
on_text(void *arg, const char *s, int n)
{
    tree_text(arg, s, (size_t)n);
}

/* No document type, so no entities either: nothing can grow or be fetched. */
static void XMLCALL
on_doctype(void *arg, const char *name, const char *system, const char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    tree_refuse(arg, "the file declares a document type, which no return does; such files are "
                     "not read");
}

/* ---- reading --------------------------------------------------------------------- */

static enum err
hand_out_text(struct xml *r)
{
    return tree_hand_out_text(&r->tree, byte_of(&r->tree), line_of(&r->tree));
}

/* After a chunk: nothing may grow without an end. */
static enum err
check_size(struct xml *r)
{
    int64_t done = XML_GetCurrentByteIndex(r->expat);
    bool token = r->fed - done > TREE_TOKEN;

    if (r->tree.node < 0 && done - r->tree.piece >= PIECE)
        return hand_out_text(r);
    if (!token && r->fed - r->tree.piece <= TREE_RECORD)
        return OK;
    return tree_too_large(&r->tree, line_of(&r->tree), token ? "a single tag" : NULL);
}

static enum err
feed(struct xml *r, const char *s, size_t n, bool last)
{
    enum XML_Status status = XML_Parse(r->expat, s, (int)n, last);
    enum err e = OK;

    r->fed += (int64_t)n;
    while (status == XML_STATUS_SUSPENDED && !e) {
        e = tree_hand_out(&r->tree, byte_of(&r->tree), line_of(&r->tree));
        if (!e)
            status = XML_ResumeParser(r->expat);
    }
    if (e)
        return e;
    if (r->tree.failed)
        return r->tree.j->err.kind;
    if (status == XML_STATUS_ERROR)
        return xml_error(r->tree.j, r->tree.f, r->expat);
    return last ? OK : check_size(r);
}

static enum err
feed_all(struct xml *r)
{
    char *chunk = r->tree.text.direct ? NULL : job_alloc(r->tree.j, TREE_CHUNK);
    size_t at = 0, n = 0;
    enum err e;

    do {
        const char *s = r->tree.text.s + at;
        if (r->tree.text.direct) {
            n = r->tree.text.n - at < TREE_CHUNK ? r->tree.text.n - at : TREE_CHUNK;
            at += n;
        } else {
            e = file_text_read(r->tree.j, &r->tree.text, chunk, TREE_CHUNK, &n);
            if (e)
                return e;
            s = chunk;
        }
        e = feed(r, s, n, n == 0);
    } while (!e && n > 0);
    return e ? e : hand_out_text(r);
}

static void
listen(struct xml *r)
{
    XML_SetUserData(r->expat, &r->tree);
    XML_SetElementHandler(r->expat, on_start, on_end);
    XML_SetCharacterDataHandler(r->expat, on_text);
    XML_SetStartDoctypeDeclHandler(r->expat, on_doctype);
}

enum err
file_read_xml(struct job *j, const struct returns_file *f, const struct receiver *to,
              struct returns_counts *counts)
{
    struct cleanup *end = job_on_end(j, free_expat);
    struct xml *r = job_alloc(j, sizeof *r);
    enum err e;

    r->tree.to = to;
    r->tree.counts = counts;
    r->tree.library = &library;
    tree_prepare(&r->tree, j, f, FORM_XML);
    /* what the file declares of its encoding is overruled: it is UTF-8 by now */
    end->arg = r->expat = XML_ParserCreate("UTF-8");
    if (!r->expat)
        return err_set(j, ERR_BUSY, "there is not memory enough to read %s", f->name);
    listen(r);
    e = feed_all(r);
    counts->note = tree_strangers(j, &r->tree);
    return e;
}
