/* people/register_check.h - can every packed register be read?  For "rooted check". */
#pragma once
#include "people/register.h"

struct register_checked {
    int64_t registers, bad; /* of a school's week, of all authorities */
    const char *first;      /* a sentence on the first that is bad; NULL: none is */
};
/* Each is unpacked, and must hold as many children and marks as its row says.  Asks nothing:
 * its callers do. */
MUST_CHECK enum err register_check(struct job *j, struct register_checked *out);
