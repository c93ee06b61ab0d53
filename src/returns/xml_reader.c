#include "returns/xml_reader.h"
#include <limits.h>

enum { KEY_TEXT = 40, KEY_DIGEST = 8, FIELDS = 64 };

/* What is handed out, beside what is gathered. */
struct xml_reading {
    struct xml x; /* first: expat's callbacks know only this */
    const struct receiver *to;
    struct returns_counts *counts;
    struct file_text text;
    struct parser **parsers;  /* by layout of the plan; NULL: skipped */
    int64_t *last_key;        /* by layout: of its last record */
    int64_t fed;              /* bytes given to expat */
    int64_t piece, piece_line;
    char native[17];          /* what stands for NativeId */
    char *broken;             /* a piece with line ends put in; `room` bytes */
    size_t room;
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

/* The piece with the line ends put in that its records need. */
static struct span
with_breaks(struct xml_reading *r, struct span piece, int64_t until)
{
    const int64_t *at = r->x.breaks.mem;
    size_t n = 0;
    char *to;
    int64_t from = r->piece;

    if (r->x.breaks.n == 0)
        return piece;
    if (piece.n + r->x.breaks.n > r->room) {
        r->room = 2 * (piece.n + r->x.breaks.n);
        r->broken = job_alloc(r->x.j, r->room);
    }
    to = r->broken;
    for (size_t i = 0; i <= r->x.breaks.n; i++) {
        int64_t end = i < r->x.breaks.n ? at[i] : until;
        memcpy(to + n, piece.s + (from - r->piece), (size_t)(end - from));
        n += (size_t)(end - from);
        if (i < r->x.breaks.n)
            to[n++] = '\n';
        from = end;
    }
    return (struct span){to, n};
}

/* The text up to where expat stands. */
static enum err
hand_out_text(struct xml_reading *r)
{
    int64_t until = XML_GetCurrentByteIndex(r->x.expat);
    struct span piece = file_text_between(&r->text, r->piece, until);
    enum err e = OK;

    piece = with_breaks(r, piece, until);
    if (r->to->text && piece.n)
        e = r->to->text(r->x.j, r->to->arg, r->piece_line, piece.s, piece.n);
    r->piece_line = (int64_t)XML_GetCurrentLineNumber(r->x.expat) + r->x.added;
    r->piece = until;
    r->x.breaks.n = 0;
    file_text_drop(&r->text, until);
    return e;
}

/* Key of the record that this one belongs to: one around it, or the last of that table. */
static int64_t
parent_key(const struct xml_reading *r, const struct xml_node *nodes, const struct xml_node *node)
{
    int wanted = r->x.plan->layouts[node->layout].belongs_to;

    for (int i = node->parent; i >= 0; i = nodes[i].parent)
        if (nodes[i].layout == wanted)
            return nodes[i].key;
    return wanted >= 0 ? r->last_key[wanted] : 0;
}

/* "1f2e3d4c-17": the file's digest makes it unlike those of other files of the batch. */
static struct csv_field
key_text(const struct xml_reading *r, int64_t key, char *buf)
{
    char *at = buf + KEY_TEXT;

    if (key == 0)
        return (struct csv_field){"", 0};
    for (; key; key /= 10)
        *--at = (char)('0' + key % 10);
    *--at = '-';
    at -= KEY_DIGEST;
    memcpy(at, r->native, KEY_DIGEST);
    return (struct csv_field){at, (size_t)(buf + KEY_TEXT - at)};
}

static enum err
hand_out(struct xml_reading *r, const struct xml_node *nodes, const struct xml_node *node)
{
    const struct xml_layout *xl = &r->x.plan->layouts[node->layout];
    const struct xml_text *texts = (const struct xml_text *)r->x.texts.mem + node->texts;
    const char *bytes = r->x.bytes.mem;
    struct csv_field field[FIELDS];
    char key[KEY_TEXT], parent[KEY_TEXT];

    r->last_key[node->layout] = node->key;
    if (!r->parsers[node->layout]) {
        r->counts->skipped++;
        return OK;
    }
    for (size_t i = 0; i < xl->l->n_fields; i++)
        field[i] = texts[i].n ? (struct csv_field){bytes + texts[i].at, texts[i].n}
                              : (struct csv_field){"", 0};
    if (xl->key >= 0)
        field[xl->key] = key_text(r, node->key, key);
    if (xl->parent >= 0)
        field[xl->parent] = key_text(r, parent_key(r, nodes, node), parent);
    if (xl->native >= 0)
        field[xl->native] = (struct csv_field){r->native, strlen(r->native)};
    if (node->twice >= 0)
        parser_twice(r->parsers[node->layout], (size_t)node->twice);
    return parser_take(r->parsers[node->layout], field, xl->l->n_fields, NULL, node->line);
}

/* The records of tables with this place in the order; *next: the place after it. */
static enum err
hand_out_turn(struct xml_reading *r, int turn, int *next)
{
    const struct xml_node *nodes = r->x.nodes.mem;
    enum err e = OK;

    *next = INT_MAX;
    for (size_t i = 0; !e && i < r->x.nodes.n; i++) {
        int order = r->x.plan->layouts[nodes[i].layout].l->order;
        if (order == turn)
            e = hand_out(r, nodes, &nodes[i]);
        else if (order > turn && order < *next)
            *next = order;
    }
    return e;
}

/* All records of an outermost one, which is complete. */
static enum err
hand_out_all(struct xml_reading *r)
{
    enum err e = OK;
    int turn = INT_MIN, next;

    do {
        e = hand_out_turn(r, turn, &next);
        turn = next;
    } while (!e && next != INT_MAX);
    r->x.nodes.n = r->x.texts.n = r->x.bytes.n = 0;
    if (!e && XML_GetCurrentByteIndex(r->x.expat) - r->piece >= PIECE)
        e = hand_out_text(r);
    return e;
}

/* After a chunk: nothing may grow without an end. */
static enum err
check_size(struct xml_reading *r)
{
    int64_t done = XML_GetCurrentByteIndex(r->x.expat);
    bool token = r->fed - done > XML_TOKEN;
    char most[TEXT_NUMBER];

    if (r->x.node < 0 && done - r->piece >= PIECE)
        return hand_out_text(r);
    if (!token && r->fed - r->piece <= XML_RECORD)
        return OK;
    err_set(r->x.j, ERR_INPUT, "%s, line %llu: %s is larger than it may be (%s bytes)",
            r->x.f->name, (unsigned long long)XML_GetCurrentLineNumber(r->x.expat),
            token ? "a single tag" : "one record",
            text_count(token ? XML_TOKEN : XML_RECORD, most));
    return err_hint(r->x.j, "Look whether this is the file that was meant, or export it again.");
}

static enum err
feed(struct xml_reading *r, const char *s, size_t n, bool last)
{
    enum XML_Status status = XML_Parse(r->x.expat, s, (int)n, last);
    enum err e = OK;

    r->fed += (int64_t)n;
    while (status == XML_STATUS_SUSPENDED && !e) {
        e = hand_out_all(r);
        if (!e)
            status = XML_ResumeParser(r->x.expat);
    }
    if (e)
        return e;
    if (r->x.failed)
        return r->x.j->err.kind;
    if (status == XML_STATUS_ERROR)
        return xml_error(r->x.j, r->x.f, r->x.expat);
    return last ? OK : check_size(r);
}

static enum err
feed_all(struct xml_reading *r)
{
    char *chunk = r->text.direct ? NULL : job_alloc(r->x.j, XML_CHUNK);
    size_t at = 0, n = 0;
    enum err e;

    do {
        const char *s = r->text.s + at;
        if (r->text.direct) {
            n = r->text.n - at < XML_CHUNK ? r->text.n - at : XML_CHUNK;
            at += n;
        } else {
            e = file_text_read(r->x.j, &r->text, chunk, XML_CHUNK, &n);
            if (e)
                return e;
            s = chunk;
        }
        e = feed(r, s, n, n == 0);
    } while (!e && n > 0);
    return e ? e : hand_out_text(r);
}

static const char *
strangers(struct job *j, const struct xml *x)
{
    char *list = job_copy(j, "");

    if (x->strangers == 0)
        return "";
    for (int i = 0; i < XML_STRANGERS && x->stranger[i][0]; i++)
        list = job_format(j, "%s%s%s", list, *list ? ", " : "", x->stranger[i]);
    return job_format(j, "%lld elements not used here were passed over: %s%s",
                      (long long)x->strangers, list,
                      x->stranger[XML_STRANGERS - 1][0] ? " and others" : "");
}

static void
prepare(struct xml_reading *r, struct job *j, const struct returns_file *f)
{
    struct scratch text = scratch_new(j);

    r->x.j = j;
    r->x.f = f;
    r->x.node = -1;
    r->x.plan = xml_plan(j, f->family);
    r->x.open = job_array(j, r->x.plan->n_names + 1, sizeof *r->x.open);
    r->piece_line = 1;
    memcpy(r->native, f->digest, sizeof r->native - 1);
    r->parsers = job_array(j, r->x.plan->n_layouts, sizeof(struct parser *));
    r->last_key = job_array(j, r->x.plan->n_layouts, sizeof *r->last_key);
    for (size_t i = 0; i < r->x.plan->n_layouts; i++)
        if (!r->x.plan->layouts[i].l->skip)
            r->parsers[i] = parser_new(j, r->x.plan->layouts[i].l, text, r->to, r->counts);
    file_text_open(j, f, XML_RECORD + XML_TOKEN + PIECE + 2 * XML_CHUNK, &r->text);
}

enum err
file_read_xml(struct job *j, const struct returns_file *f, const struct receiver *to,
              struct returns_counts *counts)
{
    struct cleanup *end = job_on_end(j, free_expat);
    struct xml_reading *r = job_alloc(j, sizeof *r);
    enum err e;

    r->to = to;
    r->counts = counts;
    prepare(r, j, f);
    /* what the file declares of its encoding is overruled: it is UTF-8 by now */
    end->arg = r->x.expat = XML_ParserCreate("UTF-8");
    if (!r->x.expat)
        return err_set(j, ERR_BUSY, "there is not memory enough to read %s", f->name);
    xml_listen(&r->x);
    e = feed_all(r);
    counts->note = strangers(j, &r->x);
    return e;
}
