#include "returns/tree.h"
#include "returns/tree_listed.h"

enum { NAME = 128, ESCAPED = 8 };

/* An element that is open. */
struct open {
    char name[NAME];
    size_t n;
    enum tree_kind kind;
    int64_t line;  /* in which it is to begin, a record; 0 any */
    bool heard;    /* has text */
    bool written;
    bool followed; /* JSON: something within it was written */
};
struct tree_listed {
    struct open open[TREE_DEPTH + 1];
    bool json, begun; /* begun: JSON, a record was written */
    int64_t line, piece_line;
    char *s;
    size_t n, room;
};

struct tree_listed *
tree_listed_new(struct job *j, const struct tree_plan *p)
{
    static const char *const first[] = {"<?xml version=\"1.0\"?>", "["};
    struct tree_listed *w = NULL;

    for (size_t i = 0; i < p->n_layouts && !w; i++)
        if (p->layouts[i].l->text == TEXT_LISTED)
            w = job_alloc(j, sizeof *w);
    if (!w)
        return NULL;
    w->json = p->json;
    w->line = w->piece_line = 1;
    w->room = TREE_CHUNK;
    w->s = job_alloc(j, w->room);
    w->n = strlen(first[p->json]); /* which form it is, whatever follows */
    memcpy(w->s, first[p->json], w->n);
    return w;
}

/* ---- bytes -------------------------------------------------------------------------- */

static bool
make_room(struct tree *x, size_t more)
{
    struct tree_listed *w = x->listed;
    size_t room = w->room;
    char *s;

    if (w->n + more <= w->room)
        return true;
    while (room < w->n + more)
        room *= 2;
    s = job_try_alloc(x->j, room);
    if (!s) {
        x->failed = true;
        x->library->stop(x);
        return false;
    }
    memcpy(s, w->s, w->n);
    w->s = s;
    w->room = room;
    return true;
}

static void
put(struct tree *x, const char *s, size_t n)
{
    if (x->failed || !make_room(x, n))
        return;
    memcpy(x->listed->s + x->listed->n, s, n);
    x->listed->n += n;
}

static void
put_line(struct tree *x)
{
    put(x, "\n", 1);
    x->listed->line++;
}

/* One character as the form needs it; line ends become blanks, so that lines stay countable. */
static size_t
escape(const struct tree_listed *w, char c, char out[ESCAPED])
{
    static const struct {
        char c;
        const char *xml;
    } marks[] = {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}};

    if (c == '\n' || c == '\r' || c == '\t')
        c = ' ';
    for (size_t i = 0; !w->json && i < sizeof marks / sizeof *marks; i++)
        if (marks[i].c == c)
            return (size_t)snprintf(out, ESCAPED, "%s", marks[i].xml);
    if (w->json && (c == '"' || c == '\\'))
        return (size_t)snprintf(out, ESCAPED, "\\%c", c);
    if (w->json && (unsigned char)c < ' ')
        return (size_t)snprintf(out, ESCAPED, "\\u%04x", (unsigned)(unsigned char)c);
    out[0] = c;
    return 1;
}

/* Does it stand in the text as it is? */
static bool
is_plain(const struct tree_listed *w, char c)
{
    if ((unsigned char)c < ' ')
        return false;
    return w->json ? c != '"' && c != '\\' : c != '<' && c != '>' && c != '&';
}

static void
put_escaped(struct tree *x, struct span text)
{
    char out[ESCAPED];

    for (size_t i = 0, from = 0; i < text.n; from = i) {
        while (i < text.n && is_plain(x->listed, text.s[i]))
            i++;
        put(x, text.s + from, i - from);
        if (i < text.n) {
            put(x, out, escape(x->listed, text.s[i], out));
            i++;
        }
    }
}

/* ---- elements ----------------------------------------------------------------------- */

static void
begin_json(struct tree *x, struct open *o, struct open *around)
{
    struct tree_listed *w = x->listed;

    if (!around)
        put(x, ",", w->begun);
    else if (around->followed)
        put(x, ",", 1);
    w->begun = true;
    if (around) {
        around->followed = true;
        put(x, "\"", 1);
        put_escaped(x, (struct span){o->name, o->n});
        put(x, "\":", 2);
    }
    while (w->line < o->line && !x->failed)
        put_line(x);
    if (o->kind == TREE_BRANCH)
        put(x, "{", 1);
}

static void
begin_xml(struct tree *x, struct open *o)
{
    while (x->listed->line < o->line && !x->failed)
        put_line(x);
    put(x, "<", 1);
    put(x, o->name, o->n);
    put(x, ">", 1);
}

/* From the outermost record inwards: what is around the present element, and it. */
static void
write_open(struct tree *x)
{
    struct tree_listed *w = x->listed;
    int first = ((const struct tree_node *)x->nodes.mem)[0].depth;

    for (int d = first; d <= x->depth; d++) {
        struct open *o = &w->open[d];
        if (o->written)
            continue;
        o->written = true;
        if (w->json)
            begin_json(x, o, d > first ? &w->open[d - 1] : NULL);
        else
            begin_xml(x, o);
    }
}

void
tree_listed_start(struct tree *x, const char *name, size_t n, enum tree_kind kind)
{
    struct open *o = &x->listed->open[x->depth];

    /* all but the name, of which only n bytes count */
    o->n = n < NAME ? n : NAME - 1;
    o->kind = kind;
    o->line = 0;
    o->heard = o->written = o->followed = false;
    memcpy(o->name, name, o->n);
}

void
tree_listed_record(struct tree *x, int64_t line)
{
    x->listed->open[x->depth].line = line;
}

void
tree_listed_end(struct tree *x)
{
    struct tree_listed *w = x->listed;
    const struct open *o = &w->open[x->depth];

    if (!o->written) {
        x->left_out += o->heard;
        return;
    }
    if (w->json) {
        if (o->kind == TREE_BRANCH)
            put(x, "}", 1);
        return;
    }
    put(x, "</", 2);
    put(x, o->name, o->n);
    put(x, ">", 1);
}

void
tree_listed_heard(struct tree *x, struct span text)
{
    bool *heard = &x->listed->open[x->depth].heard;

    for (size_t i = 0; i < text.n && !*heard; i++)
        *heard = text.s[i] != ' ' && text.s[i] != '\t' && text.s[i] != '\r' && text.s[i] != '\n';
}

void
tree_listed_text(struct tree *x, const struct layout *l, size_t field, struct span text)
{
    if (l->skip || l->text == TEXT_NONE || l->fields[field].rules & FIELD_UNUSED)
        return;
    write_open(x);
    if (x->listed->json)
        put(x, "\"", 1);
    put_escaped(x, text);
    if (x->listed->json)
        put(x, "\"", 1);
}

/* It goes on to the line before the present one and ends with a line end: the next piece does
 * not begin in the line of a record of this one. */
struct span
tree_listed_take(struct tree *x, int64_t now, int64_t *line)
{
    struct tree_listed *w = x->listed;
    struct span out;

    while (w->line < now - 1 && !x->failed)
        put_line(x);
    if (w->n)
        put_line(x);
    out = (struct span){w->s, w->n};
    *line = w->piece_line;
    w->n = 0;
    w->piece_line = w->line;
    return out;
}
