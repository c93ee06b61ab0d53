/* timeline/correct.h - what analysts corrected, laid over facts as they are gathered.
 *
 * Corrections made by the time asked, and not undone by then.  Private to this room. */
#pragma once
#include "timeline/gather.h"

enum correct_fact { CORRECT_SUSPENSION, CORRECT_CENSUS, CORRECT_CARE };
/* Reads them; people and identities are there already. */
MUST_CHECK enum err correct_open(struct gather *g);
/* What a fact tells of; kind: the column of its text ("" of a census). */
struct correct_key {
    enum correct_fact fact;
    uint32_t person;
    int64_t urn, begun;
    const char *kind;
};
struct correct_set {
    bool aside;
    bool has_sessions, has_started, has_ended, has_category;
    int64_t sessions, category;
    int32_t started, ended; /* ended: the last day */
};
/* False: nothing was corrected. */
bool correct_find(const struct gather *g, const struct correct_key *k, struct correct_set *out);
