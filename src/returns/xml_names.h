/* returns/xml_names.h - elements that an authority's XML calls otherwise.
 *
 * Some names of layouts.def were never held beside a real file.  Where a real one has others, the
 * setting "element-names" says which: "Learners=B2BStudents" for the first element of a file,
 * "Learners/Learner=Student" for one within such a file.  The file is then read from a copy
 * that has our names, so that all that knows names, and the kept text, need not know of it. */
#pragma once
#include "base/text.h"

struct xml_alias {
    struct span root, theirs; /* theirs empty: the first element itself */
    struct span ours;
};
struct xml_names {
    struct xml_alias *alias; /* of two for the same element the later counts */
    size_t n;
};
/* Adds to what is there; text NULL: nothing.  ERR_INPUT: not of that form, or no file that is
 * read has an element of our name. */
MUST_CHECK enum err xml_names_parse(struct job *j, const char *text, struct xml_names *out);
