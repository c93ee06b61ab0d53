/* stats/disclosure.h - which cells of a table may be shown (rulings, "Figures and privacy").
 *
 * Counts of 1 to 4 are hidden (primary); then the fewest further children's worth of cells
 * (secondary) until nobody can work a hidden count out from the totals: what an attacker can
 * still conclude is a range at least `width` wide that reaches `least`.  The range is
 * computed exactly (a flow through rows and columns), not guessed.  Same table, same cells. */
#pragma once
#include "base/job.h"

struct disclosure_limits {
    int64_t least; /* smallest count shown; 0 is shown */
    int64_t width; /* least width of what can be concluded about a hidden count */
    int64_t base;  /* smallest number of children that a rate may be of */
};
#define DISCLOSURE_LIMITS ((struct disclosure_limits){.least = 5, .width = 5, .base = 20})

/* Counts row by row.  With totals the last column holds the sum of its row, the last row
 * the sum of its column; a list of counts with their sum is one row with total_column. */
struct disclosure_table {
    const int64_t *cells;
    size_t rows, columns; /* totals included */
    bool total_row, total_column;
};
enum disclosure_mark { DISCLOSURE_SHOWN, DISCLOSURE_PRIMARY, DISCLOSURE_SECONDARY };

/* Sets marks (rows × columns of enum disclosure_mark).  What is marked on entry stays
 * hidden and is protected like a small count: tables that share a total are done in turn
 * until none changes.  ERR_FAULT: a negative count, or totals that do not add up. */
MUST_CHECK enum err disclosure_hide(struct job *j, const struct disclosure_table *t,
                                    struct disclosure_limits limits, uint8_t *marks);
/* What can be concluded about a cell from those shown: the least and the greatest count
 * (DISCLOSURE_ANY: no bound).  The same errors. */
#define DISCLOSURE_ANY (INT64_MAX / 4)
struct disclosure_range {
    int64_t low, high;
};
MUST_CHECK enum err disclosure_conclude(struct job *j, const struct disclosure_table *t,
                                        const uint8_t *marks, size_t cell,
                                        struct disclosure_range *out);

/* A rate of events per child: enough children, and the count itself may be shown. */
bool disclosure_rate_is_shown(int64_t events, int64_t base, struct disclosure_limits limits);
/* A percentage of children: also not all but a few of them, and of few children neither
 * none nor all. */
bool disclosure_percent_is_shown(int64_t part, int64_t whole, struct disclosure_limits limits);
