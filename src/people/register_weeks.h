/* people/register_weeks.h - a child's weeks as the registers of its schools have them.
 *
 * For one child's page; figures read the columns of all children (timeline/marks.h).  Of a
 * session given more than once the last extract counts, as there.  A line of a register is
 * not kept as text: it is made again here from what was taken from it.  What an older program
 * loaded of a row a mark stands all in the first line of the child's week. */
#pragma once
#include "people/register.h"

struct register_child_week {
    int32_t monday;
    int64_t urn;
    uint8_t mark[REGISTER_SLOTS]; /* code index + 1; 0: not given */
    int64_t batch, file, line;    /* the last that told of it */
    struct register_stand {
        int64_t batch;
        uint32_t file, line;
    } stands[REGISTER_SLOTS];     /* each mark by itself */
    uint16_t corrected;           /* bit per half day: an analyst's word instead, or none */
};
struct register_asked {
    int64_t person;
    const int64_t *urn;           /* schools whose registers are looked into */
    size_t n_urns;
    int32_t from, to;             /* Mondays in [from, to) */
};
/* By week, then school.  permit(ACT_CHILD), also of a sealed child; a school role gets its own
 * register. */
MUST_CHECK enum err register_weeks_of(struct job *j, const struct register_asked *ask,
                                      struct register_child_week **out, size_t *n);

/* What one line of a batch's file gave: a mark, the marks of a week, or of a year. */
struct register_line {
    int64_t identity_id, urn;
    const char *upn;
    int32_t extracted;            /* DATE_NONE: not given */
    struct register_child_week *week; /* by date */
    struct register_late *late;   /* row: index in week */
    size_t n, n_late;
};
/* ERR_NOT_FOUND: no child's week begins in that line.  Asks nothing: its callers do. */
MUST_CHECK enum err register_line_get(struct job *j, int64_t batch, int64_t file, int64_t line,
                                      struct register_line *out);
