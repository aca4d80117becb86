/* Distribution functions that tests of significance need.
 *
 * The normal distribution by erfc of the C library; its quantile by Abramowitz and Stegun, Handbook of
 * Mathematical Functions (1964), 26.2.23, and two steps of Halley; the chi-square distribution by the
 * regularised incomplete gamma function: NIST Digital Library of Mathematical Functions, 8.7.1 (series) and 8.9.2
 * (continued fraction). Relative errors are below 1e-12 where a result is above 1e-300. */
#ifndef KB_STAT_H
#define KB_STAT_H

/* P(Z <= z). */
double stat_normal_cdf(double z);
/* The z with P(Z <= z) = p; -INFINITY at 0, INFINITY at 1. */
double stat_normal_quantile(double p);
/* Q(a, x): the upper regularised incomplete gamma function, a > 0, x >= 0. */
double stat_gamma_upper(double a, double x);
/* P(X > x) for a chi-square variable of `freedom` > 0. */
double stat_chi2_above(double x, double freedom);

#endif
