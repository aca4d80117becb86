#include "kb/stat.h"

#include <float.h>
#include <math.h>

enum { TERMS_MAX = 100000 };

double stat_normal_cdf(double z)
{
	return erfc(-z / sqrt(2)) / 2;
}

/* For p <= 1/2: off by less than 4.5e-4. */
static double quantile_first(double p)
{
	double t = sqrt(-2 * log(p));

	return -(t - (2.515517 + t * (0.802853 + t * 0.010328)) /
			     (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
}

static double quantile_low(double p)
{
	double z = quantile_first(p);

	for (int i = 0; i < 2; i++) {
		double density = exp(-z * z / 2) / sqrt(2 * M_PI);
		double step = (stat_normal_cdf(z) - p) / density;

		z -= step / (1 + z * step / 2);
	}
	return z;
}

double stat_normal_quantile(double p)
{
	if (p <= 0 || p >= 1)
		return p <= 0 ? -INFINITY : INFINITY;
	return p <= .5 ? quantile_low(p) : -quantile_low(1 - p);
}

/* x^a e^-x / Gamma(a) */
static double gamma_front(double a, double x)
{
	return exp(a * log(x) - x - lgamma(a));
}

static double lower_series(double a, double x)
{
	double term = 1 / a, sum = term;

	for (int n = 1; n < TERMS_MAX && term > sum * DBL_EPSILON / 4; n++) {
		term *= x / (a + n);
		sum += term;
	}
	return sum * gamma_front(a, x);
}

/* Lentz's way of evaluating a continued fraction. */
static double upper_fraction(double a, double x)
{
	double b = x + 1 - a, c = 1 / DBL_MIN, d = 1 / b, h = d, change = 0;

	for (int n = 1; n < TERMS_MAX && fabs(change - 1) > DBL_EPSILON; n++) {
		double numerator = -n * (n - a);

		b += 2;
		d = numerator * d + b;
		d = 1 / (fabs(d) < DBL_MIN ? DBL_MIN : d);
		c = b + numerator / c;
		c = fabs(c) < DBL_MIN ? DBL_MIN : c;
		change = c * d;
		h *= change;
	}
	return h * gamma_front(a, x);
}

double stat_gamma_upper(double a, double x)
{
	if (x <= 0)
		return 1;
	return x < a + 1 ? 1 - lower_series(a, x) : upper_fraction(a, x);
}

double stat_chi2_above(double x, double freedom)
{
	return stat_gamma_upper(freedom / 2, x / 2);
}
