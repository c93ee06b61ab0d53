/* access/seal.h - short texts that the database must give back, but a copy of it must not:
 * XChaCha20-Poly1305 under the newest version of the key file.
 *
 * Sealed, a text is "v3.…": the version, then nonce and bytes.  It opens only in the row and
 * column it was sealed for.  A new column that holds sealed texts is a row of sealed.def. */
#pragma once
#include "access/key.h"

struct seal_place {
    const char *where; /* "second_factor.secret" */
    int64_t area, id;
};
/* Of the key file as it is now: a rotation elsewhere is noticed. */
MUST_CHECK enum err seal_text(struct job *j, const struct key *k, struct seal_place p,
                              const char *text, const char **out);
/* ERR_ENV: another key, another row, or changed bytes. */
MUST_CHECK enum err seal_open(struct job *j, const struct key *k, struct seal_place p,
                              const char *sealed, const char **out);

/* Does the key file belong to this database?  ERR_ENV with what to do when not.  A database
 * that was never asked is marked; writes when the caller may. */
MUST_CHECK enum err seal_check(struct job *j, const struct key *k, bool write);
/* Was it used with any key file? */
MUST_CHECK enum err seal_is_marked(struct job *j, bool *yes);
/* Rotation, in two steps; killed at any moment of them everything opens.  1: the file gets a
 * new version, unless a rotation that was cut short left one.  ERR_CONFLICT: key_add_version(). */
MUST_CHECK enum err seal_renew(struct job *j, struct key *k);
/* 2: everything under the newest version, in the caller's transaction; *n texts. */
MUST_CHECK enum err seal_rotate(struct job *j, const struct key *k, int64_t *n);
/* The oldest version that this database needs. */
MUST_CHECK enum err seal_oldest(struct job *j, const struct key *k, int *version);
/* The key is lost: forget all that it sealed, in the caller's transaction, and mark the
 * database as this key's.  Second factors must be set up again. */
MUST_CHECK enum err seal_give_up(struct job *j, const struct key *k);
