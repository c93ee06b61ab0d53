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
        part ? job_copy(j, part + strlen(contents_within)) : NULL, 0};
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

/* The rows of what is mapped, from the first on; as often as wanted. */
struct look {
    struct returns_file *f;
    bool sheet;
    struct span text; /* of a sheet */
};

static struct csv *
rows_of(struct job *j, const struct look *k)
{
    struct file_text *text;

    if (k->sheet)
        return csv_open_text(j, k->text.s, k->text.n,
                             (struct csv_limits){.record_bytes = RECORD_TEXT});
    text = job_alloc(j, sizeof *text);
    file_text_open(j, k->f, 0, text);
    return file_text_csv(j, text, HEADER_TEXT);
}

static enum err
open_sheet(struct job *j, struct look *k, const char *sheet)
{
    struct xlsx *x = job_alloc(j, sizeof *x);
    struct span bytes = {k->f->bytes, k->f->n_bytes};
    struct archive *a;
    const char *note;
    size_t i = 0;
    enum err e = archive_open(j, k->f->name, bytes, unpacked_most, &a);

    if (e)
        return e;
    if (!xlsx_is(a))
        return err_set(j, ERR_INPUT, "%s is not a workbook", k->f->name);
    if ((e = xlsx_open(j, a, x)))
        return e;
    while (i < x->n_sheets && strcmp(x->sheet[i].name, sheet) != 0)
        i++;
    if (i == x->n_sheets || x->sheet[i].part < 0)
        return err_set(j, ERR_NOT_FOUND, "%s has no such sheet", k->f->name);
    return xlsx_read(j, x, i, &k->text, &note);
}

/* "Pupil, School, Day and more" */
static const char *
cells_text(struct job *j, const struct csv_row *row)
{
    enum { CELLS = 4, SHORT = 24 };
    const char *text = "";
    size_t told = 0, more = 0;

    for (size_t i = 0; i < row->n; i++) {
        struct span v = span_trim((struct span){row->field[i].s, row->field[i].n});
        size_t n = v.n < SHORT ? v.n : SHORT;
        while (n && n < v.n && ((unsigned char)v.s[n] & 0xC0) == 0x80)
            n--; /* not within a character */
        more += v.n && told == CELLS;
        if (v.n && told < CELLS) {
            text = job_format(j, "%s%s%.*s%s", text, told ? ", " : "", (int)n, v.s,
                              n < v.n ? "…" : "");
            told++;
        }
    }
    return more ? job_format(j, "%s and %zu more", text, more) : text;
}

/* The rows that may name the columns, and the one that does. */
static enum err
look_at_beginning(struct job *j, const struct look *k, int64_t chosen, struct mapping_sample *out)
{
    struct csv *csv = rows_of(j, k);
    size_t most = 0;
    struct csv_row row;
    bool more;
    enum err e = OK;

    out->begin = job_array(j, HEADER_ROWS, sizeof *out->begin);
    for (int i = 0; i < HEADER_ROWS && !(e = csv_next(csv, &row, &more)) && more; i++) {
        size_t filled = contents_filled(&row);
        if (!filled)
            continue;
        out->begin[out->n_begin++] = (struct mapping_line){row.line, cells_text(j, &row)};
        if (chosen ? row.line == chosen : filled > most && (k->sheet || !most))
            out->first = row.line;
        most = filled > most ? filled : most;
    }
    if (e)
        return file_named(j, k->f, e);
    if (!most)
        return err_set(j, ERR_INPUT, "%s is empty", k->f->name);
    return out->first ? OK
                      : err_set(j, ERR_INPUT, "row %lld of %s does not name its columns: it is "
                                "none of the first %d, or blank", (long long)chosen, k->f->name,
                                (int)HEADER_ROWS);
}

/* From the row on that names the columns. */
static enum err
take_rows(struct job *j, const struct look *k, struct mapping_sample *out)
{
    struct csv *csv = rows_of(j, k);
    struct csv_row row;
    bool more;
    enum err e;

    do
        e = file_named(j, k->f, csv_next(csv, &row, &more));
    while (!e && more && row.line < out->first);
    if (e)
        return e;
    out->n_columns = row.n;
    out->column = texts_of(j, &row, row.n);
    out->header = mapping_header(j, out->column, row.n);
    recognise_nearest(j, row.field, row.n, out);
    out->row = job_array(j, MAPPING_ROWS, sizeof *out->row);
    while (out->n_rows < MAPPING_ROWS && !(e = file_named(j, k->f, csv_next(csv, &row, &more))) &&
           more)
        out->row[out->n_rows++] = texts_of(j, &row, out->n_columns);
    return e;
}

enum err
mapping_look(struct job *j, struct mapping_file of, struct mapping_sample *out)
{
    struct look k = {.sheet = of.sheet != NULL};
    enum err e = open_plain(j, of.path, &k.f);

    *out = (struct mapping_sample){.missing = "", .unknown = ""};
    if (e || (e = of.sheet ? open_sheet(j, &k, of.sheet) : file_judge(j, k.f)) ||
        (e = look_at_beginning(j, &k, of.row, out)))
        return e;
    return take_rows(j, &k, out);
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
