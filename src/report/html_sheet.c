#include "report/html_sheet.html.h"
#include "report/sheet.h"
#include "ui/html.h"

enum { PAGE_MOST = 64 * JOB_MB };

static const char *
block_before(const struct sheet *s, size_t row)
{
    for (size_t b = 0; b < s->n_blocks; b++)
        if (s->blocks[b].first == row && s->blocks[b].rows)
            return s->blocks[b].title;
    return NULL;
}

static const char *
look_of(const struct sheet *s, size_t row, size_t column)
{
    bool absent = s->cells[row * s->n_columns + column].state != SHEET_VALUE;

    if (s->columns[column].kind == SHEET_TEXT)
        return absent ? "absent" : "";
    return absent ? "num absent" : "num";
}

static const struct html_cell *
cells_of(struct job *j, const struct sheet *s, size_t row)
{
    struct html_cell *cells = job_array(j, s->n_columns, sizeof *cells);

    for (size_t c = 1; c < s->n_columns; c++)
        cells[c - 1] = (struct html_cell){sheet_words(j, s, row, c), look_of(s, row, c)};
    return cells;
}

static struct html_sheet
sheet_of(struct job *j, const struct sheet *s)
{
    struct html_head *heads = job_array(j, s->n_columns, sizeof *heads);
    struct html_row *rows = job_array(j, s->n_rows, sizeof *rows);
    struct html_sheet v = {
        .title = s->title, .sentence = s->sentence, .heads = heads, .n_heads = s->n_columns,
        .rows = rows, .n_rows = s->n_rows, .source = s->source, .as_of = s->as_of,
    };

    for (size_t c = 0; c < s->n_columns; c++)
        heads[c] = (struct html_head){s->columns[c].title, s->columns[c].kind != SHEET_TEXT};
    for (size_t r = 0; r < s->n_rows; r++)
        rows[r] = (struct html_row){
            .block = block_before(s, r), .name = sheet_words(j, s, r, 0),
            .cells = cells_of(j, s, r), .total = (int64_t)r == s->total,
        };
    v.notes = sheet_notes(j, s, &v.n_notes);
    return v;
}

static void
drop(void *arg)
{
    struct html *h = arg;

    free(h->buf);
    *h = (struct html){0};
}

enum err
sheet_as_html(struct job *j, const struct sheet_book *b, struct span *out)
{
    struct html_sheet *sheets = job_array(j, b->n, sizeof *sheets);
    struct html_book book = {.title = b->title, .sentence = b->sentence, .banner = b->banner,
                             .sheets = sheets, .n = b->n};
    struct cleanup *end = job_on_end(j, drop);
    struct html *h = job_alloc(j, sizeof *h);

    end->arg = h;
    h->max = PAGE_MOST;
    if (!book.title)
        book.title = b->n ? b->sheets[0].title : "";
    for (size_t i = 0; i < b->n; i++)
        sheets[i] = sheet_of(j, &b->sheets[i]);
    html_book(h, &book);
    if (h->cut)
        return err_set(j, ERR_BUSY, "this report is too long for one page");
    *out = (struct span){job_copy_n(j, h->buf, h->len), h->len};
    drop(h);
    return OK;
}
