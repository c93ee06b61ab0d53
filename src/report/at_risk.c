#include "report/at_risk.h"
#include "access/permit.h"
#include "access/setting.h"
#include "risk/sources.h"

enum { GROUP, PUPILS, COUNT, RATE, BETWEEN, COLUMNS };
static const struct sheet_column columns[COLUMNS] = {
    [GROUP] = {"group", "Group", SHEET_TEXT, 0, 0, 0, 0},
    [PUPILS] = {"of", "Of", SHEET_COUNT, 0, 0, 0, 0},
    [COUNT] = {"count", "Count", SHEET_COUNT, 0, 0, 0, 0},
    [RATE] = {"rate_per_100", "Per 100", SHEET_RATE, 2, 100, COUNT, PUPILS},
    [BETWEEN] = {"interval_95", "95% interval", SHEET_INTERVAL, 2, 100, COUNT, PUPILS},
};

static void
fill_cells(struct sheet_cell *c, const char *label, const struct figure *f)
{
    c[GROUP] = sheet_text(label);
    c[PUPILS] = sheet_count(f->denominator);
    c[COUNT] = sheet_count(f->numerator);
    c[RATE] = sheet_part(f->numerator, f->denominator);
    c[BETWEEN] = sheet_number(figure_interval(f));
    for (int i = PUPILS; i < COLUMNS && f->no_data; i++)
        c[i] = sheet_absent(SHEET_NO_DATA);
}

/* ---- one measure in one year, by group -------------------------------------------- */

/* Social care's groups overlap; alternative provision is among schools only. */
static bool
adds_up(enum measure m, enum dimension d)
{
    return d != D_ALL && d != D_CARE &&
           !(d == D_SCHOOL && measure_rows[m].family == FAMILY_DFE);
}

/* Members in the order people expect: 9 before 10; not known last. */
static int
by_group(const void *a, const void *b)
{
    const struct figure *x = a, *y = b;
    size_t nx = strlen(x->member), ny = strlen(y->member);

    if (x->dimension != y->dimension)
        return x->dimension < y->dimension ? -1 : 1;
    if (!nx != !ny)
        return !nx ? 1 : -1;
    if (nx != ny && x->dimension != D_ETHNICITY && x->dimension != D_DISTRICT)
        return nx < ny ? -1 : 1;
    return strcmp(x->member, y->member);
}

static enum err
add_rows(struct job *j, struct sheet *s, const struct figure *f, size_t n)
{
    struct sheet_block *blocks = job_array(j, DIMENSIONS, sizeof *blocks);
    enum err e = OK;

    s->blocks = blocks;
    for (size_t i = 0; i < n && !e; i++) {
        const char *label;
        e = dimension_label(j, f[i].dimension, f[i].member, &label);
        if (e)
            break;
        fill_cells(s->cells + i * COLUMNS, label, &f[i]);
        if (i && f[i].dimension == f[i - 1].dimension) {
            blocks[s->n_blocks - 1].rows++;
            continue;
        }
        blocks[s->n_blocks++] = (struct sheet_block){
            dimension_rows[f[i].dimension].title, i, 1, adds_up(f[i].measure, f[i].dimension)};
    }
    return e;
}

static enum err
measure_sheet(struct job *j, const struct at_risk_asked *asked, enum measure m, int32_t year,
              struct sheet *out)
{
    struct figure_filter filter = {(int)m, year, -1, NULL};
    struct sources_used used;
    struct figure *f;
    char name[DATE_TEXT];
    const char *said;
    size_t n;
    enum err e = figure_list(j, filter, &f, &n);

    if (!e)
        e = sources_used(j, year, &used);
    if (e)
        return e;
    said = sources_words(j, m, &used);
    qsort(f, n, sizeof *f, by_group);
    *out = (struct sheet){
        .name = measure_rows[m].name,
        .title = job_format(j, "%s, %s", measure_rows[m].title, date_year_name(year, name)),
        .sentence = measure_rows[m].definition, .columns = columns, .n_columns = COLUMNS,
        .cells = job_array(j, n * COLUMNS + 1, sizeof *out->cells), .n_rows = n,
        .total = n && f[0].dimension == D_ALL ? 0 : -1,
        .source = *said ? said : measure_rows[m].sources};
    e = add_rows(j, out, f, n);
    if (!e && !asked->internal && n && !f[0].no_data)
        e = sheet_protect(j, out, DISCLOSURE_LIMITS);
    return e;
}

/* ---- types in a year; years of each type ------------------------------------------- */

static void
copy_total(const struct sheet *from, const char *label, struct sheet_cell *to)
{
    if (from->total < 0) {
        to[GROUP] = sheet_text(label);
        for (int i = PUPILS; i < COLUMNS; i++)
            to[i] = sheet_absent(SHEET_NO_DATA);
        return;
    }
    memcpy(to, from->cells + (size_t)from->total * COLUMNS, COLUMNS * sizeof *to);
    to[GROUP] = sheet_text(label);
}

static bool
is_asked(const struct at_risk_asked *asked, int measure)
{
    return asked->measure < 0 || asked->measure == measure;
}

static enum err
years_sheet(struct job *j, const struct at_risk_asked *asked, const struct snapshot *now,
            struct sheet *out)
{
    size_t years = (size_t)(now->last_year - now->first_year + 1);
    struct sheet_block *blocks = job_array(j, MEASURES, sizeof *blocks);
    char name[DATE_TEXT];
    enum err e = OK;

    *out = (struct sheet){
        .name = "years", .title = "Each type over the years", .columns = columns,
        .sentence = "A year without every source of a type says \"no data\", never none.",
        .n_columns = COLUMNS, .blocks = blocks, .total = -1,
        .cells = job_array(j, MEASURES * years * COLUMNS, sizeof *out->cells)};
    for (int m = 0; m < MEASURES && !e; m++) {
        if (!is_asked(asked, m))
            continue;
        blocks[out->n_blocks++] =
            (struct sheet_block){measure_rows[m].title, out->n_rows, years, false};
        for (int32_t y = now->first_year; y <= now->last_year && !e; y++) {
            struct sheet one;
            e = measure_sheet(j, asked, (enum measure)m, y, &one);
            if (!e)
                copy_total(&one, job_copy(j, date_year_name(y, name)),
                           out->cells + out->n_rows++ * COLUMNS);
        }
    }
    return e;
}

static void
types_sheet(struct job *j, const struct sheet *measures, size_t n, int32_t year,
            struct sheet *out)
{
    char name[DATE_TEXT];

    *out = (struct sheet){
        .name = "types", .columns = columns, .n_columns = COLUMNS, .total = -1, .n_rows = n,
        .title = job_format(j, "Types of exclusion, %s", date_year_name(year, name)),
        .sentence = "Children are counted once a type; figures by DfE's definitions follow.",
        .cells = job_array(j, n * COLUMNS + 1, sizeof *out->cells)};
    for (size_t i = 0; i < n; i++) {
        enum measure m = M_ANY;
        const char *title = measure_find(measures[i].name, &m) ? measure_rows[m].title : "";
        copy_total(&measures[i], title, out->cells + i * COLUMNS);
    }
}

/* Only the block of the dimension asked for, under the row of all pupils. */
static void
keep_dimension(struct job *j, struct sheet *s, int dimension)
{
    struct sheet_block *kept = job_array(j, 2, sizeof *kept);
    size_t n = 0;

    if (dimension < 0)
        return;
    for (size_t i = 0; i < s->n_blocks; i++)
        if (s->blocks[i].first == 0 ||
            !strcmp(s->blocks[i].title, dimension_rows[dimension].title))
            kept[n++] = s->blocks[i];
    for (size_t i = 0, row = 0; i < n; row += kept[i++].rows) {
        memmove(s->cells + row * COLUMNS, s->cells + kept[i].first * COLUMNS,
                kept[i].rows * COLUMNS * sizeof *s->cells);
        kept[i].first = row;
        s->n_rows = row + kept[i].rows;
    }
    s->blocks = kept;
    s->n_blocks = n;
}

enum err
at_risk_banner(struct job *j, const char **out)
{
    struct settings all;
    enum err e = setting_list(j, &all);

    *out = NULL;
    if (e || setting_is_live(&all))
        return e;
    *out = setting_is_demonstration(&all) ? "Demonstration: every child here is invented"
                                          : "Trial: not for live use";
    return OK;
}

static enum err
start(struct job *j, const struct at_risk_asked *asked, struct at_risk_asked *own,
      struct snapshot *now)
{
    enum err e = permit(j, ACT_EXPORT, (struct subject){.what = "report who-is-at-risk"});

    *own = *asked;
    if (!e)
        e = snapshot_current(j, now);
    if (!e && own->school_year < 0)
        own->school_year = now->last_year;
    return e;
}

static void
stamp(struct job *j, const struct snapshot *now, struct sheet *s)
{
    char day[DATE_TEXT];

    s->as_of = job_format(j, "As of %s", date_words(now->as_of, day));
    if (!s->source)
        s->source = "School census; files of social care; suspension notifications";
}

enum err
at_risk_book(struct job *j, const struct at_risk_asked *asked, struct sheet_book *out)
{
    struct sheet *sheets = job_array(j, MEASURES + 2, sizeof *sheets);
    struct at_risk_asked own;
    struct snapshot now = {0};
    size_t n = 2;
    enum err e = start(j, asked, &own, &now);

    for (int m = 0; m < MEASURES && !e; m++)
        if (is_asked(&own, m))
            e = measure_sheet(j, &own, (enum measure)m, own.school_year, &sheets[n++]);
    if (e)
        return e;
    types_sheet(j, sheets + 2, n - 2, own.school_year, &sheets[0]);
    e = years_sheet(j, &own, &now, &sheets[1]);
    for (size_t i = 0; i < n; i++) {
        stamp(j, &now, &sheets[i]);
        if (i >= 2)
            keep_dimension(j, &sheets[i], own.dimension);
    }
    *out = (struct sheet_book){
        .title = "Who is at risk of exclusion",
        .sentence = "Twelve ways in which children lose their place in school, counted from "
                    "the council's own files.",
        .date = now.as_of, .sheets = sheets, .n = n};
    return e ? e : at_risk_banner(j, &out->banner);
}

/* ---- rows for a program -------------------------------------------------------------- */

enum { L_MEASURE, L_YEAR, L_DIMENSION, L_GROUP, L_PUPILS, L_COUNT, L_RATE, L_BETWEEN, L_COLUMNS };
static const struct sheet_column long_columns[L_COLUMNS] = {
    [L_MEASURE] = {"measure", "Measure", SHEET_TEXT, 0, 0, 0, 0},
    [L_YEAR] = {"school_year", "School year", SHEET_TEXT, 0, 0, 0, 0},
    [L_DIMENSION] = {"dimension", "By", SHEET_TEXT, 0, 0, 0, 0},
    [L_GROUP] = {"group", "Group", SHEET_TEXT, 0, 0, 0, 0},
    [L_PUPILS] = {"of", "Of", SHEET_COUNT, 0, 0, 0, 0},
    [L_COUNT] = {"count", "Count", SHEET_COUNT, 0, 0, 0, 0},
    [L_RATE] = {"rate_per_100", "Per 100", SHEET_RATE, 2, 100, L_COUNT, L_PUPILS},
    [L_BETWEEN] = {"interval_95", "95% interval", SHEET_INTERVAL, 2, 100, L_COUNT, L_PUPILS},
};

struct growing { struct sheet *sheet; size_t room; };

static struct sheet_cell *
next_row(struct job *j, struct growing *g)
{
    struct sheet *s = g->sheet;

    if (s->n_rows == g->room) {
        size_t room = g->room ? 2 * g->room : 512, row = L_COLUMNS * sizeof *s->cells;
        s->cells = job_grow(j, s->cells, g->room * row, room * row);
        g->room = room;
    }
    return s->cells + s->n_rows++ * L_COLUMNS;
}

static void
append_sheet(struct job *j, struct growing *g, const struct sheet *one, const char *year)
{
    for (size_t b = 0; b < one->n_blocks; b++)
        for (size_t i = 0; i < one->blocks[b].rows; i++) {
            const struct sheet_cell *from =
                one->cells + (one->blocks[b].first + i) * COLUMNS;
            struct sheet_cell *to = next_row(j, g);
            to[L_MEASURE] = sheet_text(one->name);
            to[L_YEAR] = sheet_text(year);
            to[L_DIMENSION] = sheet_text(one->blocks[b].title);
            memcpy(to + L_GROUP, from, COLUMNS * sizeof *from);
        }
}

enum err
at_risk_rows(struct job *j, const struct at_risk_asked *asked, struct sheet *out)
{
    struct growing g = {out, 0};
    struct at_risk_asked own;
    struct snapshot now = {0};
    char name[DATE_TEXT];
    enum err e = start(j, asked, &own, &now);
    int32_t from = asked->school_year < 0 ? now.first_year : asked->school_year;
    int32_t to = asked->school_year < 0 ? now.last_year : asked->school_year;

    *out = (struct sheet){.name = "who-is-at-risk", .title = "Who is at risk of exclusion",
                          .columns = long_columns, .n_columns = L_COLUMNS, .total = -1};
    for (int m = 0; m < MEASURES && !e; m++)
        for (int32_t y = from; y <= to && !e && is_asked(&own, m); y++) {
            struct sheet one;
            e = measure_sheet(j, &own, (enum measure)m, y, &one);
            if (e)
                break;
            keep_dimension(j, &one, own.dimension);
            append_sheet(j, &g, &one, job_copy(j, date_year_name(y, name)));
        }
    stamp(j, &now, out);
    return e;
}

/* ---- files ---------------------------------------------------------------------------- */

enum err
at_risk_csv(struct job *j, const struct sheet *s, struct span *out)
{
    const char *banner;
    enum err e = at_risk_banner(j, &banner);

    return e ? e : sheet_as_csv(j, s, banner, out);
}

enum err
at_risk_file(struct job *j, const struct at_risk_asked *asked, enum sheet_format format,
             struct span *out)
{
    struct sheet_book book;
    struct sheet rows;
    enum err e = format == SHEET_CSV ? at_risk_rows(j, asked, &rows)
                                     : at_risk_book(j, asked, &book);

    if (e)
        return e;
    if (format == SHEET_CSV)
        return at_risk_csv(j, &rows, out);
    return format == SHEET_XLSX ? sheet_as_xlsx(j, &book, out) : sheet_as_html(j, &book, out);
}
