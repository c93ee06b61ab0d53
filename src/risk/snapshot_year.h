/* risk/snapshot_year.h - which school years of a snapshot are as they were.  Room-private.
 *
 * A year's rows are made from the column file and from the weeks of marks of it and of the
 * year before.  Where these are those of the current snapshot, its rows stand for the new
 * one too: nothing is counted or written again.  Years only change from some year on, for
 * what a year has it hands on to the next. */
#pragma once
#include "risk/child_year.h"

enum { SNAPSHOT_DIGEST = 65 };
struct snapshot_years {
    int32_t first, last;
    int64_t rows_of[RISK_YEARS]; /* by year - first; 0: to be made */
    char digest[RISK_YEARS][SNAPSHOT_DIGEST];
};
/* Sets y->from, the first year to be made; weeks NULL: no registers; whole: all are made. */
MUST_CHECK enum err snapshot_years_plan(struct job *j, const struct marks_order *weeks, bool whole,
                                        struct years *y, struct snapshot_years *out);
/* In the transaction that puts snapshot `id` in force. */
MUST_CHECK enum err snapshot_years_write(struct job *j, int64_t id,
                                         const struct snapshot_years *s);
/* Rows of children that no year of `current` stands on go, a few at a time; from: the first
 * year that it made itself.  current INT64_MAX: all of them. */
MUST_CHECK enum err snapshot_drop_old(struct job *j, int64_t current, int32_t from);
/* Of snapshots that are withdrawn (intake/sealing.h) the figures go as well. */
MUST_CHECK enum err snapshot_drop_withdrawn(struct job *j);
