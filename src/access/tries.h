/* access/tries.h - wrong tries to sign in, and how long one waits after them.
 *
 * Counted for a login at an address, for a login from addresses it was never let in from, and
 * for an address with any login; kept as hashes in the database, so a restart forgets none.
 * Where a login was let in during the last ninety days only its own wrong tries from there
 * count: nobody elsewhere, and nobody with another login, can lock a person out. */
#pragma once
#include "access/key.h"

/* So many in a row and a wait begins: a minute, then twice as long each time, an hour at most.
 * A day without any forgets them. */
enum { TRIES = 5, TRIES_OF_LOGIN = 20, TRIES_OF_ADDRESS = 50 };
int64_t tries_wait_after(int64_t failures, int64_t free); /* microseconds; 0: none */

struct tries {
    char login[KEY_HASH], address[KEY_HASH];
    bool nowhere; /* the address is not known, and so cannot be to blame */
};
/* login as account_login() gives it; address "" where it is not known. */
struct tries tries_of(const struct key *k, const char *login, const char *address);
/* Until when this one waits; 0: may try now. */
MUST_CHECK enum err tries_wait(struct job *j, const struct tries *t, int64_t *until);
MUST_CHECK enum err tries_wrong(struct job *j, const struct tries *t);
MUST_CHECK enum err tries_right(struct job *j, const struct tries *t);
/* An administrator says so: this login waits nowhere. */
MUST_CHECK enum err tries_forgive(struct job *j, const struct key *k, const char *login);
/* Drop what is of no use any more. */
MUST_CHECK enum err tries_sweep(struct job *j);
