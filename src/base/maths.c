#include "base/maths.h"
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* Only + - * / and sqrt, which IEEE 754 fixes to the last bit; no fused operations
 * (-ffp-contract=off) and no wider registers. */
_Static_assert(FLT_EVAL_METHOD == 0, "doubles must be computed as doubles");
_Static_assert(DBL_MANT_DIG == 53, "doubles must be IEEE 754");

/* ln 2 in two parts: 32 bits, so that k times it is exact, and the rest. */
static const double ln2_high = 0x1.62e42ffp-1, ln2_low = -0x1.718432a1b0e26p-35;

/* A number as the sum of two doubles, the second below half an ulp of the first. */
struct two {
    double high, low;
};

static double
power_of_two(int k) /* -1022 … 1023 */
{
    uint64_t bits = (uint64_t)(k + 1023) << 52;
    double v;

    memcpy(&v, &bits, sizeof v);
    return v;
}

/* v · 2^k; below the smallest normal number it is rounded once. */
static double
scale(double v, int k)
{
    if (k > 1023)
        return v * 0x1p1023 * power_of_two(k - 1023);
    if (k < -1022)
        return v * power_of_two(k + 200) * 0x1p-200;
    return v * power_of_two(k);
}

/* x > 0 as m · 2^k with m in [√½, √2). */
static double
split(double x, int *k)
{
    uint64_t bits;
    int e = 0;
    double m;

    if (x < DBL_MIN) {
        x *= 0x1p54;
        e = -54;
    }
    memcpy(&bits, &x, sizeof bits);
    e += (int)(bits >> 52) - 1023;
    bits = (bits & UINT64_C(0x000FFFFFFFFFFFFF)) | UINT64_C(0x3FF0000000000000);
    memcpy(&m, &bits, sizeof m);
    if (m >= 1.4142135623730951) {
        m *= 0.5;
        e++;
    }
    *k = e;
    return m;
}

/* exp(x + low): x reduced by a multiple of ln 2, then the Taylor series. */
static double
exp_sum(double x, double low)
{
    static const double c[] = {
        0.5, 0.16666666666666666, 0.041666666666666664, 0.008333333333333333,
        0.001388888888888889, 0.0001984126984126984, 2.48015873015873e-05,
        2.7557319223985893e-06, 2.755731922398589e-07, 2.505210838544172e-08,
        2.08767569878681e-09, 1.6059043836821613e-10,
    };
    double r, q, high, t;
    int k;

    if (isnan(x))
        return x;
    if (x > 709.79)
        return INFINITY;
    if (x < -745.2)
        return 0;
    k = (int)(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
    high = x - k * ln2_high;
    t = k * ln2_low;
    r = high - t;
    low += (high - r) - t;
    q = c[11];
    for (int i = 10; i >= 0; i--)
        q = q * r + c[i];
    q *= r * r;
    return scale(1 + (r + (q + (low + low * (r + q)))), k);
}

double
maths_exp(double x)
{
    return exp_sum(x, 0);
}

/* With f = m - 1 and s = f / (2 + f): log m = f - f²/2 + s (f²/2 + R), R of even powers of
 * s; the large part f is exact. */
double
maths_log(double x)
{
    static const double c[] = {
        0.6666666666666666, 0.4, 0.2857142857142857, 0.2222222222222222, 0.18181818181818182,
        0.15384615384615385, 0.13333333333333333, 0.11764705882352941, 0.10526315789473684,
        0.09523809523809523, 0.08695652173913043, 0.08,
    };
    double f, s, z, half, r = 0;
    int k;

    if (!(x > 0))
        return x < 0 || isnan(x) ? NAN : -INFINITY;
    if (isinf(x))
        return x;
    f = split(x, &k) - 1;
    s = f / (2 + f);
    z = s * s;
    half = 0.5 * f * f;
    for (int i = 11; i >= 0; i--)
        r = (r + c[i]) * z;
    return k * ln2_high - ((half - (s * (half + r) + k * ln2_low)) - f);
}

/* Knuth: the rounding error of a sum, and with |a| >= |b| in fewer steps. */
static struct two
sum(double a, double b)
{
    double high = a + b, part = high - a;

    return (struct two){high, (a - (high - part)) + (b - part)};
}

static struct two
quick_sum(double a, double b)
{
    double high = a + b;

    return (struct two){high, b - (high - a)};
}

/* Dekker: the rounding error of a product, through halves of 26 bits. */
static struct two
product(double a, double b)
{
    double ta = a * 134217729, tb = b * 134217729;
    double a1 = ta - (ta - a), b1 = tb - (tb - b);
    double a2 = a - a1, b2 = b - b1;
    double high = a * b;

    return (struct two){high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2};
}

static struct two
two_product(struct two a, struct two b)
{
    struct two p = product(a.high, b.high);

    return quick_sum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

static struct two
two_sum(struct two a, struct two b)
{
    struct two s = sum(a.high, b.high);

    return quick_sum(s.high, s.low + (a.low + b.low));
}

static struct two
quotient(struct two a, struct two b)
{
    double high = a.high / b.high;
    struct two back = product(high, b.high);
    double left = ((a.high - back.high) - back.low) + (a.low - high * b.low);

    return quick_sum(high, left / b.high);
}

/* log x to about 70 bits: 2 artanh((m-1)/(m+1)) as a series, its large terms in two parts. */
static struct two
log_two(double x)
{
    static const struct two c[] = {
        {2, 0},
        {0x1.5555555555555p-1, 0x1.5555555555555p-55},
        {0x1.999999999999ap-2, -0x1.999999999999ap-56},
        {0x1.2492492492492p-2, 0x1.2492492492492p-56},
        {0x1.c71c71c71c71cp-3, 0x1.c71c71c71c71cp-57},
    };
    static const double rest[] = {
        0.18181818181818182, 0.15384615384615385, 0.13333333333333333, 0.11764705882352941,
        0.10526315789473684, 0.09523809523809523, 0.08695652173913043, 0.08,
        0.07407407407407407,
    };
    struct two s, z, p;
    double m, small = 0;
    int k;

    m = split(x, &k);
    s = quotient((struct two){m - 1, 0}, sum(m, 1));
    z = two_product(s, s);
    for (int i = 8; i >= 0; i--)
        small = small * z.high + rest[i];
    p = (struct two){small, 0};
    for (int i = 4; i >= 0; i--)
        p = two_sum(c[i], two_product(p, z));
    p = two_product(p, s);
    return two_sum(sum(k * ln2_high, k * ln2_low), p);
}

double
maths_pow(double x, double y)
{
    struct two l, p;
    double about;

    if (y == 0 || x == 1)
        return 1;
    if (isnan(y) || isnan(x) || x < 0)
        return NAN;
    if (x == 0 || isinf(x))
        return (x == 0) == (y > 0) ? 0 : INFINITY;
    l = log_two(x);
    about = l.high * y;
    if (about > 710 || about < -746)
        return about > 0 ? INFINITY : 0;
    p = product(l.high, y);
    p = quick_sum(p.high, p.low + l.low * y);
    return exp_sum(p.high, p.low);
}

double
maths_logistic(double x)
{
    double e = maths_exp(x < 0 ? x : -x);

    return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

/* The upper tail at z >= 0 is exp(-z²/2) P(t) / (z + 13/16), t = (z-3)/(z+3): P is nearly
 * constant (0.39 … 0.47), its Chebyshev series of 29 terms, written in powers of t, is exact
 * to 2e-18 (after Shepherd and Laframboise, Mathematics of Computation 36, 1981). */
static double
upper_tail(double z)
{
    static const double c[] = {
        0.46327192810558077, -0.05782626814894577, -0.03953685884022355, 0.05382891318113163,
        -0.023879591337671504, 0.0006159328114874697, 0.003195050739572922,
        -0.0002898939361030093, -0.0005443239094553503, 4.561824236241707e-06,
        0.00010636835430919157, 2.0316374026796195e-05, -1.7974818338076252e-05,
        -9.775336660922068e-06, 1.0290327650194584e-06, 2.7528335935317393e-06,
        8.284151510056105e-07, -3.576725042292374e-07, -3.858545130100382e-07,
        -9.491941891654607e-08, 6.515350763475713e-08, 7.072789325135591e-08,
        1.4056367777280649e-08, -2.0426814035007963e-08, -1.1653977660239986e-08,
        3.0728253512069676e-09, 3.0924396103938685e-09, -1.840310485521516e-10,
        -3.347984278991135e-10,
    };
    enum { LAST = sizeof c / sizeof *c - 1 };
    struct two square = product(z, z), t, p;
    double plain = c[LAST];

    if (z > 39)
        return 0;
    t = quotient(sum(z, -3), sum(z, 3));
    for (int i = LAST - 1; i > 6; i--)
        plain = plain * t.high + c[i];
    p = (struct two){plain, 0};
    for (int i = 6; i >= 0; i--)
        p = two_sum((struct two){c[i], 0}, two_product(p, t));
    p = quotient(p, sum(z, 0.8125));
    return exp_sum(-0.5 * square.high, -0.5 * square.low) * (p.high + p.low);
}

double
maths_phi(double z)
{
    if (isnan(z))
        return z;
    return z < 0 ? upper_tail(-z) : 1 - upper_tail(z);
}

static double
ratio(const double *above, const double *below, double r)
{
    double a = above[7], b = below[6];

    for (int i = 6; i >= 0; i--)
        a = a * r + above[i];
    for (int i = 5; i >= 0; i--)
        b = b * r + below[i];
    return a / (b * r + 1);
}

/* Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37, 1988. */
double
maths_phi_inverse(double p)
{
    static const double above[3][8] = {
        {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
         1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
         3.3430575583588128105e4, 2.5090809287301226727e3},
        {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
         3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
         2.27238449892691845833e-2, 7.74545014278341407640e-4},
        {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
         2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
         2.71155556874348757815e-5, 2.01033439929228813265e-7},
    };
    static const double below[3][7] = {
        {4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
         2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
         5.2264952788528545610e3},
        {2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
         1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
         1.05075007164441684324e-9},
        {5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
         7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
         2.04426310338993978564e-15},
    };
    double q = p - 0.5, r;

    if (isnan(p) || p < 0 || p > 1)
        return NAN;
    if (p == 0 || p == 1)
        return p == 0 ? -INFINITY : INFINITY;
    if (q >= -0.425 && q <= 0.425)
        return q * ratio(above[0], below[0], 0.180625 - q * q);
    r = sqrt(-maths_log(q < 0 ? p : 1 - p));
    r = r <= 5 ? ratio(above[1], below[1], r - 1.6) : ratio(above[2], below[2], r - 5);
    return q < 0 ? -r : r;
}
