/* web/session/sign_in.h - what the pages share on which passphrases and codes are typed. */
#pragma once
#include "access/sign_in.h"
#include "web/page.h"
#include "web/session/sign_in_view.h"

/* Where somebody wanted to go: a page of ours that a link can open; else NULL. */
const char *sign_in_next(struct job *j, const struct request *q);

/* Single sign-on: the proxy takes somebody to this provider and back to next; and ends its own
 * session, and the provider's. */
const char *sso_begin_path(struct job *j, const struct request *q, const char *issuer,
                           const char *next);
const char *sso_end_path(struct job *j, const struct request *q);

/* Hash what was typed, one at a time in this server.  ERR_BUSY, with words for the reader, when
 * too many wait: a flood is turned away, and one address cannot fill the queue of all. */
MUST_CHECK enum err sign_in_turn(struct job *j, const struct request *q, struct sign_in *in);

/* The job's error as the problem of a field, and the error cleared. */
struct problems sign_in_problem(struct job *j, const char *field);

/* False: r sends this person to give passphrase and code again, and then back to q's address.
 * For pages (GET) whose act wants that; the POST asks session_is_strong(). */
bool sign_in_strong(struct job *j, const struct request *q, struct response *r);
/* The same for a POST whose form stands on the page `form`, which shows it to a strong session
 * alone: back to that page. */
bool sign_in_strong_for(struct job *j, const char *form, struct response *r);
