/* access/key.h - the one secret of an installation: 32 random bytes in $ROOTED_HOME/key.
 *
 * Sessions, search words and logins appear in the database only as hashes under this key,
 * so that a copy of the database alone gives neither.  Losing it ends all sessions. */
#pragma once
#include "base/job.h"

struct key { unsigned char bytes[32]; };

/* Read the key file; made (mode 0600) at first use.  ERR_ENV when it cannot be read, has
 * the wrong length, or others than its owner may read it. */
MUST_CHECK enum err key_load(struct job *j, const char *home, struct key *out);
const char *key_path(struct job *j, const char *home);

enum { KEY_HASH = 65, KEY_TOKEN = 44 }; /* sizes with the closing NUL */
/* Keyed hash (BLAKE2b-256) of a text for one purpose, as hex into out of KEY_HASH bytes.
 * The same words under another purpose give another hash. */
void key_hash(const struct key *k, const char *purpose, const char *s, char *out);
/* 256 random bits as text of A-Z a-z 0-9 - _ into out of KEY_TOKEN bytes. */
void key_token(char *out);
/* Are the two texts the same?  Takes as long whatever they hold. */
bool key_same(const char *a, const char *b);
