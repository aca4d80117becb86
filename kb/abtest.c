#include "kb/abtest.h"

#include <math.h>

#include "kb/stat.h"

static double z_two_sided(double alpha)
{
	return -stat_normal_quantile(alpha / 2);
}

double ab_rate(const struct ab_arm *arm)
{
	return arm->exposed ? (double)arm->converted / (double)arm->exposed : 0;
}

struct ab_interval ab_wilson(const struct ab_arm *arm, double alpha)
{
	double z = z_two_sided(alpha), n = (double)arm->exposed, x = (double)arm->converted;
	double half = z * sqrt(z * z + 4 * x * (1 - ab_rate(arm))), below = 2 * (n + z * z);

	if (!arm->exposed)
		return (struct ab_interval){0, 1};
	return (struct ab_interval){fmax(0, (2 * x + z * z - half) / below),
				    fmin(1, (2 * x + z * z + half) / below)};
}

struct ab_interval ab_newcombe(const struct ab_arm *control, const struct ab_arm *variant,
			       double alpha)
{
	struct ab_interval w0 = ab_wilson(control, alpha), w1 = ab_wilson(variant, alpha);
	double p0 = ab_rate(control), p1 = ab_rate(variant), d = p1 - p0;

	if (!control->exposed || !variant->exposed)
		return (struct ab_interval){-1, 1};
	return (struct ab_interval){d - hypot(p1 - w1.low, w0.high - p0),
				    d + hypot(w1.high - p1, p0 - w0.low)};
}

/* 1 / (1/n0 + 1/n1): the size of one sample with the same spread. */
static double joint_size(const struct ab_arm *control, const struct ab_arm *variant)
{
	return 1 / (1 / (double)control->exposed + 1 / (double)variant->exposed);
}

struct ab_ztest ab_ztest(const struct ab_arm *control, const struct ab_arm *variant)
{
	double n = (double)(control->exposed + variant->exposed);
	double p = (double)(control->converted + variant->converted) / fmax(n, 1);
	double z;

	if (!control->exposed || !variant->exposed || p <= 0 || p >= 1)
		return (struct ab_ztest){0, 1};
	z = (ab_rate(variant) - ab_rate(control)) /
	    sqrt(p * (1 - p) / joint_size(control, variant));
	return (struct ab_ztest){z, 2 * stat_normal_cdf(-fabs(z))};
}

/* ---- whenever one looks ---- */

static double rho2(double alpha, double planned)
{
	double a = -2 * log(alpha);

	return (a + log(a) + 1) / (planned / 4);
}

static double variance(const struct ab_arm *arm)
{
	double n = (double)arm->exposed, q = ((double)arm->converted + 1) / (n + 2);

	return q * (1 - q) / n;
}

/* Half the interval's width in standard errors. */
static double boundary(double r, double alpha)
{
	return sqrt(2 * (1 + r) / r * (log1p(r) / 2 - log(alpha)));
}

struct ab_sequential ab_sequential(const struct ab_arm *control, const struct ab_arm *variant,
				   double alpha, double planned)
{
	struct ab_sequential out = {0, 1, {-1, 1}};
	double d = ab_rate(variant) - ab_rate(control), s2, r, half;

	if (!control->exposed || !variant->exposed)
		return out;
	s2 = variance(control) + variance(variant);
	r = rho2(alpha, planned) * joint_size(control, variant);
	out.log_ratio = d * d / s2 * r / (2 * (1 + r)) - log1p(r) / 2;
	out.p = fmin(1, exp(-out.log_ratio));
	half = sqrt(s2) * boundary(r, alpha);
	out.interval = (struct ab_interval){fmax(-1, d - half), fmin(1, d + half)};
	return out;
}

/* ---- are the arms as large as they should be ---- */

void ab_srm_add(struct ab_srm *s, const int64_t *met, const double *shares, size_t n)
{
	double share = 0, learners = 0, arms = 0;

	for (size_t i = 0; i < n; i++) {
		share += shares[i];
		learners += (double)met[i];
		arms += shares[i] > 0 || met[i] > 0;
	}
	if (learners <= 0 || share <= 0 || arms < 2)
		return;
	for (size_t i = 0; i < n; i++) {
		double expected = learners * shares[i] / share, off = (double)met[i] - expected;

		if (expected > 0)
			s->chi2 += off * off / expected;
		else if (met[i] > 0)
			s->chi2 = INFINITY; /* somebody is where nobody should be */
	}
	s->freedom += arms - 1;
}

double ab_srm_p(const struct ab_srm *s)
{
	if (isinf(s->chi2))
		return 0;
	return s->freedom > 0 ? stat_chi2_above(s->chi2, s->freedom) : 1;
}

/* ---- several variants ---- */

/* The smallest one not yet adjusted; those that are have been given a sign. */
static size_t smallest(const double *p, size_t n)
{
	size_t at = n;

	for (size_t i = 0; i < n; i++)
		if (!signbit(p[i]) && (at == n || p[i] < p[at]))
			at = i;
	return at;
}

void ab_holm(double *p, size_t n)
{
	double most = 0;

	for (size_t left = n; left > 0; left--) {
		size_t at = smallest(p, n);

		most = fmax(most, fmin(1, p[at] * (double)left));
		p[at] = -most;
	}
	for (size_t i = 0; i < n; i++)
		p[i] = fabs(p[i]);
}

/* ---- sizes ---- */

double ab_needed(double p0, double p1, double alpha, double power)
{
	double mean = (p0 + p1) / 2, d = p1 - p0, root;

	if (d == 0)
		return INFINITY;
	root = z_two_sided(alpha) * sqrt(2 * mean * (1 - mean)) +
	       stat_normal_quantile(power) * sqrt(p0 * (1 - p0) + p1 * (1 - p1));
	return root * root / (d * d);
}

/* How far a true difference lies outside the interval at n learners an arm, power's margin off. */
static double clearance(double n, double d, double spread, double alpha, double power, double rho)
{
	double s = sqrt(spread / n);

	return d - s * (boundary(rho * n / 2, alpha) + stat_normal_quantile(power));
}

double ab_needed_sequential(double p0, double p1, double alpha, double power, double planned)
{
	double spread = p0 * (1 - p0) + p1 * (1 - p1), d = fabs(p1 - p0);
	double rho = rho2(alpha, planned), low = 1, high = 1;

	if (d == 0)
		return INFINITY;
	while (clearance(high, d, spread, alpha, power, rho) < 0 && high < 1e15)
		high *= 2;
	for (int i = 0; i < 100; i++) {
		double mid = (low + high) / 2;

		if (clearance(mid, d, spread, alpha, power, rho) < 0)
			low = mid;
		else
			high = mid;
	}
	return high;
}

double ab_detectable(const struct ab_arm *control, const struct ab_arm *variant, double alpha,
		     double power)
{
	double za = z_two_sided(alpha), zb = stat_normal_quantile(power), p0 = ab_rate(control);
	double low = 0, high = 1 - p0;

	if (!control->exposed || !variant->exposed)
		return 1;
	for (int i = 0; i < 100; i++) {
		double d = (low + high) / 2, p1 = p0 + d;
		double n0 = (double)control->exposed, n1 = (double)variant->exposed;
		double pooled = (p0 * n0 + p1 * n1) / (n0 + n1);
		double need = za * sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n1)) +
			      zb * sqrt(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1);

		if (d < need)
			low = d;
		else
			high = d;
	}
	return high;
}
