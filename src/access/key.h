/* access/key.h - the secrets of an installation, in $ROOTED_HOME/key, outside the database.
 *
 * One key is for hashes: sessions, search words, logins and codes appear in the database only
 * as hashes under it, so that a copy of the database alone gives none of them; it stays.  The
 * others are for sealing what must be read again (seal.h): each has a version; the newest
 * seals, all open.  The file holds 32 bytes when fresh (version 1 then follows from them), and
 * lines of text after `rooted key rotate`. */
#pragma once
#include "base/job.h"

enum { KEY_BYTES = 32, KEY_VERSIONS = 16, KEY_PLACE = 400 };
struct key {
    unsigned char bytes[KEY_BYTES];  /* for hashes */
    int oldest, newest;              /* versions that are there; all between are */
    unsigned char seal[KEY_VERSIONS][KEY_BYTES]; /* version v stands at v % KEY_VERSIONS */
    char home[KEY_PLACE];            /* where it was read from; "" nowhere */
};

/* Read the key file; made (mode 0600) at first use.  ERR_ENV when it cannot be read, holds
 * something else, or others than its owner may read it. */
MUST_CHECK enum err key_load(struct job *j, const char *home, struct key *out);
const char *key_path(struct job *j, const char *home);
/* Write the file with one version more, which seals from now on.  ERR_CONFLICT when there are
 * KEY_VERSIONS already: the oldest must be forgotten first. */
MUST_CHECK enum err key_add_version(struct job *j, struct key *k);
/* Write the file without the versions before this one. */
MUST_CHECK enum err key_forget(struct job *j, struct key *k, int oldest);
/* Another secret of 32 random bytes in a file of its own beside the key file, with the same care;
 * made at first use when `make`, else ERR_NOT_FOUND. */
MUST_CHECK enum err key_seed(struct job *j, const char *path, bool make, unsigned char *out);

enum { KEY_HASH = 65, KEY_TOKEN = 44 }; /* sizes with the closing NUL */
/* Keyed hash (BLAKE2b-256) of a text for one purpose, as hex into out of KEY_HASH bytes.
 * The same words under another purpose give another hash. */
void key_hash(const struct key *k, const char *purpose, const char *s, char *out);
/* 256 random bits as text of A-Z a-z 0-9 - _ into out of KEY_TOKEN bytes. */
void key_token(char *out);
/* Are the two texts the same?  Takes as long whatever they hold. */
bool key_same(const char *a, const char *b);
