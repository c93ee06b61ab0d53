#include "base/text.h"

enum { STRIDE = 32 };

/* Bytes of ASCII at the start, a multiple of STRIDE: four words at a time. */
static size_t
ascii_run(const char *s, size_t n)
{
    size_t at = 0;

    for (; n - at >= STRIDE; at += STRIDE) {
        uint64_t w[STRIDE / 8];
        memcpy(w, s + at, STRIDE);
        if ((w[0] | w[1] | w[2] | w[3]) & UINT64_C(0x8080808080808080))
            break;
    }
    return at;
}

/* Length of the well-formed character at s (Unicode, table 3-7), 0 when there is none. */
static size_t
well_formed(const unsigned char *s, size_t n)
{
    unsigned char low = 0x80, high = 0xBF;
    size_t want;

    if (s[0] < 0x80)
        return 1;
    if (s[0] < 0xC2 || s[0] > 0xF4)
        return 0;
    want = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    if (want > n)
        return 0;
    if (s[0] == 0xE0)
        low = 0xA0; /* overlong */
    else if (s[0] == 0xED)
        high = 0x9F; /* surrogates */
    else if (s[0] == 0xF0)
        low = 0x90; /* overlong */
    else if (s[0] == 0xF4)
        high = 0x8F; /* past U+10FFFF */
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < want; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    return want;
}

bool
text_is_utf8(const char *s, size_t n, size_t *bad_at)
{
    size_t at = 0;

    while (at < n) {
        size_t stop;
        at += ascii_run(s + at, n - at);
        stop = n - at < STRIDE ? n : at + STRIDE;
        while (at < stop) {
            size_t step = well_formed((const unsigned char *)s + at, n - at);
            if (step == 0) {
                if (bad_at)
                    *bad_at = at;
                return false;
            }
            at += step;
        }
    }
    return true;
}
