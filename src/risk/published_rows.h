/* risk/published_rows.h - what explains differences from published figures, counted with the
 * figures.  Room-private. */
#pragma once
#include "risk/published.h"
#include "risk/statistics.h"

#define PUBLISHED_NOTES "dfe-notes" /* name in the table of statistics */
void published_count(struct job *j, const struct years *y, struct statistics *out);
