/* access/session.h - who is signed in.
 *
 * A session lives in the database; the browser holds a random token, the database only its
 * keyed hash.  It ends at sign-out, 30 minutes after it was last used, 12 hours after it
 * began, when the account is disabled, when its passphrase changes, or when somebody who may
 * ends it.  The token changes at sign-in and whenever the session becomes strong.  A clock
 * that was turned back ends what began after it. */
#pragma once
#include "access/actor.h"
#include "access/key.h"

#define SESSION_IDLE ((int64_t)30 * 60 * 1000000)
#define SESSION_LONGEST ((int64_t)12 * 3600 * 1000000)
/* "Seen" is written at most once in this time. */
#define SESSION_GRAIN ((int64_t)60 * 1000000)
/* How long passphrase and code given again are good, and a sign-in may stay half-way. */
#define SESSION_STRONG ((int64_t)10 * 60 * 1000000)
#define SESSION_HALF ((int64_t)10 * 60 * 1000000)

enum session_stage {
    SESSION_IN,     /* signed in */
    SESSION_CODE,   /* the passphrase was right, a code is missing */
    SESSION_SET_UP, /* a second factor is to be set up first */
};
struct session_new {
    int64_t account;
    enum session_stage stage;
    const char *address; /* of the client; "" not known; kept as a hash */
    const char *device;  /* "Firefox on Windows" */
    int64_t provider;    /* that vouched for the person (sso.h); 0 none */
};

/* What the database holds of a token, in KEY_HASH bytes. */
void session_id(const struct key *k, const char *token, char *out);
/* Begin one; the token (KEY_TOKEN bytes) goes into the cookie. */
MUST_CHECK enum err session_begin(struct job *j, const struct key *k,
                                  const struct session_new *new, char *token);
/* The same, from nowhere known. */
MUST_CHECK enum err session_add(struct job *j, const struct key *k, int64_t account, char *token);
/* Who holds this token, and as what?  The role that was chosen (session_act_as()), or when that
 * is over the first one in force; ROLE_NONE when none is.  *out NULL: nobody (any more).
 * *stale: session_see() is due. */
MUST_CHECK enum err session_find(struct job *j, const struct key *k, const char *token,
                                 const struct actor **out, bool *stale);
/* Who is half-way through signing in?  Good for going on with that, for nothing else. */
MUST_CHECK enum err session_find_half(struct job *j, const struct key *k, const char *token,
                                      const struct actor **out, enum session_stage *stage);
/* Whose was it, if it only idled too long, within a day of its beginning?  Good for keeping what
 * that person had typed, for nothing else.  *out NULL: nobody's. */
MUST_CHECK enum err session_find_idle(struct job *j, const struct key *k, const char *token,
                                      const struct actor **out);
MUST_CHECK enum err session_see(struct job *j, const struct key *k, const char *token);
MUST_CHECK enum err session_end(struct job *j, const struct key *k, const char *token);
/* A wrong code; *left tries stay, and with none the session is over. */
MUST_CHECK enum err session_count_wrong(struct job *j, const struct key *k, const char *token,
                                        int64_t *left);
/* Passphrase and code were given again: another token, the same session, strong for a while. */
MUST_CHECK enum err session_strengthen(struct job *j, const struct key *k, const char *token,
                                       char *fresh);
/* Act as another of the account's roles that are in force, from the next request on; nothing
 * else of the session changes. ERR_NOT_FOUND: no such role. */
MUST_CHECK enum err session_act_as(struct job *j, const struct key *k, const char *token,
                                   int64_t role_no);
bool session_is_strong(const struct job *j); /* that of j->who */
/* Forget those that ended long ago. */
MUST_CHECK enum err session_sweep(struct job *j);

/* The open ones of an account, the newest first; here: the one of this token (may be NULL). */
struct session_open {
    char handle[KEY_HASH]; /* names it in a form; opens nothing */
    int64_t created, seen;
    const char *device;
    bool here;
};
struct session_opens {
    struct session_open *v;
    size_t n;
};
MUST_CHECK enum err session_list(struct job *j, const struct key *k, int64_t account,
                                 const char *token, struct session_opens *out);
/* ERR_NOT_FOUND: the account has no open session of that handle. */
MUST_CHECK enum err session_end_one(struct job *j, const struct key *k, int64_t account,
                                    const char *handle);
/* All of an account but the one of this token (NULL: all). */
MUST_CHECK enum err session_end_others(struct job *j, const struct key *k, int64_t account,
                                       const char *token);
