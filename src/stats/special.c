#include "stats/special.h"
#include "base/maths.h"
#include <math.h>

enum { STEPS_MOST = 100000, ROOT_STEPS = 200 };

/* log Γ(a+1) less Stirling's formula (a+½) log a - a + ½ log 2π: small, so that the large
 * parts of densities cancel by algebra instead of by subtraction (Loader, Fast and accurate
 * computation of binomial probabilities, 2000). */
static double
stirling_rest(double a)
{
    double below = 0, r;

    for (; a < 16; a++)
        below += (a + 0.5) * maths_log((a + 1) / a) - 1;
    r = 1 / (a * a);
    r = 1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - r / 1188) * r) * r) * r;
    return below + r / a;
}

/* x log(x/m) + m - x without cancellation where x is near m. */
static double
deviance(double x, double m)
{
    double v = (x - m) / (x + m), s, term;

    if (fabs(x - m) >= 0.1 * (x + m))
        return x * maths_log(x / m) + m - x;
    s = (x - m) * v;
    term = 2 * x * v;
    v *= v;
    for (int i = 3; i < 60; i += 2) {
        double more;
        term *= v;
        more = s + term / i;
        if (more == s)
            break;
        s = more;
    }
    return s;
}

/* x^a (1-x)^b / B(a, b), with y = 1 - x. */
static double
beta_front(double x, double y, double a, double b)
{
    double n = a + b;
    double rest = stirling_rest(n) - stirling_rest(a) - stirling_rest(b);

    return maths_exp(rest - deviance(a, n * x) - deviance(b, n * y)) *
           sqrt(a / n * b / 6.283185307179586);
}

/* The continued fraction of the incomplete beta function by Lentz's method; converges
 * fast for x < (a+1)/(a+b+2). */
static double
beta_fraction(double x, double a, double b)
{
    double c = 1, d = 1 - (a + b) * x / (a + 1), h;

    d = 1 / (d == 0 ? 1e-300 : d);
    h = d;
    for (int m = 1; m < STEPS_MOST; m++) {
        double two = 2 * m, change;
        double even = m * (b - m) * x / ((a + two - 1) * (a + two));
        double odd = -(a + m) * (a + b + m) * x / ((a + two) * (a + two + 1));
        d = 1 + even * d;
        d = 1 / (d == 0 ? 1e-300 : d);
        c = 1 + even / c;
        h *= d * c;
        d = 1 + odd * d;
        d = 1 / (d == 0 ? 1e-300 : d);
        c = 1 + odd / c;
        change = d * c;
        h *= change;
        if (fabs(change - 1) < 1e-16)
            break;
    }
    return h;
}

double
special_beta(double x, double a, double b)
{
    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    if (x < (a + 1) / (a + b + 2))
        return beta_front(x, 1 - x, a, b) * beta_fraction(x, a, b) / a;
    return 1 - beta_front(x, 1 - x, a, b) * beta_fraction(1 - x, b, a) / b;
}

/* x^a e^-x / Γ(a+1). */
static double
gamma_front(double x, double a)
{
    return maths_exp(-stirling_rest(a) - deviance(a, x)) / sqrt(6.283185307179586 * a);
}

static double
gamma_series(double x, double a)
{
    double term = 1, s = 1;

    for (int n = 1; n < STEPS_MOST && term > s * 1e-17; n++) {
        term *= x / (a + n);
        s += term;
    }
    return gamma_front(x, a) * s;
}

/* 1 - P by its continued fraction, for x > a. */
static double
gamma_upper(double x, double a)
{
    double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;

    for (int i = 1; i < STEPS_MOST; i++) {
        double an = -i * (i - a), change;
        b += 2;
        d = an * d + b;
        d = 1 / (d == 0 ? 1e-300 : d);
        c = b + an / c;
        if (c == 0)
            c = 1e-300;
        change = d * c;
        h *= change;
        if (fabs(change - 1) < 1e-16)
            break;
    }
    return gamma_front(x, a) * a * h;
}

double
special_gamma(double x, double a)
{
    if (x <= 0)
        return 0;
    return x < a + 1 ? gamma_series(x, a) : 1 - gamma_upper(x, a);
}

/* A distribution with its density, for the search below. */
struct curve {
    double a, b; /* b 0: gamma */
};

static double
curve_at(const struct curve *f, double x, double *density)
{
    if (f->b > 0) {
        *density = beta_front(x, 1 - x, f->a, f->b) / (x * (1 - x));
        return special_beta(x, f->a, f->b);
    }
    *density = gamma_front(x, f->a) * f->a / x;
    return special_gamma(x, f->a);
}

/* Newton's steps, halving the bracket whenever a step would leave it. */
static double
solve(const struct curve *f, double p, double low, double high)
{
    double x = 0.5 * (low + high);

    for (int i = 0; i < ROOT_STEPS; i++) {
        double density, off = curve_at(f, x, &density) - p, next;
        if (off == 0)
            return x;
        if (off < 0)
            low = x;
        else
            high = x;
        next = x - off / density;
        if (!(next > low && next < high))
            next = 0.5 * (low + high);
        if (fabs(next - x) <= 1e-16 * x || next == low || next == high)
            return next;
        x = next;
    }
    return x;
}

double
special_beta_quantile(double p, double a, double b)
{
    struct curve f = {a, b};

    return solve(&f, p, 0, 1);
}

double
special_gamma_quantile(double p, double a)
{
    struct curve f = {a, 0};
    double high = a + 1, density;

    while (curve_at(&f, high, &density) < p)
        high *= 2;
    return solve(&f, p, 0, high);
}
