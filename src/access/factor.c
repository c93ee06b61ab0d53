#include "access/factor.h"
#include "access/actor.h"
#include "access/seal.h"
#include "access/setting.h"
#include "base/text.h"
#include "store/db.h"
#include <liboath/oath.h>
#include <sodium.h>

enum { SECRET_BYTES = 20, DIGITS = 6, PAPER_CHARACTERS = 16 };
#define SECRET_PLACE(account) ((struct seal_place){"second_factor.secret", 0, (account)})
#define PENDING_PLACE(account) ((struct seal_place){"second_factor.pending", 0, (account)})

/* ---- what an account has ---------------------------------------------------------------- */

static const char sql_get[] =
    "SELECT kind, pending, changed FROM second_factor WHERE account_id = $1";
static const char sql_left[] =
    "SELECT COUNT(*) FROM recovery_code WHERE account_id = $1 AND used IS NULL";

enum factor
factor_of(const char *stored)
{
    return !strcmp(stored, "program") ? FACTOR_PROGRAM
           : !strcmp(stored, "list")  ? FACTOR_LIST
                                      : FACTOR_NONE;
}

enum err
factor_get(struct job *j, int64_t account, struct factor_state *out)
{
    struct rows q;
    enum err e;

    *out = (struct factor_state){0};
    db_ask(j, &q, sql_get, ARGS(INT(account)));
    while (db_next(&q)) {
        out->kind = factor_of(row_text(&q, 0));
        out->pending = !row_is_null(&q, 1);
        out->changed = row_int(&q, 2);
    }
    e = db_done(&q);
    if (!e)
        e = db_int(j, sql_left, ARGS(INT(account)), 0, &out->codes_left);
    if (!e && out->kind == FACTOR_NONE && out->codes_left)
        out->kind = FACTOR_RESET;
    return e;
}

/* ---- codes of a program ------------------------------------------------------------------- */

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* Five bits a letter. */
static void
secret_of(const unsigned char *bytes, char *out)
{
    for (int i = 0; i < FACTOR_SECRET - 1; i++) {
        int bit = 5 * i, at = bit / 8, shift = bit % 8;
        unsigned two = (unsigned)bytes[at] << 8 | (at + 1 < SECRET_BYTES ? bytes[at + 1] : 0U);
        out[i] = base32[two >> (11 - shift) & 31];
    }
    out[FACTOR_SECRET - 1] = '\0';
}

static bool
bytes_of(const char *secret, unsigned char *out)
{
    memset(out, 0, SECRET_BYTES);
    for (int i = 0; i < FACTOR_SECRET - 1; i++) {
        const char *at = secret[i] ? strchr(base32, secret[i]) : NULL;
        for (int b = 0; at && b < 5; b++)
            if ((at - base32) >> (4 - b) & 1)
                out[(5 * i + b) / 8] |= (unsigned char)(0x80 >> (5 * i + b) % 8);
        if (!at)
            return false;
    }
    return !secret[FACTOR_SECRET - 1];
}

static enum err
code_of_step(struct job *j, const char *secret, int64_t step, char *out)
{
    unsigned char bytes[SECRET_BYTES];
    bool ok = bytes_of(secret, bytes) && oath_init() == OATH_OK &&
              oath_hotp_generate((const char *)bytes, sizeof bytes, (uint64_t)step, DIGITS, false,
                                 OATH_HOTP_DYNAMIC_TRUNCATION, out) == OATH_OK;

    sodium_memzero(bytes, sizeof bytes);
    return ok ? OK : err_set(j, ERR_FAULT, "a code could not be computed");
}

enum err
factor_code(struct job *j, const char *secret, int64_t at, char *out)
{
    return code_of_step(j, secret, at / FACTOR_STEP, out);
}

/* Digits with blanks between them: what a program shows. */
static bool
is_program_code(const char *typed, char *out)
{
    size_t n = 0;

    for (; *typed; typed++) {
        if (*typed == ' ')
            continue;
        if (*typed < '0' || *typed > '9' || n == DIGITS)
            return false;
        out[n++] = *typed;
    }
    out[n] = '\0';
    return n == DIGITS;
}

/* The step that this is the code of, later than the last one taken; 0: of none near now. */
static enum err
step_of_code(struct job *j, const char *secret, const char *code, int64_t last, int64_t *step)
{
    int64_t now = j->now / FACTOR_STEP;
    char right[FACTOR_CODE];
    enum err e = OK;

    *step = 0;
    for (int64_t s = now - 1; s <= now + 1 && !e; s++) {
        e = code_of_step(j, secret, s, right);
        if (!e && key_same(code, right) && s > last && !*step)
            *step = s;
    }
    return e;
}

/* ---- setting up -------------------------------------------------------------------------- */

static const char sql_begin[] =
    "INSERT INTO second_factor (account_id, kind, secret, pending, changed, last_step) "
    "VALUES ($1, 'none', NULL, $2, $3, 0) ON CONFLICT (account_id) "
    "DO UPDATE SET pending = excluded.pending";

enum err
factor_begin(struct job *j, const struct key *k, int64_t account)
{
    unsigned char bytes[SECRET_BYTES];
    char secret[FACTOR_SECRET];
    const char *sealed;
    enum err e;

    randombytes_buf(bytes, sizeof bytes);
    secret_of(bytes, secret);
    e = seal_text(j, k, PENDING_PLACE(account), secret, &sealed);
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(secret, sizeof secret);
    return e ? e : db_run(j, sql_begin, ARGS(INT(account), TEXT(sealed), INT(j->now)), NULL);
}

static const char sql_pending[] =
    "SELECT pending FROM second_factor WHERE account_id = $1 AND pending IS NOT NULL";

enum err
factor_pending(struct job *j, const struct key *k, int64_t account, const char **secret)
{
    const char *sealed = NULL;
    struct rows q;
    enum err e;

    *secret = NULL;
    db_ask(j, &q, sql_pending, ARGS(INT(account)));
    while (db_next(&q))
        sealed = row_text(&q, 0);
    e = db_done(&q);
    return e || !sealed ? e : seal_open(j, k, PENDING_PLACE(account), sealed, secret);
}

static const char sql_no_paper[] = "DELETE FROM recovery_code WHERE account_id = $1";
static const char sql_set[] =
    "INSERT INTO second_factor (account_id, kind, secret, pending, changed, last_step) "
    "VALUES ($1, $2, $3, NULL, $4, $5) ON CONFLICT (account_id) DO UPDATE SET "
    "kind = excluded.kind, secret = excluded.secret, pending = NULL, changed = excluded.changed, "
    "last_step = excluded.last_step";

struct setting_to {
    const char *kind, *secret; /* secret NULL: a list, or none */
    int64_t last_step;
};

static enum err
set(struct job *j, const struct key *k, int64_t account, struct setting_to to)
{
    const char *sealed = NULL;
    enum err e = to.secret ? seal_text(j, k, SECRET_PLACE(account), to.secret, &sealed) : OK;

    if (!e)
        e = db_run(j, sql_set, ARGS(INT(account), TEXT(to.kind), TEXT(sealed), INT(j->now),
                                    INT(to.last_step)), NULL);
    return e ? e : db_run(j, sql_no_paper, ARGS(INT(account)), NULL);
}

enum err
factor_confirm(struct job *j, const struct key *k, int64_t account, const char *typed, bool *right)
{
    char code[FACTOR_CODE];
    const char *secret;
    int64_t step = 0;
    enum err e = factor_pending(j, k, account, &secret);

    *right = false;
    if (!e && secret && is_program_code(typed, code))
        e = step_of_code(j, secret, code, 0, &step);
    if (e || !step)
        return e;
    *right = true;
    return set(j, k, account, (struct setting_to){"program", secret, step});
}

enum err
factor_use_list(struct job *j, int64_t account)
{
    return set(j, NULL, account, (struct setting_to){"list", NULL, 0});
}

/* ---- codes on paper ------------------------------------------------------------------------ */

/* No letter that is taken for another: 80 bits, in groups of four. */
static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";

static char *
fresh_paper(struct job *j)
{
    unsigned char bytes[PAPER_CHARACTERS];
    char *out = job_alloc(j, FACTOR_PAPER), *at = out;

    randombytes_buf(bytes, sizeof bytes);
    for (int i = 0; i < PAPER_CHARACTERS; i++) {
        if (i && i % 4 == 0)
            *at++ = '-';
        *at++ = letters[bytes[i] % 32];
    }
    return out;
}

/* As it was printed, whatever the blanks, dashes and capitals; false: no such code. */
static bool
is_paper(const char *typed, char *out)
{
    size_t n = 0;

    for (; *typed; typed++) {
        char c = *typed >= 'A' && *typed <= 'Z' ? (char)(*typed - 'A' + 'a') : *typed;
        c = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
        if (c == ' ' || c == '-')
            continue;
        if (!strchr(letters, c) || n == PAPER_CHARACTERS)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return n == PAPER_CHARACTERS;
}

static void
paper_hash(const struct key *k, int64_t account, const char *plain, char *out)
{
    char text[64];

    snprintf(text, sizeof text, "%lld %s", (long long)account, plain);
    key_hash(k, "recovery code", text, out);
}

static const char sql_add_paper[] =
    "INSERT INTO recovery_code (account_id, code, made, used) VALUES ($1, $2, $3, NULL)";

enum err
factor_paper(struct job *j, const struct key *k, int64_t account, int n, const char *const **out)
{
    const char **codes = job_array(j, (size_t)n, sizeof *codes);
    char plain[PAPER_CHARACTERS + 1], hash[KEY_HASH];
    enum err e = db_run(j, sql_no_paper, ARGS(INT(account)), NULL);

    for (int i = 0; i < n && !e; i++) {
        codes[i] = fresh_paper(j);
        if (is_paper(codes[i], plain))
            paper_hash(k, account, plain, hash);
        e = db_run(j, sql_add_paper, ARGS(INT(account), TEXT(hash), INT(j->now)), NULL);
    }
    *out = codes;
    return e;
}

static const char sql_use_paper[] =
    "UPDATE recovery_code SET used = $3 WHERE account_id = $1 AND code = $2 AND used IS NULL";
/* A handed code stays until a new second factor is there: used up, the next sign-in would ask
 * for none. */
static const char sql_handed[] =
    "SELECT COUNT(*) FROM recovery_code WHERE account_id = $1 AND code = $2 AND made > $3";

static enum err
take_paper(struct job *j, const struct key *k, int64_t account, const char *plain, bool *right)
{
    struct factor_state state;
    char hash[KEY_HASH];
    int64_t n = 0;
    enum err e = factor_get(j, account, &state);

    paper_hash(k, account, plain, hash);
    if (!e && state.kind == FACTOR_RESET)
        e = db_int(j, sql_handed, ARGS(INT(account), TEXT(hash), INT(j->now - FACTOR_HANDED)), 0,
                   &n);
    else if (!e)
        e = db_run(j, sql_use_paper, ARGS(INT(account), TEXT(hash), INT(j->now)), &n);
    *right = n == 1;
    return e;
}

/* ---- at sign-in -------------------------------------------------------------------------- */

static const char sql_secret[] =
    "SELECT secret, last_step FROM second_factor WHERE account_id = $1 AND kind = 'program'";

static enum err
read_secret(struct job *j, const struct key *k, int64_t account, const char **secret,
            int64_t *last_step)
{
    const char *sealed = NULL;
    struct rows q;
    enum err e;

    *secret = NULL;
    *last_step = 0;
    db_ask(j, &q, sql_secret, ARGS(INT(account)));
    while (db_next(&q)) {
        sealed = row_text(&q, 0);
        *last_step = row_int(&q, 1);
    }
    e = db_done(&q);
    return e || !sealed ? e : seal_open(j, k, SECRET_PLACE(account), sealed, secret);
}

/* Of two who bring the same code at once, one finds the step taken. */
static const char sql_take_step[] =
    "UPDATE second_factor SET last_step = $2 WHERE account_id = $1 AND last_step < $2";

static enum err
take_program(struct job *j, const struct key *k, int64_t account, const char *code, bool *right)
{
    const char *secret;
    int64_t last, step = 0, changed = 0;
    enum err e = read_secret(j, k, account, &secret, &last);

    if (!e && secret)
        e = step_of_code(j, secret, code, last, &step);
    if (!e && step)
        e = db_run(j, sql_take_step, ARGS(INT(account), INT(step)), &changed);
    *right = changed == 1;
    return e;
}

enum err
factor_take(struct job *j, const struct key *k, int64_t account, const char *typed, bool *right)
{
    char code[FACTOR_CODE], paper[PAPER_CHARACTERS + 1];

    *right = false;
    if (is_program_code(typed, code))
        return take_program(j, k, account, code, right);
    return is_paper(typed, paper) ? take_paper(j, k, account, paper, right) : OK;
}

/* ---- lost ----------------------------------------------------------------------------------- */

static const char sql_reset[] =
    "INSERT INTO second_factor_reset (account_id, at, reset_by, why) VALUES ($1, $2, $3, $4)";

enum err
factor_reset(struct job *j, const struct key *k, int64_t account, const char *why,
             const char **code)
{
    struct span words = span_trim(span_of(why));
    const char *const *codes;
    enum err e;

    if (!words.n || words.n > 400)
        return err_set(j, ERR_INPUT, "say in a sentence why the second factor is taken away");
    e = db_run(j, sql_reset,
               ARGS(INT(account), INT(j->now), j->who && j->who->account ? INT(j->who->account)
                                                                         : NUL,
                    TEXT_N(words.s, words.n)), NULL);
    if (!e)
        e = set(j, k, account, (struct setting_to){"none", NULL, 0});
    if (!e)
        e = factor_paper(j, k, account, 1, &codes);
    if (!e)
        *code = codes[0];
    return e;
}

/* ---- the demonstration ---------------------------------------------------------------------- */

void
factor_demo_secret(const char *login, char *out)
{
    static const char purpose[] = "made up for the demonstration of RootED: ";
    unsigned char bytes[SECRET_BYTES];

    crypto_generichash(bytes, sizeof bytes, (const unsigned char *)login, strlen(login),
                       (const unsigned char *)purpose, sizeof purpose - 1);
    secret_of(bytes, out);
}

static enum err
only_demonstration(struct job *j)
{
    struct settings all;
    enum err e = setting_list(j, &all);

    if (e || setting_is_demonstration(&all))
        return e;
    err_set(j, ERR_INPUT, "this is no demonstration: nobody's codes can be told");
    return err_hint(j, "Codes come from the person's own program. If it is lost: \"rooted user "
                       "reset-second-factor LOGIN\".");
}

enum err
factor_demo(struct job *j, const struct key *k, int64_t account, const char *login)
{
    struct factor_state state;
    char secret[FACTOR_SECRET];
    enum err e = only_demonstration(j);

    if (!e)
        e = factor_get(j, account, &state);
    if (e || state.kind != FACTOR_NONE)
        return e;
    factor_demo_secret(login, secret);
    return set(j, k, account, (struct setting_to){"program", secret, 0});
}

enum err
factor_demo_code(struct job *j, const struct key *k, int64_t account, char *out)
{
    const char *secret;
    int64_t last;
    enum err e = only_demonstration(j);

    if (!e)
        e = read_secret(j, k, account, &secret, &last);
    if (!e && !secret) {
        err_set(j, ERR_NOT_FOUND, "this account has no program for codes");
        return err_hint(j, "\"rooted user demo\" makes the demonstration's sign-ins.");
    }
    return e ? e : factor_code(j, secret, j->now, out);
}
