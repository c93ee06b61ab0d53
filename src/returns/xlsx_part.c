#include "returns/xlsx.h"
#include <expat.h>
#include <strings.h>

void
xlsx_part_stop(struct xlsx_part *p)
{
    p->failed = true;
    XML_StopParser(p->expat, XML_FALSE);
}

void
xlsx_part_refuse(struct xlsx_part *p, const char *what)
{
    err_set(p->j, ERR_INPUT, "%s, %s: %s", p->book->name, p->name, what);
    err_hint(p->j, "Look whether this is the file that was meant, or save it again.");
    xlsx_part_stop(p);
}

static const char *
local(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon ? colon + 1 : name;
}

const char *
xlsx_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (!strcmp(local(attributes[0]), name))
            return attributes[1];
    return NULL;
}

static void XMLCALL
on_start(void *arg, const char *element, const char **attributes)
{
    struct xlsx_part *p = arg;

    if (!p->failed)
        p->start(p, local(element), attributes);
}

static void XMLCALL
on_end(void *arg, const char *element)
{
    struct xlsx_part *p = arg;

    if (!p->failed && p->end)
        p->end(p, local(element));
}

static void XMLCALL
on_text(void *arg, const char *s, int n)
{
    struct xlsx_part *p = arg;

    if (!p->failed && p->text)
        p->text(p, s, (size_t)n);
}

/* No document type, so no entities either: nothing can grow or be fetched. */
static void XMLCALL
on_doctype(void *arg, const char *name, const char *system, const char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    xlsx_part_refuse(arg, "it declares a document type, which no workbook does");
}

static enum err
not_well_formed(struct xlsx_part *p)
{
    enum XML_Error why = XML_GetErrorCode(p->expat);

    if (p->failed)
        return p->j->err.kind;
    if (why == XML_ERROR_NO_MEMORY)
        return err_set(p->j, ERR_BUSY, "there is not memory enough to read %s", p->book->name);
    err_set(p->j, ERR_INPUT, "%s is damaged: %s cannot be read", p->book->name, p->name);
    err_hint(p->j, "Open it in Excel and save it again.");
    return err_detail(p->j, "%s", XML_ErrorString(why));
}

static bool
feed(void *arg, const char *s, size_t n)
{
    struct xlsx_part *p = arg;

    return XML_Parse(p->expat, s, (int)n, false) == XML_STATUS_OK;
}

static void
free_expat(void *arg)
{
    XML_ParserFree(arg);
}

enum err
xlsx_part_read(struct xlsx_part *p, size_t index)
{
    struct scope s = job_scope_begin(p->j);
    struct cleanup *end = job_on_end(p->j, free_expat);
    enum err e;

    end->arg = p->expat = XML_ParserCreate(NULL);
    if (!p->expat)
        return err_set(p->j, ERR_BUSY, "there is not memory enough to read %s", p->book->name);
    XML_SetUserData(p->expat, p);
    XML_SetElementHandler(p->expat, on_start, on_end);
    XML_SetCharacterDataHandler(p->expat, on_text);
    XML_SetStartDoctypeDeclHandler(p->expat, on_doctype);
    e = archive_read(p->j, p->book->archive, index,
                     (struct archive_sink){p->most, feed, p});
    if (!e && (p->failed || XML_GetErrorCode(p->expat) != XML_ERROR_NONE ||
               XML_Parse(p->expat, "", 0, true) != XML_STATUS_OK))
        e = not_well_formed(p);
    job_scope_end(p->j, s);
    return e;
}
