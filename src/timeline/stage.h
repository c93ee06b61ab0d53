/* timeline/stage.h - rows as they arrive, then put in order by person.
 *
 * Every row starts with its person (uint32_t).  Private to this room. */
#pragma once
#include "base/job.h"

struct stage {
    size_t width;
    uint32_t count;
    char **chunk;
    uint32_t chunks;
};
/* A new zeroed row, in j's memory. */
void *stage_add(struct job *j, struct stage *s, size_t width);
/* The row that arrived as number i. */
void *stage_at(const struct stage *s, uint32_t i);

/* Rows of one kind by person; those of one person in order of arrival. */
struct staged {
    void *rows;
    uint32_t count;
    uint32_t *first; /* of each person, and one more */
};
/* Into j's memory; each row's person gets its final number.  where is filled with
 * the place of each row by arrival, or NULL. */
struct stage_map {
    const uint32_t *person; /* provisional to final number */
    uint32_t persons;       /* final */
};
void stage_order(struct job *j, const struct stage *s, struct stage_map map,
                 struct staged *out, uint32_t *where);
