/* tests/support/children.h - a few children in a database, for tests of people/ and web/.
 *
 * Batch 10: autumn census 2024, published; batch 11: spring census 2025, published;
 * batch 12: summer census 2025, still loading; batch 13: CIN 2025, published.
 * Schools 100001 (Oakleaf Primary) and 100002 (Fernhill Academy).
 *   person 1  Kai Whitlock, at 100001 until July, at 100002 in spring; suspended; social care
 *   person 2  Mary Jane van Berg, at 100002
 *   person 3  Zoë O'Neil, at 100001
 *   person 4  Hidden Child, only in the batch still loading */
#pragma once
#include "access/actor.h"
#include "support/support.h"

void children_make(struct job *j);
/* Accounts to act as; urn of the SENCO is 100002. */
extern const struct actor children_analyst, children_senco, children_admin;
