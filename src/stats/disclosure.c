#include "stats/disclosure.h"
#include "stats/flow.h"

static int64_t
cell(const struct disclosure_table *t, size_t row, size_t column)
{
    return t->cells[row * t->columns + column];
}

static bool
row_adds_up(const struct disclosure_table *t, size_t row)
{
    int64_t sum = 0;

    for (size_t c = 0; c + 1 < t->columns; c++)
        sum += cell(t, row, c);
    return sum == cell(t, row, t->columns - 1);
}

static bool
column_adds_up(const struct disclosure_table *t, size_t column)
{
    int64_t sum = 0;

    for (size_t r = 0; r + 1 < t->rows; r++)
        sum += cell(t, r, column);
    return sum == cell(t, t->rows - 1, column);
}

static enum err
check(struct job *j, const struct disclosure_table *t)
{
    for (size_t i = 0; i < t->rows * t->columns; i++)
        if (t->cells[i] < 0)
            return err_set(j, ERR_FAULT, "a table with a negative count cannot be protected");
    for (size_t r = 0; t->total_column && r < t->rows; r++)
        if (!row_adds_up(t, r))
            return err_set(j, ERR_FAULT, "row %zu of a table does not add up to its total", r + 1);
    for (size_t c = 0; t->total_row && c < t->columns; c++)
        if (!column_adds_up(t, c))
            return err_set(j, ERR_FAULT, "column %zu of a table does not add up to its total",
                           c + 1);
    return OK;
}

/* Rows and columns whose sums are shown are the nodes, cells the edges between them: if a
 * cell were one more, its row and its column would have to lose one elsewhere, so what
 * cells may do together is a circulation.  Totals run the other way.  Lines without a total
 * share one node, where nothing need balance. */
static struct flow *
flow_of(struct job *j, const struct disclosure_table *t, const uint8_t *marks)
{
    size_t outside = t->rows + t->columns;
    struct flow *f = flow_new(j, outside + 1, t->rows * t->columns);

    for (size_t r = 0; r < t->rows; r++) {
        for (size_t c = 0; c < t->columns; c++) {
            size_t i = r * t->columns + c;
            bool total = (t->total_row && r + 1 == t->rows) !=
                         (t->total_column && c + 1 == t->columns);
            size_t row = t->total_column ? r : outside;
            size_t column = t->total_row ? t->rows + c : outside;
            flow_edge(f, i, total ? (struct flow_ends){column, row}
                                  : (struct flow_ends){row, column}, t->cells[i]);
            if (marks[i])
                flow_open(f, i);
        }
    }
    flow_ready(j, f);
    return f;
}

/* How far a cell can move either way through cells already hidden, looked at no further
 * than matters. */
static struct disclosure_range
slack(struct flow *f, size_t i, int64_t up)
{
    int64_t value = flow_value(f, i);
    struct disclosure_range s = {.high = flow_push(f, i, up, FLOW_OPEN)};

    flow_reset(f);
    s.low = -flow_push(f, i, -value, FLOW_OPEN);
    flow_reset(f);
    return s;
}

/* Opens the cheapest cells until cell i is protected.  A way up always exists: one more in
 * the cell, its row total, its column total and the grand total. */
static void
protect(struct flow *f, size_t i, struct disclosure_limits l)
{
    int64_t value = flow_value(f, i);
    int64_t reach = value < l.least ? l.least - value : 0;
    int64_t enough = reach > l.width ? reach : l.width, lack;
    struct disclosure_range s = slack(f, i, enough);

    if (s.high < reach) {
        flow_push(f, i, reach, FLOW_ALL);
        flow_reset(f);
        s = slack(f, i, enough);
    }
    lack = l.width - (s.high + s.low);
    if (lack <= 0)
        return;
    flow_push(f, i, s.low + lack <= value ? -(s.low + lack) : s.high + lack, FLOW_ALL);
    flow_reset(f);
}

enum err
disclosure_hide(struct job *j, const struct disclosure_table *t, struct disclosure_limits limits,
                uint8_t *marks)
{
    struct scope scope = job_scope_begin(j);
    size_t n = t->rows * t->columns;
    enum err e = check(j, t);
    struct flow *f;

    for (size_t i = 0; e == OK && i < n; i++)
        if (t->cells[i] > 0 && t->cells[i] < limits.least)
            marks[i] = DISCLOSURE_PRIMARY;
    if (e == OK && (t->total_row || t->total_column)) {
        f = flow_of(j, t, marks);
        for (size_t i = 0; i < n; i++)
            if (marks[i] && t->cells[i] > 0)
                protect(f, i, limits);
        for (size_t i = 0; i < n; i++)
            if (!marks[i] && flow_is_open(f, i))
                marks[i] = DISCLOSURE_SECONDARY;
    }
    job_scope_end(j, scope);
    return e;
}

enum err
disclosure_conclude(struct job *j, const struct disclosure_table *t, const uint8_t *marks,
                    size_t cell_no, struct disclosure_range *out)
{
    struct scope scope = job_scope_begin(j);
    int64_t value = t->cells[cell_no], up;
    enum err e = check(j, t);
    struct flow *f;

    *out = (struct disclosure_range){value, value};
    if (e == OK && marks[cell_no] && !t->total_row && !t->total_column) {
        *out = (struct disclosure_range){0, DISCLOSURE_ANY};
    } else if (e == OK && marks[cell_no]) {
        f = flow_of(j, t, marks);
        up = flow_push(f, cell_no, DISCLOSURE_ANY, FLOW_OPEN);
        flow_reset(f);
        out->low = value + flow_push(f, cell_no, -value, FLOW_OPEN);
        out->high = up >= DISCLOSURE_ANY ? DISCLOSURE_ANY : value + up;
    }
    job_scope_end(j, scope);
    return e;
}

bool
disclosure_rate_is_shown(int64_t events, int64_t base, struct disclosure_limits limits)
{
    return base >= limits.base && (events == 0 || events >= limits.least);
}

bool
disclosure_percent_is_shown(int64_t part, int64_t whole, struct disclosure_limits limits)
{
    int64_t rest = whole - part;

    return disclosure_rate_is_shown(part, whole, limits) && (rest == 0 || rest >= limits.least);
}
