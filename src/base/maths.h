/* base/maths.h - functions that give the same bits everywhere (rulings, "Determinism").
 *
 * exp, log and pow of the C library differ in the last bit between machines; where a
 * result is printed, compared or written to a file, these are used.  Error in units of the
 * last place: exp, log, pow below 1; phi below 2; logistic below 3; phi_inverse below 8. */
#pragma once

double maths_exp(double x);
double maths_log(double x);            /* x > 0 */
double maths_pow(double x, double y);  /* x > 0 */
double maths_logistic(double x);       /* 1 / (1 + exp(-x)) */
double maths_phi(double z);            /* standard normal distribution */
double maths_phi_inverse(double p);    /* its quantile, 0 < p < 1 */
