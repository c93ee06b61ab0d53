/* timeline/stage.h - rows as they arrived, put in order by person.
 *
 * Every row starts with its person (uint32_t).  Private to this room. */
#pragma once
#include "base/streams.h"

struct stage {
    char *rows;
    size_t width;
    uint32_t count;
    uint32_t *first; /* once in order: where each person's rows start, and the end */
};
/* The rows of a stream. */
MUST_CHECK enum err stage_take(struct job *j, struct stage *s, size_t width, struct streams *x,
                               size_t stream);
/* Rows by person, those of one person in order of arrival; done in place.  person[] gives
 * each row's person, less `from`, its final number; where is filled with the place of each row
 * by arrival, or NULL. */
struct stage_map {
    const uint32_t *person;
    uint32_t from;
    uint32_t persons; /* final */
};
void stage_order(struct job *j, struct stage *s, struct stage_map map, uint32_t *where);
