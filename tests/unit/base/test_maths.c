#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>
#include "base/maths.h"
#include "base/random.h"

/* Distance in units of the last place of the wanted value. */
static double
ulps(double got, long double want)
{
    double w = (double)want, ulp = nextafter(fabs(w), INFINITY) - fabs(w);

    return (double)(fabsl((long double)got - want) / (long double)ulp);
}

static double
between(struct random *r, double low, double high)
{
    return low + (high - low) * random_unit(r);
}

static void
near(const char *what, double x, double off, double most)
{
    if (!(off < most))
        fail_msg("%s(%a) is %.2f units of the last place off", what, x, off);
}

enum { TURNS = 100000 };

static void
exp_log_and_pow_agree_with_the_c_library(void **state)
{
    struct random r = random_stream(1, 1, 1);

    (void)state;
    for (int i = 0; i < TURNS; i++) {
        double x = between(&r, -708, 709), y;
        near("exp", x, ulps(maths_exp(x), expl(x)), 1);
        x = between(&r, -1, 1);
        near("exp", x, ulps(maths_exp(x), expl(x)), 1);
        x = exp(between(&r, -700, 700));
        near("log", x, ulps(maths_log(x), logl(x)), 1);
        x = between(&r, 0.5, 2);
        near("log", x, ulps(maths_log(x), logl(x)), 1);
        x = exp(between(&r, -30, 30));
        y = between(&r, -20, 20);
        near("pow", x, ulps(maths_pow(x, y), powl(x, y)), 1);
        x = between(&r, 0.999, 1.001);
        y = between(&r, -5e5, 5e5);
        near("pow", x, ulps(maths_pow(x, y), powl(x, y)), 1);
    }
}

static void
logistic_and_phi_agree_with_the_c_library(void **state)
{
    struct random r = random_stream(1, 1, 2);

    (void)state;
    for (int i = 0; i < TURNS; i++) {
        double x = between(&r, -40, 40);
        near("logistic", x, ulps(maths_logistic(x), 1 / (1 + expl(-(long double)x))), 3);
        x = between(&r, -8, 8); /* further out erfcl itself is a unit off */
        near("phi", x, ulps(maths_phi(x), erfcl(-(long double)x / sqrtl(2)) / 2), 2.2);
    }
}

/* Computed with 40 digits (mpmath), then rounded to a double. */
static void
phi_and_its_inverse_have_their_known_values(void **state)
{
    static const double phi[][2] = {
        {-38, 0x0.00000037b23b8p-1022}, {-20, 0x1.c0bd0f1880783p-295},
        {-8.5, 0x1.5dbbaccf1a4e0p-57}, {-5.922, 0x1.b51fc36167fdep-30},
        {-3, 0x1.61de1f985b5d7p-10}, {-1.959963984540054, 0x1.999999999999dp-6},
        {-1, 0x1.44ed0bb7cb20bp-3}, {-0.25, 0x1.9aecba9d22528p-2}, {0, 0.5},
        {0.5, 0x1.62075e232ac77p-1}, {1, 0x1.aec4bd120d37dp-1}, {2.5, 0x1.fcd21635036c6p-1},
        {6, 0x1.fffffff786788p-1},
    };
    static const double inverse[][2] = {
        {1e-300, -0x1.286074064c26ep+5}, {1e-20, -0x1.2865170b43a4cp+3},
        {0.001, -0x1.8b8cbb7204471p+1}, {0.025, -0x1.f5c0331eeff85p+0},
        {0.075, -0x1.7085226d3e524p+0}, {0.3, -0x1.0c7e39582c5fbp-1}, {0.5, 0},
        {0.687, 0x1.f30fb257ae975p-2}, {0.975, 0x1.f5c0331eeff83p+0},
        {0.999999, 0x1.30381a97985efp+2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof phi / sizeof *phi; i++)
        near("phi", phi[i][0], ulps(maths_phi(phi[i][0]), phi[i][1]), 2.5);
    for (size_t i = 0; i < sizeof inverse / sizeof *inverse; i++)
        near("phi_inverse", inverse[i][0],
             ulps(maths_phi_inverse(inverse[i][0]), inverse[i][1]), 8);
}

static void
phi_and_its_inverse_undo_each_other(void **state)
{
    struct random r = random_stream(1, 1, 3);

    (void)state;
    for (int i = 0; i < TURNS; i++) {
        double p = i % 2 ? random_unit(&r) : exp(between(&r, -500, 0));
        double z = maths_phi_inverse(p), back = maths_phi(z);
        /* an error of z in its last places is z² times as large in the far tail */
        assert_true(fabs(back / p - 1) < 1e-15 * (8 + z * z));
    }
}

static void
the_ends_of_the_range_are_kept(void **state)
{
    (void)state;
    assert_true(maths_exp(0) == 1 && maths_exp(710) == INFINITY && maths_exp(-746) == 0);
    assert_true(maths_exp(-745.1) == 0x1p-1074 && isnan(maths_exp(NAN)));
    assert_true(maths_exp(-INFINITY) == 0 && maths_exp(INFINITY) == INFINITY);
    assert_true(maths_log(1) == 0 && maths_log(0) == -INFINITY && isnan(maths_log(-1)));
    assert_true(maths_log(INFINITY) == INFINITY && isnan(maths_log(NAN)));
    near("log", 0x1p-1074, ulps(maths_log(0x1p-1074), logl(0x1p-1074L)), 1);
    assert_true(maths_pow(2, 10) == 1024 && maths_pow(9, 0.5) == 3 && maths_pow(10, -2) == 0.01);
    assert_true(maths_pow(5, 0) == 1 && maths_pow(1, 1e300) == 1 && maths_pow(0, 2) == 0);
    assert_true(maths_pow(0, -1) == INFINITY && maths_pow(2, 1e6) == INFINITY);
    assert_true(maths_pow(2, -1e6) == 0 && maths_pow(0.5, 1e6) == 0 && isnan(maths_pow(-1, 2)));
    assert_true(maths_pow(2, -1074) == 0x1p-1074 && maths_pow(2, 1023) == 0x1p1023);
    assert_true(maths_phi(-40) == 0 && maths_phi(40) == 1);
    assert_true(maths_phi_inverse(0) == -INFINITY && maths_phi_inverse(1) == INFINITY);
    assert_true(isnan(maths_phi_inverse(-0.1)) && isnan(maths_phi_inverse(NAN)));
    assert_true(maths_logistic(0) == 0.5 && maths_logistic(-800) == 0 && maths_logistic(800) == 1);
}

/* Any compiler and machine gives these bits; a change would change every synthetic file. */
static void
results_have_the_same_bits_everywhere(void **state)
{
    struct random r = random_stream(7, 7, 7);
    uint64_t all = 0;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        double x = between(&r, -30, 30), u = random_unit(&r);
        double v[] = {maths_exp(x), maths_log(u), maths_pow(u, x), maths_logistic(x),
                      maths_phi(x), maths_phi_inverse(u)};
        for (size_t k = 0; k < sizeof v / sizeof *v; k++) {
            uint64_t bits;
            memcpy(&bits, &v[k], sizeof bits);
            all = all * UINT64_C(0x100000001B3) + bits;
        }
    }
    assert_true(all == UINT64_C(16969179166171718875));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_log_and_pow_agree_with_the_c_library),
        cmocka_unit_test(logistic_and_phi_agree_with_the_c_library),
        cmocka_unit_test(phi_and_its_inverse_have_their_known_values),
        cmocka_unit_test(phi_and_its_inverse_undo_each_other),
        cmocka_unit_test(the_ends_of_the_range_are_kept),
        cmocka_unit_test(results_have_the_same_bits_everywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
