/* risk/places.h - the order in which children are listed: by school's name, then their own.
 * Both orders are worked out once, so that a list is sorted by one number.  What writes
 * several lists of one state reads them once (now.h). */
#pragma once
#include "risk/child_year.h"

struct places {
    const uint32_t *school; /* by index of the timeline: place of its name among schools' */
    const uint32_t *person; /* place of its surname and forename among all */
};
struct place {
    int64_t place;   /* school's place, then the person's */
    uint32_t person; /* index */
    uint32_t met;    /* bit per measure of the child's year */
};
MUST_CHECK enum err places_of(struct job *j, const struct timeline *t, struct places *out);
struct place place_of(const struct places *p, const struct child_year *row);
void places_sort(struct place *list, size_t n);
