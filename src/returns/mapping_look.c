#include "base/date.h"
#include "returns/mapping.h"
#include "returns/open.h"
#include "returns/recognise.h"
#include "returns/xlsx.h"
#include <strings.h>

/* Somebody waits for a page meanwhile: of what is larger a smaller part is exported first. */
static const int64_t unpacked_most = 512 * 1024 * 1024;

static bool
ends_in(const char *name, size_t n, const char *ending)
{
    size_t k = strlen(ending);

    return n > k && !strncasecmp(name + n - k, ending, k);
}

bool
mapping_file_named(struct job *j, const char *folder, const char *name, struct mapping_file *out)
{
    const char *part = strstr(name, contents_within);
    size_t n = part ? (size_t)(part - name) : strlen(name);

    if (!*name || *name == '.' || memchr(name, '/', n))
        return false;
    if (part ? !ends_in(name, n, ".xlsx") && !ends_in(name, n, ".xlsm")
             : !ends_in(name, n, ".csv") && !ends_in(name, n, ".txt"))
        return false;
    *out = (struct mapping_file){
        job_format(j, "%s/%.*s", folder, (int)n, name),
        part ? job_copy(j, part + strlen(contents_within)) : NULL};
    return true;
}

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
    if ((e = file_map(j, path, f)))
        return e;
    if (!f->n_bytes) {
        err_set(j, ERR_INPUT, "%s is empty", f->name);
        return err_hint(j, "Export it again.");
    }
    *out = f;
    return OK;
}

/* From the row on that names the columns: the first of those with most cells. */
static enum err
from_header(struct job *j, const struct returns_file *f, struct span *text)
{
    struct csv_limits limits = {.record_bytes = RECORD_TEXT};
    struct csv *csv = csv_open_text(j, text->s, text->n, limits);
    size_t most = 0, at = 0;
    struct csv_row row;
    bool more;
    enum err e = OK;

    for (int i = 0; i < HEADER_ROWS && !(e = csv_next(csv, &row, &more)) && more; i++)
        if (contents_filled(&row) > most) {
            most = contents_filled(&row);
            at = (size_t)row.offset;
        }
    if (e || !most)
        return e ? file_named(j, f, e) : err_set(j, ERR_INPUT, "%s is empty", f->name);
    *text = (struct span){text->s + at, text->n - at};
    return OK;
}

static enum err
open_sheet(struct job *j, struct returns_file *f, const char *sheet, struct csv **out)
{
    struct xlsx *x = job_alloc(j, sizeof *x);
    struct span text, bytes = {f->bytes, f->n_bytes};
    struct archive *a;
    const char *note;
    size_t i = 0;
    enum err e = archive_open(j, f->name, bytes, unpacked_most, &a);

    if (e)
        return e;
    if (!xlsx_is(a))
        return err_set(j, ERR_INPUT, "%s is not a workbook", f->name);
    if ((e = xlsx_open(j, a, x)))
        return e;
    while (i < x->n_sheets && strcmp(x->sheet[i].name, sheet) != 0)
        i++;
    if (i == x->n_sheets || x->sheet[i].part < 0)
        return err_set(j, ERR_NOT_FOUND, "%s has no such sheet", f->name);
    if ((e = xlsx_read(j, x, i, &text, &note)) || (e = from_header(j, f, &text)))
        return e;
    *out = csv_open_text(j, text.s, text.n, (struct csv_limits){.record_bytes = RECORD_TEXT});
    return OK;
}

static enum err
open_csv(struct job *j, struct returns_file *f, struct csv **out)
{
    struct file_text *text = job_alloc(j, sizeof *text);
    enum err e = file_judge(j, f);

    if (e)
        return e;
    file_text_open(j, f, 0, text);
    *out = file_text_csv(j, text, HEADER_TEXT);
    return OK;
}

enum err
mapping_look(struct job *j, struct mapping_file of, struct mapping_sample *out)
{
    struct returns_file *f = NULL;
    struct csv_row row;
    struct csv *csv = NULL;
    bool more;
    enum err e = open_plain(j, of.path, &f);

    *out = (struct mapping_sample){.missing = "", .unknown = ""};
    if (e || (e = of.sheet ? open_sheet(j, f, of.sheet, &csv) : open_csv(j, f, &csv)))
        return e;
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
    if (f->type == FIELD_DEGREES)
        return job_format(j, "%.6f", (double)v->i / 1000000);
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

/* The file, or its sheet, when the mapping is what it is read by; else NULL. */
static const struct returns_file *
part_of(const struct returns_set *set, struct mapping_file of)
{
    for (size_t i = 0; i < set->n; i++) {
        const struct returns_file *f = set->file[i];
        bool it = of.sheet ? f->sheet && !strcmp(f->sheet, of.sheet) : !f->folder;
        if (it && f->mapping)
            return f;
    }
    return NULL;
}

enum err
mapping_preview(struct job *j, struct mapping_file of, const struct mapping *m,
                struct mapping_row **out, size_t *n)
{
    struct preview p = {.row = job_array(j, MAPPING_ROWS, sizeof *p.row), .findings = ""};
    struct reading reading = {0};
    struct receiver to = {&p, on_record, on_finding, NULL, &reading};
    struct returns_set set = {.mapping = m, .n_mappings = 1, .most = unpacked_most};
    const struct returns_file *f;
    struct returns_counts counts;
    enum err e = mapping_check(j, m);

    *out = p.row;
    *n = 0;
    if (e || (e = returns_open_all(j, of.path, &set)))
        return e;
    if (!(f = part_of(&set, of))) {
        err_set(j, ERR_INPUT, "this file does not have the columns that \"%s\" was made for",
                m->name);
        return err_hint(j, "Map its columns anew.");
    }
    e = returns_read(j, f, &to, &counts);
    if (e == ERR_CONFLICT && p.n == MAPPING_ROWS)
        e = OK;
    if (!e)
        err_clear(j);
    *n = p.n;
    return e;
}
