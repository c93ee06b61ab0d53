/* base/csv_scan.h - where the marks of CSV stand in 64 bytes: for csv.c and its tests only.
 *
 * Bit i of the answer is set when byte i is a comma, a quote, a line end or NUL.  Two ways
 * with one answer: 16 bytes at a time where the machine has SSE2 (every x86-64), else 8. */
#pragma once
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { CSV_BLOCK = 64 };

/* High bit of every byte of w that is c: exact, no borrow from one byte to the next. */
static inline uint64_t
csv_scan_match(uint64_t w, unsigned char c)
{
    const uint64_t low7 = UINT64_C(0x7F7F7F7F7F7F7F7F);
    uint64_t x = w ^ UINT64_C(0x0101010101010101) * c;

    return ~(((x & low7) + low7) | x | low7);
}

static inline uint64_t
csv_scan_portable(const char *s)
{
    uint64_t bits = 0;

    for (int i = 0; i < CSV_BLOCK / 8; i++) {
        uint64_t w, hit;
        memcpy(&w, s + i * 8, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        w = __builtin_bswap64(w);
#endif
        hit = csv_scan_match(w, ',') | csv_scan_match(w, '"') | csv_scan_match(w, '\n') |
              csv_scan_match(w, '\r') | csv_scan_match(w, '\0');
        /* the eight high bits, gathered into the top byte by one multiplication */
        bits |= ((hit >> 7) * UINT64_C(0x0102040810204080) >> 56) << (i * 8);
    }
    return bits;
}

#ifdef __SSE2__
static inline uint64_t
csv_scan_16(const char *s)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)s);
    __m128i a = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(',')),
                             _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
    __m128i b = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\n')),
                             _mm_cmpeq_epi8(v, _mm_set1_epi8('\r')));
    __m128i c = _mm_or_si128(b, _mm_cmpeq_epi8(v, _mm_setzero_si128()));

    return (uint64_t)(unsigned)_mm_movemask_epi8(_mm_or_si128(a, c));
}

static inline uint64_t
csv_scan_sse2(const char *s)
{
    return csv_scan_16(s) | csv_scan_16(s + 16) << 16 | csv_scan_16(s + 32) << 32 |
           csv_scan_16(s + 48) << 48;
}
#endif

static inline uint64_t
csv_scan(const char *s)
{
#if defined __SSE2__ && !defined CSV_PORTABLE
    return csv_scan_sse2(s);
#else
    return csv_scan_portable(s);
#endif
}
