#include "directory/template.h"
#include "base/csv.h"
#include "base/encoding.h"
#include "directory/feed_in.h"
#include <string.h>

static const struct template_column columns[] = {
#define COLUMN(name, path, about) {name, path, about},
#include "directory/template.def"
#undef COLUMN
};
enum { COLUMNS = sizeof columns / sizeof *columns };

const struct template_column *
template_columns(size_t *n)
{
    *n = COLUMNS;
    return columns;
}

const char *
template_cell(struct job *j, const json_t *doc, const struct template_column *c)
{
    const json_t *v = document_get(doc, c->path);

    if (json_is_boolean(v))
        return json_is_true(v) ? "yes" : "no";
    return v ? document_words(j, v) : "";
}

/* ---- read -------------------------------------------------------------------------------- */

struct template_feed {
    struct csv *csv;
    const char **name; /* by column of the file: the template's path, else the name itself */
    bool *known;
    size_t n;
};

static const struct template_column *
column_named(const char *name)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (!strcmp(columns[i].name, name))
            return &columns[i];
    return NULL;
}

static enum err
take_cell(struct job *j, struct template_feed *f, size_t i, const char *s, json_t *v)
{
    if (!*s)
        return OK;
    if (f->known[i])
        return document_set(j, v, f->name[i], json_string(s));
    json_object_set_new(v, f->name[i], json_string(s));
    return OK;
}

static enum err
next_row(struct job *j, void *arg, struct feed_record *out, bool *more)
{
    struct template_feed *f = arg;
    struct csv_row row;
    enum err e = csv_next(f->csv, &row, more);

    if (e || !*more)
        return e;
    *out = (struct feed_record){.line = row.line, .value = document_own(j, json_object())};
    for (size_t i = 0; !e && i < row.n && i < f->n; i++) {
        struct span s = span_trim((struct span){row.field[i].s, row.field[i].n});

        e = take_cell(j, f, i, job_copy_n(j, s.s, s.n), out->value);
    }
    if (row.n > f->n)
        out->fault = "It has more fields than there are columns.";
    return e;
}

static char *
header_name(struct job *j, struct csv_field c)
{
    char *s = text_header(j, (struct span){c.s, c.n});

    for (char *p = s; *p; p++)
        *p = (char)(*p == ' ' || *p == '-' ? '_' : *p);
    return s;
}

static enum err
read_header(struct job *j, struct template_feed *f, const char *place)
{
    struct csv_row row = {0};
    bool more = false, named = false;
    enum err e = csv_next(f->csv, &row, &more);

    if (e)
        return e;
    f->n = more ? row.n : 0;
    f->name = job_array(j, f->n + 1, sizeof *f->name);
    f->known = job_array(j, f->n + 1, sizeof *f->known);
    for (size_t i = 0; i < f->n; i++) {
        const char *name = header_name(j, row.field[i]);
        const struct template_column *c = column_named(name);

        named = named || !strcmp(name, "name");
        f->known[i] = c != NULL;
        f->name[i] = c ? c->path : name;
    }
    if (named)
        return OK;
    err_set(j, ERR_INPUT, "%s is no feed of services: a CSV needs a column \"name\"", place);
    return err_hint(j, "The columns there are: rooted directory template");
}

enum err
feed_open_template(struct job *j, struct span bytes, struct feed *out)
{
    struct template_feed *f = job_alloc(j, sizeof *f);
    enum encoding is = encoding_of(bytes.s, bytes.n);
    struct span text;

    if (is == ENC_BINARY)
        return err_set(j, ERR_INPUT, "%s is no text: it looks like %s", out->place,
                       encoding_binary_name(bytes.s, bytes.n));
    text = encoding_to_utf8(j, is, bytes.s, bytes.n);
    f->csv = csv_open_text(j, text.s, text.n, (struct csv_limits){0});
    out->kind = FEED_TEMPLATE;
    out->next = next_row;
    out->arg = f;
    return read_header(j, f, out->place);
}
