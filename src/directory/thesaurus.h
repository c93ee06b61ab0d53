/* directory/thesaurus.h - what else words are called: the built-in rows (thesaurus.def), the need
 * tree, and what a directory manager changed. */
#pragma once
#include "store/db.h"

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
/* The same as j->area wants it: its own rows last, those built in that it does not want `off`. */
MUST_CHECK enum err thesaurus_load(struct job *j, struct thesaurus *out);

const char *thesaurus_kind_name(enum thesaurus_kind k); /* "means" */
bool thesaurus_kind_find(const char *name, enum thesaurus_kind *out);
/* A directory manager's changes, in the caller's transaction; the index is made again after them.
 * Words may be parted by lines too.  ERR_INPUT: nothing in it, or a phrase of over 12 words. */
struct thesaurus_edit {
    enum thesaurus_kind kind;
    const char *words, *means;
};
MUST_CHECK enum err thesaurus_add(struct job *j, const struct thesaurus_edit *e, int64_t *id);
MUST_CHECK enum err thesaurus_change(struct job *j, int64_t id, const struct thesaurus_edit *e);
MUST_CHECK enum err thesaurus_end(struct job *j, int64_t id);
/* A built-in row, by its name: not wanted, or wanted again. */
MUST_CHECK enum err thesaurus_switch(struct job *j, const char *name, bool off);
