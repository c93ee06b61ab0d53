/* directory/needs.h - what a family worries about, in its own words: a tree of two levels.
 *
 * needs.def joins each to practitioners' terms, and to the types of exclusion and the warning
 * signs that it may help with, so that their pages can offer services. */
#pragma once
#include "base/text.h"

struct need {
    const char *id;       /* "school-worry": in addresses, keys of the index, `rooted.needs` */
    const char *under;    /* id of the need above it; NULL: at the top */
    const char *label;    /* "Worried about going to school" */
    const char *terms;    /* what practitioners call it, and families too, by | */
    const char *types;    /* names of risk's measures (types of exclusion) by blank: "pa sa" */
    const char *signs;    /* kinds of warning signs by blank: "absence-rising" */
};
/* All, each top one followed by those under it. */
const struct need *needs_list(size_t *n);
/* NULL: no such need. */
const struct need *needs_find(const char *id);
/* Those that a type of exclusion, or a kind of warning sign, points to, in their order here. */
size_t needs_of_type(struct job *j, const char *type, const struct need ***out);
size_t needs_of_sign(struct job *j, const char *sign, const struct need ***out);
