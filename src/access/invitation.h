/* access/invitation.h - a person is asked to take up an account: by a link that is good once.
 *
 * The account is made by account_open() without a passphrase, and given its roles. The link holds
 * 256 random bits, of which the database has a keyed hash; it is shown or sent once, and cannot
 * be looked up again. It is good until its time is over (setting invitation-days), another one
 * is made, it is withdrawn, or the account is disabled. Who opens it chooses a passphrase. */
#pragma once
#include "access/actor.h"
#include "access/key.h"
#include "access/session.h"

/* Those that make, withdraw or show one ask permit(ACT_ACCOUNTS), in the caller's transaction.
 * token: KEY_TOKEN bytes, for the link. ERR_CONFLICT: the person has taken the account up. */
MUST_CHECK enum err invitation_make(struct job *j, const struct key *k, int64_t account,
                                    char *token);
/* OK also when there is none that is good. */
MUST_CHECK enum err invitation_withdraw(struct job *j, int64_t account);

enum invitation_state {
    INVITATION_NONE,   /* the person has a passphrase: nothing to take up */
    INVITATION_OPEN,
    INVITATION_OVER,   /* expired, or withdrawn, or never made */
};
struct invitation {
    enum invitation_state state;
    int64_t expires;   /* of the newest; 0 none */
};
MUST_CHECK enum err invitation_get(struct job *j, int64_t account, struct invitation *out);

/* Whom a link that is good now invites; account 0: nobody. Changes nothing. */
struct invited {
    int64_t account;
    const char *login, *name;
    int64_t expires;
};
MUST_CHECK enum err invitation_find(struct job *j, const struct key *k, const char *token,
                                    struct invited *out);
/* Use it: the passphrase's hash is stored, and a session begins in which a second factor must be
 * set up (SESSION_SET_UP). session: its token, KEY_TOKEN bytes; "" the link is good no more. */
struct invitation_use {
    const struct key *key;
    const char *token, *hash, *address, *device;
    char session[KEY_TOKEN];
};
MUST_CHECK enum err invitation_accept(struct job *j, struct invitation_use *u);
/* Forget those that were over a year ago. */
MUST_CHECK enum err invitation_sweep(struct job *j);
