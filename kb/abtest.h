/* Statistics of an experiment: shares of learners who did what was hoped for, one variant against control.
 *
 * n learners met the variant, x of them converted; p = x / n. Index 0 is control, 1 the variant; d = p1 - p0.
 * Every formula takes learners, not events: a learner counts once.
 *
 * Interval of d: Newcombe's hybrid score interval (method 10; Newcombe 1998, Interval estimation for the difference
 * between independent proportions, Statistics in Medicine 17, 873-890). With the Wilson interval l..u of each p
 * (Wilson 1927), l and u = (2x + z^2 -+ z sqrt(z^2 + 4x(1-p))) / (2(n + z^2)):
 *	d - sqrt((p1-l1)^2 + (u0-p0)^2)  ..  d + sqrt((u1-p1)^2 + (p0-l0)^2)
 *
 * Fixed-horizon test: z = d / sqrt(p(1-p)(1/n0 + 1/n1)) with the pooled p, two-sided. It is right only when
 * looked at once, at a number of learners chosen before.
 *
 * Sequential test, right however often and whenever one looks: the mixture sequential probability ratio test with
 * a normal mixture (Robbins 1970, Statistical methods related to the law of the iterated logarithm, Annals of
 * Mathematical Statistics 41; Johari, Koomen, Pekelis, Walsh 2022, Always valid inference, Operations Research 70)
 * in its asymptotic form (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2024, Time-uniform central limit theory and
 * asymptotic confidence sequences, Annals of Statistics 52). With q = (x+1)/(n+2), s^2 = q0(1-q0)/n0 + q1(1-q1)/n1,
 * m = 1/(1/n0 + 1/n1) and r = rho^2 m:
 *	L = exp(d^2 / s^2 * r / (2(1 + r))) / sqrt(1 + r),  p-value = min(1, 1/L)
 *	interval: d -+ s sqrt(2 (1 + r)/r ln(sqrt(1 + r)/alpha))
 * rho decides at which size the interval is tightest, not whether it is right: rho^2 = (2 ln(1/alpha) +
 * ln(2 ln(1/alpha)) + 1) / m* (ibid., appendix), m* for `planned` learners in two equal halves. It must be
 * chosen before looking. The added 1 and 2 keep a variant without any conversion from having no variance.
 *
 * Sample ratio mismatch: Pearson's chi-square of the learners met against the shares meant; below p = .001 the
 * assignment or the recording is broken and no result is to be trusted (Fabijan et al. 2019, Diagnosing sample
 * ratio mismatch in online controlled experiments, KDD).
 *
 * Several variants: Holm's step-down correction (Holm 1979, Scandinavian Journal of Statistics 6), which holds for
 * p-values of any kind.
 *
 * Sizes: two-sided, Fleiss, Levin, Paik 2003 (4.14 without continuity correction), as power.prop.test of R:
 *	n each = (z_a sqrt(2 p(1-p)) + z_b sqrt(p0(1-p0) + p1(1-p1)))^2 / d^2,  p = (p0+p1)/2 */
#ifndef KB_ABTEST_H
#define KB_ABTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ab_arm {
	int64_t exposed, converted; /* 0 <= converted <= exposed */
};

struct ab_interval {
	double low, high;
};

double ab_rate(const struct ab_arm *arm); /* 0 when nobody was exposed */
struct ab_interval ab_wilson(const struct ab_arm *arm, double alpha);
struct ab_interval ab_newcombe(const struct ab_arm *control, const struct ab_arm *variant,
			       double alpha);

/* z is 0 and p is 1 when one side is empty or nobody, or everybody, converted. */
struct ab_ztest {
	double z, p;
};
struct ab_ztest ab_ztest(const struct ab_arm *control, const struct ab_arm *variant);

enum { AB_PLANNED = 10000 }; /* learners in both arms, unless said otherwise */

struct ab_sequential {
	double log_ratio;	     /* ln L */
	double p;		     /* always valid */
	struct ab_interval interval; /* confidence sequence; -1..1 when one side is empty */
};
struct ab_sequential ab_sequential(const struct ab_arm *control, const struct ab_arm *variant,
				   double alpha, double planned);

/* Sums over groups of learners that were assigned by different shares; zeroed by the caller. */
struct ab_srm {
	double chi2, freedom;
};
/* `shares` need not sum to 1; variants of share 0 that nobody met are left out. */
void ab_srm_add(struct ab_srm *s, const int64_t *met, const double *shares, size_t n);
double ab_srm_p(const struct ab_srm *s); /* 1 when there is nothing to compare */
#define AB_SRM_ALARM .001

/* p[i] becomes the adjusted p-value. */
void ab_holm(double *p, size_t n);

/* Learners each arm needs to tell p1 from p0 with that power; INFINITY when they are equal. */
double ab_needed(double p0, double p1, double alpha, double power);
/* The same for the sequential test: about where the interval of a true difference leaves out 0. */
double ab_needed_sequential(double p0, double p1, double alpha, double power, double planned);
/* The least absolute rise over control's rate that these numbers tell from nothing with that power; 1 when
 * one side is empty. */
double ab_detectable(const struct ab_arm *control, const struct ab_arm *variant, double alpha,
		     double power);

#endif
