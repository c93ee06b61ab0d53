/* intake/sealing.h - a child's record sealed, and brought back.
 *
 * Sealing takes every row about the child away to where sealed children lie (access/custody.h):
 * descriptions encrypted (link/sealed.h), facts, notes, names on lists.  Figures, signs and the
 * quality of the data that counted the child are withdrawn in the same transaction; whoever calls
 * has them made again.  Each table that holds rows of children is a row of sealing.def: a test
 * compares that with the database. */
#pragma once
#include "access/custody.h"
#include "people/safe_address.h"

struct seal_order {
    int64_t person;
    const char *why;
    const char *const *custodian; /* logins, beside j->who */
    size_t n;
};
/* permit(ACT_SEAL), in the caller's transaction.  ERR_NOT_FOUND: no such child; ERR_INPUT: no
 * reason, or somebody who cannot keep it; ERR_BUSY: files are being loaded. */
MUST_CHECK enum err sealing_seal(struct job *j, const struct key *k, const struct seal_order *o);
/* By a custodian, with a reason, which the audit keeps as a keyed hash. */
MUST_CHECK enum err sealing_open(struct job *j, const struct key *k, int64_t person,
                                 const char *why);

/* Within the transaction that publishes a batch of j->area (0: links identities): what it brought
 * for sealed children goes to where they lie, and their custodians are told.  home: of the key
 * file. */
MUST_CHECK enum err sealing_gather(struct job *j, const char *home, int64_t batch);
/* A batch of j->area was withdrawn: it counts no more where sealed children lie, either. */
MUST_CHECK enum err sealing_batches(struct job *j);

/* Every few minutes, in transactions of its own: searches of all areas since the last look that
 * would have found a sealed child are told to its custodians. */
MUST_CHECK enum err sealing_searches(struct job *j, const char *home);

/* An address marked as safe, and not any more (people/safe_address.h): figures by place are
 * withdrawn, and whoever calls has them made again. */
MUST_CHECK enum err sealing_address(struct job *j, const struct key *k,
                                    const struct safe_order *o);
MUST_CHECK enum err sealing_address_end(struct job *j, const struct key *k, int64_t person);
