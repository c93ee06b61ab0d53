/* directory/uuid.h - names of records that every system can tell apart (RFC 9562). */
#pragma once
#include "base/text.h"

enum { UUID_TEXT = 37 };
/* Is it one, in its usual form of 36 characters? */
bool uuid_is(struct span s);
/* Version 5: the same name in the same space gives the same one, always.  `space` is a UUID. */
const char *uuid_of_name(const char *space, struct span name, char out[UUID_TEXT]);
const char *uuid_new(char out[UUID_TEXT]); /* by chance, version 4 */
/* In small letters, as it is stored and compared.  False: it is none. */
bool uuid_fold(struct span s, char out[UUID_TEXT]);
/* The space of all the names that this program gives; of each source there is one within. */
extern const char uuid_rooted[UUID_TEXT];
