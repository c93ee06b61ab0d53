/* people/codes.h - DfE code sets by school year (codes.def and its companions).
 *
 * A code is known in a set from one school year to another; outside them it is still read
 * where the guides say files carry it, with a finding.  Never share a lookup between sets:
 * DS is an exclusion reason and an SEN type. */
#pragma once
#include "base/text.h"

enum code_set {
    CODE_NONE,
#define CODE_SET(set, name) CODE_##set,
#include "people/code_sets.def"
#undef CODE_SET
    CODE_SETS
};

struct code {
    enum code_set set;
    const char *code;
    short first, last;   /* school years; 0: always */
    const char *becomes; /* what is stored: FIXD becomes SUSP; NULL: itself */
    const char *label;   /* in words, for pages */
    bool unverified;     /* it, or its label, was never held beside a real file */
};
/* Codes are compared trimmed and in upper case.  NULL: not in the set in any year. */
const struct code *code_find(enum code_set set, struct span code);
/* In use that school year (0: do not ask)? */
bool code_valid_in(const struct code *c, int32_t school_year);
/* Withdrawn, and still to be taken: files go on carrying it, and DfE counts it as before. */
bool code_tolerated(const struct code *c);
/* What is stored for it. */
const char *code_stored(const struct code *c);
/* Label for a stored code; the code itself when unknown. */
const char *code_label(enum code_set set, const char *code);
const char *code_set_name(enum code_set set); /* "exclusion reason" */
/* All rows, a set's together, for documentation and tests; ends with code NULL. */
const struct code *code_all(void);

/* A set made ready for millions of lookups, owned by the job. */
struct code_entry {
    const struct code *code;
    const char *stored;
    size_t n_stored;
    int position; /* of the stored code among its set's rows; attendance: the code's index */
};
struct code_index;
struct code_index *code_index(struct job *j, enum code_set set);
/* code: trimmed.  NULL: not in the set. */
const struct code_entry *code_lookup(const struct code_index *x, struct span code);
