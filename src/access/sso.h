/* access/sso.h - signing in through a provider that the council trusts ("single sign-on").
 *
 * A proxy in front of the program (Apache with mod_auth_openidc) has the provider's word checked
 * and passes the claims on; web takes them from that proxy alone.  Somebody is issuer and subject,
 * never an e-mail.  A second factor must be among the claims that the provider's row names.  An
 * account is linked by a code, good once, that an administrator hands over.  What follows is a
 * session like any other.  Docs: docs/single-sign-on.md, decisions/0017-single-sign-on.md. */
#pragma once
#include "access/actor.h"
#include "access/key.h"

enum { SSO_TEXT = 250, SSO_CODE = 20, SSO_LINKS = 20, SSO_PROVIDERS = 20 };
/* How long ago somebody may have signed in at the provider, and a code is good. */
#define SSO_FRESH ((int64_t)10 * 60 * 1000000)
#define SSO_CODE_LASTS ((int64_t)7 * 24 * 3600 * 1000000)

/* As they came; NULL: not there. */
struct sso_claims { const char *issuer, *subject, *amr, *acr, *issued; };

enum sso_state {
    SSO_NOBODY, /* no provider of ours says so, or of a closed account */
    SSO_OLD,    /* what it says is too old: the person is to sign in there again */
    SSO_FACTOR, /* they signed in there without a second factor */
    SSO_NEW,    /* no account is linked yet: a code is wanted */
    SSO_KNOWN,  /* may sign in */
};
struct sso_found {
    enum sso_state state;
    int64_t provider, account;
    const char *provider_name, *name; /* name: of the person; NULL not known */
};
MUST_CHECK enum err sso_look(struct job *j, const struct sso_claims *c, struct sso_found *out);

struct sso_sign_in {
    const struct key *key;
    struct sso_claims claims;
    const char *code;            /* typed, when the account is not linked yet; NULL none */
    const char *address, *device;
    struct sso_found found;
    char token[KEY_TOKEN];       /* of the new session; "" not let in */
};
/* In the caller's transaction, with its entry for the audit.  Who is not let in is no error. */
MUST_CHECK enum err sso_sign_in(struct job *j, struct sso_sign_in *s);

/* Those that are trusted, by name; at most SSO_PROVIDERS. */
struct sso_provider {
    int64_t id;
    const char *issuer, *name, *claim, *values;
};
MUST_CHECK enum err sso_providers(struct job *j, struct sso_provider **out, size_t *n);
/* ERR_INPUT: something of it cannot be; ERR_CONFLICT: it is trusted already. */
MUST_CHECK enum err sso_provider_add(struct job *j, const struct sso_provider *p);
/* Nobody signs in through it any more, and sessions that it began end.  ERR_NOT_FOUND. */
MUST_CHECK enum err sso_provider_end(struct job *j, const char *issuer);
/* The provider through which this session began; 0 none. */
MUST_CHECK enum err sso_of_session(struct job *j, const struct key *k, const char *token,
                                   int64_t *provider);

/* permit(ACT_ACCOUNTS), in the caller's transaction.  A code (SSO_CODE bytes) for this account; one
 * made before is good no more. */
MUST_CHECK enum err sso_code_make(struct job *j, const struct key *k, int64_t account, char *code);
struct sso_link {
    int64_t provider, linked;
    const char *provider_name, *subject;
};
MUST_CHECK enum err sso_links(struct job *j, int64_t account, struct sso_link **out, size_t *n);
/* All of the account: its person signs in through no provider any more. */
MUST_CHECK enum err sso_unlink(struct job *j, int64_t account);
