#include "intake/original.h"
#include "access/permit.h"
#include "base/csv.h"
#include "intake/keep.h"
#include "intake/original_marks.h"
#include <ctype.h>
#include <strings.h>

static const char sql_file[] =
    "SELECT f.name, f.digest, f.layout FROM batch_file f "
    "WHERE f.area_id = $1 AND f.batch_id = $2 AND f.file_id = $3";

static enum err
no_text(struct job *j)
{
    err_set(j, ERR_NOT_FOUND, "that line is not kept any more, or never was");
    return err_hint(j, "The batch may have been withdrawn and cleared; its own file has the line.");
}

static enum err
read_file(struct job *j, struct original_place at, struct original_record *out,
          const struct layout **layout)
{
    struct rows q;
    bool found;
    enum err e;

    db_ask(j, &q, sql_file, ARGS(INT(j->area), INT(at.batch), INT(at.file)));
    found = db_next(&q);
    if (found) {
        out->file = row_text(&q, 0);
        out->digest = row_text(&q, 1);
        *layout = layout_find(row_text(&q, 2));
    }
    e = db_done(&q);
    return e ? e : found && *layout ? OK : no_text(j);
}

/* The text of the one row that was asked for. */
static enum err
take_piece(struct job *j, struct rows *q, int64_t *first_line, struct span *text)
{
    const void *content = NULL;
    size_t n = 0;
    enum err e;

    if (db_next(q)) {
        *first_line = row_int(q, 0);
        content = row_blob(q, 1, &n);
    }
    e = db_done(q);
    if (e)
        return e;
    return content ? kept_text(j, content, n, &text->s, &text->n) : no_text(j);
}

/* The piece that holds a line is the last one that starts at or before it. */
static const char sql_piece[] =
    "SELECT first_line, content FROM file_chunk "
    "WHERE area_id = $1 AND batch_id = $2 AND file_id = $3 AND first_line <= $4 "
    "ORDER BY first_line DESC LIMIT 1";

static enum err
read_piece(struct job *j, struct original_place at, int64_t *first_line, struct span *text)
{
    struct rows q;

    db_ask(j, &q, sql_piece, ARGS(INT(j->area), INT(at.batch), INT(at.file), INT(at.line)));
    return take_piece(j, &q, first_line, text);
}

/* The names of the columns are in the first piece, which of a sheet may begin below titles. */
static const char sql_top[] =
    "SELECT first_line, content FROM file_chunk "
    "WHERE area_id = $1 AND batch_id = $2 AND file_id = $3 ORDER BY first_line LIMIT 1";

static enum err
read_top(struct job *j, struct original_place at, struct span *text)
{
    struct rows q;
    int64_t first_line;

    db_ask(j, &q, sql_top, ARGS(INT(j->area), INT(at.batch), INT(at.file)));
    return take_piece(j, &q, &first_line, text);
}

/* Where a line of the piece begins; n when it is not in it. */
static size_t
line_at(struct span text, int64_t first_line, int64_t line)
{
    size_t at = 0;

    for (; at < text.n && first_line < line; at++)
        first_line += text.s[at] == '\n' ||
                      (text.s[at] == '\r' && !(at + 1 < text.n && text.s[at + 1] == '\n'));
    return at;
}

/* The name of the element whose tag begins at text.s[at]; "" when none does. */
static void
tag_name(struct span text, size_t at, char *name, size_t size)
{
    size_t n = 0;

    for (at++; at < text.n && n + 1 < size; at++) {
        char c = text.s[at];
        if (c == ':')
            n = 0; /* a prefix */
        else if (isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.')
            name[n++] = c;
        else
            break;
    }
    name[n] = '\0';
}

/* In XML a file holds many tables: the first record element from there on tells which one,
 * for each record begins a line, if within elements that are no record. */
static const struct layout *
layout_at(struct span text, size_t at, const struct layout *of_file)
{
    char name[64];

    for (; at < text.n; at++) {
        if (text.s[at] != '<')
            continue;
        tag_name(text, at, name, sizeof name);
        for (size_t i = 0; i < n_layouts; i++)
            if (!strcmp(layouts[i].family, of_file->family) &&
                layout_is_element(&layouts[i], span_of(name)))
                return &layouts[i];
    }
    return of_file;
}

static size_t
end_of_element(struct span text, const struct layout *l)
{
    for (size_t i = 0; i + 2 < text.n; i++) {
        char name[64];
        if (text.s[i] != '<' || text.s[i + 1] != '/')
            continue;
        tag_name(text, i + 1, name, sizeof name);
        if (!layout_is_element(l, span_of(name)))
            continue;
        while (i < text.n && text.s[i] != '>')
            i++;
        return i < text.n ? i + 1 : text.n;
    }
    return text.n;
}

/* Where the record that starts at `at` ends: the next row of a CSV, the closing tag of XML. */
static size_t
end_of_record(struct job *j, const struct kept_text *k, size_t at)
{
    struct span rest = {k->text.s + at, k->text.n - at};
    struct csv_row row;
    struct csv *c;
    bool more;

    if (k->form == FORM_JSON) {
        struct span value = returns_json_at(rest);
        return (size_t)(value.s - k->text.s) + value.n;
    }
    if (k->form == FORM_XML)
        return at + end_of_element(rest, k->layout);
    c = csv_open_text(j, rest.s, rest.n, (struct csv_limits){.record_bytes = 1 << 20});
    if (csv_next(c, &row, &more) || !more || csv_next(c, &row, &more) || !more) {
        err_clear(j);
        return k->text.n;
    }
    return at + (size_t)row.offset;
}

static void
cut_raw(struct job *j, const struct kept_text *k, int64_t line, struct original_record *out)
{
    size_t at = line_at(k->text, k->first_line, line), end = end_of_record(j, k, at);

    while (end > at && (k->text.s[end - 1] == '\n' || k->text.s[end - 1] == '\r'))
        end--;
    out->cut = end - at > ORIGINAL_RAW;
    if (out->cut) {
        end = at + ORIGINAL_RAW;
        while (end > at && ((unsigned char)k->text.s[end] & 0xC0) == 0x80)
            end--; /* not within a character */
    }
    out->raw = job_copy_n(j, k->text.s + at, end - at);
}

static enum err
show_record(struct job *j, struct original_place at, const struct layout *of_file,
            struct original_record *out)
{
    struct kept_text k = {.layout = of_file};
    struct original *v;
    enum err e = read_piece(j, at, &k.first_line, &k.text);

    if (!e)
        e = read_top(j, at, &k.header);
    if (e)
        return e;
    k.form = returns_form(k.header);
    if (k.form == FORM_XML)
        k.layout = layout_at(k.text, line_at(k.text, k.first_line, at.line), of_file);
    e = returns_show(j, &k, at.line, &v, &out->n);
    if (e)
        return e;
    if (k.form == FORM_JSON)
        k.layout = returns_layout_of(j, of_file, v, out->n);
    out->layout = k.layout->title;
    out->v = v;
    cut_raw(j, &k, at.line, out);
    return OK;
}

enum err
original_get(struct job *j, struct original_place at, struct original_record *out)
{
    const struct layout *of_file = NULL;
    enum err e = permit(j, ACT_ORIGINAL, (struct subject){.what = job_format(j,
                        "batch %lld, file %lld, line %lld", (long long)at.batch,
                        (long long)at.file, (long long)at.line)});

    *out = (struct original_record){0};
    if (!e)
        e = read_file(j, at, out, &of_file);
    if (!e && of_file->text == TEXT_NONE && !strncmp(of_file->family, "marks", 5))
        return original_marks(j, at, of_file, out);
    return e ? e : show_record(j, at, of_file, out);
}

/* ---- forgetting a record -------------------------------------------------------------- */

static const char sql_forget_batch[] =
    "DELETE FROM file_chunk WHERE area_id = $1 AND batch_id = $2";
static const char sql_files_of[] =
    "SELECT COUNT(*) FROM batch_file WHERE area_id = $1 AND batch_id = $2";
static const char sql_blank[] =
    "UPDATE file_chunk SET content = $5 WHERE area_id = $1 AND batch_id = $2 AND file_id = $3 "
    "AND first_line = $4";

/* Blanks in its place, line ends apart. */
static enum err
blank(struct job *j, struct original_place at, const struct kept_text *k)
{
    char *text = job_copy_n(j, k->text.s, k->text.n);
    size_t from = line_at(k->text, k->first_line, at.line), to = end_of_record(j, k, from), n;
    const void *content;
    enum err e;

    for (size_t i = from; i < to; i++)
        if (text[i] != '\n' && text[i] != '\r')
            text[i] = ' ';
    e = kept_pack(j, text, k->text.n, &content, &n);
    return e ? e : db_run(j, sql_blank, ARGS(INT(j->area), INT(at.batch), INT(at.file),
                                             INT(k->first_line), BLOB(content, n)), NULL);
}

enum err
original_forget(struct job *j, struct original_place at)
{
    struct kept_text k = {0};
    int64_t files = 0;
    enum err e = read_piece(j, at, &k.first_line, &k.text);

    if (!e)
        e = read_top(j, at, &k.header);
    if (!e)
        e = db_int(j, sql_files_of, ARGS(INT(j->area), INT(at.batch)), 0, &files);
    if (e == ERR_NOT_FOUND) {
        err_clear(j);
        return OK;
    }
    if (e)
        return e;
    k.form = returns_form(k.header);
    if (files > 1 || k.form == FORM_XML || k.form == FORM_JSON)
        return db_run(j, sql_forget_batch, ARGS(INT(j->area), INT(at.batch)), NULL);
    return blank(j, at, &k);
}

/* ---- for who seals --------------------------------------------------------------------- */

enum err
original_piece(struct job *j, struct original_place at, struct span *out)
{
    int64_t first;
    enum err e = read_piece(j, at, &first, out);

    if (e != ERR_NOT_FOUND)
        return e;
    err_clear(j);
    *out = (struct span){"", 0};
    return OK;
}

enum err
original_text(struct job *j, struct original_place at, struct span *out)
{
    struct original_record about = {0};
    struct kept_text k = {0};
    size_t from;
    enum err e = read_file(j, at, &about, &k.layout);

    *out = (struct span){"", 0};
    if (e || (e = read_piece(j, at, &k.first_line, &k.text)) || (e = read_top(j, at, &k.header)))
        return e;
    k.form = returns_form(k.header);
    from = line_at(k.text, k.first_line, at.line);
    if (k.form == FORM_XML)
        k.layout = layout_at(k.text, from, k.layout);
    *out = (struct span){k.text.s + from, end_of_record(j, &k, from) - from};
    return OK;
}
