#include "returns/describe.h"
#include "base/date.h"
#include "returns/findings.h"
#include "returns/tree_plan.h"

static const char *const type_names[] = {
    [FIELD_TEXT] = "text",          [FIELD_INT] = "whole number",
    [FIELD_DATE] = "date",          [FIELD_BOOL] = "yes or no",
    [FIELD_CODE] = "code",          [FIELD_UPN] = "UPN",
    [FIELD_DECIMAL] = "number",
    [FIELD_DEGREES] = "degrees",
    [FIELD_POSTCODE] = "postcode",  [FIELD_KEY] = "id of the row",
    [FIELD_PARENT] = "id of what it belongs to", [FIELD_RETURN] = "id of the return",
};

const char *
returns_type_name(enum field_type t)
{
    return type_names[t];
}

/* "2017/18 on", "to 2016/17", "2019/20", "2016/17 to 2018/19"; nothing without limits. */
static void
put_years(FILE *f, short first, short last)
{
    char from[DATE_TEXT], to[DATE_TEXT];

    date_year_name(first, from);
    date_year_name(last, to);
    if (first && last && first != last)
        fprintf(f, "%s to %s", from, to);
    else if (first)
        fprintf(f, last ? "%s" : "%s on", from);
    else if (last)
        fprintf(f, "to %s", to);
}

static void
put_terms(FILE *f, unsigned terms)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{IN_AUTUMN, "autumn"},
                 {IN_SPRING, "spring"},
                 {IN_SUMMER, "summer"},
                 {ON_ROLL, "on roll"},
                 {OFF_ROLL, "no longer on roll"}};
    const char *before = "";

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(terms & names[i].bit) || ((terms & IN_ALL) == IN_ALL && names[i].bit <= IN_SUMMER))
            continue;
        fprintf(f, "%s%s", before, names[i].name);
        before = ", ";
    }
}

/* In a table of Markdown: no bar may stand in a cell. */
static void
put_cell(FILE *f, const char *s)
{
    for (; s && *s; s++) {
        if (*s == '|' || *s == '\\')
            fputc('\\', f);
        fputc(*s, f);
    }
}

static const char *
field_name(const struct field *x)
{
    if (x->type == FIELD_KEY)
        return "`<table>tableid`";
    return x->type == FIELD_PARENT ? "`<table above>tableid`" : x->name;
}

static bool
is_made(const struct layout *l, const struct field *x)
{
    return !l->csv &&
           (x->type == FIELD_KEY || x->type == FIELD_PARENT || x->type == FIELD_RETURN);
}

/* Behind what is said before it. */
static void
put_unverified(FILE *f, bool unverified, const char *before)
{
    if (unverified)
        fprintf(f, "%s%s", before && *before ? "; " : "", layout_unverified);
}

static void
put_field(FILE *f, const struct field *x)
{
    const char *bold = x->rules & FIELD_MARKS ? "**" : "", *tick = x->also ? "`" : "";

    fprintf(f, "| %s%s%s | %s", bold, field_name(x), bold, tick);
    put_cell(f, x->also);
    fprintf(f, "%s | %s", tick, type_names[x->type]);
    if (x->type == FIELD_CODE)
        fprintf(f, ": %s", code_set_name(x->set));
    fprintf(f, "%s | ", x->rules & FIELD_REQUIRED ? ", needed" : "");
    put_years(f, x->first, x->last);
    fprintf(f, " | ");
    put_terms(f, x->terms);
    fprintf(f, " | ");
    put_cell(f, x->about);
    put_unverified(f, x->rules & FIELD_UNVERIFIED, x->about);
    fprintf(f, " |\n");
}

/* "; XML `Child` within `Children`", "; JSON `[]` `data[]`". */
static void
put_elements(FILE *f, const struct layout *l, enum file_form form)
{
    const char *list = l->element, *before = form == FORM_XML ? "; XML" : "; JSON";

    for (struct span w = tree_next(&list, form); w.n; w = tree_next(&list, form)) {
        fprintf(f, "%s `%.*s`", before, (int)w.n, w.s);
        before = "";
    }
    if (!*before && form == FORM_XML && *l->within)
        fprintf(f, " within `%s`", l->within);
}

/* What an XML file that begins with its records is told by. */
static void
put_roots(FILE *f, const struct layout *l)
{
    const char *before = "; first element";

    for (size_t i = 0; i < n_xml_roots; i++)
        if (!strcmp(xml_roots[i].layout, l->name) && strcmp(xml_roots[i].root, "Message") != 0) {
            fprintf(f, "%s `%s`", before, xml_roots[i].root);
            before = " or";
        }
}

/* One line a table that has this list of fields. */
static void
put_table(FILE *f, const struct layout *l)
{
    fprintf(f, "* `%s`: %s", l->name, l->title);
    put_elements(f, l, FORM_XML);
    put_elements(f, l, FORM_JSON);
    if (l->first || l->last) {
        fprintf(f, "; ");
        put_years(f, l->first, l->last);
    }
    if (l->terms & IN_ALL && (l->terms & IN_ALL) != IN_ALL) {
        fprintf(f, "; ");
        put_terms(f, l->terms & IN_ALL);
    }
    put_roots(f, l);
    put_unverified(f, l->unverified, l->title);
    fprintf(f, "\n");
}

static bool
shares_list(const struct layout *a, const struct layout *b)
{
    return a->fields == b->fields && strcmp(a->family, b->family) == 0;
}

static void
put_fields(FILE *f, const struct layout *l)
{
    if (l->n_fields == 0)
        return;
    fprintf(f, "\n| column or element | also called | holds | years | where | about |\n"
               "|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < l->n_fields; i++)
        if (!is_made(l, &l->fields[i]))
            put_field(f, &l->fields[i]);
}

/* Tables with the same fields stand together, under the first of them. */
static void
put_group(FILE *f, const struct layout *l)
{
    for (const struct layout *before = layouts; before < l; before++)
        if (shares_list(before, l))
            return;
    fprintf(f, "\n### %s\n\n", l->title);
    for (const struct layout *x = l; x < layouts + n_layouts; x++)
        if (shares_list(x, l))
            put_table(f, x);
    put_fields(f, l);
}

static void
put_codes(FILE *f)
{
    enum code_set set = CODE_NONE;

    fprintf(f, "\n## Codes\n\nOutside its years a code is still read, with a remark.\n");
    for (const struct code *c = code_all(); c->code; c++) {
        if (c->set != set)
            fprintf(f, "\n### %c%s\n\n| code | years | kept as | meaning |\n|---|---|---|---|\n",
                    code_set_name(c->set)[0] & ~32, code_set_name(c->set) + 1);
        set = c->set;
        fprintf(f, "| ");
        put_cell(f, c->code);
        fprintf(f, " | ");
        put_years(f, c->first, c->last);
        fprintf(f, " | %s | ", c->becomes ? c->becomes : "");
        put_cell(f, c->label);
        put_unverified(f, c->unverified, c->label);
        fprintf(f, " |\n");
    }
}

static void
put_rules(FILE *f)
{
    fprintf(f, "\n## What is found wrong with a record\n\nA record is refused when a column "
               "that is *needed* is blank or wrong; all else is a remark.\n\n"
               "| rule | sentence |\n|---|---|\n");
    for (int r = RULE_NONE + 1; r < RULES; r++) {
        fprintf(f, "| %s | ", rule_name((enum rule)r));
        put_cell(f, rule_sentence((enum rule)r));
        fprintf(f, " |\n");
    }
}

void
returns_describe_layout(FILE *f, const struct layout *l)
{
    fprintf(f, "# %s\n\n", l->title);
    put_table(f, l);
    put_fields(f, l);
}

void
returns_describe(FILE *f)
{
    const char *family = "";

    fprintf(f,
            "# Files that are read\n\n"
            "Printed by `rooted formats` from the program's own tables.\n\n"
            "A CSV is recognised by its columns, never by its name or their order: all those in "
            "**bold** must be there, the others may be. Column names are compared without case. "
            "Columns that are not listed are kept aside. A table of a COLLECT export also has "
            "`NativeId`, `<table>orderseqcolumn` and `sourceid`. Text may be UTF-8, UTF-16 or "
            "Windows-1252, with any line ends.\n\n"
            "In *also called*, `gender<2023` is the name before the school year 2023/24, "
            "`A/B` an element B directly within A (in CSV `A_B`), `/A` a member of the outermost "
            "object of JSON, `_` a blank, `*` and `?` any characters. JSON `data[]` is each item "
            "of the list \"data\", `[]` each item of the list that is the whole file.\n\n"
            "A sheet of an Excel workbook (.xlsx) is read as such a CSV: its columns may stand "
            "below titles, within the first 30 rows with values; days are told by their format. "
            "A zip is read as a folder.\n\n"
            "Where it says *%s*, names of columns, elements or codes were taken from neighbouring "
            "facts. A CSV or sheet that has others is read all the same by a layout of the "
            "authority's own (Data, Map a file): its columns, and what its codes mean. XML that "
            "has others is read once `rooted setup --element-names` says which.\n",
            layout_unverified);
    for (const struct layout *l = layouts; l < layouts + n_layouts; l++) {
        if (strcmp(family, l->family) != 0)
            fprintf(f, "\n## Family \"%s\"\n", l->family);
        family = l->family;
        put_group(f, l);
    }
    put_codes(f);
    put_rules(f);
}
