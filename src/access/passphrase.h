/* access/passphrase.h - argon2id (libsodium, interactive limits: 64 MB, two passes).
 *
 * Each hash takes its memory and about a tenth of a second: a server runs one at a time. */
#pragma once
#include "base/job.h"

MUST_CHECK enum err passphrase_hash(struct job *j, const char *passphrase, const char **out);
enum { PASSPHRASE_HASH = 128 };
/* The same into PASSPHRASE_HASH bytes, with locks held; false: there is no memory for it. */
bool passphrase_hash_into(const char *passphrase, char *out);
/* hash NULL: nobody's; the same work is done and the answer is no. */
bool passphrase_matches(const char *hash, const char *passphrase);
