/* timeline/stage.h - rows as they arrive, then put in order by person.
 *
 * Every row starts with its person (uint32_t).  Private to this room. */
#pragma once
#include "base/job.h"

struct stage {
    char *rows;
    size_t width;
    uint32_t count, size;
    uint32_t *first; /* once in order: where each person's rows start, and the end */
};
/* Room for so many rows; more are taken too, at the cost of a copy. */
void stage_start(struct job *j, struct stage *s, size_t width, int64_t expected);
/* A new zeroed row, until the next one is added. */
void *stage_add(struct job *j, struct stage *s);
/* Rows by person, those of one person in order of arrival; done in place.  person[] gives
 * each row's person its final number; where is filled with the place of each row by
 * arrival, or NULL. */
struct stage_map {
    const uint32_t *person;
    uint32_t persons; /* final */
};
void stage_order(struct job *j, struct stage *s, struct stage_map map, uint32_t *where);
