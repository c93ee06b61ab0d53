#include "base/csv.h"
#include "report/out.h"
#include "report/sheet.h"
#include <math.h>

/* A spreadsheet runs what begins like a formula; an apostrophe makes it text (OWASP, "CSV
 * injection"). */
static const char *
harmless(struct job *j, const char *s)
{
    return s && s[0] && strchr("=+-@\t\r", s[0]) ? job_format(j, "'%s", s) : s;
}

static bool
has_block_titles(const struct sheet *s)
{
    for (size_t b = 0; b < s->n_blocks; b++)
        if (s->blocks[b].title)
            return true;
    return false;
}

static const char *
block_title(const struct sheet *s, size_t row)
{
    for (size_t b = 0; b < s->n_blocks; b++)
        if (row >= s->blocks[b].first && row < s->blocks[b].first + s->blocks[b].rows)
            return s->blocks[b].title;
    return NULL;
}

static void
put_header(struct job *j, struct csv_out *o, const struct sheet *s, const char *banner)
{
    if (has_block_titles(s))
        csv_put(o, "block");
    for (size_t c = 0; c < s->n_columns; c++) {
        const struct sheet_column *k = &s->columns[c];
        if (k->kind == SHEET_INTERVAL) {
            csv_put(o, job_format(j, "%s_low", k->name));
            csv_put(o, job_format(j, "%s_high", k->name));
        } else {
            csv_put(o, k->name);
        }
    }
    if (banner)
        csv_put(o, "status");
    csv_end_row(o);
}

static void
put_number(struct csv_out *o, const struct sheet_column *k, double v)
{
    char buf[TEXT_NUMBER];

    csv_put(o, isinf(v) ? "inf" : text_decimal(v, k->decimals, buf));
}

static void
put_value(struct job *j, struct csv_out *o, const struct sheet_column *k,
          const struct sheet_cell *c)
{
    double times = k->per ? (double)k->per : 1;
    char buf[TEXT_NUMBER];

    switch (k->kind) {
    case SHEET_TEXT:
        csv_put(o, harmless(j, c->text));
        break;
    case SHEET_COUNT:
        csv_put_int(o, c->n);
        break;
    case SHEET_PERCENT:
        csv_put(o, text_percent(c->n, c->of, k->decimals, buf));
        break;
    case SHEET_RATE:
        csv_put(o, text_rate(c->n, c->of, k->per, k->decimals, buf));
        break;
    case SHEET_RATIO:
        put_number(o, k, c->number.value);
        break;
    case SHEET_INTERVAL:
        put_number(o, k, c->number.low * times);
        put_number(o, k, c->number.high * times);
        break;
    }
}

static void
put_row(struct job *j, struct csv_out *o, const struct sheet *s, size_t row)
{
    for (size_t c = 0; c < s->n_columns; c++) {
        const struct sheet_column *k = &s->columns[c];
        const struct sheet_cell *cell = &s->cells[row * s->n_columns + c];
        if (cell->state == SHEET_VALUE) {
            put_value(j, o, k, cell);
            continue;
        }
        csv_put(o, sheet_words(j, s, row, c));
        if (k->kind == SHEET_INTERVAL)
            csv_put(o, sheet_words(j, s, row, c));
    }
}

enum err
sheet_as_csv(struct job *j, const struct sheet *s, const char *banner, struct span *out)
{
    struct out *o;
    struct csv_out csv = {0};
    enum err e = out_open(j, &o);

    if (e)
        return e;
    csv.f = o->f;
    put_header(j, &csv, s, banner);
    for (size_t r = 0; r < s->n_rows; r++) {
        if (has_block_titles(s))
            csv_put(&csv, harmless(j, block_title(s, r)));
        put_row(j, &csv, s, r);
        if (banner)
            csv_put(&csv, banner);
        csv_end_row(&csv);
    }
    return out_close(j, o, out);
}
