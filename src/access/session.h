/* access/session.h - who is signed in.
 *
 * A session lives in the database; the browser holds a random token, the database only its
 * keyed hash.  It ends at sign-out, 30 minutes after it was last used, 12 hours after it
 * began, when the account is disabled, or when its passphrase changes. */
#pragma once
#include "access/actor.h"
#include "access/key.h"

#define SESSION_IDLE ((int64_t)30 * 60 * 1000000)
#define SESSION_LONGEST ((int64_t)12 * 3600 * 1000000)
/* "Seen" is written at most once in this time. */
#define SESSION_GRAIN ((int64_t)60 * 1000000)

/* Begin one for an account; the token (KEY_TOKEN bytes) goes into the cookie. */
MUST_CHECK enum err session_add(struct job *j, const struct key *k, int64_t account, char *token);
/* Who holds this token?  *out NULL: nobody (any more).  *stale: session_see() is due. */
MUST_CHECK enum err session_find(struct job *j, const struct key *k, const char *token,
                                 const struct actor **out, bool *stale);
/* Whose was it, if it only idled too long, within a day of its beginning?  Good for keeping what
 * that person had typed, for nothing else.  *out NULL: nobody's. */
MUST_CHECK enum err session_find_idle(struct job *j, const struct key *k, const char *token,
                                      const struct actor **out);
MUST_CHECK enum err session_see(struct job *j, const struct key *k, const char *token);
MUST_CHECK enum err session_end(struct job *j, const struct key *k, const char *token);
/* Forget those that ended long ago. */
MUST_CHECK enum err session_sweep(struct job *j);
