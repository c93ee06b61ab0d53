#include "base/text.h"
#include <math.h>

__extension__ typedef unsigned __int128 wide;

enum { DECIMALS_MOST = 9 };

static uint64_t
power_of_ten(int n)
{
    uint64_t v = 1;

    while (n-- > 0)
        v *= 10;
    return v;
}

static uint64_t
magnitude(int64_t v)
{
    return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

static int
within_decimals(int decimals)
{
    return decimals < 0 ? 0 : decimals > DECIMALS_MOST ? DECIMALS_MOST : decimals;
}

const char *
text_count(int64_t v, char *buf)
{
    char digits[TEXT_NUMBER];
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)magnitude(v));
    char *at = buf;

    if (v < 0)
        *at++ = '-';
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            *at++ = ',';
        *at++ = digits[i];
    }
    *at = '\0';
    return buf;
}

/* v is the value times 10^decimals, already rounded. */
static const char *
put_scaled(bool minus, wide v, int decimals, char *buf)
{
    wide one = power_of_ten(decimals);
    const char *sign = minus && v ? "-" : "";
    unsigned long long whole = (unsigned long long)(v / one);

    if (decimals)
        snprintf(buf, TEXT_NUMBER, "%s%llu.%0*llu", sign, whole, decimals,
                 (unsigned long long)(v % one));
    else
        snprintf(buf, TEXT_NUMBER, "%s%llu", sign, whole);
    return buf;
}

const char *
text_percent(int64_t part, int64_t whole, int decimals, char *buf)
{
    return text_rate(part, whole, 100, decimals, buf);
}

const char *
text_rate(int64_t part, int64_t whole, int64_t per, int decimals, char *buf)
{
    int d = within_decimals(decimals);
    wide below = magnitude(whole);
    wide above = (wide)magnitude(part) * magnitude(per) * 2;

    buf[0] = '\0';
    if (whole == 0 || above > ~(wide)0 / power_of_ten(d))
        return buf;
    above = above * power_of_ten(d) + below; /* half up of the magnitude: half away from zero */
    return put_scaled((part < 0) != (whole < 0), above / (below * 2), d, buf);
}

/* The double is m·2^e exactly, so that its decimal is rounded once and by integers: the C
 * library would round an exact half to even, and write the locale's decimal sign. */
const char *
text_decimal(double v, int decimals, char *buf)
{
    int d = within_decimals(decimals), e;
    double fraction = frexp(fabs(v), &e);
    wide m;

    buf[0] = '\0';
    if (isnan(v))
        return buf;
    if (!isfinite(v) || e > 63) {
        snprintf(buf, TEXT_NUMBER, "%s%s", v < 0 ? "-" : "", "∞");
        return buf;
    }
    m = (wide)(uint64_t)ldexp(fraction, 53) * power_of_ten(d);
    e -= 53;
    if (e >= 0)
        m <<= e;
    else if (e > -120)
        m = (m + ((wide)1 << (-e - 1))) >> -e;
    else
        m = 0;
    return put_scaled(v < 0, m, d, buf);
}
