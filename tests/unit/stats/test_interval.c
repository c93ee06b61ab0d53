#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include "stats/interval.h"
#include "stats/special.h"

static void
close_to(double got, double want, double most)
{
    if (!(fabs(got - want) <= most))
        fail_msg("%.15g is not within %g of %.15g", got, most, want);
}

static void
limits(struct interval i, double low, double high, double most)
{
    assert_true(i.known);
    close_to(i.low, low, most);
    close_to(i.high, high, most);
}

#define P(x, n) ((struct part){x, n})

/* Newcombe, Two-sided confidence intervals for the single proportion, Statistics in
 * Medicine 17, 857-872 (1998), table I, methods 3 and 5. */
static void
proportions_have_newcombes_published_intervals(void **state)
{
    (void)state;
    limits(interval_wilson(P(81, 263), 0.95), 0.2553, 0.3662, 5e-5);
    limits(interval_wilson(P(15, 148), 0.95), 0.0624, 0.1605, 5e-5);
    limits(interval_wilson(P(0, 20), 0.95), 0, 0.1611, 5e-5);
    limits(interval_wilson(P(1, 29), 0.95), 0.0061, 0.1718, 5e-5);
    limits(interval_exact(P(81, 263), 0.95), 0.2527, 0.3676, 5e-5);
    limits(interval_exact(P(15, 148), 0.95), 0.0578, 0.1617, 5e-5);
    limits(interval_exact(P(0, 20), 0.95), 0, 0.1684, 5e-5);
    limits(interval_exact(P(1, 29), 0.95), 0.0009, 0.1776, 5e-5);
}

/* Wilson's limits are where the score test is just on the edge: (x/n - p)² = z² p(1-p)/n. */
static void
wilsons_limits_solve_the_score_equation(void **state)
{
    double z = 1.959963984540054;
    struct interval i = interval_wilson(P(10, 100), 0.95);

    (void)state;
    limits(i, 0.0552291370606751, 0.174365661504913, 1e-15);
    close_to(pow(0.1 - i.low, 2), z * z * i.low * (1 - i.low) / 100, 1e-15);
    close_to(pow(0.1 - i.high, 2), z * z * i.high * (1 - i.high) / 100, 1e-15);
    limits(interval_wilson(P(100, 100), 0.95), 0.963006501793014, 1, 1e-14);
}

/* The exact limits by their definition: the tails of the binomial hold 2.5 % each. */
static void
exact_limits_leave_their_tails(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 60; n += 7) {
        for (unsigned x = 0; x <= n; x++) {
            struct interval i = interval_exact(P(x, n), 0.95);
            if (x > 0)
                close_to(gsl_cdf_binomial_Q(x - 1, i.low, n), 0.025, 1e-12);
            if (x < n)
                close_to(gsl_cdf_binomial_P(x, i.high, n), 0.025, 1e-12);
            assert_true(i.low <= i.value && i.value <= i.high);
        }
    }
}

/* Newcombe, Interval estimation for the difference between independent proportions,
 * Statistics in Medicine 17, 873-890 (1998), table II, method 10. */
static void
differences_have_newcombes_published_intervals(void **state)
{
    (void)state;
    limits(interval_difference(P(56, 70), P(48, 80), 0.95), 0.0524, 0.3339, 5e-5);
    limits(interval_difference(P(9, 10), P(3, 10), 0.95), 0.1705, 0.8090, 5e-5);
    limits(interval_difference(P(6, 7), P(2, 7), 0.95), 0.0582, 0.8062, 5e-5);
    limits(interval_difference(P(5, 56), P(0, 29), 0.95), -0.0381, 0.1926, 5e-5);
    limits(interval_difference(P(0, 10), P(0, 20), 0.95), -0.1611, 0.2775, 5e-5);
    limits(interval_difference(P(10, 10), P(0, 20), 0.95), 0.6791, 1, 5e-5);
}

/* Vanilla ice cream at the church supper of Oswego: 43 of 54 and 3 of 21 fell ill. */
static void
the_oswego_outbreak_has_its_published_ratio_and_difference(void **state)
{
    struct interval rr = interval_risk_ratio(P(43, 54), P(3, 21), 0.95);

    (void)state;
    close_to(rr.value, 5.57407407407, 1e-11);
    limits(rr, 1.93833983554, 16.0293366589, 1e-10);
    assert_false(rr.adjusted);
    limits(interval_difference(P(43, 54), P(3, 21), 0.95), 0.414444172322, 0.780117537137, 1e-12);
}

/* DfE, pupils with one or more suspensions in 2020/21 against 2018/19, and permanent
 * exclusions (analytics.md §3). */
static void
national_rates_have_their_published_ratios(void **state)
{
    struct interval one = interval_risk_ratio(P(182459, 8291352), P(199765, 8179490), 0.95);
    struct interval pex = interval_risk_ratio(P(3928, 8291352), P(7894, 8179490), 0.95);

    (void)state;
    close_to(one.value, 0.9010, 5e-5);
    limits(one, 0.8954, 0.9067, 5e-5);
    close_to(pex.value, 0.4909, 5e-5);
    limits(pex, 0.4725, 0.5100, 5e-5);
}

static void
an_empty_cell_gets_a_half_and_says_so(void **state)
{
    struct interval rr = interval_risk_ratio(P(5, 56), P(0, 29), 0.95);
    struct interval odds = interval_odds_ratio(P(5, 56), P(0, 29), 0.95);

    (void)state;
    assert_true(rr.adjusted && odds.adjusted);
    close_to(rr.value, (5.5 / 57) / (0.5 / 30), 1e-14);
    close_to(odds.value, (5.5 * 29.5) / (51.5 * 0.5), 1e-14);
    assert_false(interval_odds_ratio(P(5, 56), P(1, 29), 0.95).adjusted);
    assert_true(interval_risk_ratio(P(3, 3), P(1, 29), 0.95).adjusted);
}

/* Woolf by hand: 12 of 40 against 5 of 50. */
static void
odds_ratios_follow_woolf(void **state)
{
    struct interval odds = interval_odds_ratio(P(12, 40), P(5, 50), 0.95);
    double error = sqrt(1.0 / 12 + 1.0 / 28 + 1.0 / 5 + 1.0 / 45);

    (void)state;
    close_to(odds.value, 12.0 * 45 / (28 * 5), 1e-14);
    close_to(log(odds.low), log(odds.value) - 1.959963984540054 * error, 1e-13);
    close_to(log(odds.high), log(odds.value) + 1.959963984540054 * error, 1e-13);
}

/* Garwood, Biometrika 28 (1936): the limits for small counts printed in every handbook. */
static void
counts_have_garwoods_limits(void **state)
{
    (void)state;
    limits(interval_count(0, 0.95), 0, 3.6889, 5e-5);
    limits(interval_count(1, 0.95), 0.0253, 5.5716, 5e-5);
    limits(interval_count(5, 0.95), 1.6235, 11.6683, 5e-5);
    limits(interval_count(10, 0.95), 4.7954, 18.3904, 5e-5);
    for (int64_t k = 1; k < 3000; k += 1 + k / 5) {
        struct interval exact = interval_count(k, 0.95), byar = interval_count_byar(k, 0.95);
        close_to(gsl_cdf_poisson_Q((unsigned)k - 1, exact.low), 0.025, 1e-11);
        close_to(gsl_cdf_poisson_P((unsigned)k, exact.high), 0.025, 1e-11);
        if (k >= 10) {
            close_to(byar.low / exact.low, 1, 5e-3);
            close_to(byar.high / exact.high, 1, 1e-3);
        }
    }
}

static void
quantiles_agree_with_gsl(void **state)
{
    static const double tails[] = {1e-6, 0.005, 0.025, 0.3, 0.5, 0.9, 0.975, 0.9999};
    static const double shapes[] = {0.5, 1, 2, 7.25, 40, 1000, 250000, 8e6};

    (void)state;
    for (size_t t = 0; t < 8; t++) {
        for (size_t a = 0; a < 8; a++) {
            double g = special_gamma_quantile(tails[t], shapes[a]);
            close_to(special_gamma(g, shapes[a]) / tails[t], 1, 1e-8);
            if (shapes[a] <= 1000) /* beyond that GSL gives up */
                close_to(gsl_cdf_gamma_P(g, shapes[a], 1) / tails[t], 1, 1e-8);
            for (size_t b = 0; b < 8; b++) {
                double x = special_beta_quantile(tails[t], shapes[a], shapes[b]);
                double most = 1 - x < 1e-8 ? 1e-5 : 1e-8; /* near 1 there are few doubles */
                close_to(special_beta(x, shapes[a], shapes[b]) / tails[t], 1, most);
                if (shapes[a] <= 1000 && shapes[b] <= 1000)
                    close_to(gsl_cdf_beta_P(x, shapes[a], shapes[b]) / tails[t], 1, 1e-8);
            }
        }
    }
    close_to(special_beta_quantile(0.025, 1, 10), 1 - pow(0.975, 0.1), 1e-15);
    close_to(special_gamma_quantile(0.975, 1), -log(0.025), 1e-14);
}

/* One event a child: Wilson's interval.  Five each: as if there were a fifth of them. */
static void
a_share_of_bundled_events_is_wider_than_of_single_ones(void **state)
{
    struct interval single = interval_share((struct bundles){60, 100, 60, 100}, 0.95);
    struct interval five = interval_share((struct bundles){60, 100, 300, 500}, 0.95);
    struct interval none = interval_share((struct bundles){0, 100, 0, 500}, 0.95);
    struct interval wilson = interval_wilson(P(60, 100), 0.95);
    struct interval twelve = interval_wilson(P(12, 20), 0.95);

    (void)state;
    limits(single, wilson.low, wilson.high, 1e-15);
    limits(five, twelve.low, twelve.high, 1e-15);
    limits(none, 0, interval_wilson(P(0, 20), 0.95).high, 1e-15);
    assert_false(interval_share((struct bundles){0, 0, 0, 0}, 0.95).known);
}

/* Enrolments that missed 2 of 10, 3 of 20 and 5 of 20: R = 10/50 = 0.2, residuals 0, -1 and
 * 1, V = 3/2 * 2/50^2 = 0.0012, effective number 0.16/0.0012 = 133.3, cut to 50 sessions;
 * t of 2 degrees is 4.302653, so 50 (1.959964/4.302653)^2 = 10.375. */
static void
a_rate_of_sessions_is_worked_by_hand(void **state)
{
    struct ratio_sums s = {3, 10, 50, 4 + 9 + 25, 100 + 400 + 400, 20 + 60 + 100};
    struct interval i = interval_ratio(s, 0.95);
    double n = 50 * pow(1.959963984540054 / 4.302652729911275, 2), z2 = pow(1.959963984540054, 2);
    double middle = (0.2 + z2 / (2 * n)) / (1 + z2 / n);
    double half = 1.959963984540054 * sqrt(0.16 / n + z2 / (4 * n * n)) / (1 + z2 / n);

    (void)state;
    close_to(i.value, 0.2, 1e-15);
    limits(i, middle - half, middle + half, 1e-10);
    /* one missed everything and four nothing: 1 of 5, not 10 of 50; V = 5/4 * 80/2500 = 0.04,
     * effective number 4, t of 4 degrees 2.776445 */
    s = (struct ratio_sums){5, 10, 50, 100, 500, 100};
    n = 4 * pow(1.959963984540054 / 2.7764451051977934, 2);
    middle = (0.2 + z2 / (2 * n)) / (1 + z2 / n);
    half = 1.959963984540054 * sqrt(0.16 / n + z2 / (4 * n * n)) / (1 + z2 / n);
    limits(interval_ratio(s, 0.95), middle - half, middle + half, 1e-10);
}

static struct ratio_sums
alike(int64_t n, int64_t part, int64_t whole)
{
    return (struct ratio_sums){n, n * part, n * whole, n * part * part, n * whole * whole,
                               n * part * whole};
}

static void
enrolments_that_are_all_alike_have_an_interval_with_a_width(void **state)
{
    (void)state;
    for (int64_t n = 2; n <= 500000; n *= 10)
        for (int64_t part = 0; part <= 380; part += 19) {
            struct interval i = interval_ratio(alike(n, part, 380), 0.95);
            struct interval single = interval_wilson(P(n * part, n * 380), 0.95);
            assert_true(i.known && i.low < i.high && i.low <= i.value && i.value <= i.high);
            assert_true(i.low <= single.low && i.high >= single.high);
        }
    /* many of them: as of single sessions */
    limits(interval_ratio(alike(500000, 38, 380), 0.95),
           interval_wilson(P(19000000, 190000000), 0.95).low,
           interval_wilson(P(19000000, 190000000), 0.95).high, 1e-9);
}

/* A child's sessions go together: ten who missed all are less sure than a hundred who missed
 * a tenth each. */
static void
absence_of_few_children_is_less_certain_than_the_same_absence_of_many(void **state)
{
    struct ratio_sums few = {100, 3000, 30000, 900000, 9000000, 900000};
    struct ratio_sums many = {100, 3000, 30000, 100000, 9000000, 900000}; /* 30 or 40 each */
    struct interval a = interval_ratio(few, 0.95), b = interval_ratio(many, 0.95);

    (void)state;
    assert_true(a.high - a.low > 3 * (b.high - b.low));
    assert_true(a.value == b.value);
}

static void
the_largest_sums_are_exact_and_larger_ones_are_refused(void **state)
{
    int64_t n = (int64_t)1 << 25, p = (int64_t)1 << 11;
    struct ratio_sums s = alike(n, p / 2, p);

    (void)state;
    assert_int_equal(s.whole, RATIO_WHOLE_MOST);
    limits(interval_ratio(s, 0.95), interval_wilson(P(s.part, s.whole), 0.95).low,
           interval_wilson(P(s.part, s.whole), 0.95).high, 1e-9);
    s.whole++;
    assert_false(interval_ratio(s, 0.95).known);
    s = alike(n, p / 2, p);
    s.whole_squares = RATIO_SQUARES_MOST + 1;
    assert_false(interval_ratio(s, 0.95).known);
    assert_false(interval_ratio(alike(1, 3, 10), 0.95).known);
    assert_false(interval_ratio((struct ratio_sums){0}, 0.95).known);
}

static void
nothing_is_said_of_nobody(void **state)
{
    (void)state;
    assert_false(interval_wilson(P(0, 0), 0.95).known);
    assert_false(interval_exact(P(3, 2), 0.95).known);
    assert_false(interval_difference(P(1, 2), P(0, 0), 0.95).known);
    assert_false(interval_risk_ratio(P(0, 0), P(1, 2), 0.95).known);
    assert_false(interval_odds_ratio(P(-1, 3), P(1, 2), 0.95).known);
    assert_false(interval_count(-1, 0.95).known);
}

static void
more_certainty_makes_wider_intervals_and_more_children_narrower_ones(void **state)
{
    (void)state;
    for (int64_t n = 5; n < 5000; n *= 3) {
        for (int64_t x = 0; x <= n; x += 1 + n / 9) {
            struct interval a = interval_wilson(P(x, n), 0.95);
            struct interval b = interval_wilson(P(x, n), 0.99);
            struct interval c = interval_wilson(P(x * 4, n * 4), 0.95);
            assert_true(b.high - b.low > a.high - a.low);
            assert_true(c.high - c.low < a.high - a.low);
            assert_true(a.low >= 0 && a.high <= 1 && a.low <= a.value && a.value <= a.high);
        }
    }
}

/* Student's t of 9 degrees of freedom is 2.262157 at 95 %: the mean of 1 to 10. */
static void
a_mean_has_students_interval(void **state)
{
    static const double ten[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, same[] = {2, 2, 2};
    struct interval i = interval_mean(ten, 10, 0.95);

    (void)state;
    close_to(i.value, 5.5, 1e-12);
    limits(i, 5.5 - 2.1658507, 5.5 + 2.1658507, 1e-6);
    for (size_t n = 2; n <= 10; n++) {
        double se = sqrt((double)n * ((double)n + 1) / 12 / (double)n);
        i = interval_mean(ten, n, 0.9);
        close_to(i.high - i.value, gsl_cdf_tdist_Pinv(0.95, (double)n - 1) * se, 1e-9);
    }
    limits(interval_mean(same, 3, 0.95), 2, 2, 1e-12);
    assert_false(interval_mean(ten, 1, 0.95).known);
    assert_false(interval_mean(ten, 0, 0.95).known);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proportions_have_newcombes_published_intervals),
        cmocka_unit_test(wilsons_limits_solve_the_score_equation),
        cmocka_unit_test(exact_limits_leave_their_tails),
        cmocka_unit_test(differences_have_newcombes_published_intervals),
        cmocka_unit_test(the_oswego_outbreak_has_its_published_ratio_and_difference),
        cmocka_unit_test(national_rates_have_their_published_ratios),
        cmocka_unit_test(an_empty_cell_gets_a_half_and_says_so),
        cmocka_unit_test(odds_ratios_follow_woolf),
        cmocka_unit_test(counts_have_garwoods_limits),
        cmocka_unit_test(quantiles_agree_with_gsl),
        cmocka_unit_test(a_share_of_bundled_events_is_wider_than_of_single_ones),
        cmocka_unit_test(a_rate_of_sessions_is_worked_by_hand),
        cmocka_unit_test(enrolments_that_are_all_alike_have_an_interval_with_a_width),
        cmocka_unit_test(absence_of_few_children_is_less_certain_than_the_same_absence_of_many),
        cmocka_unit_test(the_largest_sums_are_exact_and_larger_ones_are_refused),
        cmocka_unit_test(nothing_is_said_of_nobody),
        cmocka_unit_test(more_certainty_makes_wider_intervals_and_more_children_narrower_ones),
        cmocka_unit_test(a_mean_has_students_interval),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
