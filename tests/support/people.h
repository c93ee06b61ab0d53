/* tests/support/people.h - accounts of a test with one role each, without the cost of a passphrase.
 */
#pragma once
#include "access/actor.h"
#include "support/support.h"

/* An account with that number, login, name and role since the beginning, for the first agency of
 * its kind (a school role: of that school), which is made; its passphrase is "x", which is none. */
void support_account(struct job *j, const struct actor *a);
/* One role more, from a time until another; 0 no end. */
void support_role(struct job *j, const struct actor *a, int64_t since, int64_t until);
/* Who works in area 1 works in another from now on, its schools' people for that school. */
void support_move(struct job *j, int64_t area, int64_t urn);
