/* returns/tree_plan.h - what each name of a family's XML or JSON means, worked out once a file.
 *
 * Both forms are trees of names: an XML element, or a member of a JSON object (of a JSON array:
 * each of its items, under the array's name).  Every name that a layout knows has a small
 * number; what follows from it is looked up in tables, so that an element costs one hash and
 * no comparison of long chains. */
#pragma once
#include "returns/layout.h"
#include "returns/open.h"

/* What begins: of an XML element it shows only at its end. */
enum tree_kind { TREE_EITHER, TREE_BRANCH, TREE_LEAF };
enum { TREE_NO_NAME = 0, TREE_DEPTH = 64, TREE_WITHIN = 3 };

/* A name that begins a record of this layout (of the plan): XML: if all of `within` are open;
 * JSON: if it lies at `depth` and `within` are the names around it, the outermost first. */
struct tree_record {
    int layout, depth;
    int within[TREE_WITHIN];
};
/* A name that is a field.  parent: the names it lies in, the nearest first.  XML: only the
 * nearest is looked at, and with none it may lie anywhere in the record.  JSON: these are all
 * the names between the record and the field. */
struct tree_field {
    int position;
    int parent[TREE_WITHIN];
};
struct tree_layout {
    const struct layout *l;
    int own;                 /* field that the record's own text is; -1 none */
    int key, parent, native; /* positions of these fields; -1 none */
    int belongs_to;          /* layout (of the plan) of the parent; -1 none */
    const struct tree_field **fields; /* by name; NULL: not a field.  Ends with position -1 */
    int *file_value;         /* by position: value that stands once for the file; -1 none */
};
struct tree_plan {
    bool json;
    struct tree_layout *layouts;
    size_t n_layouts;
    size_t n_names;
    const struct tree_record **records; /* by name; NULL: no record.  Ends with layout -1 */
    struct tree_name *names;            /* hash table */
    size_t mask;
    /* JSON: "/name" of a field is a member of the file's outermost object, met before the
     * records that it holds for.  By name: its number from 1; 0 none. */
    int *file_value;
    size_t n_file_values;
};
/* `of` is the layout the file was recognised as: of tables that a family has side by side in JSON
 * only that one is read. */
struct tree_plan *tree_plan(struct job *j, const struct layout *of, enum file_form form);
/* Number of a name, in any case; of an XML element's, without its prefix.  TREE_NO_NAME:
 * unknown. */
int tree_name(const struct tree_plan *p, const char *name, size_t n);

/* The layout's next way to be met in this form, from *list (layout->element) on: an XML
 * element, or a path in JSON ("data[]", "Children[].plans[]"); empty at the end. */
struct span tree_next(const char **list, enum file_form form);
bool tree_has(const struct layout *l, enum file_form form);
/* The next part of a JSON path, without its brackets ("[]" of an array that is the whole
 * file); empty at the end. */
struct span tree_part(struct span *path);
