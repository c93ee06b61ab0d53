/* directory/duplicate.h - entries that may be one service: found, decided by a person, undone. */
#pragma once
#include "store/db.h"

struct duplicate {
    int64_t id, other;     /* entry_ids, the smaller first */
    const char *uuid, *other_uuid, *name, *other_name, *why, *state;
    int64_t score;         /* of 100 */
};
/* Look through the public entries of j->area anew; what was decided stays.  In the caller's
 * transaction, as all changes here. */
MUST_CHECK enum err duplicate_derive(struct job *j, int64_t *found);
/* state NULL: candidates. */
MUST_CHECK enum err duplicate_list(struct job *j, const char *state, struct duplicate **out,
                                   size_t *n);
/* One of the pair stands for both from now on. */
MUST_CHECK enum err duplicate_merge(struct job *j, int64_t keep, int64_t other);
MUST_CHECK enum err duplicate_differ(struct job *j, int64_t id, int64_t other);
/* What was decided of the pair is undone. */
MUST_CHECK enum err duplicate_undo(struct job *j, int64_t id, int64_t other);
