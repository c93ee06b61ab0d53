/* people/safe_address.h - addresses that must not be found out: a refuge, a placement.
 *
 * An inclusion lead writes such an address, which is kept encrypted and shown to those alone whom
 * access/masks.def names.  From then on the child's facts hold no postcode: those that files gave
 * are kept encrypted beside, and come back when the mark ends.  intake/sealing.h changes it. */
#pragma once
#include "access/key.h"
#include "base/job.h"

enum { SAFE_ADDRESS = 400 };
struct safe_address {
    bool marked;
    int64_t since;
    const char *by;            /* who marked it; NULL not known */
    const char *address, *why; /* NULL: not for j->who (MASK_ADDRESS) */
};
/* No permission is asked.  k NULL: whether it is marked alone. */
MUST_CHECK enum err safe_address_get(struct job *j, const struct key *k, int64_t person,
                                     struct safe_address *out);
struct safe_order {
    int64_t person;
    const char *address, *why;
};
/* permit(ACT_ADDRESS), in the caller's transaction; one that is there is written anew.  ERR_INPUT:
 * an address and a reason are wanted. */
MUST_CHECK enum err safe_address_mark(struct job *j, const struct key *k,
                                      const struct safe_order *o);
/* ERR_CONFLICT: it is not marked. */
MUST_CHECK enum err safe_address_end(struct job *j, const struct key *k, int64_t person);
/* Postcodes that came since for children who are marked. */
MUST_CHECK enum err safe_address_gather(struct job *j, const struct key *k);
/* Is any address of j->area marked? */
MUST_CHECK enum err safe_address_any(struct job *j, bool *yes);
