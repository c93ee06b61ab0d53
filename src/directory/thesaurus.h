/* directory/thesaurus.h - what else words are called: the built-in rows (thesaurus.def), the need
 * tree, and what a directory manager changed. */
#pragma once
#include "base/text.h"

enum thesaurus_kind {
    THESAURUS_SAME,  /* each of `words` is called the others too */
    THESAURUS_MEANS, /* who says one of `words` means one of `means`, not the other way round */
    THESAURUS_STOP,  /* `words` say nothing: neither kept nor asked */
    THESAURUS_SOFT,  /* `words` are in nearly every service: they order, none must have them */
};
struct thesaurus_row {
    enum thesaurus_kind kind;
    const char *name;  /* what a page calls it: of a need its label, else the first of its words */
    const char *words; /* by | */
    const char *means; /* by |; MEANS alone, else "" */
    const char *need;  /* id; NULL none */
    int64_t id;        /* of the authority's own row; 0 built in */
    bool off;          /* built in, and the authority does not want it */
};
struct thesaurus {
    const struct thesaurus_row *row;
    size_t n;
};
/* As it is without any authority: the built-in rows, then the needs. */
void thesaurus_built_in(struct job *j, struct thesaurus *out);
