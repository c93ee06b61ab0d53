/* intake/family.h - what understands the tables of one family, one row of families.def each.
 *
 * A family's functions turn records into facts of the batch being loaded. */
#pragma once
#include "intake/loading.h"

/* Tables of a folder are one export while each is there once, whatever the files are called. */
enum { FOLDER_BY_TABLES = 2 };
/* All files of the family in a folder are one export, in whatever form and however many. */
enum { FOLDER_WHOLE = 3 };

struct family {
    const char *name;  /* of layouts.def: "census" */
    const char *title; /* of its batches, unless the files say more */
    /* Tables of one folder make one batch, true: by their names; otherwise each file is a
     * batch of its own. */
    int whole_folder;
    const char *root;  /* layout that such a batch must have; NULL none */
    /* NULL: there is nothing to do; the state is then the loading itself. */
    enum err (*begin)(struct job *j, struct loading *l, void **state);
    loading_fn *record; /* arg: the state */
    enum err (*end)(struct job *j, void *state); /* after the last file */
};
/* In the order in which a load takes them. */
extern const struct family families[];
extern const size_t n_families;
const struct family *family_find(const char *name); /* NULL: none */

#define FAMILY(name, title, whole_folder, root, functions)                     \
    enum err functions##_begin(struct job *j, struct loading *l, void **state); \
    loading_fn functions##_record;                                             \
    enum err functions##_end(struct job *j, void *state);
#define RECORDS(name, title, function) loading_fn function##_record;
#include "intake/families.def"
#undef FAMILY
#undef RECORDS

/* Small things that the families share. */
struct arg value_text(const struct value *v); /* NULL when not given */
struct arg value_int(const struct value *v);
struct arg value_end(const struct value *v);  /* last day given -> half-open */
int32_t value_date(const struct value *v);    /* DATE_NONE */
struct span value_span(const struct value *v); /* empty */
