#include "returns/xlsx.h"
#include "base/date.h"
#include <math.h>
#include <stdlib.h>

struct sheet {
    struct xlsx *book;
    struct unpacked *out;
    int64_t row;            /* begun last; 0 none */
    int64_t written;        /* lines written */
    int column;             /* of the cell begun last, from 0; -1 none in this row */
    int last;               /* column with a value, of this row */
    enum { NUMBER, SHARED, TEXT, BOOLEAN, ERROR, DAY } type;
    long style;
    bool formula, in_value; /* text counts */
    int phonetic;
    char *value;            /* the cell's as it stands */
    size_t n_value;
    struct xlsx_cell *cell; /* of the row */
    char *text;             /* of the row */
    size_t n_text;
    size_t n_out;           /* of book->out, not written yet */
    int64_t errors, unsolved; /* cells with an error; with a formula and no value */
    char first_error[40];
};

const char *
xlsx_column(int column, char *buf)
{
    char *at = buf + 7;

    *at = '\0';
    for (; column > 0 && at > buf; column = (column - 1) / 26)
        *--at = (char)('A' + (column - 1) % 26);
    return memmove(buf, at, strlen(at) + 1);
}

/* "AB12": column 27 (from 0) and row 12; false: it is no place. */
static bool
parse_place(const char *s, int *column, int64_t *row)
{
    int64_t c = 0, r = 0;

    for (; *s >= 'A' && *s <= 'Z' && c < 100000; s++)
        c = c * 26 + (*s - 'A' + 1);
    for (; *s >= '0' && *s <= '9' && r <= XLSX_ROWS; s++)
        r = r * 10 + (*s - '0');
    *column = (int)c - 1;
    *row = r;
    return c > 0 && !*s;
}

/* ---- numbers and dates ------------------------------------------------------------ */

bool
xlsx_date(double serial, bool from_1904, char *buf, size_t size)
{
    enum { DAY_SECONDS = 86400, EPOCH = 25569, SINCE_1904 = 1462, LAST = 2958466 };
    char date[DATE_TEXT];
    int64_t seconds, day;

    if (!(serial >= 0 && serial < LAST))
        return false;
    seconds = (int64_t)(serial * DAY_SECONDS + 0.5);
    day = seconds / DAY_SECONDS;
    seconds %= DAY_SECONDS;
    if (day == 0 && !from_1904) {
        snprintf(buf, size, "%02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
                 (int)(seconds % 60));
        return true;
    }
    /* of 1900 Excel has a 29 February that was not */
    day += from_1904 ? SINCE_1904 : day < 60;
    date_iso((int32_t)(day - EPOCH), date);
    if (seconds)
        snprintf(buf, size, "%s %02d:%02d:%02d", date, (int)(seconds / 3600),
                 (int)(seconds / 60 % 60), (int)(seconds % 60));
    else
        snprintf(buf, size, "%s", date);
    return true;
}

/* Large whole numbers are saved as 1.23E+11. */
static void
write_number(struct sheet *s, const char **text, size_t *n, char *buf, size_t size)
{
    const struct xlsx *x = s->book;
    bool date = s->style >= 0 && (size_t)s->style < x->n_styles && x->is_date[s->style];
    char *end;
    double v;

    s->value[s->n_value] = '\0';
    *text = s->value;
    *n = s->n_value;
    if (!date && !memchr(s->value, 'E', s->n_value) && !memchr(s->value, 'e', s->n_value))
        return;
    v = strtod(s->value, &end);
    if (end == s->value || *end)
        return;
    if (date ? xlsx_date(v, x->from_1904, buf, size)
             : v == nearbyint(v) && fabs(v) < 9007199254740992.0 &&
                   snprintf(buf, size, "%.0f", v) > 0) {
        *text = buf;
        *n = strlen(buf);
    }
}

/* ---- a cell ----------------------------------------------------------------------- */

/* Line ends within a cell are blanks, so that a row is a line. */
static void
put_cell(struct xlsx_part *p, const char *text, size_t n)
{
    struct sheet *s = p->arg;
    struct xlsx_cell *c = &s->cell[s->column];

    if (s->n_text + n > XLSX_ROW_BYTES) {
        xlsx_part_refuse(p, "a row is longer than a row may be");
        return;
    }
    *c = (struct xlsx_cell){s->n_text, n};
    for (size_t i = 0; i < n; i++) {
        char ch = text[i];
        s->text[s->n_text++] = ch == '\n' || ch == '\r' || ch == '\0' ? ' ' : ch;
    }
    if (n && s->column > s->last)
        s->last = s->column;
}

static void
note_error(struct sheet *s)
{
    char letters[8];

    if (s->errors++ == 0)
        snprintf(s->first_error, sizeof s->first_error, "row %lld, column %s", (long long)s->row,
                 xlsx_column(s->column + 1, letters));
}

static void
end_cell(struct xlsx_part *p)
{
    struct sheet *s = p->arg;
    const char *text = s->value;
    size_t n = s->n_value;
    char buf[64];

    s->unsolved += s->formula && n == 0;
    if (n == 0)
        return;
    if (s->column >= XLSX_COLUMNS) {
        xlsx_part_refuse(p, "there are values further to the right than 1,024 columns");
        return;
    }
    s->value[n] = '\0';
    if (s->type == ERROR) {
        note_error(s);
        return;
    }
    if (s->type == SHARED) {
        size_t at = strtoul(s->value, NULL, 10);
        if (at >= pile_count(s->book->strings)) {
            xlsx_part_refuse(p, "a cell's text is not in the workbook");
            return;
        }
        text = ((const struct span *)pile_at(s->book->strings, at))->s;
        n = ((const struct span *)pile_at(s->book->strings, at))->n;
    } else if (s->type == BOOLEAN) {
        text = *s->value == '1' || *s->value == 't' ? "true" : "false";
        n = strlen(text);
    } else if (s->type == NUMBER) {
        write_number(s, &text, &n, buf, sizeof buf);
    }
    put_cell(p, text, n);
}

static void
begin_cell(struct xlsx_part *p, const char **attributes)
{
    struct sheet *s = p->arg;
    const char *place = xlsx_attribute(attributes, "r"), *type = xlsx_attribute(attributes, "t");
    const char *style = xlsx_attribute(attributes, "s");
    int column = s->column + 1;
    int64_t row = s->row;

    if (place && (!parse_place(place, &column, &row) || row != s->row)) {
        xlsx_part_refuse(p, "a cell stands in a row that is not its own");
        return;
    }
    s->column = column;
    s->style = style ? strtol(style, NULL, 10) : 0;
    s->n_value = 0;
    s->formula = s->in_value = false;
    s->type = !type || !strcmp(type, "n")                         ? NUMBER
              : !strcmp(type, "s")                                ? SHARED
              : !strcmp(type, "b")                                ? BOOLEAN
              : !strcmp(type, "e")                                ? ERROR
              : !strcmp(type, "d")                                ? DAY
                                                                  : TEXT;
}

/* ---- a row ------------------------------------------------------------------------ */

static void
begin_row(struct xlsx_part *p, const char **attributes)
{
    struct sheet *s = p->arg;
    const char *number = xlsx_attribute(attributes, "r");
    int64_t row = number ? strtoll(number, NULL, 10) : s->row + 1;

    if (row <= s->row || row > XLSX_ROWS) {
        xlsx_part_refuse(p, row > XLSX_ROWS ? "it has more rows than a sheet may have"
                                            : "its rows are not in order");
        return;
    }
    s->row = row;
    s->column = s->last = -1;
    s->n_text = 0;
    memset(s->cell, 0, XLSX_COLUMNS * sizeof *s->cell);
}

static bool
flush(struct sheet *s)
{
    size_t n = s->n_out;

    s->n_out = 0;
    return unpacked_write(s->out, s->book->out, n);
}

static bool
put(struct sheet *s, const char *text, size_t n)
{
    while (n) {
        size_t fits = XLSX_OUT - s->n_out < n ? XLSX_OUT - s->n_out : n;
        memcpy(s->book->out + s->n_out, text, fits);
        s->n_out += fits;
        text += fits;
        n -= fits;
        if (s->n_out == XLSX_OUT && !flush(s))
            return false;
    }
    return true;
}

static bool
put_quoted(struct sheet *s, const char *text, size_t n)
{
    bool ok = put(s, "\"", 1);

    for (size_t at = 0; ok && at < n;) {
        const char *quote = memchr(text + at, '"', n - at);
        size_t until = quote ? (size_t)(quote - text) + 1 : n;
        ok = put(s, text + at, until - at) && (!quote || put(s, "\"", 1));
        at = until;
    }
    return ok && put(s, "\"", 1);
}

static void
end_row(struct xlsx_part *p)
{
    struct sheet *s = p->arg;
    bool ok = true;

    if (s->last < 0)
        return; /* it is a blank line, if anything follows */
    while (ok && s->written < s->row - 1) {
        ok = put(s, "\n", 1);
        s->written++;
    }
    for (int c = 0; ok && c <= s->last; c++) {
        const char *text = s->text + s->cell[c].at;
        size_t n = s->cell[c].n;
        bool quoted = memchr(text, ',', n) || memchr(text, '"', n);
        ok = (c == 0 || put(s, ",", 1)) && (quoted ? put_quoted(s, text, n) : put(s, text, n));
    }
    ok = ok && put(s, "\n", 1);
    s->written++;
    if (!ok)
        xlsx_part_stop(p);
}

/* ---- the whole -------------------------------------------------------------------- */

static void
sheet_start(struct xlsx_part *p, const char *element, const char **attributes)
{
    struct sheet *s = p->arg;

    if (!strcmp(element, "row")) {
        begin_row(p, attributes);
    } else if (!strcmp(element, "c")) {
        if (s->row == 0)
            begin_row(p, (const char *[]){NULL});
        begin_cell(p, attributes);
    } else if (!strcmp(element, "f")) {
        s->formula = true;
    } else if (!strcmp(element, "rPh")) {
        s->phonetic++;
    } else if ((!strcmp(element, "v") || !strcmp(element, "t")) && !s->phonetic) {
        s->in_value = true;
    }
}

static void
sheet_end(struct xlsx_part *p, const char *element)
{
    struct sheet *s = p->arg;

    s->in_value = false;
    if (!strcmp(element, "rPh"))
        s->phonetic--;
    else if (!strcmp(element, "c"))
        end_cell(p);
    else if (!strcmp(element, "row"))
        end_row(p);
}

static void
sheet_text(struct xlsx_part *p, const char *text, size_t n)
{
    struct sheet *s = p->arg;

    if (!s->in_value)
        return;
    if (s->n_value + n >= XLSX_ROW_BYTES) {
        xlsx_part_refuse(p, "a cell holds more text than a cell may hold");
        return;
    }
    memcpy(s->value + s->n_value, text, n);
    s->n_value += n;
}

static const char *
note_of(struct job *j, const struct sheet *s)
{
    const char *note = "";

    if (s->errors)
        note = job_format(j, "cells that hold an error of Excel count as blank: %lld, the first in "
                             "%s", (long long)s->errors, s->first_error);
    if (s->unsolved)
        note = job_format(j, "%s%sformulas without a saved result count as blank: %lld", note,
                          *note ? "; " : "", (long long)s->unsolved);
    return note;
}

enum err
xlsx_read(struct job *j, struct xlsx *x, size_t sheet, struct span *out, const char **note)
{
    struct sheet s = {
        .book = x,
        .value = x->value,
        .text = x->text,
        .cell = x->cell,
        .column = -1,
        .last = -1,
    };
    struct xlsx_part p = {
        .j = j, .book = x, .arg = &s, .start = sheet_start, .end = sheet_end,
        .text = sheet_text, .most = XLSX_SHEET_BYTES,
        .name = job_format(j, "sheet %s", x->sheet[sheet].name),
    };
    enum err e = unpacked_open(j, job_format(j, "%s, %s", x->name, p.name), XLSX_TEXT, &s.out);

    if (e || (e = xlsx_part_read(&p, (size_t)x->sheet[sheet].part)))
        return e;
    if (!flush(&s))
        return j->err.kind;
    *note = note_of(j, &s);
    return unpacked_map(j, s.out, out);
}
