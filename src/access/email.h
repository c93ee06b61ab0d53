/* access/email.h - where mail reaches a person: for notices alone, never who they are. */
#pragma once
#include "access/key.h"

enum { EMAIL_MOST = 200 };

/* NULL: none is known. */
MUST_CHECK enum err email_get(struct job *j, const struct key *k, int64_t account,
                              const char **out);
/* Asks permit(ACT_ACCOUNTS); in the caller's transaction. "" or NULL: none any more. ERR_INPUT:
 * it is no address. */
MUST_CHECK enum err email_change(struct job *j, const struct key *k, int64_t account,
                                 const char *given);
/* Letters, digits and a few signs, one @, a dot behind it: nothing that could end a header. */
bool email_is_plain(const char *s);
