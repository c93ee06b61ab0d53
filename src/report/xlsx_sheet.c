#include "base/date.h"
#include "report/sheet.h"
#include <errno.h>
#include <math.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { NAME_MOST = 31, PATH_MOST = 512 };

/* The library writes to a path, so a workbook is made in a temporary file of our own and
 * read back; both go when the job ends, however it ends. */
struct workbook {
    struct job *j;
    lxw_workbook *book;
    lxw_format *title, *bold, *head, *right;
    char path[PATH_MOST];
    enum lxw_error error; /* the first */
};

static void
drop(void *arg)
{
    struct workbook *w = arg;

    if (w->book)
        lxw_workbook_free(w->book);
    if (w->path[0])
        unlink(w->path);
    w->book = NULL;
    w->path[0] = '\0';
}

static const char *
temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");

    return folder && folder[0] ? folder : "/tmp";
}

static enum err
workbook_begin(struct job *j, const struct sheet_book *b, struct workbook **out)
{
    struct cleanup *end = job_on_end(j, drop);
    struct workbook *w = job_alloc(j, sizeof *w);
    lxw_workbook_options options = {.tmpdir = job_copy(j, temporary_folder())};
    /* a date of its own would make each copy differ; 0 means "now" to the library */
    lxw_doc_properties about = {
        .title = job_copy(j, b->title), .comments = job_copy(j, b->banner),
        .created = (time_t)(b->date > 0 && b->date < DATE_OPEN ? b->date : 10957) * 24 * 60 * 60,
    };
    int fd;

    w->j = j;
    end->arg = w;
    snprintf(w->path, sizeof w->path, "%s/rooted-XXXXXX", temporary_folder());
    fd = mkstemp(w->path);
    if (fd < 0) {
        int reason = errno;
        w->path[0] = '\0';
        err_set(j, ERR_ENV, "a workbook could not be written in the temporary folder");
        err_hint(j, "Look whether %s exists and has room, or set TMPDIR.", temporary_folder());
        return err_detail(j, "mkstemp: errno %d", reason);
    }
    close(fd);
    w->book = workbook_new_opt(w->path, &options);
    if (!w->book)
        return err_set(j, ERR_BUSY, "there is not enough memory to write this workbook");
    workbook_set_properties(w->book, &about);
    *out = w;
    return OK;
}

static lxw_format *
format(struct workbook *w, const char *number, bool bold)
{
    lxw_format *f = workbook_add_format(w->book);

    if (f && number)
        format_set_num_format(f, number);
    if (f && bold)
        format_set_bold(f);
    return f;
}

static void
note(struct workbook *w, enum lxw_error e)
{
    if (e && !w->error)
        w->error = e;
}

/* Where the next cell goes. */
struct pen {
    struct workbook *w;
    lxw_worksheet *ws;
    lxw_row_t row;
    lxw_col_t column;
};

static void
write_text(struct pen *p, const char *s, lxw_format *f)
{
    if (s && s[0])
        note(p->w, worksheet_write_string(p->ws, p->row, p->column, s, f));
    p->column++;
}

static void
write_number(struct pen *p, double v, lxw_format *f)
{
    if (isfinite(v))
        note(p->w, worksheet_write_number(p->ws, p->row, p->column++, v, f));
    else
        write_text(p, v < 0 ? "-∞" : "∞", f);
}

static const char *
number_format(struct job *j, const struct sheet_column *k)
{
    const char *zeros = "000000000";
    int d = k->decimals < 0 ? 0 : k->decimals > 9 ? 9 : k->decimals;

    if (k->kind == SHEET_COUNT)
        return "#,##0";
    return job_format(j, "0%s%.*s%s", d ? "." : "", d, zeros,
                      k->kind == SHEET_PERCENT ? "%" : "");
}

static void
write_value(struct pen *p, const struct sheet_column *k, const struct sheet_cell *c,
            lxw_format *f)
{
    double times = k->per ? (double)k->per : 1;

    switch (k->kind) {
    case SHEET_TEXT:
        write_text(p, c->text, f);
        break;
    case SHEET_COUNT:
        write_number(p, (double)c->n, f);
        break;
    case SHEET_PERCENT:
        write_number(p, (double)c->n / (double)c->of, f);
        break;
    case SHEET_RATE:
        write_number(p, (double)c->n * (double)k->per / (double)c->of, f);
        break;
    case SHEET_RATIO:
        write_number(p, c->number.value, f);
        break;
    case SHEET_INTERVAL:
        write_number(p, c->number.low * times, f);
        write_number(p, c->number.high * times, f);
        break;
    }
}

static void
write_row(struct pen *p, const struct sheet *s, size_t row, lxw_format *const *formats)
{
    for (size_t c = 0; c < s->n_columns; c++) {
        const struct sheet_column *k = &s->columns[c];
        const struct sheet_cell *cell = &s->cells[row * s->n_columns + c];
        const char *mark;
        if (cell->state == SHEET_VALUE) {
            write_value(p, k, cell, formats[c]);
            continue;
        }
        mark = sheet_words(p->w->j, s, row, c);
        write_text(p, mark, p->w->right);
        if (k->kind == SHEET_INTERVAL)
            write_text(p, mark, p->w->right);
    }
    p->row++;
    p->column = 0;
}

static void
write_line(struct pen *p, const char *s, lxw_format *f)
{
    if (!s)
        return;
    write_text(p, s, f);
    p->row++;
    p->column = 0;
}

static void
write_heads(struct pen *p, const struct sheet *s)
{
    struct job *j = p->w->j;

    for (size_t c = 0; c < s->n_columns; c++) {
        const struct sheet_column *k = &s->columns[c];
        lxw_col_t at = p->column;
        if (k->kind == SHEET_INTERVAL) {
            write_text(p, job_format(j, "%s: from", k->title), p->w->head);
            write_text(p, job_format(j, "%s: to", k->title), p->w->head);
        } else {
            write_text(p, k->title, p->w->head);
        }
        note(p->w, worksheet_set_column(p->ws, at, (lxw_col_t)(p->column - 1),
                                        c ? 14 : 34, NULL));
    }
    p->row++;
    p->column = 0;
    worksheet_freeze_panes(p->ws, p->row, 1);
}

static const char *
block_before(const struct sheet *s, size_t row)
{
    for (size_t b = 0; b < s->n_blocks; b++)
        if (s->blocks[b].first == row && s->blocks[b].rows)
            return s->blocks[b].title;
    return NULL;
}

static void
write_sheet(struct pen *p, const struct sheet *s, const char *banner)
{
    struct job *j = p->w->j;
    lxw_format **plain = job_array(j, s->n_columns, sizeof *plain);
    lxw_format **bold = job_array(j, s->n_columns, sizeof *bold);
    size_t n;
    const char *const *notes = sheet_notes(j, s, &n);

    for (size_t c = 0; c < s->n_columns; c++) {
        bool text = s->columns[c].kind == SHEET_TEXT;
        const char *number = text ? NULL : number_format(j, &s->columns[c]);
        plain[c] = format(p->w, number, false);
        bold[c] = format(p->w, number, true);
    }
    write_line(p, s->title, p->w->title);
    write_line(p, banner, p->w->bold);
    write_line(p, s->sentence, NULL);
    p->row++;
    write_heads(p, s);
    for (size_t r = 0; r < s->n_rows; r++) {
        write_line(p, block_before(s, r), p->w->bold);
        write_row(p, s, r, (int64_t)r == s->total ? bold : plain);
    }
    p->row++;
    for (size_t i = 0; i < n; i++)
        write_line(p, notes[i], NULL);
    write_line(p, s->source ? job_format(j, "Source: %s", s->source) : NULL, NULL);
    write_line(p, s->as_of, NULL);
}

/* A tab's name: without what Excel refuses, short enough, and not there already. */
static const char *
tab_name(struct workbook *w, const char *name, size_t number)
{
    char *s = job_copy(w->j, name && name[0] ? name : "table");

    for (char *at = s; *at; at++)
        if (strchr("[]:*?/\\'", *at) || (unsigned char)*at < ' ')
            *at = ' ';
    for (size_t n = strlen(s); n > NAME_MOST - 4; n--)
        if (((unsigned char)s[n - 1] & 0xC0) != 0x80)
            s[n - 1] = '\0';
    return workbook_validate_sheet_name(w->book, s) == LXW_NO_ERROR
               ? s : job_format(w->j, "%s %zu", s, number);
}

static enum err
read_back(struct workbook *w, struct span *out)
{
    FILE *f = fopen(w->path, "rb");
    long n = f && fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    char *bytes;

    if (n > 0 && (size_t)n > w->j->limit - w->j->used)
        n = -2; /* said below, when the file is closed */
    bytes = n > 0 ? job_try_alloc(w->j, (size_t)n) : NULL;
    if (bytes) {
        rewind(f);
        *out = (struct span){bytes, fread(bytes, 1, (size_t)n, f)};
    }
    if (f)
        fclose(f);
    if (n == -2 || (n > 0 && !bytes))
        return err_set(w->j, ERR_BUSY, "this workbook is larger than it may be");
    if (n <= 0 || out->n != (size_t)n)
        return err_set(w->j, ERR_ENV, "a workbook could not be read back from its file");
    return OK;
}

static enum err
workbook_end(struct workbook *w, struct span *out)
{
    enum lxw_error closed = workbook_close(w->book);
    enum err e;

    w->book = NULL; /* freed in any case */
    note(w, closed);
    if (w->error) {
        err_set(w->j, ERR_ENV, "the workbook could not be written");
        err_hint(w->j, "Look whether the temporary folder has room.");
        return err_detail(w->j, "libxlsxwriter: %s", lxw_strerror(w->error));
    }
    e = read_back(w, out);
    drop(w);
    return e;
}

enum err
sheet_as_xlsx(struct job *j, const struct sheet_book *b, struct span *out)
{
    struct workbook *w = NULL;
    enum err e = workbook_begin(j, b, &w);

    if (e)
        return e;
    w->title = format(w, NULL, true);
    w->bold = format(w, NULL, true);
    w->head = format(w, NULL, true);
    w->right = format(w, NULL, false);
    if (!w->title || !w->bold || !w->head || !w->right)
        return err_set(j, ERR_BUSY, "there is not enough memory to write this workbook");
    format_set_font_size(w->title, 14);
    format_set_text_wrap(w->head);
    format_set_bottom(w->head, LXW_BORDER_THIN);
    format_set_align(w->right, LXW_ALIGN_RIGHT);
    for (size_t i = 0; i < b->n; i++) {
        struct pen p = {.w = w};
        p.ws = workbook_add_worksheet(w->book, tab_name(w, b->sheets[i].name, i + 1));
        if (!p.ws)
            return err_set(j, ERR_FAULT, "sheet %zu of a workbook could not be made", i + 1);
        write_sheet(&p, &b->sheets[i], b->banner);
    }
    return workbook_end(w, out);
}
