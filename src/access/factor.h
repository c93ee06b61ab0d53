/* access/factor.h - the second factor of an account: a TOTP program (RFC 6238: SHA-1, six
 * digits, half a minute), or codes on paper that are good once.
 *
 * A code is taken of this half minute, the last or the next, and never one as old as the last
 * taken.  Secrets are sealed, paper codes hashed.  One who lost all gets a code from a person
 * who knows them (factor_reset), good for setting up anew and for nothing else. */
#pragma once
#include "access/key.h"

enum factor {
    FACTOR_NONE,    /* the passphrase alone */
    FACTOR_PROGRAM, /* a program, and recovery codes on paper */
    FACTOR_LIST,    /* codes on paper alone */
    FACTOR_RESET,   /* lost; a code was handed over */
};
struct factor_state {
    enum factor kind;
    bool pending;       /* a program waits for its first code */
    int64_t changed;    /* time; 0 never */
    int64_t codes_left; /* on paper */
};
enum {
    FACTOR_SECRET = 33, FACTOR_CODE = 7, /* sizes with the closing NUL: base32, digits */
    FACTOR_PAPER = 20,                   /* "abcd-efgh-jkmn-pqrs" */
    RECOVERY_CODES = 10, LIST_CODES = 40,
};
#define FACTOR_STEP ((int64_t)30 * 1000000)
#define FACTOR_HANDED ((int64_t)7 * 24 * 3600 * 1000000) /* how long a handed code is good */

enum factor factor_of(const char *stored); /* the column's word */
MUST_CHECK enum err factor_get(struct job *j, int64_t account, struct factor_state *out);
/* The code that a program with this secret shows at a time. */
MUST_CHECK enum err factor_code(struct job *j, const char *secret, int64_t at, char *out);

/* Setting up a program: a secret, kept until its first code comes.  *secret NULL: none waits. */
MUST_CHECK enum err factor_begin(struct job *j, const struct key *k, int64_t account);
MUST_CHECK enum err factor_pending(struct job *j, const struct key *k, int64_t account,
                                   const char **secret);
/* Its first code: from now on it is the second factor.  Paper codes of before are void. */
MUST_CHECK enum err factor_confirm(struct job *j, const struct key *k, int64_t account,
                                   const char *typed, bool *right);
/* No program: paper codes alone, which factor_paper() makes. */
MUST_CHECK enum err factor_use_list(struct job *j, int64_t account);
/* New paper codes in place of all before: shown once, for printing. */
MUST_CHECK enum err factor_paper(struct job *j, const struct key *k, int64_t account, int n,
                                 const char *const **out);

/* What somebody typed at sign-in: a program's code, or one from paper, which is used up. */
MUST_CHECK enum err factor_take(struct job *j, const struct key *k, int64_t account,
                                const char *typed, bool *right);
/* All is lost: one code to hand over, and why that was done. */
MUST_CHECK enum err factor_reset(struct job *j, const struct key *k, int64_t account,
                                 const char *why, const char **code);
/* The demonstration's people have secrets that everybody may compute: always the same of a
 * login.  factor_demo() gives an account its own when it has none.  ERR_INPUT in any other
 * database, where no secret is ever given back. */
void factor_demo_secret(const char *login, char *out);
MUST_CHECK enum err factor_demo(struct job *j, const struct key *k, int64_t account,
                                const char *login);
/* The code of this moment of an account of the demonstration. */
MUST_CHECK enum err factor_demo_code(struct job *j, const struct key *k, int64_t account,
                                     char *out);
