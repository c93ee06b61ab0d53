/* stats/special.h - quantiles of the beta and gamma distributions, the same bits everywhere.
 *
 * On base/maths.h alone, so that an exact interval is printed the same on every machine and
 * no library can end the program; the tests hold them against GSL.  Good to about twelve
 * digits for parameters up to 1e8. */
#pragma once

/* I_x(a, b): the beta distribution at x; a, b > 0, 0 <= x <= 1. */
double special_beta(double x, double a, double b);
/* x with I_x(a, b) = p, 0 < p < 1. */
double special_beta_quantile(double p, double a, double b);
/* P(a, x): the gamma distribution of shape a and scale 1 at x >= 0. */
double special_gamma(double x, double a);
double special_gamma_quantile(double p, double a);
