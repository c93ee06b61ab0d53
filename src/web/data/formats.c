/* Files that are understood, from the program's own declarations. */
#include "base/date.h"
#include "intake/saved_layout.h"
#include "returns/describe.h"
#include "ui/words.h"
#include "web/data/files.h"
#include "web/data/formats.html.h"
#include "web/frame.h"
#include "web/pages.h"

static size_t
families(void)
{
    size_t n = 0;

    for (size_t i = 0; i < n_layouts; i++)
        n += !i || strcmp(layouts[i].family, layouts[i - 1].family) != 0;
    return n;
}

static const char *
format_path(struct job *j, const struct layout *l)
{
    return job_format(j, "/data/formats/%s", l->name);
}

static void
fill_families(struct job *j, struct formats_page *p)
{
    struct format_family *f = job_array(j, families() + 1, sizeof *f);
    struct cell *c = job_array(j, n_layouts + 1, sizeof *c);

    for (size_t i = 0; i < n_layouts; i++) {
        const struct layout *l = &layouts[i];
        if (!i || strcmp(l->family, layouts[i - 1].family) != 0)
            f[p->n++] = (struct format_family){words_capital(j, l->family), &c[i], 0};
        c[i] = (struct cell){.text = l->title, .href = format_path(j, l),
                             .note = l->skip ? "recognised and counted, not kept" : NULL};
        f[p->n - 1].n++;
    }
    p->families = f;
}

static enum err
fill_saved(struct job *j, struct formats_page *p)
{
    static const struct column columns[] = {{"Name", false}, {"Read as", false},
                                            {"Made by", false}};
    struct saved_layout *v;
    struct cell *c;
    size_t n;
    enum err e = saved_layout_list(j, &v, &n);

    if (e)
        return e;
    c = job_array(j, 3 * n + 1, sizeof *c);
    for (size_t i = 0; i < n; i++) {
        const struct layout *l = v[i].m.layout;
        c[3 * i].text = v[i].m.name;
        c[3 * i].href = frame_with(j, "/data/layout", "name", v[i].m.name);
        c[3 * i].note = *v[i].unusable ? v[i].unusable : NULL;
        c[3 * i + 1] = (struct cell){.text = l ? l->title : "no longer read",
                                     .href = l ? format_path(j, l) : NULL};
        c[3 * i + 2].text = v[i].made_by;
    }
    p->saved = (struct table){.name = "Layouts of your own", .columns = columns, .n_columns = 3,
                              .cells = c, .n_rows = n, .stack = true};
    return OK;
}

enum err
page_formats(struct job *j, const struct request *q, struct response *r)
{
    struct view *view = frame_view(j, q, "Files that are understood");
    struct formats_page p = {.view = view, .heading = view->title};
    enum err e = fill_saved(j, &p);

    if (e)
        return e;
    view->back = "/data";
    view->back_text = "All data";
    p.lede = "Files are recognised by their columns or elements, never by their names. Columns "
             "may stand in any order, and more of them do no harm.";
    fill_families(j, &p);
    view_formats(&r->body, &p);
    return OK;
}

/* ---- one ---------------------------------------------------------------------------------- */

static const char *
years_words(struct job *j, short first, short last)
{
    char from[DATE_TEXT], to[DATE_TEXT];

    if (!first && !last)
        return NULL;
    date_year_name(first, from);
    date_year_name(last, to);
    if (first && last)
        return first == last ? job_copy(j, from) : job_format(j, "%s to %s", from, to);
    return first ? job_format(j, "%s on", from) : job_format(j, "to %s", to);
}

static const char *
about(struct job *j, const char *words, bool unverified)
{
    bool any = words && *words;

    if (!unverified)
        return any ? words : NULL;
    return any ? job_format(j, "%s; %s", words, layout_unverified) : layout_unverified;
}

static void
fill_fields(struct job *j, const struct layout *l, struct format_page *p)
{
    static const struct column columns[] = {{"Column or element", false}, {"Holds", false},
                                            {"Years", false}, {"Also called", false}};
    struct cell *c = job_array(j, 4 * l->n_fields + 1, sizeof *c);
    char name[LAYOUT_NAME];

    for (size_t i = 0; i < l->n_fields; i++) {
        const struct field *f = &l->fields[i];
        struct cell *row = &c[4 * i];
        row[0].text = job_copy(j, layout_column(l, f, 0, name));
        row[0].note = f->rules & FIELD_REQUIRED ? "needed"
                      : f->rules & FIELD_MARKS ? "must be there" : NULL;
        row[1].text = returns_type_name(f->type);
        if (f->type == FIELD_CODE)
            row[1].text = job_format(j, "code: %s", code_set_name(f->set));
        row[1].note = about(j, f->about, f->rules & FIELD_UNVERIFIED);
        row[2].text = years_words(j, f->first, f->last);
        row[3].text = f->also;
    }
    p->fields = (struct table){.name = "Columns", .columns = columns, .n_columns = 4, .cells = c,
                               .n_rows = l->n_fields, .stack = true};
}

static bool
has_set(const struct layout *l, enum code_set set)
{
    for (size_t i = 0; i < l->n_fields; i++)
        if (l->fields[i].type == FIELD_CODE && l->fields[i].set == set)
            return true;
    return false;
}

static void
fill_codes(struct job *j, const struct layout *l, struct format_page *p)
{
    static const struct column columns[] = {{"Set", false}, {"Code", false}, {"Meaning", false},
                                            {"Years", false}};
    size_t n = 0, rows = 0;
    struct cell *c;

    for (const struct code *k = code_all(); k->code; k++)
        n += has_set(l, k->set);
    c = job_array(j, 4 * n + 1, sizeof *c);
    for (const struct code *k = code_all(); k->code; k++) {
        struct cell *row = &c[4 * rows];
        if (!has_set(l, k->set))
            continue;
        row[0].text = words_capital(j, code_set_name(k->set));
        row[1].text = k->code;
        row[1].note = k->becomes ? job_format(j, "kept as %s", k->becomes) : NULL;
        row[2].text = k->label;
        row[2].note = k->unverified ? layout_unverified : NULL;
        row[3].text = years_words(j, k->first, k->last);
        rows++;
    }
    p->codes = (struct table){.name = "Codes", .columns = columns, .n_columns = 4, .cells = c,
                              .n_rows = rows, .stack = true};
}

enum err
page_format(struct job *j, const struct request *q, struct response *r)
{
    const struct layout *l = layout_find(q->part[0]);
    struct format_page p = {0};
    struct view *view;

    if (!l)
        return err_set(j, ERR_NOT_FOUND, "there is no such format");
    view = frame_view(j, q, l->title);
    view->back = "/data/formats";
    view->back_text = "Files that are understood";
    p.view = view;
    p.heading = l->title;
    p.lede = job_format(j, "Called %s on the command line.%s%s%s", l->name,
                        l->csv ? " Met as CSV." : "",
                        l->skip ? " It is recognised and counted, but not kept."
                        : l->element ? " Met as XML or JSON." : "",
                        l->unverified ? " Its elements were not checked against a real file: a "
                                        "CSV that has others is mapped by a layout of your own, "
                                        "for XML there is “rooted setup --element-names”." : "");
    fill_fields(j, l, &p);
    fill_codes(j, l, &p);
    view_format(&r->body, &p);
    return OK;
}
