#include "returns/fields.h"
#include "returns/layout.h"

/* The field lists, from the .def files. */
#define TEXT FIELD_TEXT, CODE_NONE
#define INT FIELD_INT, CODE_NONE
#define DECIMAL FIELD_DECIMAL, CODE_NONE
#define DEGREES FIELD_DEGREES, CODE_NONE
#define DATE FIELD_DATE, CODE_NONE
#define BOOL FIELD_BOOL, CODE_NONE
#define UPN FIELD_UPN, CODE_NONE
#define POSTCODE FIELD_POSTCODE, CODE_NONE
#define KEY FIELD_KEY, CODE_NONE
#define PARENT FIELD_PARENT, CODE_NONE
#define RETURN FIELD_RETURN, CODE_NONE
#define CODE(set) FIELD_CODE, CODE_##set
#define REQUIRED FIELD_REQUIRED
#define MARKS FIELD_MARKS
#define MINUS_ONE FIELD_MINUS_ONE
#define FOREIGN FIELD_FOREIGN
#define TOLD FIELD_TOLD
#define UNUSED FIELD_UNUSED
#define UNVERIFIED FIELD_UNVERIFIED
#define EVER 0, 0
#define SINCE(year) year, 0
#define UNTIL(year) 0, year
#define YEARS(from, to) from, to

#define TABLE(list) static const struct field list##_fields[n_##list] = {
#define FIELD(position, name, also, ...) [position] = {name, also, __VA_ARGS__},
#define END(list)                                                              \
    }                                                                          \
    ;
#define TABLE_AGAIN(list) static const struct field list##_fields[] = {
#define AGAIN(position, name, also, ...) [position] = {name, also, __VA_ARGS__},
#define AGAIN_END(list, of)                                                    \
    }                                                                          \
    ;                                                                          \
    _Static_assert(sizeof list##_fields == sizeof of##_fields, #list " has the fields of " #of);
#include "returns/census.def"
#include "returns/annex_a.def"
#include "returns/care_api.def"
#include "returns/cin.def"
#include "returns/annex_send.def"
#include "returns/ctf.def"
#include "returns/ees.def"
#include "returns/geography.def"
#include "returns/gias.def"
#include "returns/own.def"
#include "returns/registers.def"
#include "returns/sen2.def"
#include "returns/ssd.def"
#include "returns/ssda903.def"
#include "returns/systems.def"

#define LIST(list) list##_fields, sizeof list##_fields / sizeof(struct field)
#define CENSUS(table, parent, title, element, within, order, terms, years, known, list)      \
    CENSUS_ROW(table, parent, title, element, within, order, terms, years, known, list, false)
#define CENSUS_UNVERIFIED(table, parent, title, element, within, order, terms, years, list)  \
    CENSUS_ROW(table, parent, title, element, within, order, terms, years, NULL, list, true)
#define CENSUS_ROW(table, parent, title, element, within, order, terms, first, last, known,  \
                   list, unverified)                                                         \
    {"census-" #table, "census", "School census: " title, element, within, #table, parent,   \
     order, terms, first, last, false, true, known, LIST(list), TEXT_WHOLE, unverified},
#define CENSUS_SKIPPED(table, parent, title, element, within, terms, years)                  \
    CENSUS_SKIPPED_ROW(table, parent, title, element, within, terms, years)
#define CENSUS_SKIPPED_ROW(table, parent, title, element, within, terms, first, last)        \
    {"census-" #table, "census", "School census: " title " (not used)", element, within,     \
     #table, parent, 9, terms, first, last, true, true, "*", NULL, 0, TEXT_WHOLE, false},
#define CIN(name, table, parent, title, element, within, order, known, list)                 \
    {name, "cin", "Children in need census: " title, element, within, #table, parent, order, \
     0, 0, 0, false, false, known, LIST(list), TEXT_LISTED, false},
#define C903(table, title_, element_, within_, order_, list)                                 \
    {.name = "ssda903-" #table, .family = "ssda903", .title = "SSDA903: " title_,            \
     .element = element_, .within = within_, .order = order_, .csv = true, .known = "*",     \
     .fields = list##_fields, .n_fields = n_##list, .text = TEXT_LISTED},
#define C903_XML(table, title_, element_, within_, order_, list)                             \
    {.name = "ssda903-" #table, .family = "ssda903", .title = "SSDA903: " title_,            \
     .element = element_, .within = within_, .order = order_, .known = "*",                  \
     .fields = list##_fields, .n_fields = n_##list, .text = TEXT_LISTED},
#define C903_SKIPPED(table, title, element, within, years, list)                             \
    C903_SKIPPED_ROW(table, title, element, within, years, list)
#define C903_SKIPPED_ROW(table, title_, element_, within_, first_, last_, list)              \
    {.name = "ssda903-" #table, .family = "ssda903",                                         \
     .title = "SSDA903: " title_ " (not used)", .element = element_, .within = within_,      \
     .order = 9, .first = first_, .last = last_, .skip = true, .csv = true, .known = "*",    \
     .fields = list##_fields, .n_fields = n_##list, .text = TEXT_NONE},
#define ANNEX_A(list_, number, title_, skip_)                                                \
    {.name = "annex-a-list_" #number, .family = "annex-a",                                   \
     .title = "Annex A, list " #number ": " title_, .within = "",                            \
     .order = (skip_) ? 20 : number, .skip = skip_, .csv = true, .known = "*",               \
     .fields = list_##_fields, .n_fields = n_##list_, .text = (skip_) ? TEXT_NONE : TEXT_LISTED},
#define CARE_API(table, title_, path, prefix_, parent_, order_, list)                        \
    {.name = "care-api-" #table, .family = "care-api", .title = "Social care payload: " title_, \
     .element = "Children[]" path " []" path, .within = "", .prefix = prefix_,               \
     .parent = parent_, .order = order_, .known = "*", .fields = list##_fields,              \
     .n_fields = n_##list, .text = TEXT_LISTED},
#define SSD(object, title_, order_, list)                                                    \
    {.name = "ssd-" #object, .family = "ssd", .title = "Safeguarding dataset: " title_,      \
     .within = "", .order = order_, .csv = true, .known = "*", .fields = list##_fields,      \
     .n_fields = n_##list, .text = TEXT_LISTED},
#define SSD_SKIPPED(object, title_, columns)                                                 \
    {.name = "ssd-" #object, .family = "ssd",                                                \
     .title = "Safeguarding dataset: " title_ " (not used)", .within = "", .order = 9,       \
     .skip = true, .csv = true, .known = "*",                                                \
     .fields = (const struct field[]){{columns, NULL, FIELD_TEXT, CODE_NONE, FIELD_MARKS, 0, \
                                       0, 0, "any such column"}},                            \
     .n_fields = 1, .text = TEXT_NONE},
#define CSV(name, family, title, order, known, list)                                         \
    {name, family, title, "[] data[]", "", NULL, NULL, order, 0, 0, 0, false, true, known,    \
     LIST(list), TEXT_WHOLE, false},
#define MARKS_CSV(name, family, title, order, known, list)                                   \
    {name, family, title, "[] data[]", "", NULL, NULL, order, 0, 0, 0, false, true, known,    \
     LIST(list), TEXT_NONE, false},
#define SEN2(table, parent_, title_, element_, within_, order_, list)                        \
    {.name = "sen2-" #table, .family = "sen2", .title = "SEN2: " title_,                     \
     .element = element_, .within = within_, .prefix = #table, .parent = parent_,            \
     .order = order_, .first = 2022, .csv = true, .known = "*", .fields = list##_fields,     \
     .n_fields = n_##list, .text = TEXT_LISTED},
#define SEN2_HEADER(name_, title_, element_, within_, list)                                  \
    {.name = name_, .family = "sen2", .title = "SEN2: " title_, .element = element_,         \
     .within = within_, .order = 1, .known = "*", .fields = list##_fields,                   \
     .n_fields = n_##list},
#define SEN2_SKIPPED(table, parent_, title_, element_, within_)                              \
    {.name = "sen2-" #table, .family = "sen2", .title = "SEN2: " title_ " (not used)",       \
     .element = element_, .within = within_, .prefix = #table, .parent = parent_,            \
     .order = 9, .first = 2022, .skip = true, .csv = true, .known = "*"},
#define ANNEX_SEND(name_, title_, list, skip_)                                               \
    {.name = name_, .family = "annex-send", .title = "SEND Annex A: " title_, .within = "",  \
     .order = (skip_) ? 9 : 1, .skip = skip_, .csv = true, .known = "*",                     \
     .fields = list##_fields, .n_fields = n_##list,                                          \
     .text = (skip_) ? TEXT_NONE : TEXT_LISTED},
#define SYSTEM(name_, title_, element_, order_, list)                                        \
    {.name = name_, .family = "marks-school", .title = "School system: " title_,             \
     .element = element_ "[] data[]", .within = "", .order = order_, .csv = true,            \
     .known = "*", .fields = list##_fields, .n_fields = n_##list,      \
     .text = TEXT_LISTED},
#define SYSTEM_PUPILS(name_, title_, element_, order_, list)                                 \
    {.name = name_, .family = "marks-school", .title = "School system: " title_,             \
     .element = element_ "[] data[]", .within = "", .order = order_, .csv = true,            \
     .known = "*", .fields = list##_fields, .n_fields = n_##list,                            \
     .text = TEXT_LISTED, .unverified = true},
#define SYSTEM_SKIPPED(name_, title_, element_, list)                                        \
    {.name = name_, .family = "marks-school", .title = "School system: " title_ " (not used)", \
     .element = element_ "[] data[]", .within = "", .order = 9, .skip = true, .csv = true,   \
     .known = "*", .fields = list##_fields, .n_fields = n_##list},
#define TREE(name_, family_, title_, element_, within_, prefix_, parent_, order_, list)      \
    {.name = name_, .family = family_, .title = title_, .element = element_,                 \
     .within = within_, .prefix = prefix_, .parent = parent_, .order = order_, .known = "*", \
     .fields = list##_fields, .n_fields = n_##list, .text = TEXT_LISTED},
#define B2B(name_, title_, element_, within_, prefix_, parent_, order_, list, unverified_)   \
    {.name = name_, .family = "b2b", .title = "B2B:Student: " title_, .element = element_,   \
     .within = within_, .prefix = prefix_, .parent = parent_, .order = order_, .known = "*", \
     .fields = list##_fields, .n_fields = n_##list, .text = TEXT_LISTED,                     \
     .unverified = unverified_},
#define AP_CENSUS(name_, element_, list)                                                     \
    {.name = name_, .family = "registers", .title = "Alternative provision census",          \
     .element = element_, .within = "", .order = 1, .known = "*",                            \
     .fields = list##_fields, .n_fields = n_##list, .text = TEXT_LISTED, .unverified = true},
#define TREE_SKIPPED(name_, family_, title_, element_, within_, list)                        \
    {.name = name_, .family = family_, .title = title_, .element = element_,                 \
     .within = within_, .order = 9, .skip = true, .known = "*", .fields = list##_fields,     \
     .n_fields = n_##list},
#define CSV_SKIPPED(name_, family_, title_, list)                                            \
    {.name = name_, .family = family_, .title = title_, .within = "", .order = 9,            \
     .skip = true, .csv = true, .known = "*", .fields = list##_fields, .n_fields = n_##list},

const struct layout layouts[] = {
#include "returns/layouts.def"
};
const size_t n_layouts = sizeof layouts / sizeof layouts[0];
const struct xml_root xml_roots[] = {
#define XML_ROOT(root, body, collection, layout) {root, body, collection, layout},
#include "returns/xml_roots.def"
};
const size_t n_xml_roots = sizeof xml_roots / sizeof xml_roots[0];
const char layout_unverified[] = "not checked against a real file";

const struct layout *
layout_find(const char *name)
{
    for (size_t i = 0; i < n_layouts; i++)
        if (strcmp(layouts[i].name, name) == 0)
            return &layouts[i];
    return NULL;
}

static bool
in_year(short first, short last, int32_t school_year)
{
    return school_year == 0 || ((first == 0 || school_year >= first) &&
                                (last == 0 || school_year <= last));
}

static unsigned
term_bit(int term)
{
    return term ? 1U << (unsigned)(term - 1) : IN_ALL;
}

bool
layout_carries(const struct layout *l, const struct field *f, int32_t school_year, int term)
{
    unsigned rolls = f->terms & (ON_ROLL | OFF_ROLL);

    if (rolls && !(rolls & l->terms))
        return false;
    if ((f->terms & IN_ALL) && !(f->terms & term_bit(term)))
        return false;
    return in_year(f->first, f->last, school_year);
}

bool
layout_exists_in(const struct layout *l, int32_t school_year, int term)
{
    if ((l->terms & IN_ALL) && !(l->terms & term_bit(term)))
        return false;
    return in_year(l->first, l->last, school_year);
}

/* "gender<2023": the name in use before that school year, if this is one of them. */
static bool
older_name(const char *also, int32_t school_year, struct span *name)
{
    for (const char *p = also; p && *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " "), mark = strcspn(p, "< ");
        int64_t until;

        if (mark < n && text_to_int(p + mark + 1, n - mark - 1, &until) && school_year < until) {
            *name = (struct span){p, mark};
            return true;
        }
        p += n;
    }
    return false;
}

const char *
layout_column(const struct layout *l, const struct field *f, int32_t school_year, char *buf)
{
    struct span name = span_of(f->name);

    if (f->type == FIELD_KEY && l->prefix)
        snprintf(buf, LAYOUT_NAME, "%stableid", l->prefix);
    else if (f->type == FIELD_PARENT && l->parent)
        snprintf(buf, LAYOUT_NAME, "%stableid", l->parent);
    else {
        if (school_year)
            older_name(f->also, school_year, &name);
        snprintf(buf, LAYOUT_NAME, "%.*s", (int)name.n, name.s);
    }
    return buf;
}
