#include "returns/open.h"
#include "returns/xlsx.h"
#include <stdlib.h>

/* What a file holds: itself, the sheets of a workbook, the members of a zip. */
static const int64_t unpacked_by_default = INT64_C(8) * 1024 * 1024 * 1024;
const char contents_within[] = " \xE2\x80\xBA "; /* › */

static void *
grown(struct job *j, void *list, size_t n, size_t size)
{
    /* room is always a power of two, from 8 on */
    if (n && (n < 8 || (n & (n - 1)) != 0))
        return list;
    return n ? job_grow(j, list, n * size, 2 * n * size) : job_array(j, 8, size);
}

static void
add_file(struct job *j, struct returns_set *out, struct returns_file *f)
{
    out->file = grown(j, out->file, out->n, sizeof *out->file);
    out->file[out->n++] = f;
}

static void
add_left(struct job *j, struct returns_set *out, const char *name, const char *why)
{
    out->left = grown(j, out->left, out->n_left, sizeof *out->left);
    out->left[out->n_left++] = (struct returns_left){name, why};
}

/* The job's error becomes the reason why a part is left; what was opened of it is closed. */
static enum err
leave(struct job *j, struct returns_set *out, struct scope s, const char *name)
{
    char why[sizeof j->err.message], label[300];
    enum err e = j->err.kind;

    if (e != ERR_INPUT)
        return e;
    snprintf(why, sizeof why, "%s", j->err.message);
    snprintf(label, sizeof label, "%s", name);
    job_scope_end(j, s);
    err_clear(j);
    add_left(j, out, job_copy(j, label), job_copy(j, why));
    return OK;
}

/* ---- workbook --------------------------------------------------------------------- */

size_t
contents_filled(const struct csv_row *row)
{
    size_t n = 0;

    for (size_t i = 0; i < row->n; i++)
        n += span_trim((struct span){row->field[i].s, row->field[i].n}).n > 0;
    return n;
}

/* The row that names the columns is the first which a table is recognised by; titles may
 * stand above it. */
static enum err
find_header(struct job *j, struct returns_file *f, struct span text)
{
    struct csv_limits limits = {.record_bytes = RECORD_TEXT};
    struct csv *csv = csv_open_text(j, text.s, text.n, limits);
    struct error nearest = {0};
    struct csv_row row;
    size_t most = 0;
    bool more;
    enum err e;

    for (int i = 0; i < HEADER_ROWS && !(e = csv_next(csv, &row, &more)) && more; i++) {
        if (!contents_filled(&row))
            continue;
        e = file_header(j, f, &row);
        if (!e) {
            f->first_line = row.line;
            f->bytes = text.s + row.offset;
            f->n_bytes = text.n - (size_t)row.offset;
            return OK;
        }
        if (e != ERR_INPUT)
            return e;
        if (contents_filled(&row) > most) {
            most = contents_filled(&row);
            nearest = j->err;
        }
        err_clear(j);
    }
    if (!most)
        return err_set(j, ERR_INPUT, "%s is empty", f->name);
    j->err = nearest;
    return file_named(j, f, ERR_INPUT);
}

static const char *
sheet_note(struct job *j, const struct returns_file *f, const char *note)
{
    const char *above = "";

    if (f->first_line > 1)
        above = job_format(j, ", without the %lld %s above the names of the columns",
                           (long long)f->first_line - 1, f->first_line == 2 ? "row" : "rows");
    return job_format(j, "kept as CSV text%s%s%s%s%s", above, *note ? "; " : "", note,
                      *f->note ? "; " : "", f->note);
}

static enum err
open_sheet(struct job *j, struct xlsx *x, size_t i, struct returns_file *f)
{
    const char *note;
    struct span text;
    enum err e;

    if (x->sheet[i].part < 0)
        return err_set(j, ERR_INPUT, "%s holds no cells", f->name);
    if ((e = xlsx_read(j, x, i, &text, &note)) || (e = find_header(j, f, text)))
        return e;
    f->encoding = ENC_UTF8;
    f->note = sheet_note(j, f, note);
    return OK;
}

static enum err
open_workbook(struct job *j, struct archive *a, const struct returns_file *of,
              struct returns_set *out)
{
    struct xlsx *x = job_alloc(j, sizeof *x);
    enum err e = xlsx_open(j, a, x);

    for (size_t i = 0; !e && i < x->n_sheets; i++) {
        struct scope s = job_scope_begin(j);
        struct returns_file *f = job_alloc(j, sizeof *f);

        *f = (struct returns_file){
            .path = of->path, .base = of->base, .note = "", .changed = of->changed,
            .saved = of->saved, .n_saved = of->n_saved, .names = of->names,
            .sheet = x->sheet[i].name, .mapped = true,
            .name = job_format(j, "%s%s%s", of->name, contents_within, x->sheet[i].name),
            .folder = job_format(j, "%s%s%s", of->path, contents_within, of->name),
        };
        if (!open_sheet(j, x, i, f))
            add_file(j, out, f);
        else
            e = leave(j, out, s, f->name);
    }
    return e;
}

/* ---- zip -------------------------------------------------------------------------- */

static enum err open_bytes(struct job *j, struct returns_file *f, bool in_zip,
                           struct returns_set *out);

static bool
take_piece(void *arg, const char *s, size_t n)
{
    return unpacked_write(arg, s, n);
}

static enum err
unpack(struct job *j, struct archive *a, size_t i, struct returns_file *f)
{
    struct archive_sink to = {.most = a->left, .take = take_piece};
    struct unpacked *u;
    struct span text;
    enum err e = unpacked_open(j, f->name, a->left, &u);

    to.arg = u;
    if (e || (e = archive_read(j, a, i, to)) || (e = unpacked_map(j, u, &text)))
        return e;
    f->bytes = text.s;
    f->n_bytes = text.n;
    f->mapped = text.n > 0;
    return OK;
}

/* Hidden files are not looked at, as in a folder. */
static bool
is_hidden(const char *name)
{
    const char *base = strrchr(name, '/');

    return *(base ? base + 1 : name) == '.' || !strncmp(name, "__MACOSX/", 9);
}

static enum err
open_member(struct job *j, struct archive *a, size_t i, const struct returns_file *of,
            struct returns_set *out)
{
    struct scope s = job_scope_begin(j);
    struct returns_file *f = job_alloc(j, sizeof *f);
    struct archive_member m;
    const char *slash;
    enum err e;

    if (!archive_member(a, i, &m) || m.folder || is_hidden(m.name))
        return OK;
    slash = strrchr(m.name, '/');
    *f = (struct returns_file){
        .path = of->path, .note = "", .changed = of->changed,
        .saved = of->saved, .n_saved = of->n_saved, .names = of->names,
        .name = job_format(j, "%s%s%s", of->name, contents_within, m.name),
        .base = job_copy(j, slash ? slash + 1 : m.name),
        .folder = job_format(j, "%s%s%.*s", of->path, contents_within,
                             slash ? (int)(slash - m.name) : 0, m.name),
    };
    if (!text_is_utf8(m.name, strlen(m.name), NULL))
        f->name = job_format(j, "%s%s%zu", of->name, contents_within, i + 1);
    e = unpack(j, a, i, f);
    if (!e)
        e = open_bytes(j, f, true, out);
    return e ? leave(j, out, s, f->name) : OK;
}

static enum err
open_zip(struct job *j, struct archive *a, const struct returns_file *of, struct returns_set *out)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < a->n; i++)
        e = open_member(j, a, i, of, out);
    return e;
}

/* ---- the whole -------------------------------------------------------------------- */

static enum err
open_archive(struct job *j, struct returns_file *f, bool in_zip, struct returns_set *out)
{
    struct archive *a;
    enum err e = archive_open(j, f->name, (struct span){f->bytes, f->n_bytes}, out->most, &a);

    if (e)
        return e;
    if (xlsx_is(a)) {
        e = open_workbook(j, a, f, out);
    } else if (archive_find(a, "mimetype") == 0 && archive_find(a, "content.xml") >= 0) {
        err_set(j, ERR_INPUT, "%s is an OpenDocument file, which is not read", f->name);
        e = err_hint(j, "Save it as .xlsx or CSV.");
    } else if (in_zip) {
        err_set(j, ERR_INPUT, "%s is a zip within a zip, which is not read", f->name);
        e = err_hint(j, "Unpack the outer one and load what was in it.");
    } else {
        e = open_zip(j, a, f, out);
    }
    out->most = a->left;
    return e;
}

static enum err
open_bytes(struct job *j, struct returns_file *f, bool in_zip, struct returns_set *out)
{
    enum err e;

    if (archive_is(f->bytes, f->n_bytes))
        return open_archive(j, f, in_zip, out);
    e = file_look(j, f);
    if (!e)
        add_file(j, out, f);
    return e;
}

enum err
returns_open_all_bytes(struct job *j, const char *name, struct span bytes,
                       struct returns_set *out)
{
    struct returns_file *f = job_alloc(j, sizeof *f);

    *f = (struct returns_file){.path = name, .name = name, .base = name, .note = "",
                               .bytes = bytes.s, .n_bytes = bytes.n,
                               .saved = out->mapping, .n_saved = out->n_mappings,
                               .names = out->names};
    if (!out->most)
        out->most = unpacked_by_default;
    return open_bytes(j, f, false, out);
}

enum err
returns_open_all(struct job *j, const char *path, struct returns_set *out)
{
    struct returns_file *f = job_alloc(j, sizeof *f);
    const char *slash = strrchr(path, '/');
    enum err e;

    *f = (struct returns_file){.path = job_copy(j, path), .note = "",
                               .saved = out->mapping, .n_saved = out->n_mappings,
                               .names = out->names};
    f->base = f->name = job_copy(j, slash ? slash + 1 : path);
    if (!out->most)
        out->most = unpacked_by_default;
    if ((e = out->copy ? file_copy(j, path, f) : file_map(j, path, f)))
        return e;
    e = open_bytes(j, f, false, out);
    return e == ERR_INPUT && returns_still(j, f) ? j->err.kind : e;
}
