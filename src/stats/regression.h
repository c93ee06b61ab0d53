/* stats/regression.h - least squares and Poisson regression, with honest errors.
 *
 * For tables of some hundreds of rows and a score of columns (a series of school months).
 * The normal equations are summed row by row in order and solved by Cholesky with columns
 * scaled; a column that the others explain (pivot below 1e-10 of its diagonal) is left out
 * and marked.  The same input gives the same bits everywhere.  Matrices are row by row. */
#pragma once
#include "base/job.h"

enum { REGRESSION_COLUMNS = 32 };
struct regression_data {
    size_t n, k;         /* rows, columns: k <= REGRESSION_COLUMNS */
    const double *x;     /* n * k; a constant is a column of ones */
    const double *y;     /* n */
    const double *offset; /* n: known part of the linear predictor; NULL: none */
};
struct regression {
    double beta[REGRESSION_COLUMNS]; /* 0 where left out */
    bool left_out[REGRESSION_COLUMNS];
    double *inverse;     /* k * k: of X'X (least squares) or X'WX (Poisson) */
    double *covariance;  /* k * k: of beta, as the function says */
    double *fitted;      /* n: expected y */
    double *residual;    /* n: y less fitted */
    double dispersion;   /* Pearson's chi squared over its degrees of freedom */
    size_t used;         /* columns not left out */
    int rounds;
};

/* Ordinary least squares; covariance by Newey and West (Econometrica 55, 1987): Bartlett
 * weights 1 - l / (lag + 1), no prewhitening, no small-sample factor; lag 0 is White's HC0.
 * Rows are in order of time.  ERR_INPUT: fewer rows than columns. */
MUST_CHECK enum err regression_least_squares(struct job *j, const struct regression_data *d,
                                             int lag, struct regression *out);
/* Quasi-Poisson with a log link by iterated weighted least squares from the mean, to a
 * relative change of the deviance below 1e-10; covariance is dispersion * (X'WX)^-1.
 * y >= 0.  ERR_INPUT: as above, no event at all, or no end after 50 rounds. */
MUST_CHECK enum err regression_poisson(struct job *j, const struct regression_data *d,
                                       struct regression *out);

/* Sum of a[i] beta[i], and its standard error: sqrt(a' covariance a). */
struct estimate {
    double value, error;
};
struct estimate regression_combine(const struct regression *r, size_t k, const double *a);

/* Durbin and Watson's statistic of residuals in order of time: 2 without correlation. */
double regression_durbin_watson(const double *residual, size_t n);
/* Ljung and Box (Biometrika 65, 1978): Q over the first `lags` correlations and the chance of
 * a larger one were there none. */
struct ljung_box {
    double q, p;
};
struct ljung_box regression_ljung_box(const double *residual, size_t n, int lags);
