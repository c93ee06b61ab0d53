/* directory/searched.h - searches that found little, counted by day: for who mends the directory
 * and its thesaurus.  Nothing of who asked; of a place the first half of the postcode. */
#pragma once
#include "store/db.h"

enum {
    SEARCHED_FEW = 3,    /* so many services or fewer are little */
    SEARCHED_WORDS = 80, /* bytes that are kept */
    SEARCHED_DAYS = 183, /* so long it is kept */
};
struct searched {
    const char *words, *outward; /* as searched_fold(); "CH65", "" none */
    uint32_t found;
    int64_t times;
    int32_t last;                /* the last day */
};
/* What is kept of words as they were typed: small, without anything that has a digit or an @. */
const char *searched_fold(struct job *j, const char *words);
/* So many more times on j->today, in the caller's transaction.  Nothing when no word is left. */
MUST_CHECK enum err searched_add(struct job *j, int32_t day, const struct searched *s);
/* Since a day, the most frequent first.  ACT_DIRECTORY. */
MUST_CHECK enum err searched_list(struct job *j, int32_t since, int64_t most,
                                  struct searched **out, size_t *n);
/* What was kept long enough goes. */
MUST_CHECK enum err searched_sweep(struct job *j);
