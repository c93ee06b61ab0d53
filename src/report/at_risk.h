/* report/at_risk.h - "who is at risk" as sheets: types, years, and each measure by group.
 *
 * Every figure with its denominator, rate per 100 and interval.  Small counts and what
 * would give them away are hidden unless it stays inside (rulings, "Figures and privacy"). */
#pragma once
#include "report/sheet.h"
#include "risk/figures.h"

struct at_risk_asked {
    int measure;         /* -1: all */
    int32_t school_year; /* -1: the last complete one; lists and groups are of this year */
    int dimension;       /* -1: all */
    bool internal;       /* nothing is hidden */
};
/* A book to print or to open in a spreadsheet: the types in the year, the years, then a
 * sheet a measure by group.  Asks permit(ACT_EXPORT). */
MUST_CHECK enum err at_risk_book(struct job *j, const struct at_risk_asked *asked,
                                 struct sheet_book *out);
/* One sheet for a program: a row a figure, all years and groups. */
MUST_CHECK enum err at_risk_rows(struct job *j, const struct at_risk_asked *asked,
                                 struct sheet *out);
/* The whole file: rows as CSV, the book as XLSX or HTML; what the command line writes and the
 * pages send. */
MUST_CHECK enum err at_risk_file(struct job *j, const struct at_risk_asked *asked,
                                 enum sheet_format format, struct span *out);
/* "Trial: not for live use", "Demonstration: …"; NULL for a live database. */
MUST_CHECK enum err at_risk_banner(struct job *j, const char **out);
/* Any sheet as CSV that says when the database is a trial or a demonstration. */
MUST_CHECK enum err at_risk_csv(struct job *j, const struct sheet *s, struct span *out);
