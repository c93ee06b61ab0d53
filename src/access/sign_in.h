/* access/sign_in.h - from a login and a passphrase to a session, in three steps.
 *
 * The middle step takes a tenth of a second and 64 MB, so that no connection is held
 * during it and a server runs one at a time.  Unknown logins, wrong passphrases, disabled
 * and waiting accounts take the same work and get the same answer. */
#pragma once
#include "access/key.h"
#include "access/actor.h"

struct sign_in {
    const char *login, *passphrase; /* as typed */
    const struct key *key;
    /* found by the steps */
    int64_t account, area;
    enum role role;
    char hash[128];       /* argon2id; "": nobody, or not to be let in */
    bool matches;
    char token[KEY_TOKEN]; /* of the new session */
};

/* After this many wrong passphrases in a row an account waits: a minute, then twice as
 * long each time, an hour at most. */
enum { SIGN_IN_TRIES = 5 };
int64_t sign_in_wait(int64_t failures); /* microseconds; 0: none */

/* 1: reads.  arg is the struct sign_in. */
job_fn sign_in_look;
/* 2: hashes; no database, no job. */
void sign_in_hash(struct sign_in *s);
/* 3: writes, in a transaction, with its entry for the audit.  Does not fail for a wrong
 * passphrase: that is counted and kept.  Afterwards token is "" unless it was right. */
job_fn sign_in_settle;
/* What somebody is told who was not let in: ERR_INPUT. */
enum err sign_in_refused(struct job *j);
