/* access/sign_in.h - from a login and a passphrase to a session, in three steps; and the code
 * after it.
 *
 * The middle step takes a tenth of a second and 64 MB, so that no connection is held
 * during it and a server runs one at a time.  Unknown logins, wrong passphrases, disabled
 * and waiting accounts get the same answer; all but those that wait take the same work. */
#pragma once
#include "access/actor.h"
#include "access/factor.h"
#include "access/session.h"

struct sign_in {
    const char *login, *passphrase; /* as typed */
    const char *address, *device;   /* of the client; "" not known */
    const struct key *key;
    /* found by the steps */
    int64_t waits_until;  /* too many wrong tries: nothing is tried before; 0: none */
    int64_t account, area;
    enum role role;
    char hash[128];       /* argon2id; "": nobody, or not to be let in */
    bool matches;
    const char *fresh;    /* a passphrase to be hashed when the other matches; NULL none */
    char fresh_hash[128];
    bool anew;            /* there is no other yet (invitation.h): fresh is hashed alone */
    char token[KEY_TOKEN]; /* of the new session; "" not let in */
    enum session_stage stage; /* of it: a code may be missing still */
};

/* 1: reads.  arg is the struct sign_in.  When it waits, the other steps are left out. */
job_fn sign_in_look;
/* 2: hashes; no database, no job. */
void sign_in_hash(struct sign_in *s);
/* 3: writes, in a transaction, with its entry for the audit.  Does not fail for a wrong
 * passphrase: that is counted and kept.  Afterwards token is "" unless it was right. */
job_fn sign_in_settle;
/* What somebody is told who was not let in: ERR_INPUT. */
enum err sign_in_refused(struct job *j);
/* The same for one who waits. */
enum err sign_in_waits(struct job *j, int64_t until);

/* The second page: a code of the person who is half-way (session_find_half()). */
struct sign_in_code {
    const char *typed, *half; /* the code, and the token of the half session */
    const char *address, *device;
    const struct key *key;
    const struct actor *who;
    /* found */
    int64_t waits_until;
    int64_t left;             /* tries; 0: the half session is over */
    char token[KEY_TOKEN];    /* of the new session; "" the code is not right */
    enum session_stage stage; /* SESSION_SET_UP after a code that was handed over */
};
/* In the caller's transaction; a wrong code does not fail, it is counted. */
MUST_CHECK enum err sign_in_code(struct job *j, struct sign_in_code *c);
/* A half session whose second factor is set up now becomes one that is signed in. */
MUST_CHECK enum err sign_in_finish(struct job *j, struct sign_in_code *c);

/* Passphrase and code given again by somebody who is signed in, in the same three steps;
 * c->half is the session's token.  On token "" one of the two was wrong. */
struct sign_in_again {
    struct sign_in in;       /* login: the person's own */
    struct sign_in_code code;
};
job_fn sign_in_again_settle;
/* Of somebody signed in who changes the passphrase: a wrong one is counted; in->matches says. */
MUST_CHECK enum err sign_in_right_again(struct job *j, struct sign_in *in);
