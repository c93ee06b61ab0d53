#include "access/chain.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

struct chain_text
chain_text(const char *s)
{
    return (struct chain_text){s, s ? strlen(s) : 0};
}

void
chain_name(char *out)
{
    unsigned char bits[(CHAIN_NAME - 1) / 2];

    randombytes_buf(bits, sizeof bits);
    sodium_bin2hex(out, CHAIN_NAME, bits, sizeof bits);
}

/* ---- canonical bytes ---------------------------------------------------------------- */

struct line {
    char *to;
    size_t n;
    bool cut;
};

static void
put(struct line *l, char c)
{
    if (l->n < CHAIN_LINE)
        l->to[l->n++] = c;
    else
        l->cut = true;
}

static void
put_number(struct line *l, int64_t v)
{
    char digits[24];
    size_t n = 0;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

    do
        digits[n++] = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        put(l, '-');
    while (n)
        put(l, digits[--n]);
}

static void
put_number_or_none(struct line *l, int64_t v)
{
    if (v)
        put_number(l, v);
}

/* Whatever a text holds, it cannot look like the end of a field or of the line. */
static void
put_text(struct line *l, struct chain_text t)
{
    if (l->n + 2 * t.n > CHAIN_LINE) {
        l->cut = true;
        return;
    }
    for (size_t i = 0; i < t.n; i++) {
        char c = t.s[i];
        char as = c == '\t' ? 't' : c == '\n' ? 'n' : c == '\\' ? '\\' : '\0';
        if (as)
            l->to[l->n++] = '\\';
        l->to[l->n++] = as ? as : c;
    }
}

size_t
chain_line(const struct chain_entry *e, char *out)
{
    struct line l = {out, 0, false};

    put_number(&l, e->area);
    put(&l, '\t');
    put_number(&l, e->id);
    put(&l, '\t');
    put_number(&l, e->at);
    put(&l, '\t');
    put_number_or_none(&l, e->account);
    put(&l, '\t');
    put_text(&l, e->event);
    put(&l, '\t');
    put_text(&l, e->act);
    put(&l, '\t');
    put_text(&l, e->outcome);
    put(&l, '\t');
    put_number_or_none(&l, e->person);
    put(&l, '\t');
    put_text(&l, e->subject);
    put(&l, '\t');
    put_text(&l, e->detail);
    if (e->role.n) { /* older entries have none, and keep their bytes */
        put(&l, '\t');
        put_text(&l, e->role);
    }
    return l.cut ? 0 : l.n;
}

/* ---- the chain ------------------------------------------------------------------------ */

static const char top_mark[] = "rooted-audit-1", head_mark[] = "rooted-head-1";

size_t
chain_top(const char *name, int64_t area, char *out)
{
    return (size_t)snprintf(out, CHAIN_TOP, "%s\t%s\t%lld\n", top_mark, name, (long long)area);
}

void
chain_begin(const char *name, int64_t area, unsigned char *hash)
{
    char top[CHAIN_TOP];
    size_t n = chain_top(name, area, top);

    crypto_hash_sha256(hash, (const unsigned char *)top, n - 1);
}

void
chain_add(unsigned char *hash, const char *line, size_t n)
{
    unsigned char all[CHAIN_HASH + CHAIN_LINE];

    memcpy(all, hash, CHAIN_HASH);
    memcpy(all + CHAIN_HASH, line, n);
    crypto_hash_sha256(hash, all, CHAIN_HASH + n);
}

/* ---- reading lines ---------------------------------------------------------------------- */

/* The next word of a line, up to one of these; NULL: there is none. */
static const char *
word(const char **at, const char *end, char by, size_t *n)
{
    const char *start = *at, *stop;

    if (!start)
        return NULL;
    stop = memchr(start, by, (size_t)(end - start));
    *n = (size_t)((stop ? stop : end) - start);
    *at = stop ? stop + 1 : NULL;
    return start;
}

static bool
is_name(const char *s, size_t n)
{
    if (!s || n != CHAIN_NAME - 1)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!strchr("0123456789abcdef", s[i]))
            return false;
    return true;
}

/* Up to eighteen digits, so that no value overflows. */
static bool
read_number(const char *s, size_t n, int64_t *out)
{
    *out = 0;
    if (!s || !n || n > 18)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        *out = *out * 10 + (s[i] - '0');
    }
    return true;
}

/* Where sealed children lie is minus the authority's number (custody.h). */
static bool
read_area(const char *s, size_t n, int64_t *out)
{
    bool minus = s && n && s[0] == '-', good = read_number(s + minus, n - minus, out);

    if (minus)
        *out = -*out;
    return good;
}

static bool
read_hex(const char *s, size_t n, unsigned char *out, size_t bytes)
{
    size_t got = 0;

    return s && n == 2 * bytes && !sodium_hex2bin(out, bytes, s, n, NULL, &got, NULL) &&
           got == bytes;
}

bool
chain_top_read(const char *line, size_t n, char *name, int64_t *area)
{
    const char *at = line, *end = line + n, *s;
    size_t length;

    s = word(&at, end, '\t', &length);
    if (!s || length != strlen(top_mark) || memcmp(s, top_mark, length))
        return false;
    s = word(&at, end, '\t', &length);
    if (!is_name(s, length))
        return false;
    memcpy(name, s, length);
    name[length] = '\0';
    s = word(&at, end, '\t', &length);
    return read_area(s, length, area) && !at;
}

/* ---- signed heads ----------------------------------------------------------------------- */

size_t
chain_head_sign(const struct chain_head *h, const unsigned char *secret, char *out)
{
    unsigned char sign[crypto_sign_BYTES];
    char hash[2 * CHAIN_HASH + 1], hex[2 * sizeof sign + 1];
    size_t n;

    sodium_bin2hex(hash, sizeof hash, h->hash, CHAIN_HASH);
    n = (size_t)snprintf(out, CHAIN_HEAD_LINE, "%s %s %lld %lld %s %s", head_mark, h->name,
                         (long long)h->area, (long long)h->id, hash, h->time);
    crypto_sign_detached(sign, NULL, (const unsigned char *)out, n, secret);
    sodium_bin2hex(hex, sizeof hex, sign, sizeof sign);
    return n + (size_t)snprintf(out + n, CHAIN_HEAD_LINE - n, " %s", hex);
}

static bool
read_fields(const char *line, const char *end, struct chain_head *h)
{
    const char *at = line, *s;
    size_t n;

    s = word(&at, end, ' ', &n);
    if (!s || n != strlen(head_mark) || memcmp(s, head_mark, n))
        return false;
    s = word(&at, end, ' ', &n);
    if (!is_name(s, n))
        return false;
    memcpy(h->name, s, n);
    s = word(&at, end, ' ', &n);
    if (!read_area(s, n, &h->area))
        return false;
    s = word(&at, end, ' ', &n);
    if (!read_number(s, n, &h->id))
        return false;
    s = word(&at, end, ' ', &n);
    if (!read_hex(s, n, h->hash, CHAIN_HASH))
        return false;
    s = word(&at, end, ' ', &n);
    if (!s || at || n != CHAIN_TIME - 1)
        return false;
    memcpy(h->time, s, n);
    return true;
}

const char *
chain_head_read(const char *line, size_t n, const unsigned char *key, struct chain_head *out)
{
    unsigned char sign[crypto_sign_BYTES];
    const char *end = line + n, *last = n ? memrchr(line, ' ', n) : NULL;

    *out = (struct chain_head){.area = 0};
    if (!last || !read_hex(last + 1, (size_t)(end - last - 1), sign, sizeof sign) ||
        !read_fields(line, last, out))
        return "is no signed head";
    if (crypto_sign_verify_detached(sign, (const unsigned char *)line, (size_t)(last - line), key))
        return "is not signed by this key";
    return NULL;
}
