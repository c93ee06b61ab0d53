/* access/relation.h - what somebody is to a child, asked once and remembered.
 *
 * permit() asks for each child on a page.  A reading connection remembers the answers from page
 * to page, for one turn of relation_turn: the database counts a turn whenever a guard, a name, a
 * bar, an opening, a batch or the child of a record changes, whoever changes it, so the next
 * request sees it.  Where something is being changed nothing is remembered: it may be taken
 * back.  The memory is of one size, and a new answer takes the place of one old one. */
#pragma once
#include "access/guard.h"

struct relation {
    bool on_roll; /* has been on roll of the school asked for; true when none was */
    struct guard guard; /* of what is remembered only restricted, named, barred and glass (1) */
};
/* Of j->who to this child, and of the child to this school; urn 0: none.  No permission is
 * asked. */
MUST_CHECK enum err relation_get(struct job *j, int64_t person, int64_t urn,
                                 struct relation *out);
