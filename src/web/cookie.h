/* web/cookie.h - the one cookie: the token of a session.
 *
 * Over TLS "__Host-rooted" (Secure; SameSite=Lax, so that a link in a letter works); on
 * loopback plain "rooted" with SameSite=Strict.  Never readable by scripts. */
#pragma once
#include "web/page.h"

/* The token in a Cookie header, copied; NULL: none, or not one of ours. */
const char *cookie_token(struct job *j, const struct site *s, const char *header);
/* The Set-Cookie value that hands out a token; "" takes it away. */
const char *cookie_set(struct job *j, const struct site *s, const char *token);
