#include "access/passphrase.h"
#include "access/account.h"
#include "base/text.h"
#include <sodium.h>

static size_t
count_characters(const char *s)
{
    size_t n = 0;

    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80; /* not a byte that continues one */
    return n;
}

static size_t
count_different(const char *s)
{
    bool seen[256] = {false};
    size_t n = 0;

    for (; *s; s++) {
        n += !seen[(unsigned char)*s];
        seen[(unsigned char)*s] = true;
    }
    return n;
}

/* What people type when made to type twelve; the whole, or with something behind it. */
static bool
is_common(const char *lower)
{
    static const char *const common[] = {
        "123456789012", "abcdefghijkl", "iloveyou", "letmein", "password", "passphrase",
        "qwertyuiop", "rooted", "trustno1", "welcome", NULL};
    size_t n = strlen(lower);

    for (const char *const *c = common; *c; c++)
        if (!strncmp(lower, *c, strlen(*c)) && n < strlen(*c) + 9)
            return true;
    return false;
}

enum err
passphrase_check(struct job *j, const char *login, const char *passphrase)
{
    size_t bytes = strlen(passphrase), bad_at;
    const char *lower = account_login(j, passphrase);

    if (bytes > PASSPHRASE_MOST || !text_is_utf8(passphrase, bytes, &bad_at))
        err_set(j, ERR_INPUT, "the passphrase is longer than %d bytes, or not text",
                PASSPHRASE_MOST);
    else if (count_characters(passphrase) < PASSPHRASE_LEAST)
        err_set(j, ERR_INPUT, "the passphrase is shorter than %d characters", PASSPHRASE_LEAST);
    else if (count_different(passphrase) < 5 || is_common(lower))
        err_set(j, ERR_INPUT, "the passphrase is too easy to guess");
    else if (strlen(login) >= 4 && strstr(lower, login))
        err_set(j, ERR_INPUT, "the passphrase holds the login");
    else
        return OK;
    return err_hint(j, "Three or four words that have nothing to do with each other are good: "
                       "easy to remember and hard to guess.");
}

enum err
passphrase_hash(struct job *j, const char *passphrase, const char **out)
{
    char *hash = job_alloc(j, crypto_pwhash_STRBYTES);

    if (sodium_init() < 0 ||
        crypto_pwhash_str_alg(hash, passphrase, strlen(passphrase),
                              crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13)) {
        err_set(j, ERR_BUSY, "there is not enough memory to hash a passphrase");
        return err_hint(j, "Wait a moment and try again.");
    }
    *out = hash;
    return OK;
}

/* The hash of 32 random bytes that nobody kept, with today's limits. */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$"
                             "PUEki9/N2W4yG21SJR2IFA$6Vg+tERaNG1rsQX97GDxyXLup2Z83e6LiyE+p5YRGhY";

bool
passphrase_matches(const char *hash, const char *passphrase)
{
    bool same = sodium_init() >= 0 &&
                crypto_pwhash_str_verify(hash ? hash : nobody, passphrase,
                                         strlen(passphrase)) == 0;

    return same && hash;
}
