/* risk/members.h - the groups that flags make, for counting, labels and lists.  Room-private. */
#pragma once
#include "risk/child_year.h"

enum {
    MEMBERS = 0
#define MEMBER(dimension, member, label, has, lacks) +1
#include "risk/members.def"
#undef MEMBER
};
struct member_row {
    enum dimension dimension;
    const char *member, *label;
    uint32_t mask, flags; /* belongs when (flags of the row & mask) == flags */
};
extern const struct member_row member_rows[MEMBERS];
/* Those of one dimension: where they start; *n how many, 0 when flags do not make it. */
size_t members_of(enum dimension d, size_t *n);
/* NULL: not one of them. */
const struct member_row *member_find(enum dimension d, const char *member);
