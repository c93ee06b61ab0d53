/* risk/same_weeks_rows.h - how the weeks of same_weeks.h are kept.  Room-private. */
#pragma once
#include "risk/same_weeks.h"
#include "risk/statistics.h"

/* Names in the table of statistics; items are a school week of two digits, of the first two
 * with a code after it: "07 I". */
enum same_kept {
    SAME_SESSIONS, SAME_COUNTED, /* of them possible, but neither present nor absent */
    SAME_SCHOOLS,                /* that gave a register of the week */
    SAME_PUPILS, SAME_PERSISTENT, /* since the first week */
    SAME_PUPILS_OUT, SAME_PERSISTENT_OUT, /* the same, X of the pandemic left out */
    SAME_KEPT,
};
extern const char *const same_kept_names[SAME_KEPT];
/* The weeks of the years from y->from on, from registers, in one pass. */
MUST_CHECK enum err same_weeks_count(struct job *j, const struct years *y,
                                     struct statistics *out);
