/* risk/type_words.h - why a type of exclusion counts for a child, in a sentence.
 *
 * "On the register of children educated at home from 4 March 2025 (register entry)".  The
 * sentences are made with the figures, from the same rows, and kept with the snapshot, so
 * that a child's page says exactly what the figure counted. */
#pragma once
#include "risk/child_year.h"

/* One thing that counts for a type.  An early one of a year goes first. */
struct type_fact {
    enum measure measure;
    int32_t school_year;
    int32_t from;        /* first day; DATE_NONE: of the whole year */
    uint32_t school;     /* whose record it is; TIMELINE_NONE: the authority's, or several */
    const char *words;   /* a sentence without its full stop */
};
struct type_facts {
    struct type_fact *v;
    size_t n, room;
};
/* All that a child's year met, appended in order of the measures. */
void type_facts_add(struct job *j, const struct years *y, const struct child_year *row,
                    struct type_facts *out);
