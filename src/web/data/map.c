/* What the columns of a file of somebody's own shape mean: chosen, tried, saved, checked. */
#include "intake/saved_layout.h"
#include "ui/words.h"
#include "web/data/files.h"
#include "web/data/map.html.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/upload.h"

enum { PARTS_MOST = 400, SAMPLE_ROWS = 20 };

struct mapping_asked {
    int64_t task;
    const char *file;             /* its name */
    struct mapping_file of;       /* and where it is kept */
    const struct layout *layout;
    struct mapping_sample sample;
    struct mapping m;
    struct mapping_part part[PARTS_MOST];
};

/* ---- the file --------------------------------------------------------------------------- */

/* In the folder of the check.  row: as the form has it; NULL or "": it is found. */
static enum err
find_file(struct job *j, const struct request *q, const char *name, const char *row,
          struct mapping_asked *a)
{
    const char *folder;
    enum err e;

    a->task = request_part_id(q, 0);
    a->file = name;
    if ((e = upload_checked(j, a->task, &folder)))
        return e;
    if (!name || !mapping_file_named(j, folder, name, &a->of))
        return err_set(j, ERR_NOT_FOUND, "there is no such file");
    if (row && !text_to_int(row, strlen(row), &a->of.row))
        a->of.row = 0;
    if ((e = mapping_look(j, a->of, &a->sample)))
        return e;
    if (!a->layout)
        a->layout = a->sample.nearest;
    return OK;
}

/* A table of its own that is met as CSV and kept. */
static bool
may_be_mapped(const struct layout *l)
{
    return l->csv && !l->skip && !l->prefix;
}

/* ---- what was chosen -------------------------------------------------------------------- */

static void
add_part(struct mapping_asked *a, struct mapping_part p)
{
    if (a->m.n_parts < PARTS_MOST)
        a->part[a->m.n_parts++] = p;
}

static const char *
typed(struct job *j, const struct request *q, const char *prefix, size_t field)
{
    const char *s = request_form(q, job_format(j, "%s-%zu", prefix, field));
    struct span t = span_trim(span_of(s ? s : ""));

    return job_copy_n(j, t.s ? t.s : "", t.n);
}

/* "L1 = L", one a line. */
static void
take_codes(struct job *j, struct mapping_asked *a, const char *field, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\r\n");
        const char *equals = memchr(text, '=', n);
        if (equals) {
            struct span from = span_trim((struct span){text, (size_t)(equals - text)});
            struct span to = span_trim((struct span){equals + 1, (size_t)(text + n - equals - 1)});
            if (from.n && to.n)
                add_part(a, (struct mapping_part){MAPPING_VALUE, field,
                                                  job_copy_n(j, from.s, from.n),
                                                  job_copy_n(j, to.s, to.n)});
        }
        text += n;
        text += strspn(text, "\r\n");
    }
}

static void
take_parts(struct job *j, const struct request *q, struct mapping_asked *a)
{
    for (size_t i = 0; i < a->layout->n_fields; i++) {
        const char *field = a->layout->fields[i].name, *from = typed(j, q, "from", i);
        const char *constant = typed(j, q, "same", i);
        size_t c = *from ? (size_t)strtoul(from, NULL, 10) : a->sample.n_columns;
        if (*from && c < a->sample.n_columns)
            add_part(a, (struct mapping_part){MAPPING_COLUMN, field, a->sample.column[c], NULL});
        else if (*constant)
            add_part(a, (struct mapping_part){MAPPING_CONSTANT, field, "", constant});
        take_codes(j, a, field, typed(j, q, "codes", i));
    }
}

static const struct mapping_part *
part_of(const struct mapping_asked *a, enum mapping_kind kind, const char *field)
{
    for (size_t i = 0; i < a->m.n_parts; i++)
        if (a->part[i].kind == kind && !strcmp(a->part[i].field, field))
            return &a->part[i];
    return NULL;
}

static const char *
codes_text(struct job *j, const struct mapping_asked *a, const char *field)
{
    const char *text = "";

    for (size_t i = 0; i < a->m.n_parts; i++)
        if (a->part[i].kind == MAPPING_VALUE && !strcmp(a->part[i].field, field))
            text = job_format(j, "%s%s = %s\n", text, a->part[i].source, a->part[i].value);
    return text;
}

/* ---- the page --------------------------------------------------------------------------- */

static struct choice
layout_choice(struct job *j, const struct mapping_asked *a)
{
    struct option *o = job_array(j, n_layouts + 1, sizeof *o);
    size_t n = 0;

    o[n++] = (struct option){"", "Choose what it is", !a->layout};
    for (size_t i = 0; i < n_layouts; i++)
        if (may_be_mapped(&layouts[i]))
            o[n++] = (struct option){layouts[i].name, layouts[i].title, &layouts[i] == a->layout};
    return (struct choice){"layout", "What is in the file?", o, n};
}

static struct choice
row_choice(struct job *j, const struct mapping_sample *s)
{
    struct option *o = job_array(j, s->n_begin + 1, sizeof *o);

    for (size_t i = 0; i < s->n_begin; i++) {
        const struct mapping_line *l = &s->begin[i];
        o[i] = (struct option){job_format(j, "%lld", (long long)l->line),
                               job_format(j, "Row %lld: %s", (long long)l->line, l->text),
                               l->line == s->first};
    }
    return (struct choice){"row", "Which row names the columns?", o, s->n_begin};
}

static struct table
sample_table(struct job *j, const struct mapping_sample *s)
{
    struct column *columns = job_array(j, s->n_columns + 1, sizeof *columns);
    size_t rows = s->n_rows < SAMPLE_ROWS ? s->n_rows : SAMPLE_ROWS;
    struct cell *c = job_array(j, rows * s->n_columns + 1, sizeof *c);

    for (size_t k = 0; k < s->n_columns; k++)
        columns[k].text = s->column[k];
    for (size_t i = 0; i < rows * s->n_columns; i++)
        c[i].text = s->row[i / s->n_columns][i % s->n_columns];
    return (struct table){.name = "First rows of the file", .columns = columns,
        .n_columns = s->n_columns, .cells = c, .n_rows = rows, .wide = true};
}

static const struct option *
column_options(struct job *j, const struct mapping_asked *a, const char *field)
{
    const struct mapping_part *p = part_of(a, MAPPING_COLUMN, field);
    struct option *o = job_array(j, a->sample.n_columns + 1, sizeof *o);

    o[0] = (struct option){"", "Not in the file", !p};
    for (size_t i = 0; i < a->sample.n_columns; i++)
        o[i + 1] = (struct option){job_format(j, "%zu", i), a->sample.column[i],
                                   p && !strcmp(p->source, a->sample.column[i])};
    return o;
}

static void
fill_fields(struct job *j, const struct mapping_asked *a, struct map_page *p)
{
    struct map_field *v;

    if (!a->layout)
        return;
    v = job_array(j, a->layout->n_fields + 1, sizeof *v);
    for (size_t i = 0; i < a->layout->n_fields; i++) {
        const struct field *f = &a->layout->fields[i];
        const struct mapping_part *same = part_of(a, MAPPING_CONSTANT, f->name);
        bool coded = f->type == FIELD_CODE || f->type == FIELD_BOOL;
        v[i] = (struct map_field){.name = f->name, .about = f->about && *f->about ? f->about : NULL,
            .from_id = job_format(j, "from-%zu", i), .constant_id = job_format(j, "same-%zu", i),
            .codes_id = coded ? job_format(j, "codes-%zu", i) : NULL,
            .constant = same ? same->value : "", .codes = codes_text(j, a, f->name),
            .needed = f->rules & FIELD_REQUIRED, .columns = column_options(j, a, f->name),
            .n = a->sample.n_columns + 1};
    }
    p->fields = v;
    p->n = a->layout->n_fields;
}

static enum err
fill_preview(struct job *j, const struct mapping_asked *a, struct map_page *p)
{
    const struct layout *l = a->layout;
    struct column *columns = job_array(j, l->n_fields + 2, sizeof *columns);
    struct mapping_row *v;
    struct cell *c;
    size_t n, turned = 0;
    enum err e = mapping_preview(j, a->of, &a->m, &v, &n);

    if (e)
        return e;
    c = job_array(j, n * (l->n_fields + 2) + 1, sizeof *c);
    columns[0].text = "Line";
    columns[1].text = "What was found";
    for (size_t k = 0; k < l->n_fields; k++)
        columns[k + 2].text = l->fields[k].name;
    for (size_t i = 0; i < n; i++) {
        struct cell *row = &c[i * (l->n_fields + 2)];
        row[0].text = words_count(j, v[i].line);
        row[1].text = *v[i].findings ? v[i].findings : "Nothing";
        row[1].note = v[i].refused ? "Would be turned away" : NULL;
        turned += v[i].refused;
        for (size_t k = 0; k < l->n_fields; k++)
            row[k + 2].text = v[i].value[k];
    }
    p->preview = (struct table){.name = "As it would be read", .columns = columns,
        .n_columns = l->n_fields + 2, .cells = c, .n_rows = n, .wide = true};
    p->preview_says = job_format(j, "The first %s. %s would be turned away. Nothing was written.",
                                 words_counted(j, (int64_t)n, "row", "rows"),
                                 words_capital(j, words_number(j, (int64_t)turned)));
    return OK;
}

static void
show_map(struct job *j, const struct request *q, struct response *r,
         const struct mapping_asked *a, struct map_page *p)
{
    struct view *view = frame_view(j, q, p->problems.n ? "Error: Say what the columns mean"
                                                       : "Say what the columns mean");

    view->back = job_format(j, "/data/checks/%lld", (long long)a->task);
    view->back_text = "What a load would do";
    p->view = view;
    p->heading = "Say what the columns mean";
    p->lede = job_format(j, "%s is not a file that is known. Choose what it is and which row "
                            "names its columns, then which column is which.", a->file);
    p->action = job_format(j, "%s/map", view->back);
    p->file = a->file;
    p->layout = a->layout ? a->layout->name : "";
    p->name = a->m.name ? a->m.name : "";
    p->row = job_format(j, "%lld", (long long)a->sample.first);
    p->layouts = layout_choice(j, a);
    p->rows = row_choice(j, &a->sample);
    p->sample = sample_table(j, &a->sample);
    fill_fields(j, a, p);
    view_map(&r->body, p);
}

enum err
page_map(struct job *j, const struct request *q, struct response *r)
{
    struct mapping_asked *a = job_alloc(j, sizeof *a);
    const char *layout = request_query(q, "layout");
    struct mapping_part *suggested;
    struct map_page p = {.layout = ""};
    enum err e;

    a->layout = layout && *layout ? layout_find(layout) : NULL;
    if ((e = find_file(j, q, request_query(q, "file"), request_query(q, "row"), a)))
        return e;
    if (a->layout && !may_be_mapped(a->layout))
        a->layout = NULL;
    if (a->layout) {
        size_t n;
        mapping_suggest(j, a->layout, &a->sample, &suggested, &n);
        for (size_t i = 0; i < n; i++)
            add_part(a, suggested[i]);
    }
    show_map(j, q, r, a, &p);
    return OK;
}

/* The message of a check as a problem of the form; other errors go on. */
static enum err
as_problem(struct job *j, enum err e, struct problem *wrong)
{
    if (e != ERR_INPUT)
        return e;
    *wrong = (struct problem){*wrong->field ? wrong->field : "mapping",
                              words_capital(j, j->err.message)};
    err_clear(j);
    return OK;
}

static enum err
save_and_check(struct job *j, struct response *r, const struct mapping_asked *a)
{
    int64_t task;
    enum err e = saved_layout_save(j, &a->m);

    if (!e)
        e = upload_again(j, a->task, "check", &task);
    if (!e)
        r->location = job_format(j, "/data/loads/%lld", (long long)task);
    return e;
}

enum err
page_map_save(struct job *j, const struct request *q, struct response *r)
{
    struct mapping_asked *a = job_alloc(j, sizeof *a);
    const char *what = request_form(q, "do"), *layout = request_form(q, "layout");
    const char *name = request_form(q, "name");
    bool save = what && !strcmp(what, "save");
    struct problem wrong = {"", NULL};
    struct map_page p = {.layout = ""};
    enum err e;

    a->layout = layout ? layout_find(layout) : NULL;
    if (!a->layout || !may_be_mapped(a->layout))
        return err_set(j, ERR_NOT_FOUND, "there is no such format");
    if ((e = find_file(j, q, request_form(q, "file"), request_form(q, "row"), a)))
        return e;
    a->m = (struct mapping){.name = name ? name : "", .layout = a->layout,
                            .header = a->sample.header, .part = a->part};
    take_parts(j, q, a);
    if (save && !*a->m.name) {
        wrong = (struct problem){"name", "Give the layout a name"};
    } else {
        if (!save && !*a->m.name)
            a->m.name = "not saved yet";
        e = save ? save_and_check(j, r, a) : fill_preview(j, a, &p);
        if (!save && !(name && *name))
            a->m.name = "";
    }
    if ((e = as_problem(j, e, &wrong)) || r->location)
        return e;
    if (wrong.text) {
        r->status = 422;
        p.problems = (struct problems){&wrong, 1};
    }
    show_map(j, q, r, a, &p);
    return OK;
}
