/* returns/xml_plan.h - what each element of a family's XML means, worked out once a file.
 *
 * Every element name that a layout knows has a small number; what follows from it is looked
 * up in tables, so that an element costs one hash and no comparison of long chains. */
#pragma once
#include "returns/layout.h"

enum { XML_NO_NAME = 0, XML_DEPTH = 64, XML_WITHIN = 3 };

/* An element that is a record: of this layout, if all of `within` are open. */
struct xml_record {
    int layout; /* of the plan */
    int within[XML_WITHIN];
};
/* An element that is a field, when it lies directly in `parent` (XML_NO_NAME: anywhere). */
struct xml_field {
    int position, parent;
};
struct xml_layout {
    const struct layout *l;
    int own;                 /* field that the record element's own text is; -1 none */
    int key, parent, native; /* positions of these fields; -1 none */
    int belongs_to;          /* layout (of the plan) of the parent; -1 none */
    const struct xml_field **fields; /* by name; NULL: not a field.  Ends with position -1 */
};
struct xml_plan {
    struct xml_layout *layouts;
    size_t n_layouts;
    size_t n_names;
    const struct xml_record **records; /* by name; NULL: no record.  Ends with layout -1 */
    struct xml_name *names;            /* hash table */
    size_t mask;
};
struct xml_plan *xml_plan(struct job *j, const char *family);
/* Number of an element's name, without its prefix and in any case; XML_NO_NAME: unknown. */
int xml_name(const struct xml_plan *p, const char *name);
