/* link/sealed.h - the descriptions of sealed children.
 *
 * A sealed child's identities lie in the area of sealed children (access/custody.h) without
 * names, numbers, date of birth and postcode, which stand encrypted beside them.  Loads read them
 * with the key file, so that what comes for the child finds it by the same rules as ever; what it
 * finds is written as of any child and taken away before the batch is published
 * (intake/sealing.h). */
#pragma once
#include "access/key.h"
#include "base/date.h"
#include "link/identity.h"

/* In the caller's transaction: the identities that j->area holds of this person go to where
 * sealed children lie, or come back from there.  *n of them. */
MUST_CHECK enum err sealed_take(struct job *j, const struct key *k, int64_t person, int64_t *n);
MUST_CHECK enum err sealed_give_back(struct job *j, const struct key *k, int64_t person);

/* How the child is described, newest first: for its custodian, in the area where it lies. */
struct sealed_words {
    int64_t identity_id, person_id;
    const char *digest, *source, *upn, *former_upn, *local_id, *surname, *forename,
        *middle_names, *preferred_surname, *former_surname, *sex, *postcode; /* "" not given */
    int32_t born;
};
/* person 0: of all.  Of the area of sealed children, whichever of the two j->area is. */
MUST_CHECK enum err sealed_read(struct job *j, const struct key *k, int64_t person,
                                struct sealed_words **out, size_t *n);
