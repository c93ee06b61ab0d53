/* risk/snapshot.h - the figures of an area computed once and put in force.
 *
 * A snapshot is written in chunks that hold the writer at most 50 ms, then made current by
 * one small update; readers see the one before until then, and a kill leaves it in force.
 * Only the current snapshot keeps rows of children; older ones keep their figures.  School
 * years that are as they were keep their rows (snapshot_year.h). */
#pragma once
#include "base/cost.h"
#include "risk/figures.h"
#include "timeline/marks.h"
#include "timeline/timeline.h"

struct figures_made {
    int64_t snapshot;
    int64_t figures, children, enrolments; /* rows written */
    struct cost counting, writing;
};
struct figures_from {
    const struct timeline *t;
    const char *weeks;         /* folder of marks (timeline/marks.h); NULL: no registers */
    const char *aside;         /* folder for what memory does not hold; NULL: for temporary files */
    /* Opened already, of all weeks up to as_of; NULL: those that are needed are opened here. */
    const struct marks *marks;
    const struct places *places; /* the order of names (places.h); NULL: read here */
    /* Where marks reach further, or were loaded later, than the column file: last day that
     * counts, and what is known.  DATE_NONE, 0: as the column file. */
    int32_t as_of;
    int64_t known_at;
    bool whole;                /* every school year is made, whether it changed or not */
    uint32_t slice;            /* people in memory at once, 0: 65,536; the same for any number */
};
/* Counts the school years that are not as they were, with the same rows as counting all.
 * From an open column file of j->area, through j->db (writing, no open transaction).
 * ERR_NOT_FOUND: no census is loaded. */
MUST_CHECK enum err figures_make(struct job *j, const struct figures_from *from,
                                 struct figures_made *out);
/* No census is left: nothing is in force, and the rows of children are gone. */
MUST_CHECK enum err figures_end(struct job *j);
