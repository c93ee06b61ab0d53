#include "base/text.h"

struct span
span_of(const char *s)
{
    return (struct span){s, s ? strlen(s) : 0};
}

bool
span_is(struct span a, const char *s)
{
    size_t n = strlen(s);

    return a.n == n && (n == 0 || memcmp(a.s, s, n) == 0);
}

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

bool
span_is_nocase(struct span a, const char *s)
{
    size_t i = 0;

    while (i < a.n && s[i] && lower(a.s[i]) == lower(s[i]))
        i++;
    return i == a.n && !s[i];
}

static bool
is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* U+00A0 is C2 A0 in UTF-8. */
struct span
span_trim(struct span a)
{
    for (;;) {
        if (a.n && is_blank(a.s[0]))
            a.s++, a.n--;
        else if (a.n >= 2 && a.s[0] == '\xC2' && a.s[1] == '\xA0')
            a.s += 2, a.n -= 2;
        else
            break;
    }
    for (;;) {
        if (a.n && is_blank(a.s[a.n - 1]))
            a.n--;
        else if (a.n >= 2 && a.s[a.n - 2] == '\xC2' && a.s[a.n - 1] == '\xA0')
            a.n -= 2;
        else
            return a;
    }
}

bool
span_is_missing(struct span a)
{
    static const char *const blank[] = {"NULL", "null", "None", "nan", "NaN", "N/A", "SSD_PH"};

    a = span_trim(a);
    if (a.n == 0)
        return true;
    if (a.n < 3 || a.n > 6)
        return false;
    for (size_t i = 0; i < sizeof blank / sizeof *blank; i++)
        if (span_is(a, blank[i]))
            return true;
    return false;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits of "1,234" stand in a first group of one to three and then threes. */
static bool
groups_are_thousands(struct span a)
{
    size_t since = 0;
    bool comma = false;

    for (size_t i = 0; i < a.n; i++) {
        if (a.s[i] != ',') {
            since++;
            continue;
        }
        if (comma ? since != 3 : since < 1 || since > 3)
            return false;
        comma = true;
        since = 0;
    }
    return !comma || since == 3;
}

/* Without ".0", ".00" …; an empty span when other decimals follow. */
static struct span
without_zero_decimals(struct span a)
{
    const char *point = memchr(a.s, '.', a.n);
    size_t whole = point ? (size_t)(point - a.s) : a.n;

    if (!point)
        return a;
    if (whole + 1 == a.n)
        return (struct span){a.s, 0};
    for (size_t i = whole + 1; i < a.n; i++)
        if (a.s[i] != '0')
            return (struct span){a.s, 0};
    return (struct span){a.s, whole};
}

bool
text_to_int(const char *s, size_t n, int64_t *out)
{
    struct span a = span_trim((struct span){s, n});
    bool minus = a.n && a.s[0] == '-';
    uint64_t v = 0;

    if (a.n && (minus || a.s[0] == '+'))
        a.s++, a.n--;
    if (a.n)
        a = without_zero_decimals(a);
    if (a.n == 0 || !groups_are_thousands(a))
        return false;
    for (size_t i = 0; i < a.n; i++) {
        if (a.s[i] == ',')
            continue;
        if (!is_digit(a.s[i]) || v > (uint64_t)INT64_MAX / 10)
            return false;
        v = v * 10 + (uint64_t)(a.s[i] - '0');
    }
    if (v > (uint64_t)INT64_MAX)
        return false;
    *out = minus ? -(int64_t)v : (int64_t)v;
    return true;
}

bool
text_to_bool(const char *s, size_t n, bool *out)
{
    static const struct {
        const char *word;
        bool means;
    } words[] = {
        {"0", false},  {"1", true},     {"false", false}, {"true", true}, {"f", false},
        {"t", true},   {"n", false},    {"y", true},      {"no", false},  {"yes", true},
        {"0.0", false}, {"1.0", true},
    };
    struct span a = span_trim((struct span){s, n});

    if (a.n > 2 && lower(a.s[0]) >= 'a' && lower(a.s[0]) <= 'z' &&
        (a.s[1] == ')' || a.s[1] == ' '))
        a = span_trim((struct span){a.s + 2, a.n - 2});
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (span_is_nocase(a, words[i].word)) {
            *out = words[i].means;
            return true;
        }
    }
    return false;
}

/* The three bytes of a dash (U+2010 … U+2015 and U+2212, all of them met for "-"). */
static bool
is_dash(const char *s, size_t n)
{
    if (n < 3 || s[0] != '\xE2')
        return false;
    return (s[1] == '\x80' && s[2] >= '\x90' && s[2] <= '\x95') ||
           (s[1] == '\x88' && s[2] == '\x92');
}

char *
text_header(struct job *j, struct span a)
{
    char *to = job_alloc(j, a.n + 1), *at = to;

    if (a.n >= 3 && memcmp(a.s, "\xEF\xBB\xBF", 3) == 0)
        a.s += 3, a.n -= 3;
    a = span_trim(a);
    for (size_t i = 0; i < a.n; i++) {
        bool hard = i + 1 < a.n && a.s[i] == '\xC2' && a.s[i + 1] == '\xA0';
        if (is_blank(a.s[i]) || hard) {
            i += hard;
            if (at[-1] != ' ') /* trimmed, so something stands before */
                *at++ = ' ';
        } else if (is_dash(a.s + i, a.n - i)) {
            i += 2;
            *at++ = '-';
        } else {
            *at++ = lower(a.s[i]);
        }
    }
    *at = '\0';
    return to;
}

static bool
is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* A9 A99 A9A AA9 AA99 AA9A: the six outward forms, and Girobank's. */
static bool
is_outward(const char *s, size_t n)
{
    size_t i = 0;

    if (n == 3 && memcmp(s, "GIR", 3) == 0)
        return true;
    if (n < 2 || n > 4 || !is_letter(s[i++]) || s[0] == 'Q' || s[0] == 'V' || s[0] == 'X')
        return false;
    if (is_letter(s[i])) {
        if (s[i] == 'I' || s[i] == 'J' || (s[i] == 'Z' && s[0] != 'Z'))
            return false;
        i++;
    }
    if (i == n || !is_digit(s[i++]))
        return false;
    return i == n || (i + 1 == n && (is_digit(s[i]) || is_letter(s[i])));
}

/* The two last letters are never C I K M O V (Royal Mail, PAF programmer's guide), but in
 * area ZZ, which is nowhere: ONS's ZZ99 3CZ stands for an address in England not known. */
static bool
is_inward(const char *s, bool nowhere)
{
    for (int i = 1; i < 3; i++)
        if (!is_letter(s[i]) || (!nowhere && memchr("CIKMOV", s[i], 6)))
            return false;
    return is_digit(s[0]);
}

bool
text_postcode(struct span a, char *buf)
{
    char s[8];
    size_t n = 0;

    a = span_trim(a);
    for (size_t i = 0; i < a.n; i++) {
        bool hard = i + 1 < a.n && a.s[i] == '\xC2' && a.s[i + 1] == '\xA0';
        i += hard;
        if (hard || is_blank(a.s[i]))
            continue;
        if (n == 7)
            return false;
        s[n++] = lower(a.s[i]) >= 'a' && lower(a.s[i]) <= 'z' ? (char)(a.s[i] & ~32) : a.s[i];
    }
    if (n < 5 || !is_outward(s, n - 3) || !is_inward(s + n - 3, s[0] == 'Z'))
        return false;
    memcpy(buf, s, n - 3);
    buf[n - 3] = ' ';
    memcpy(buf + n - 2, s + n - 3, 3);
    buf[n + 1] = '\0';
    return true;
}
