/* people/school_names.h - who was ever on the roll of which school, under which names, read in
 * one pass over the censuses in force.  Room-private: of school_child.c. */
#pragma once
#include "store/db.h"

/* What a file calls a person: keys of names, "" not known. */
struct school_name {
    const char *surname, *forename;
    int64_t person, identity;
};
/* A person (index of the first of its names in by_person) on the roll of a school. */
struct school_pair {
    int64_t urn;
    uint32_t first;
};
struct school_names {
    const struct school_name *v; /* by surname, forename, person */
    const uint32_t *by_person;   /* indices of v: by person, then as v */
    size_t n;
    const struct school_pair *pair; /* by school, then person; each once */
    size_t n_pairs;
};
MUST_CHECK enum err school_names_read(struct job *j, struct school_names *out);
/* The names of a school's children, each once, in order: indices of v. */
size_t school_names_of(struct job *j, const struct school_names *s, int64_t urn, uint32_t **out);
/* By surname, forename, person. */
int school_name_compare(const void *a, const void *b);
