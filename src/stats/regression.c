#include "stats/regression.h"
#include "base/maths.h"
#include "stats/special.h"
#include <math.h>

enum { ROUNDS = 50 };
static const double TOO_SMALL = 1e-10, CONVERGED = 1e-10;

/* ---- the normal equations -------------------------------------------------------- */

struct normal {
    size_t k;
    double a[REGRESSION_COLUMNS * REGRESSION_COLUMNS]; /* X'WX */
    double b[REGRESSION_COLUMNS];                      /* X'Wz */
};

static void
add_row(struct normal *m, const double *x, double weight, double z)
{
    for (size_t i = 0; i < m->k; i++) {
        for (size_t l = 0; l <= i; l++)
            m->a[i * m->k + l] += weight * x[i] * x[l];
        m->b[i] += weight * x[i] * z;
    }
}

/* Columns scaled to a diagonal of ones, then Cholesky in place; a column whose pivot is
 * nothing is left out: its row and column become those of the unit matrix. */
static void
factor(struct normal *m, double *scale, struct regression *out)
{
    size_t k = m->k;

    for (size_t i = 0; i < k; i++)
        scale[i] = m->a[i * k + i] > 0 ? 1 / sqrt(m->a[i * k + i]) : 0;
    for (size_t i = 0; i < k; i++)
        for (size_t l = 0; l <= i; l++)
            m->a[i * k + l] *= scale[i] * scale[l];
    out->used = 0;
    for (size_t i = 0; i < k; i++) {
        double pivot = m->a[i * k + i];
        for (size_t l = 0; l < i; l++) {
            double s = m->a[i * k + l];
            for (size_t h = 0; h < l; h++)
                s -= m->a[i * k + h] * m->a[l * k + h];
            m->a[i * k + l] = out->left_out[l] ? 0 : s / m->a[l * k + l];
            pivot -= m->a[i * k + l] * m->a[i * k + l];
        }
        out->left_out[i] = !(pivot > TOO_SMALL);
        m->a[i * k + i] = out->left_out[i] ? 1 : sqrt(pivot);
        for (size_t l = 0; out->left_out[i] && l < i; l++)
            m->a[i * k + l] = 0;
        out->used += !out->left_out[i];
    }
}

/* Solve (L L') v = v in place. */
static void
solve(const struct normal *m, double *v)
{
    size_t k = m->k;

    for (size_t i = 0; i < k; i++) {
        for (size_t l = 0; l < i; l++)
            v[i] -= m->a[i * k + l] * v[l];
        v[i] /= m->a[i * k + i];
    }
    for (size_t i = k; i-- > 0;) {
        for (size_t l = i + 1; l < k; l++)
            v[i] -= m->a[l * k + i] * v[l];
        v[i] /= m->a[i * k + i];
    }
}

/* beta and the inverse, both in the scale of the data. */
static void
conclude(struct normal *m, struct regression *out)
{
    double scale[REGRESSION_COLUMNS], v[REGRESSION_COLUMNS];
    size_t k = m->k;

    factor(m, scale, out);
    for (size_t i = 0; i < k; i++)
        v[i] = out->left_out[i] ? 0 : m->b[i] * scale[i];
    solve(m, v);
    for (size_t i = 0; i < k; i++)
        out->beta[i] = out->left_out[i] ? 0 : v[i] * scale[i];
    for (size_t c = 0; c < k; c++) {
        for (size_t i = 0; i < k; i++)
            v[i] = i == c && !out->left_out[c];
        solve(m, v);
        for (size_t i = 0; i < k; i++)
            out->inverse[i * k + c] = out->left_out[i] ? 0 : v[i] * scale[i] * scale[c];
    }
}

static enum err
begin(struct job *j, const struct regression_data *d, struct regression *out)
{
    if (d->k == 0 || d->k > REGRESSION_COLUMNS)
        return err_set(j, ERR_FAULT, "a regression has 1 to %d columns", REGRESSION_COLUMNS);
    if (d->n <= d->k)
        return err_set(j, ERR_INPUT, "the series is too short: %zu points for %zu unknowns",
                       d->n, d->k);
    *out = (struct regression){
        .inverse = job_array(j, d->k * d->k, sizeof(double)),
        .covariance = job_array(j, d->k * d->k, sizeof(double)),
        .fitted = job_array(j, d->n, sizeof(double)),
        .residual = job_array(j, d->n, sizeof(double)),
    };
    return OK;
}

static double
linear(const struct regression_data *d, const struct regression *r, size_t row)
{
    double eta = d->offset ? d->offset[row] : 0;

    for (size_t i = 0; i < d->k; i++)
        eta += d->x[row * d->k + i] * r->beta[i];
    return eta;
}

/* ---- least squares --------------------------------------------------------------- */

/* meat += weight * (s_t s_u' + s_u s_t'), scores s = x * residual; t = u: once. */
static void
add_products(const struct regression_data *d, const double *residual, double *meat, size_t lag,
             double weight)
{
    size_t k = d->k;

    for (size_t t = lag; t < d->n; t++) {
        const double *x = d->x + t * k, *y = d->x + (t - lag) * k;
        double r = weight * residual[t] * residual[t - lag];
        for (size_t a = 0; a < k; a++)
            for (size_t b = 0; b < k; b++)
                meat[a * k + b] += lag ? r * (x[a] * y[b] + y[a] * x[b]) : r * x[a] * x[b];
    }
}

/* inverse * meat * inverse. */
static void
sandwich(struct job *j, size_t k, const double *meat, struct regression *out)
{
    double *half = job_array(j, k * k, sizeof *half);

    for (size_t a = 0; a < k; a++)
        for (size_t b = 0; b < k; b++)
            for (size_t c = 0; c < k; c++)
                half[a * k + b] += out->inverse[a * k + c] * meat[c * k + b];
    for (size_t a = 0; a < k; a++)
        for (size_t b = 0; b < k; b++)
            for (size_t c = 0; c < k; c++)
                out->covariance[a * k + b] += half[a * k + c] * out->inverse[c * k + b];
}

enum err
regression_least_squares(struct job *j, const struct regression_data *d, int lag,
                         struct regression *out)
{
    struct normal *m = job_alloc(j, sizeof *m);
    double *meat;
    double squares = 0;
    enum err e = begin(j, d, out);

    if (e)
        return e;
    m->k = d->k;
    for (size_t t = 0; t < d->n; t++)
        add_row(m, d->x + t * d->k, 1, d->y[t] - (d->offset ? d->offset[t] : 0));
    conclude(m, out);
    for (size_t t = 0; t < d->n; t++) {
        out->fitted[t] = linear(d, out, t);
        out->residual[t] = d->y[t] - out->fitted[t];
        squares += out->residual[t] * out->residual[t];
    }
    out->dispersion = squares / (double)(d->n - out->used);
    meat = job_array(j, d->k * d->k, sizeof *meat);
    for (int l = 0; l <= lag && (size_t)l < d->n; l++)
        add_products(d, out->residual, meat, (size_t)l, 1 - (double)l / (lag + 1));
    sandwich(j, d->k, meat, out);
    return OK;
}

/* ---- Poisson --------------------------------------------------------------------- */

static double
deviance(const struct regression_data *d, const struct regression *r)
{
    double sum = 0;

    for (size_t t = 0; t < d->n; t++) {
        double y = d->y[t], mu = r->fitted[t];
        sum += 2 * ((y > 0 ? y * maths_log(y / mu) : 0) - (y - mu));
    }
    return sum;
}

/* One round: weights and working responses from what is fitted, then solved. */
static void
poisson_round(struct normal *m, const struct regression_data *d, struct regression *out)
{
    *m = (struct normal){.k = d->k};
    for (size_t t = 0; t < d->n; t++) {
        double mu = out->fitted[t];
        double z = maths_log(mu) - (d->offset ? d->offset[t] : 0) + (d->y[t] - mu) / mu;
        add_row(m, d->x + t * d->k, mu, z);
    }
    conclude(m, out);
    for (size_t t = 0; t < d->n; t++)
        out->fitted[t] = maths_exp(linear(d, out, t));
}

static enum err
poisson_start(struct job *j, const struct regression_data *d, struct regression *out)
{
    double sum = 0;

    for (size_t t = 0; t < d->n; t++)
        sum += d->y[t];
    if (!(sum > 0))
        return err_set(j, ERR_INPUT, "nothing happened in the whole series");
    for (size_t t = 0; t < d->n; t++)
        out->fitted[t] = (d->y[t] + sum / (double)d->n) / 2;
    return OK;
}

enum err
regression_poisson(struct job *j, const struct regression_data *d, struct regression *out)
{
    struct normal *m = job_alloc(j, sizeof *m);
    double before, now, chi = 0;
    enum err e = begin(j, d, out);

    if (e || (e = poisson_start(j, d, out)))
        return e;
    for (now = deviance(d, out), before = -1; out->rounds < ROUNDS; out->rounds++) {
        if (out->rounds && fabs(now - before) < CONVERGED * (fabs(now) + 0.1))
            break;
        poisson_round(m, d, out);
        before = now;
        now = deviance(d, out);
        if (!isfinite(now))
            return err_set(j, ERR_INPUT, "the series cannot be fitted: its counts are too few");
    }
    if (out->rounds == ROUNDS)
        return err_set(j, ERR_INPUT, "the series cannot be fitted: no end after %d rounds",
                       ROUNDS);
    for (size_t t = 0; t < d->n; t++) {
        out->residual[t] = d->y[t] - out->fitted[t];
        chi += out->residual[t] * out->residual[t] / out->fitted[t];
    }
    out->dispersion = chi / (double)(d->n - out->used);
    for (size_t i = 0; i < d->k * d->k; i++)
        out->covariance[i] = out->dispersion * out->inverse[i];
    return OK;
}

/* ---- what is asked of a fit ------------------------------------------------------ */

struct estimate
regression_combine(const struct regression *r, size_t k, const double *a)
{
    struct estimate e = {0, 0};

    for (size_t i = 0; i < k; i++) {
        e.value += a[i] * r->beta[i];
        for (size_t l = 0; l < k; l++)
            e.error += a[i] * r->covariance[i * k + l] * a[l];
    }
    e.error = e.error > 0 ? sqrt(e.error) : 0;
    return e;
}

double
regression_durbin_watson(const double *residual, size_t n)
{
    double steps = 0, squares = 0;

    for (size_t t = 0; t < n; t++) {
        squares += residual[t] * residual[t];
        if (t)
            steps += (residual[t] - residual[t - 1]) * (residual[t] - residual[t - 1]);
    }
    return squares > 0 ? steps / squares : 2;
}

struct ljung_box
regression_ljung_box(const double *residual, size_t n, int lags)
{
    double mean = 0, squares = 0, q = 0;

    for (size_t t = 0; t < n; t++)
        mean += residual[t] / (double)n;
    for (size_t t = 0; t < n; t++)
        squares += (residual[t] - mean) * (residual[t] - mean);
    for (int l = 1; l <= lags && (size_t)l < n && squares > 0; l++) {
        double r = 0;
        for (size_t t = (size_t)l; t < n; t++)
            r += (residual[t] - mean) * (residual[t - (size_t)l] - mean);
        r /= squares;
        q += (double)n * ((double)n + 2) * r * r / ((double)n - l);
    }
    return (struct ljung_box){q, 1 - special_gamma(q / 2, lags / 2.0)};
}
