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

/* ---- what others try first ----------------------------------------------------------- */

static const char *const common[] = {
#define WORDS(text) text,
#include "access/common.def"
#undef WORDS
};
enum { THEMES = sizeof common / sizeof *common, PIECES_MOST = 2, FAR = 1000 };

/* "p4$$w0rd": the letter that a digit or sign stands for. */
static char
letter_of(char c)
{
    static const char from[] = "013457@$!8", to[] = "oieastasib";
    const char *at = c ? strchr(from, c) : NULL;

    return at ? to[at - from] : c;
}

static bool
is_word_at(const char *s, const char *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] != word[i] && letter_of(s[i]) != word[i])
            return false;
    return true;
}

/* Digits, blanks and signs are known to be added, and so is a letter said again. */
static bool
counts_for_nothing(const char *s, size_t i)
{
    return (s[i] >= 0 && !(s[i] >= 'a' && s[i] <= 'z')) || (i && s[i] == s[i - 1]);
}

/* From i on, each of these words makes what is behind it cost one more. */
static void
take_words(const char *lower, size_t n, size_t i, const char *words, short *cost)
{
    for (const char *w = words; *w; w += strspn(w, " ")) {
        size_t length = strcspn(w, " ");
        if (i + length <= n && cost[i] + 1 < cost[i + length] && is_word_at(lower + i, w, length))
            cost[i + length] = (short)(cost[i] + 1);
        w += length;
    }
}

/* Is the whole of it made of few common words, whatever stands between?  cost[i]: the fewest
 * words that make the first i bytes. */
static bool
is_common(const char *lower)
{
    size_t n = strlen(lower);
    short cost[PASSPHRASE_MOST + 1] = {0};

    for (size_t i = 1; i <= n; i++)
        cost[i] = FAR;
    for (size_t i = 0; i < n; i++) {
        if (cost[i] > PIECES_MOST)
            continue;
        if (counts_for_nothing(lower, i) && cost[i] < cost[i + 1])
            cost[i + 1] = cost[i];
        for (size_t t = 0; t < THEMES; t++)
            take_words(lower, n, i, common[t], cost);
    }
    return cost[n] <= PIECES_MOST;
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

_Static_assert(crypto_pwhash_STRBYTES <= PASSPHRASE_HASH, "a hash fits");

bool
passphrase_hash_into(const char *passphrase, char *out)
{
    return sodium_init() >= 0 &&
           !crypto_pwhash_str_alg(out, passphrase, strlen(passphrase),
                                  crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                  crypto_pwhash_MEMLIMIT_INTERACTIVE,
                                  crypto_pwhash_ALG_ARGON2ID13);
}

enum err
passphrase_hash(struct job *j, const char *passphrase, const char **out)
{
    char *hash = job_alloc(j, PASSPHRASE_HASH);

    if (!passphrase_hash_into(passphrase, hash)) {
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
