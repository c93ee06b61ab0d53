#include "report/sheet.h"
#include <math.h>

struct sheet_cell
sheet_text(const char *s)
{
    return (struct sheet_cell){.text = s ? s : ""};
}

struct sheet_cell
sheet_count(int64_t n)
{
    return (struct sheet_cell){.n = n};
}

struct sheet_cell
sheet_part(int64_t n, int64_t of)
{
    return (struct sheet_cell){.state = of > 0 ? SHEET_VALUE : SHEET_EMPTY, .n = n, .of = of};
}

struct sheet_cell
sheet_number(struct interval i)
{
    return (struct sheet_cell){.state = i.known ? SHEET_VALUE : SHEET_EMPTY, .number = i};
}

struct sheet_cell
sheet_absent(enum sheet_state s)
{
    return (struct sheet_cell){.state = s};
}

static const char *
mark_of(enum sheet_state s)
{
    switch (s) {
    case SHEET_HIDDEN:
        return "c";
    case SHEET_FEW:
        return "few";
    case SHEET_NO_DATA:
        return "no data";
    case SHEET_VALUE:
    case SHEET_EMPTY:
        break;
    }
    return "";
}

static const char *
number_words(struct job *j, const struct sheet_column *k, const struct interval *i)
{
    const char *half = i->adjusted ? "½" : "";
    double times = k->per ? (double)k->per : 1;
    char low[TEXT_NUMBER], high[TEXT_NUMBER];

    if (k->kind == SHEET_RATIO)
        return job_format(j, "%s%s", text_decimal(i->value, k->decimals, low), half);
    text_decimal(i->low * times, k->decimals, low);
    text_decimal(i->high * times, k->decimals, high);
    return job_format(j, "%s to %s%s", low, high, half);
}

const char *
sheet_words(struct job *j, const struct sheet *s, size_t row, size_t column)
{
    const struct sheet_cell *c = &s->cells[row * s->n_columns + column];
    const struct sheet_column *k = &s->columns[column];
    char buf[TEXT_NUMBER];

    if (c->state != SHEET_VALUE)
        return mark_of(c->state);
    switch (k->kind) {
    case SHEET_TEXT:
        return c->text;
    case SHEET_COUNT:
        return job_copy(j, text_count(c->n, buf));
    case SHEET_PERCENT:
        return job_format(j, "%s%%", text_percent(c->n, c->of, k->decimals, buf));
    case SHEET_RATE:
        return job_copy(j, text_rate(c->n, c->of, k->per, k->decimals, buf));
    case SHEET_RATIO:
    case SHEET_INTERVAL:
        break;
    }
    return number_words(j, k, &c->number);
}

static bool
has_state(const struct sheet *s, enum sheet_state state)
{
    for (size_t i = 0; i < s->n_rows * s->n_columns; i++)
        if (s->cells[i].state == state)
            return true;
    return false;
}

static bool
has_adjusted(const struct sheet *s)
{
    for (size_t i = 0; i < s->n_rows * s->n_columns; i++)
        if (s->cells[i].state == SHEET_VALUE && s->cells[i].number.adjusted)
            return true;
    return false;
}

const char *const *
sheet_notes(struct job *j, const struct sheet *s, size_t *n)
{
    const char **notes = job_array(j, s->n_notes + 5, sizeof *notes);

    for (*n = 0; *n < s->n_notes; ++*n)
        notes[*n] = s->notes[*n];
    if (has_state(s, SHEET_HIDDEN))
        notes[(*n)++] = "c: hidden, because it could tell about one child. Further figures are "
                        "hidden so that it cannot be worked out.";
    if (has_state(s, SHEET_FEW))
        notes[(*n)++] = "few: a rate of so few children would mislead.";
    if (has_state(s, SHEET_NO_DATA))
        notes[(*n)++] = "no data: a source is not loaded. It does not mean none.";
    if (has_adjusted(s))
        notes[(*n)++] = "½: half a child was added to each count, because one of them is zero.";
    notes[(*n)++] = "Figures leave out protected records.";
    return notes;
}
