/* Regression against closed forms, against GSL, and against itself. */
#include "base/maths.h"
#include "base/random.h"
#include "stats/regression.h"
#include "support/support.h"
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_multifit.h>
#include <math.h>

enum { MONTHS = 60, COLUMNS = 5 };

static void
near(double got, double want, double within)
{
    if (!(fabs(got - want) <= within * (1 + fabs(want))))
        fail_msg("%.12g is not %.12g", got, want);
}

/* A level, a slope, a step and a change of slope, a season, and noise that leans on itself. */
static struct regression_data
series(struct job *j, uint64_t seed)
{
    double *x = job_array(j, MONTHS * COLUMNS, sizeof *x), *y = job_array(j, MONTHS, sizeof *y);
    struct random r = random_stream(seed, 1, 1);
    double noise = 0;

    for (int t = 0; t < MONTHS; t++) {
        double *row = x + t * COLUMNS;
        noise = 0.5 * noise + random_unit(&r) - 0.5;
        row[0] = 1;
        row[1] = t;
        row[2] = t >= 36;
        row[3] = t >= 36 ? t - 36 : 0;
        row[4] = t % 12 == 5;
        y[t] = 10 + 0.1 * t + 2 * row[2] - 0.05 * row[3] + row[4] + noise;
    }
    return (struct regression_data){MONTHS, COLUMNS, x, y, NULL};
}

static void
least_squares_agree_with_gsl(void **state)
{
    struct job *j = support_job(state);
    struct regression_data d = series(j, 7);
    gsl_matrix_const_view x = gsl_matrix_const_view_array(d.x, MONTHS, COLUMNS);
    gsl_vector_const_view y = gsl_vector_const_view_array(d.y, MONTHS);
    gsl_vector *c = gsl_vector_alloc(COLUMNS);
    gsl_matrix *cov = gsl_matrix_alloc(COLUMNS, COLUMNS);
    gsl_multifit_linear_workspace *w = gsl_multifit_linear_alloc(MONTHS, COLUMNS);
    struct regression fit;
    double squares;

    assert_ok(j, regression_least_squares(j, &d, 3, &fit));
    gsl_multifit_linear(&x.matrix, &y.vector, c, cov, &squares, w);
    for (size_t i = 0; i < COLUMNS; i++) {
        near(fit.beta[i], gsl_vector_get(c, i), 1e-9);
        near(fit.dispersion * fit.inverse[i * COLUMNS + i], gsl_matrix_get(cov, i, i), 1e-9);
    }
    gsl_multifit_linear_free(w);
    gsl_matrix_free(cov);
    gsl_vector_free(c);
}

/* Newey and West written out: scores, weights, and both orders of every pair. */
static void
errors_are_those_of_newey_and_west(void **state)
{
    struct job *j = support_job(state);
    struct regression_data d = series(j, 8);
    struct regression fit;
    double meat[COLUMNS][COLUMNS] = {{0}};

    assert_ok(j, regression_least_squares(j, &d, 3, &fit));
    for (int t = 0; t < MONTHS; t++)
        for (int u = 0; u < MONTHS; u++) {
            double w = 1 - abs(t - u) / 4.0;
            for (int a = 0; w > 0 && a < COLUMNS; a++)
                for (int b = 0; b < COLUMNS; b++)
                    meat[a][b] += w * fit.residual[t] * fit.residual[u] *
                                  d.x[t * COLUMNS + a] * d.x[u * COLUMNS + b];
        }
    for (int c = 0; c < COLUMNS; c++) {
        double want = 0;
        for (int a = 0; a < COLUMNS; a++)
            for (int b = 0; b < COLUMNS; b++)
                want += fit.inverse[c * COLUMNS + a] * meat[a][b] * fit.inverse[b * COLUMNS + c];
        near(fit.covariance[c * COLUMNS + c], want, 1e-9);
    }
}

/* Two rates: the fit is their ratio, and its error that of two counts. */
static void
poisson_of_two_groups_is_their_rate_ratio(void **state)
{
    struct job *j = support_job(state);
    const double x[] = {1, 0, 1, 0, 1, 1, 1, 1}, y[] = {40, 60, 90, 130};
    const double offset[] = {maths_log(1000), maths_log(1000), maths_log(1500), maths_log(1500)};
    struct regression_data d = {4, 2, x, y, offset};
    struct regression fit;
    double a = 100, b = 220, rate = a / 2000, other = b / 3000;
    double chi = (40 - 50) * (40 - 50) / 50.0 + (60 - 50) * (60 - 50) / 50.0 +
                 (90 - 110) * (90 - 110) / 110.0 + (130 - 110) * (130 - 110) / 110.0;

    assert_ok(j, regression_poisson(j, &d, &fit));
    near(fit.beta[0], log(rate), 1e-9);
    near(fit.beta[1], log(other / rate), 1e-9);
    near(fit.dispersion, chi / 2, 1e-8);
    near(fit.covariance[3], fit.dispersion * (1 / a + 1 / b), 1e-8);
}

static void
a_column_that_others_explain_is_left_out(void **state)
{
    struct job *j = support_job(state);
    const double x[] = {1, 0, 0, 1, 1, 2, 1, 2, 4, 1, 3, 6, 1, 5, 10}, y[] = {1, 3, 5, 7, 11};
    struct regression_data d = {5, 3, x, y, NULL};
    struct regression fit;

    assert_ok(j, regression_least_squares(j, &d, 0, &fit));
    assert_int_equal(fit.used, 2);
    assert_true(fit.left_out[2]);
    near(fit.beta[0], 1, 1e-9);
    near(fit.beta[1], 2, 1e-9);
    assert_true(fit.beta[2] == 0);
}

static void
a_combination_has_the_error_of_its_parts(void **state)
{
    struct job *j = support_job(state);
    struct regression_data d = series(j, 9);
    const double a[COLUMNS] = {0, 0, 1, 12, 0};
    struct regression fit;
    struct estimate e;

    assert_ok(j, regression_least_squares(j, &d, 3, &fit));
    e = regression_combine(&fit, COLUMNS, a);
    near(e.value, fit.beta[2] + 12 * fit.beta[3], 1e-12);
    near(e.error * e.error,
         fit.covariance[2 * COLUMNS + 2] + 24 * fit.covariance[2 * COLUMNS + 3] +
             144 * fit.covariance[3 * COLUMNS + 3], 1e-9);
}

static void
what_was_planted_is_found(void **state)
{
    struct job *j = support_job(state);
    int covered = 0;

    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct scope s = job_scope_begin(j);
        struct regression_data d = series(j, 100 + seed);
        struct regression fit;
        assert_ok(j, regression_least_squares(j, &d, 3, &fit));
        covered += fabs(fit.beta[2] - 2) < 1.96 * sqrt(fit.covariance[2 * COLUMNS + 2]);
        job_scope_end(j, s);
    }
    assert_in_range(covered, 150, 199); /* short series: somewhat below 95 % */
}

static void
series_that_cannot_be_fitted_say_so(void **state)
{
    struct job *j = support_job(state);
    const double x[] = {1, 1, 1, 1}, none[] = {0, 0, 0, 0};
    struct regression_data few = {1, 1, x, none, NULL}, nothing = {4, 1, x, none, NULL};
    struct regression fit;

    assert_err(j, regression_least_squares(j, &few, 0, &fit), ERR_INPUT);
    assert_says(j, "too short");
    err_clear(j);
    assert_err(j, regression_poisson(j, &nothing, &fit), ERR_INPUT);
    assert_says(j, "nothing happened");
}

static void
correlation_of_what_is_left_is_told(void **state)
{
    struct job *j = support_job(state);
    const double swing[] = {1, -1, 1, -1, 1, -1, 1, -1}, flat[] = {1, 1, 1, 1, -1, -1, -1, -1};
    struct ljung_box b = regression_ljung_box(flat, 8, 2);
    double r1 = 5 / 8.0, r2 = 2 / 8.0, q = 8 * 10 * (r1 * r1 / 7 + r2 * r2 / 6);

    (void)j;
    near(regression_durbin_watson(swing, 8), 28 / 8.0, 1e-12);
    near(regression_durbin_watson(flat, 8), 4 / 8.0, 1e-12);
    near(b.q, q, 1e-12);
    near(b.p, gsl_cdf_chisq_Q(q, 2), 1e-9);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(least_squares_agree_with_gsl),
        SUPPORT_TEST(errors_are_those_of_newey_and_west),
        SUPPORT_TEST(poisson_of_two_groups_is_their_rate_ratio),
        SUPPORT_TEST(a_column_that_others_explain_is_left_out),
        SUPPORT_TEST(a_combination_has_the_error_of_its_parts),
        SUPPORT_TEST(what_was_planted_is_found),
        SUPPORT_TEST(series_that_cannot_be_fitted_say_so),
        SUPPORT_TEST(correlation_of_what_is_left_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
