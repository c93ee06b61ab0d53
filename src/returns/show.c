#include "returns/show.h"
#include "returns/recognise.h"
#include "returns/tree_plan.h"
#include <expat.h>

enum err
show_nothing(struct job *j, int64_t line)
{
    return err_set(j, ERR_NOT_FOUND, "no record starts in line %lld", (long long)line);
}

static enum err
show_csv(struct job *j, const struct kept_text *k, int64_t line, struct original **out,
         size_t *n)
{
    struct csv_limits limits = {.record_bytes = RECORD_TEXT};
    struct csv *names = csv_open_text(j, k->header.s, k->header.n, limits);
    struct csv *rows = csv_open_text(j, k->text.s, k->text.n, limits);
    struct csv_row name, row = {.line = 0};
    bool more;
    enum err e = csv_next(names, &name, &more);

    if (e || !more)
        return e ? e : show_nothing(j, line);
    do {
        e = csv_next(rows, &row, &more);
        if (e)
            return e;
    } while (more && row.line + k->first_line - 1 < line);
    if (!more || row.line + k->first_line - 1 != line)
        return show_nothing(j, line);
    *n = row.n > name.n ? row.n : name.n;
    *out = job_array(j, *n, sizeof **out);
    for (size_t i = 0; i < *n; i++) {
        (*out)[i].name = i < name.n ? job_copy_n(j, name.field[i].s, name.field[i].n) : "";
        (*out)[i].value = i < row.n ? job_copy_n(j, row.field[i].s, row.field[i].n) : "";
    }
    return OK;
}

/* An element of kept text, parsed by itself: its leaves, but for those of records in it. */
struct show {
    struct job *j;
    XML_Parser expat;
    const struct layout *l;
    int depth, within; /* depth at which a record within begins; 0 none */
    bool leaf, done, failed;
    struct original *list;
    size_t n, room;
    char *text;
    size_t n_text;
};
enum { MOST_TEXT = 64 * 1024 };

static bool
is_record(const struct layout *of, const char *element)
{
    for (size_t i = 0; i < n_layouts; i++)
        if (strcmp(layouts[i].family, of->family) == 0 &&
            layout_is_element(&layouts[i], span_of(element)))
            return true;
    return false;
}

static const char *
local(const char *element)
{
    const char *colon = strrchr(element, ':');

    return colon ? colon + 1 : element;
}

static void XMLCALL
on_start(void *arg, const char *element, const char **attributes)
{
    struct show *s = arg;

    (void)attributes;
    s->depth++;
    s->leaf = true;
    s->n_text = 0;
    if (s->depth > 1 && !s->within && is_record(s->l, local(element)))
        s->within = s->depth;
}

static void XMLCALL
on_text(void *arg, const char *text, int n)
{
    struct show *s = arg;
    size_t fits = MOST_TEXT - s->n_text < (size_t)n ? MOST_TEXT - s->n_text : (size_t)n;

    memcpy(s->text + s->n_text, text, fits);
    s->n_text += fits;
}

static void
add(struct show *s, const char *element)
{
    size_t n_name = strlen(element);
    char *name = job_try_alloc(s->j, n_name + 1), *value = job_try_alloc(s->j, s->n_text + 1);
    struct original *longer = s->list;

    if (s->n == s->room) {
        longer = job_try_alloc(s->j, (s->room * 2 + 32) * sizeof *longer);
        if (longer && s->n)
            memcpy(longer, s->list, s->n * sizeof *longer);
        s->room = s->room * 2 + 32;
    }
    if (!name || !value || !longer) {
        s->failed = true;
        XML_StopParser(s->expat, XML_FALSE);
        return;
    }
    memcpy(name, element, n_name);
    memcpy(value, s->text, s->n_text);
    s->list = longer;
    s->list[s->n++] = (struct original){name, value};
}

static void XMLCALL
on_end(void *arg, const char *element)
{
    struct show *s = arg;

    if (s->failed || s->done)
        return;
    if (s->leaf && !s->within)
        add(s, local(element));
    s->leaf = false;
    if (s->within == s->depth)
        s->within = 0;
    if (--s->depth == 0) {
        s->done = true;
        XML_StopParser(s->expat, XML_FALSE);
    }
}

static void
free_expat(void *arg)
{
    XML_ParserFree(arg);
}

/* Where a tag of this layout begins in the text; the text's end when there is none. */
static size_t
find_tag(struct span text, const struct layout *l)
{
    size_t at = 0;

    for (; at + 2 < text.n; at++) {
        const char *s = text.s + at, *end = s + 1;
        if (*s != '<')
            continue;
        while (end < text.s + text.n && !strchr(" \t\r\n/>", *end))
            if (*end++ == ':')
                s = end - 1;
        if (layout_is_element(l, (struct span){s + 1, (size_t)(end - s - 1)}))
            return at;
    }
    return text.n;
}

size_t
show_line(struct span text, int64_t first_line, int64_t line)
{
    size_t at = 0;

    for (; at < text.n && first_line < line; at++)
        first_line += text.s[at] == '\n' ||
                      (text.s[at] == '\r' && !(at + 1 < text.n && text.s[at + 1] == '\n'));
    return at;
}

static enum err
show_xml(struct job *j, const struct kept_text *k, int64_t line, struct original **out,
         size_t *n)
{
    struct cleanup *end = job_on_end(j, free_expat);
    struct show s = {.j = j, .l = k->layout, .text = job_alloc(j, MOST_TEXT)};
    size_t at = show_line(k->text, k->first_line, line);
    struct span text = {k->text.s + at, k->text.n - at};

    at = find_tag(text, s.l);
    if (line < k->first_line || at >= show_line(text, 0, 1))
        return show_nothing(j, line);
    end->arg = s.expat = XML_ParserCreate("UTF-8");
    if (!s.expat)
        return err_set(j, ERR_BUSY, "there is not memory enough to show the record");
    XML_SetUserData(s.expat, &s);
    XML_SetElementHandler(s.expat, on_start, on_end);
    XML_SetCharacterDataHandler(s.expat, on_text);
    if (XML_Parse(s.expat, text.s + at, (int)(text.n - at), true) == XML_STATUS_ERROR && !s.done)
        return s.failed ? j->err.kind : show_nothing(j, line);
    *out = s.list;
    *n = s.n;
    return OK;
}

enum err
returns_show(struct job *j, const struct kept_text *k, int64_t line, struct original **out,
             size_t *n)
{
    switch (k->form) {
    case FORM_CSV:
        return show_csv(j, k, line, out, n);
    case FORM_XML:
        return show_xml(j, k, line, out, n);
    case FORM_JSON:
        return show_json(j, k, line, out, n);
    }
    return show_nothing(j, line);
}
