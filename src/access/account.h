/* access/account.h - the people who may sign in. What they may act as: account_role.h. */
#pragma once
#include "access/actor.h"
#include "access/factor.h"

struct account {
    int64_t id;
    const char *login, *name; /* login in lower case */
    /* the first of the roles that are in force; ROLE_NONE and 0: none is */
    enum role role;
    int64_t area, urn;
    const char *agency;       /* name; NULL: none */
    int64_t created, disabled; /* times; disabled 0: may sign in */
};

enum { LOGIN_MOST = 64, PASSPHRASE_LEAST = 12, PASSPHRASE_MOST = 256 }; /* characters; bytes */

/* Add one with its first role, for the agency of that name in the area; NULL: for the school of
 * a school role, else for the inclusion team, which are made when there is none yet.  ERR_INPUT
 * names what is wrong: a login of other than a-z 0-9 . - _ @, a school role without school, an
 * area role without area, a weak passphrase; ERR_CONFLICT when the login is taken.  Takes as
 * long as argon2id does, before it writes. */
MUST_CHECK enum err account_add(struct job *j, const struct account *a, const char *passphrase,
                                int64_t *id);
/* The same without a role, and with a hash that was made already: "" lets nobody in yet. */
MUST_CHECK enum err account_open(struct job *j, const struct account *a, const char *hash,
                                 int64_t *id);
/* ERR_NOT_FOUND with a hint. */
MUST_CHECK enum err account_get(struct job *j, const char *login, struct account *out);
MUST_CHECK enum err account_list(struct job *j, const struct account **out, size_t *n);
/* How they sign in, in the order of account_list(). */
struct account_use {
    enum factor factor;  /* FACTOR_RESET is shown as FACTOR_NONE */
    int64_t sessions;    /* open ones */
    int64_t roles;       /* in force */
    bool invited;        /* there is no passphrase yet */
};
MUST_CHECK enum err account_list_use(struct job *j, struct account_use *out, size_t n);
/* ERR_NOT_FOUND. */
MUST_CHECK enum err account_find(struct job *j, int64_t id, struct account *out);
/* Disabled, an account's sessions end at once. */
MUST_CHECK enum err account_disable(struct job *j, const char *login);
MUST_CHECK enum err account_enable(struct job *j, const char *login);
/* A new passphrase ends the account's sessions. */
MUST_CHECK enum err account_change_passphrase(struct job *j, const char *login,
                                              const char *passphrase);
/* The same with a hash that was made already; the caller sees to the sessions. */
MUST_CHECK enum err account_store_passphrase(struct job *j, int64_t account, const char *hash);
/* A lost second factor: ends the sessions; *code is for handing over (factor_reset()). */
MUST_CHECK enum err account_reset_factor(struct job *j, const struct key *k, int64_t account,
                                         const char *why, const char **code);
/* Lower case, trimmed: how logins are compared. */
const char *account_login(struct job *j, const char *given);
/* ERR_INPUT with a sentence when the passphrase is too weak to be taken. */
MUST_CHECK enum err passphrase_check(struct job *j, const char *login, const char *passphrase);

/* The sign-ins of a demonstration, one a role, made when missing; passphrases and secrets
 * (factor_demo_secret()) are printed beside them.  ERR_INPUT in any database that is not a
 * demonstration, ERR_NOT_FOUND before a school is loaded. */
struct demo_account { const char *login, *passphrase, *name; enum role role; };
MUST_CHECK enum err account_demo(struct job *j, const struct key *k,
                                 const struct demo_account **out, size_t *n);
