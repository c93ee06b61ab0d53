/* timeline/correct.h - what analysts corrected, laid over facts as they are gathered.
 *
 * Corrections made by the time asked, and not undone by then.  Private to this room. */
#pragma once
#include "people/fact.h"
#include "timeline/gather.h"

/* Reads them; people and identities are there already. */
MUST_CHECK enum err correct_open(struct gather *g);
/* What a fact tells of, as people/correctable.def has it. */
struct correct_key {
    enum fact_kind fact;
    uint32_t person;
    int64_t urn, begun;
    const char *kind;
};
enum { CORRECT_KIND = 16 }; /* bytes of kind that tell one from another, its end included */
struct correct_set {
    bool aside;
    bool has_sessions, has_started, has_ended, has_category;
    int64_t sessions, category;
    int32_t started, ended; /* ended: the last day */
};
/* False: nothing was corrected. */
bool correct_find(const struct gather *g, const struct correct_key *k, struct correct_set *out);
/* First and last day as the fact has them, and then as they were corrected; DATE_NONE none. */
struct correct_days {
    int32_t from, last;
};
/* False: it was set aside. */
bool correct_days(const struct gather *g, const struct correct_key *k, struct correct_days *d);
