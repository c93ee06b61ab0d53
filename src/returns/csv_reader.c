#include "returns/csv_listed.h"
#include "returns/parse.h"

/* A CSV as it is read, and the piece of text that is being gathered. */
struct csv_reading {
    struct job *j;
    const struct returns_file *f;
    const struct receiver *to;
    struct file_text text;
    int64_t piece, piece_line; /* where the piece starts */
    struct listed *listed;     /* NULL: all of the text is kept */
};

/* In the file, of a line in the text that is read. */
static int64_t
line_in(const struct returns_file *f, int64_t line)
{
    return f->first_line ? line + f->first_line - 1 : line;
}

static enum err
hand_out_text(struct csv_reading *r, int64_t until, int64_t next_line)
{
    struct span piece = file_text_between(&r->text, r->piece, until);
    int64_t line = r->piece_line;
    enum err e = OK;

    if (r->to->text && piece.n)
        e = r->to->text(r->j, r->to->arg, line, piece.s, piece.n);
    r->piece = until;
    r->piece_line = next_line;
    file_text_drop(&r->text, until);
    return e;
}

/* A file cut short ends within a row: before the last column, and without a line end. */
static enum err
check_end(struct csv_reading *r, int64_t last_line, size_t last_n)
{
    char last = r->text.n ? r->text.s[r->text.n - 1] : '\n';

    if (last_n >= r->f->n_columns || last == '\n' || last == '\r')
        return OK;
    err_set(r->j, ERR_INPUT, "%s breaks off in line %lld", r->f->name, (long long)last_line);
    return err_hint(r->j, "The file is not whole. Copy or export it again.");
}

/* Of some tables only the columns that are needed: the rows are written anew, each in its
 * line. */
static enum err
keep_row(struct csv_reading *r, const struct csv_row *row, bool last)
{
    struct span text;
    enum err e = OK;

    if (row->offset - r->piece >= PIECE) {
        r->piece = row->offset;
        file_text_drop(&r->text, row->offset);
    }
    listed_line(r->listed, row->line);
    text = listed_text(r->listed);
    if (text.n >= PIECE || (last && text.n)) {
        if (r->to->text)
            e = r->to->text(r->j, r->to->arg, r->piece_line, text.s, text.n);
        listed_clear(r->listed);
        r->piece_line = line_in(r->f, row->line);
    }
    if (!e && !last)
        listed_row(r->listed, row);
    return e;
}

static enum err
read_rows(struct csv_reading *r, struct csv *csv, struct parser *p, struct returns_counts *counts)
{
    struct csv_row row = {.n = r->f->n_columns, .line = 1};
    bool more;
    enum err e;

    while (!(e = file_named(r->j, r->f, csv_next(csv, &row, &more))) && more) {
        if (r->listed)
            e = keep_row(r, &row, false);
        else if (row.offset - r->piece >= PIECE)
            e = hand_out_text(r, row.offset, line_in(r->f, row.line));
        if (e)
            return e;
        if (p)
            e = parser_take(p, row.field, row.n, r->f->column_of,
                            line_in(r->f, row.line));
        else
            counts->skipped++;
        if (e)
            return e;
    }
    if (!e)
        e = check_end(r, row.line, row.n);
    if (e)
        return e;
    if (r->listed)
        return keep_row(r, &(struct csv_row){.offset = row.offset, .line = row.line + 1}, true);
    return hand_out_text(r, r->text.base + (int64_t)r->text.n, line_in(r->f, row.line + 1));
}

/* A finding names the column as the file does. */
static void
name_columns(struct parser *p, struct job *j, const struct returns_file *f,
             const struct csv_row *header)
{
    for (size_t i = 0; i < f->layout->n_fields; i++)
        if (f->column_of[i] >= 0 && (size_t)f->column_of[i] < header->n) {
            const struct csv_field *name = &header->field[f->column_of[i]];
            struct span shown = span_trim((struct span){name->s, name->n});
            parser_name(p, i, job_copy_n(j, shown.s, shown.n));
        }
    parser_columns(p, f->n_columns);
}

enum err
file_read_csv(struct job *j, const struct returns_file *f, const struct receiver *to,
              struct returns_counts *counts)
{
    /* a piece, the record that ends it, and what the CSV reader holds ahead of it */
    enum { ROOM = PIECE + RECORD_TEXT + RECORD_TEXT + PIECE };
    struct csv_reading r = {.j = j, .f = f, .to = to, .piece_line = line_in(f, 1)};
    struct parser *p = NULL;
    struct csv_row header;
    struct csv *csv;
    bool more;
    enum err e;

    file_text_open(j, f, ROOM, &r.text);
    csv = file_text_csv(j, &r.text, RECORD_TEXT);
    e = csv_next(csv, &header, &more);
    if (e || !more)
        return file_named(j, f, e);
    if (!f->layout->skip) {
        p = parser_new(j, f->layout, scratch_new(j), to, counts);
        name_columns(p, j, f, &header);
        if (f->sheet)
            parser_sheet(p, f->sheet);
        if (f->mapping)
            parser_mapping(p, f->mapping);
    }
    if (f->layout->text == TEXT_LISTED && !f->mapping) {
        r.listed = listed_new(j, f);
        e = keep_row(&r, &header, false);
    }
    if (!e)
        e = read_rows(&r, csv, p, counts);
    if (!e && counts->read + counts->skipped == 0)
        counts->note = "the file holds the names of its columns and no records";
    return e;
}
