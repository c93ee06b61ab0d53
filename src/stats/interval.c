#include "stats/interval.h"
#include "base/maths.h"
#include "stats/special.h"
#include <math.h>

static double
z_of(double level)
{
    return -maths_phi_inverse((1 - level) / 2);
}

static bool
is_part(struct part p)
{
    return p.whole > 0 && p.part >= 0 && p.part <= p.whole;
}

/* Wilson's limits for a proportion of n (not necessarily a whole number) observations. */
static struct interval
score(double p, double n, double z)
{
    double z2 = z * z;
    double middle = p + z2 / (2 * n);
    double half = z * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    double scale = 1 + z2 / n;
    double low = (middle - half) / scale, high = (middle + half) / scale;

    return (struct interval){
        .value = p,
        .low = p == 0 || low < 0 ? 0 : low,
        .high = p == 1 || high > 1 ? 1 : high,
        .known = true,
    };
}

struct interval
interval_wilson(struct part p, double level)
{
    if (!is_part(p))
        return (struct interval){0};
    return score((double)p.part / (double)p.whole, (double)p.whole, z_of(level));
}

struct interval
interval_exact(struct part p, double level)
{
    double x = (double)p.part, n = (double)p.whole, tail = (1 - level) / 2;

    if (!is_part(p))
        return (struct interval){0};
    return (struct interval){
        .value = x / n,
        .low = p.part == 0 ? 0 : special_beta_quantile(tail, x, n - x + 1),
        .high = p.part == p.whole ? 1 : special_beta_quantile(1 - tail, x + 1, n - x),
        .known = true,
    };
}

struct interval
interval_difference(struct part a, struct part b, double level)
{
    struct interval ia = interval_wilson(a, level), ib = interval_wilson(b, level);
    double d = ia.value - ib.value;
    double down_a = ia.value - ia.low, up_a = ia.high - ia.value;
    double down_b = ib.value - ib.low, up_b = ib.high - ib.value;

    if (!ia.known || !ib.known)
        return (struct interval){0};
    return (struct interval){
        .value = d,
        .low = d - sqrt(down_a * down_a + up_b * up_b),
        .high = d + sqrt(up_a * up_a + down_b * down_b),
        .known = true,
    };
}

/* The four cells of two parts, with ½ added to each when one is empty. */
struct cells {
    double a, b, c, d; /* a of a+b, c of c+d */
    bool adjusted;
};

static struct cells
cells_of(struct part p, struct part q)
{
    bool empty = p.part == 0 || p.part == p.whole || q.part == 0 || q.part == q.whole;
    double more = empty ? 0.5 : 0;

    return (struct cells){
        .a = (double)p.part + more, .b = (double)(p.whole - p.part) + more,
        .c = (double)q.part + more, .d = (double)(q.whole - q.part) + more,
        .adjusted = empty,
    };
}

static struct interval
log_interval(double ratio, double error, double level, bool adjusted)
{
    double factor = maths_exp(z_of(level) * error);

    return (struct interval){
        .value = ratio, .low = ratio / factor, .high = ratio * factor,
        .known = true, .adjusted = adjusted,
    };
}

struct interval
interval_risk_ratio(struct part a, struct part b, double level)
{
    struct cells t;
    double na, nb;

    if (!is_part(a) || !is_part(b))
        return (struct interval){0};
    t = cells_of(a, b);
    na = t.a + t.b;
    nb = t.c + t.d;
    return log_interval(t.a / na / (t.c / nb), sqrt(t.b / (t.a * na) + t.d / (t.c * nb)), level,
                        t.adjusted);
}

struct interval
interval_odds_ratio(struct part a, struct part b, double level)
{
    struct cells t;

    if (!is_part(a) || !is_part(b))
        return (struct interval){0};
    t = cells_of(a, b);
    return log_interval(t.a * t.d / (t.b * t.c), sqrt(1 / t.a + 1 / t.b + 1 / t.c + 1 / t.d),
                        level, t.adjusted);
}

struct interval
interval_count(int64_t events, double level)
{
    double tail = (1 - level) / 2, k = (double)events;

    if (events < 0)
        return (struct interval){0};
    return (struct interval){
        .value = k,
        .low = events == 0 ? 0 : special_gamma_quantile(tail, k),
        .high = special_gamma_quantile(1 - tail, k + 1),
        .known = true,
    };
}

static double
byar(double k, double z)
{
    double r = 1 - 1 / (9 * k) + z / (3 * sqrt(k));

    return r > 0 ? k * r * r * r : 0;
}

struct interval
interval_count_byar(int64_t events, double level)
{
    double k = (double)events, z = z_of(level);

    if (events < 0)
        return (struct interval){0};
    return (struct interval){
        .value = k,
        .low = events == 0 ? 0 : byar(k, -z),
        .high = byar(k + 1, z),
        .known = true,
    };
}

/* Where all events are on one side the variance says nothing; then as many single events
 * as the bundles are worth (Kish). */
struct interval
interval_share(struct bundles b, double level)
{
    double all = (double)b.all, s, inside, outside, n;

    if (b.all <= 0 || b.group < 0 || b.group > b.all || b.all_squares < b.all)
        return (struct interval){0};
    s = (double)b.group / all;
    inside = (double)b.group_squares;
    outside = (double)(b.all_squares - b.group_squares);
    if (b.group == 0 || b.group == b.all)
        n = all * all / (double)b.all_squares;
    else
        n = s * (1 - s) * all * all / ((1 - s) * (1 - s) * inside + s * s * outside);
    return score(s, n, z_of(level));
}

static bool
is_ratio(const struct ratio_sums *s)
{
    return s->bundles > 1 && is_part((struct part){s->part, s->whole}) &&
           s->whole <= RATIO_WHOLE_MOST && s->part_squares >= 0 &&
           s->part_squares <= s->products && s->products <= s->whole_squares &&
           s->whole_squares <= RATIO_SQUARES_MOST;
}

/* sum (a - R p)^2 * (sum p)^2 = Saa P^2 - 2 A P Sap + A^2 Spp.  Each product is below
 * 2^(52 + 36 + 36) = 2^124 and the middle one twice that: all fit in 127 bits. */
static double
residual_squares(const struct ratio_sums *s)
{
    __extension__ __int128 p = s->whole, a = s->part;

    return (double)(s->part_squares * p * p - 2 * s->products * a * p + s->whole_squares * a * a);
}

/* (z/t)^2: how many fewer observations a variance of that many degrees of freedom is worth.
 * t^2 of Student's t is f x / (1 - x) with x of the beta distribution (1/2, f/2). */
static double
worth_of(double freedom, double level)
{
    double x = special_beta_quantile(level, 0.5, freedom / 2), z = z_of(level);

    return z * z * (1 - x) / (freedom * x);
}

struct interval
interval_ratio(struct ratio_sums s, double level)
{
    double whole = (double)s.whole, n = whole, r, units = (double)s.bundles, squares;

    if (!is_ratio(&s))
        return (struct interval){0};
    r = (double)s.part / whole;
    squares = residual_squares(&s);
    if (squares > 0)
        n = r * (1 - r) * (units - 1) / units / (squares / (whole * whole * whole * whole));
    if (n > whole)
        n = whole;
    return score(r, n * worth_of(units - 1, level), z_of(level));
}

struct interval
interval_mean(const double *v, size_t n, double level)
{
    double sum = 0, squares = 0, mean, half, freedom = (double)n - 1;

    if (n < 2)
        return (struct interval){0};
    for (size_t i = 0; i < n; i++)
        sum += v[i];
    mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (v[i] - mean) * (v[i] - mean);
    half = z_of(level) / sqrt(worth_of(freedom, level)) * sqrt(squares / freedom / (double)n);
    return (struct interval){.value = mean, .low = mean - half, .high = mean + half,
                             .known = true};
}
