#include "returns/csv_listed.h"

/* A row quoted throughout is twice as long at most, and stands in as many lines. */
enum { ROOM = PIECE + 3 * RECORD_TEXT };

struct listed {
    int *column; /* those kept, in the order of the file */
    size_t n_columns;
    int64_t line; /* in which the next character stands, 1-based */
    char *s;
    size_t n;
};

static int
by_column(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

struct listed *
listed_new(struct job *j, const struct returns_file *f)
{
    struct listed *x = job_alloc(j, sizeof *x);

    *x = (struct listed){.column = job_array(j, f->layout->n_fields + 1, sizeof *x->column),
                         .line = 1, .s = job_alloc(j, ROOM)};
    for (size_t i = 0; i < f->layout->n_fields; i++)
        if (f->column_of[i] >= 0 && !(f->layout->fields[i].rules & FIELD_UNUSED))
            x->column[x->n_columns++] = f->column_of[i];
    qsort(x->column, x->n_columns, sizeof *x->column, by_column);
    return x;
}

static void
put(struct listed *x, char c)
{
    if (x->n == ROOM)
        return;
    x->line += c == '\n';
    x->s[x->n++] = c;
}

void
listed_line(struct listed *x, int64_t line)
{
    while (x->line < line && x->n < ROOM)
        put(x, '\n');
}

/* Line ends within a value become blanks: the row stays in one line. */
static void
put_value(struct listed *x, struct csv_field v)
{
    put(x, '"');
    for (size_t i = 0; i < v.n; i++) {
        if (v.s[i] == '"')
            put(x, '"');
        put(x, v.s[i] == '\n' || v.s[i] == '\r' ? ' ' : v.s[i]);
    }
    put(x, '"');
}

void
listed_row(struct listed *x, const struct csv_row *row)
{
    for (size_t i = 0; i < x->n_columns; i++) {
        if (i)
            put(x, ',');
        if ((size_t)x->column[i] < row->n)
            put_value(x, row->field[x->column[i]]);
    }
    put(x, '\n');
}

struct span
listed_text(const struct listed *x)
{
    return (struct span){x->s, x->n};
}

void
listed_clear(struct listed *x)
{
    x->n = 0;
}
