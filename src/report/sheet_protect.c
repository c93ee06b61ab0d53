#include "report/sheet.h"

static struct sheet_cell *
cell_at(struct sheet *s, size_t row, size_t column)
{
    return &s->cells[row * s->n_columns + column];
}

/* A percentage of nobody is empty, but its count is known: none. */
static bool
is_count(const struct sheet_cell *c, enum sheet_kind kind)
{
    return c->state == SHEET_VALUE || c->state == SHEET_HIDDEN ||
           (c->state == SHEET_EMPTY && kind != SHEET_COUNT);
}

/* One column of counts being protected. */
struct pass {
    struct sheet *sheet;
    struct disclosure_limits limits;
    size_t column;
    bool changed; /* a cell that was shown is now hidden */
};

/* The rows of a block as one list of counts, its sum last. */
struct list {
    struct sheet_cell **cells;
    int64_t *counts;
    uint8_t *marks;
    size_t n;
};

static bool
list_of(struct job *j, const struct pass *p, const struct sheet_block *b, struct list *l)
{
    struct sheet *s = p->sheet;
    enum sheet_kind kind = s->columns[p->column].kind;
    struct sheet_cell *sum = s->total < 0 ? NULL : cell_at(s, (size_t)s->total, p->column);

    *l = (struct list){
        .cells = job_array(j, b->rows + 1, sizeof(struct sheet_cell *)),
        .counts = job_array(j, b->rows + 1, sizeof *l->counts),
        .marks = job_array(j, b->rows + 1, sizeof *l->marks),
    };
    if (!b->adds_up || !sum || !is_count(sum, kind))
        return false;
    for (size_t r = b->first; r < b->first + b->rows; r++) {
        struct sheet_cell *c = cell_at(s, r, p->column);
        if (c == sum)
            continue;
        if (!is_count(c, kind))
            return false; /* a part is not known: nothing can be taken from the sum */
        l->cells[l->n++] = c;
    }
    l->cells[l->n++] = sum;
    for (size_t i = 0; i < l->n; i++) {
        l->counts[i] = l->cells[i]->n;
        l->marks[i] = l->cells[i]->state == SHEET_HIDDEN ? DISCLOSURE_SECONDARY : 0;
    }
    return true;
}

static enum err
protect_block(struct job *j, struct pass *p, const struct sheet_block *b)
{
    struct scope scope = job_scope_begin(j);
    struct list l;
    enum err e = OK;

    if (list_of(j, p, b, &l)) {
        struct disclosure_table t = {l.counts, 1, l.n, false, true};
        e = disclosure_hide(j, &t, p->limits, l.marks);
        for (size_t i = 0; e == OK && i < l.n; i++) {
            if (!l.marks[i] || l.cells[i]->state == SHEET_HIDDEN)
                continue;
            l.cells[i]->state = SHEET_HIDDEN;
            p->changed = true;
        }
    }
    job_scope_end(j, scope);
    return e;
}

/* Small counts first; then block by block, again whenever one hid the total they share. */
static enum err
protect_counts(struct job *j, struct pass *p)
{
    struct sheet *s = p->sheet;
    enum err e = OK;

    for (size_t r = 0; r < s->n_rows; r++) {
        struct sheet_cell *c = cell_at(s, r, p->column);
        if (c->state == SHEET_VALUE && c->n > 0 && c->n < p->limits.least)
            c->state = SHEET_HIDDEN;
    }
    do {
        p->changed = false;
        for (size_t b = 0; e == OK && b < s->n_blocks; b++)
            e = protect_block(j, p, &s->blocks[b]);
    } while (e == OK && p->changed);
    return e;
}

/* What becomes of a cell that is made of counts. */
static enum sheet_state
derived_state(struct sheet *s, size_t row, size_t column, struct disclosure_limits l)
{
    const struct sheet_column *k = &s->columns[column];
    const struct sheet_cell *c = cell_at(s, row, column);
    const struct sheet_cell *part = k->part ? cell_at(s, row, (size_t)k->part) : NULL;
    const struct sheet_cell *whole = k->whole ? cell_at(s, row, (size_t)k->whole) : NULL;
    bool rate = k->kind == SHEET_RATE || k->kind == SHEET_PERCENT;

    if (c->state != SHEET_VALUE)
        return c->state;
    if ((part && part->state == SHEET_HIDDEN) || (whole && whole->state == SHEET_HIDDEN))
        return SHEET_HIDDEN;
    if ((whole && whole->n < l.base) || (rate && c->of < l.base))
        return SHEET_FEW;
    if (k->kind == SHEET_RATE && !disclosure_rate_is_shown(c->n, c->of, l))
        return SHEET_HIDDEN;
    if (k->kind == SHEET_PERCENT && !disclosure_percent_is_shown(c->n, c->of, l))
        return SHEET_HIDDEN;
    return SHEET_VALUE;
}

/* Counts, and rates whose count stands in no column: it follows from rate and base. */
static bool
holds_counts(const struct sheet_column *k)
{
    return k->kind == SHEET_COUNT ||
           (k->part == 0 && (k->kind == SHEET_RATE || k->kind == SHEET_PERCENT));
}

enum err
sheet_protect(struct job *j, struct sheet *s, struct disclosure_limits l)
{
    enum err e = OK;

    for (size_t c = 0; e == OK && c < s->n_columns; c++) {
        struct pass p = {.sheet = s, .limits = l, .column = c};
        if (holds_counts(&s->columns[c]))
            e = protect_counts(j, &p);
    }
    for (size_t c = 0; e == OK && c < s->n_columns; c++) {
        if (s->columns[c].kind == SHEET_TEXT || s->columns[c].kind == SHEET_COUNT)
            continue;
        for (size_t r = 0; r < s->n_rows; r++)
            cell_at(s, r, c)->state = derived_state(s, r, c, l);
    }
    return e;
}
