/* risk/published_rows.h - which published figures are ours to compare, and what explains
 * differences, counted with the figures.  Room-private. */
#pragma once
#include "risk/published.h"
#include "risk/statistics.h"

/* Which columns of explore education statistics our measures answer to. */
struct published_answer {
    enum measure measure;
    const char *series, *count, *rate, *base;
};
enum { PUBLISHED_ANSWERS = 6 };
extern const struct published_answer published_answers[PUBLISHED_ANSWERS];
#define PUBLISHED_TOTAL "total"
#define PUBLISHED_YEAR "Academic year"

#define PUBLISHED_NOTES "dfe-notes" /* name in the table of statistics */
/* Is this code in the list "896, 916"? */
bool published_is_listed(const char *list, const char *code);
void published_count(struct job *j, const struct years *y, struct statistics *out);
