#include "base/date.h"
#include "returns/mapping.h"
#include "returns/open.h"
#include "returns/recognise.h"

/* ---- the file as it is ------------------------------------------------------------- */

static const char **
texts_of(struct job *j, const struct csv_row *row, size_t n)
{
    const char **text = job_array(j, n, sizeof *text);

    for (size_t i = 0; i < n; i++)
        text[i] = i < row->n ? job_copy_n(j, row->field[i].s, row->field[i].n) : "";
    return text;
}

/* A file that no layout is found for yet. */
static enum err
open_plain(struct job *j, const char *path, struct returns_file **out)
{
    struct returns_file *f = job_alloc(j, sizeof *f);
    const char *slash = strrchr(path, '/');
    enum err e;

    f->path = job_copy(j, path);
    f->base = f->name = job_copy(j, slash ? slash + 1 : path);
    f->note = "";
    if ((e = file_map(j, path, f)) || (e = file_judge(j, f)))
        return e;
    if (!f->n_bytes) {
        err_set(j, ERR_INPUT, "%s is empty", f->name);
        return err_hint(j, "Export it again.");
    }
    *out = f;
    return OK;
}

enum err
mapping_look(struct job *j, const char *path, struct mapping_sample *out)
{
    struct returns_file *f = NULL;
    struct file_text text;
    struct csv_row row;
    struct csv *csv;
    bool more;
    enum err e = open_plain(j, path, &f);

    *out = (struct mapping_sample){.missing = "", .unknown = ""};
    if (e)
        return e;
    file_text_open(j, f, 0, &text);
    csv = file_text_csv(j, &text, HEADER_TEXT);
    if ((e = file_named(j, f, csv_next(csv, &row, &more))) || !more)
        return e ? e : err_set(j, ERR_INPUT, "%s is empty", f->name);
    out->n_columns = row.n;
    out->column = texts_of(j, &row, row.n);
    out->header = mapping_header(j, out->column, row.n);
    recognise_nearest(j, row.field, row.n, out);
    out->row = job_array(j, MAPPING_ROWS, sizeof *out->row);
    while (out->n_rows < MAPPING_ROWS && !(e = file_named(j, f, csv_next(csv, &row, &more))) &&
           more)
        out->row[out->n_rows++] = texts_of(j, &row, out->n_columns);
    return e;
}

/* ---- as a mapping reads it --------------------------------------------------------- */

struct preview {
    struct mapping_row *row;
    size_t n;
    const char *findings; /* of the record to come */
};

static const char *
value_words(struct job *j, const struct field *f, const struct value *v)
{
    char buf[DATE_TEXT];

    if (!v->given)
        return "";
    if (f->type == FIELD_DATE)
        return job_copy(j, date_iso((int32_t)v->i, buf));
    if (f->type == FIELD_BOOL)
        return v->i ? "yes" : "no";
    if (f->type == FIELD_INT)
        return job_format(j, "%lld", (long long)v->i);
    if (f->type == FIELD_DECIMAL)
        return job_format(j, "%lld.%02d", (long long)(v->i / 100), (int)(v->i % 100));
    return job_copy_n(j, v->s, v->n);
}

static enum err
on_record(struct job *j, void *arg, const struct record *r)
{
    struct preview *p = arg;
    struct mapping_row *row = &p->row[p->n++];

    *row = (struct mapping_row){r->line, r->refused,
                                job_array(j, r->layout->n_fields, sizeof *row->value),
                                p->findings};
    for (size_t i = 0; i < r->layout->n_fields; i++)
        row->value[i] = value_words(j, &r->layout->fields[i], &r->v[i]);
    p->findings = "";
    return p->n == MAPPING_ROWS ? ERR_CONFLICT : OK; /* enough: nothing is wrong */
}

static enum err
on_finding(struct job *j, void *arg, const struct finding *f)
{
    struct preview *p = arg;

    p->findings = job_format(j, "%s%s%s", p->findings, *p->findings ? "\n" : "", f->message);
    return OK;
}

enum err
mapping_preview(struct job *j, const char *path, const struct mapping *m,
                struct mapping_row **out, size_t *n)
{
    struct preview p = {.row = job_array(j, MAPPING_ROWS, sizeof *p.row), .findings = ""};
    struct reading reading = {0};
    struct receiver to = {&p, on_record, on_finding, NULL, &reading};
    struct returns_set set = {.mapping = m, .n_mappings = 1};
    struct returns_counts counts;
    enum err e = mapping_check(j, m);

    *out = p.row;
    *n = 0;
    if (e || (e = returns_open_all(j, path, &set)))
        return e;
    if (set.n != 1 || set.file[0]->mapping == NULL) {
        err_set(j, ERR_INPUT, "this file does not have the columns that \"%s\" was made for",
                m->name);
        return err_hint(j, "Map its columns anew.");
    }
    e = returns_read(j, set.file[0], &to, &counts);
    if (e == ERR_CONFLICT && p.n == MAPPING_ROWS)
        e = OK;
    if (!e)
        err_clear(j);
    *n = p.n;
    return e;
}
