/* risk/pandemic_rows.h - how the series of pandemic.h are kept.  Room-private. */
#pragma once
#include "risk/pandemic.h"
#include "risk/statistics.h"

/* Names in the table of statistics; the item is the month, year * 12 + month - 1. */
struct series_names {
    const char *events, *exposure;
};
extern const struct series_names series_names[SERIES_KINDS];
/* Were schools closed to most pupils on that day? */
bool pandemic_is_closed(int32_t day);
/* Both series of the years, from the timeline and the term dates. */
MUST_CHECK enum err pandemic_count(struct job *j, const struct years *y, struct statistics *out);
