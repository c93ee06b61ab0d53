/* risk/statistics.h - counts that are not one measure of one group.  Room-private.
 *
 * Kept as whole numbers a year, so that years can be added and intervals computed when
 * they are shown. */
#pragma once
#include "risk/child_year.h"

struct statistic {
    const char *name;
    int32_t school_year;
    const char *item;
    int64_t value;
};
struct statistics { struct statistic *row; size_t n, room; };
/* Appends one. */
void statistic_put(struct job *j, struct statistics *s, struct statistic row);
/* The four shares for each year and window: of rows as they come, then all of them. */
struct concentration_parts;
struct concentration_parts *concentration_new(struct job *j);
void concentration_add(struct concentration_parts *x, const struct years *y,
                       const struct child_years *rows);
void concentration_put(struct job *j, const struct years *y, struct concentration_parts *x,
                       struct statistics *out);
/* Near the edge for each year, likewise. */
struct cliff_edges;
struct cliff_edges *cliff_new(struct job *j);
void cliff_add(struct cliff_edges *x, const struct years *y, const struct child_years *rows);
void cliff_put(struct job *j, const struct years *y, const struct cliff_edges *x,
               struct statistics *out);
/* The sum of an item over years of the current snapshot; 0 where there is none. */
MUST_CHECK enum err statistic_sum(struct job *j, int64_t snapshot, struct statistic asked,
                                  int32_t last_year, int64_t *out);
/* flow.c: moves into and out of each school, in the last two years. */
void flow_count(struct job *j, const struct years *y, struct statistics *out);
/* sources.c: which sources tell of each year. */
void sources_count(struct job *j, const struct years *y, struct statistics *out);
