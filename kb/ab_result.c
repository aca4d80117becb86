#include "kb/ab_result.h"

#include <math.h>

enum { VARIANTS_MAX = 64 };

size_t ab_result_control(const struct ab_variant *variants, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(variants[i].name, STR("control")))
			return i;
	return 0;
}

/* ---- one variant ---- */

static void compare(struct ab_variant *v, const struct ab_variant *control,
		    const struct ab_options *o)
{
	v->difference = v->rate - control->rate;
	v->relative = control->rate > 0 ? v->difference / control->rate : (double)NAN;
	v->interval = ab_newcombe(&control->arm, &v->arm, o->alpha);
	v->z = ab_ztest(&control->arm, &v->arm);
	v->sequential = ab_sequential(&control->arm, &v->arm, o->alpha, o->planned);
	v->detectable = ab_detectable(&control->arm, &v->arm, o->alpha, o->power);
}

/* Every p-value but control's, corrected together. */
static void correct(struct ab_result *r)
{
	double z[VARIANTS_MAX], sequential[VARIANTS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < r->n && n < VARIANTS_MAX; i++)
		if (i != r->control) {
			z[n] = r->variants[i].z.p;
			sequential[n++] = r->variants[i].sequential.p;
		}
	ab_holm(z, n);
	ab_holm(sequential, n);
	n = 0;
	for (size_t i = 0; i < r->n && n < VARIANTS_MAX; i++)
		if (i != r->control) {
			r->variants[i].p_holm = z[n];
			r->variants[i].sequential_p_holm = sequential[n++];
		}
}

static enum ab_verdict judge(const struct ab_variant *v, double control_rate,
			     const struct ab_options *o)
{
	double least = control_rate * o->effect;

	if (v->sequential_p_holm < o->alpha)
		return v->difference > 0 ? AB_BETTER : AB_WORSE;
	if (v->sequential.interval.low > -least && v->sequential.interval.high < least)
		return AB_SAME;
	return AB_KEEP_RUNNING;
}

/* ---- all of them ---- */

static void conclude(struct ab_result *r)
{
	size_t worse = 0, settled = 0;

	r->all = AB_KEEP_RUNNING;
	for (size_t i = 0; i < r->n; i++) {
		const struct ab_variant *v = &r->variants[i];

		if (i == r->control)
			continue;
		worse += v->verdict == AB_WORSE;
		settled += v->verdict == AB_WORSE || v->verdict == AB_SAME;
		if (v->verdict == AB_BETTER &&
		    (r->all != AB_BETTER || v->rate > r->variants[r->best].rate)) {
			r->all = AB_BETTER;
			r->best = i;
		}
	}
	if (r->all == AB_BETTER)
		return;
	if (worse == r->n - 1)
		r->all = AB_WORSE;
	else if (settled == r->n - 1)
		r->all = AB_SAME;
}

/* The corrected level is at worst alpha over the number of variants. */
static void plan(struct ab_result *r, const struct ab_options *o)
{
	double p0 = r->variants[r->control].rate, p1 = p0 * (1 + o->effect);
	double alpha = o->alpha / (double)(r->n - 1);

	r->needed = r->needed_look = r->more = INFINITY;
	if (p0 <= 0 || p1 >= 1)
		return;
	r->needed = ceil(ab_needed(p0, p1, alpha, o->power));
	r->needed_look = ceil(ab_needed_sequential(p0, p1, alpha, o->power, o->planned));
	r->more = 0;
	for (size_t i = 0; i < r->n; i++)
		r->more += fmax(0, r->needed_look - (double)r->variants[i].arm.exposed);
}

static void check_shares(struct ab_result *r)
{
	int64_t met[VARIANTS_MAX];
	double shares[VARIANTS_MAX];

	for (size_t i = 0; i < r->n && i < VARIANTS_MAX; i++) {
		met[i] = r->variants[i].arm.exposed;
		shares[i] = r->variants[i].share;
	}
	if (!r->srm_known)
		ab_srm_add(&r->srm, met, shares, r->n < VARIANTS_MAX ? r->n : VARIANTS_MAX);
	r->srm_known = true;
	r->srm_p = ab_srm_p(&r->srm);
	r->mismatch = r->srm_p < AB_SRM_ALARM;
}

void ab_result_compute(struct ab_result *r, const struct ab_options *o)
{
	struct ab_variant *control = &r->variants[r->control];

	for (size_t i = 0; i < r->n; i++) {
		r->variants[i].rate = ab_rate(&r->variants[i].arm);
		r->variants[i].rate_interval = ab_wilson(&r->variants[i].arm, o->alpha);
	}
	for (size_t i = 0; i < r->n; i++)
		if (i != r->control)
			compare(&r->variants[i], control, o);
	correct(r);
	for (size_t i = 0; i < r->n; i++)
		if (i != r->control)
			r->variants[i].verdict = judge(&r->variants[i], control->rate, o);
	check_shares(r);
	conclude(r);
	plan(r, o);
}

/* ---- in words ---- */

static void say_mismatch(const struct ab_result *r, bool chinese, struct buf *out)
{
	buf_printf(out,
		   chinese ? "先别看结果：各方案的人数与设定的比例不符（p = "
			     "%.2g），分组或记录出了问题，"
			     "请先查明原因"
			   : "do not read this result: the variants are not as large as their "
			     "shares say "
			     "(p = %.2g), so assignment or recording is broken; find out why first",
		   r->srm_p);
}

static void say_winner(const struct ab_result *r, bool chinese, struct buf *out)
{
	const struct ab_variant *v = &r->variants[r->best];
	struct str control = r->variants[r->control].name;

	buf_printf(out,
		   chinese ? "方案 %.*s 胜出：比 %.*s 高 %.2f 个百分点（至少 "
			     "%.2f），可以停止试验并采用它"
			   : "variant %.*s wins over %.*s by %.2f points (at least %.2f); stop and "
			     "give it to all",
		   STR_ARG(v->name), STR_ARG(control), 100 * v->difference,
		   100 * fmax(0, v->sequential.interval.low));
}

static void say_settled(const struct ab_result *r, const struct ab_options *o, bool chinese,
			struct buf *out)
{
	struct str control = r->variants[r->control].name;

	if (r->all == AB_WORSE)
		buf_printf(out,
			   chinese ? "%.*s 胜出：其他方案都更差，可以停止试验"
				   : "%.*s wins: every other variant is worse; stop",
			   STR_ARG(control));
	else
		buf_printf(
			out,
			chinese ? "没有值得换的差别：±%.0f%% 以上的变化已可排除；可以停止，保留 "
				  "%.*s"
				: "no difference worth a change: one of %.0f %% or more is ruled "
				  "out; stop and keep %.*s",
			100 * o->effect, STR_ARG(control));
}

static void say_keep_running(const struct ab_result *r, const struct ab_options *o, bool chinese,
			     struct buf *out)
{
	struct str control = r->variants[r->control].name;

	if (isinf(r->more))
		buf_printf(
			out,
			chinese ? "继续运行：%.*s 的转化率现在是 0 或接近 1，还算不出需要多少人"
				: "keep running: the rate of %.*s is 0 or near 1 so far; how many "
				  "learners are needed cannot be told",
			STR_ARG(control));
	else if (r->more > 0)
		buf_printf(
			out,
			chinese ? "继续运行：还不能下结论；要看出相对 %.0f%% 的变化，大约还需要 "
				  "%.0f 人"
				: "keep running: nothing is certain yet; to tell a change of %.0f "
				  "%% from chance, about %.0f more learners are needed",
			100 * o->effect, r->more);
	else
		buf_cstr(out, chinese ? "继续运行：差别很小，还不能下结论；也可以停止，保留原方案"
				      : "keep running: the difference is small and not certain; or "
					"stop and keep what there is");
}

void ab_result_words(const struct ab_result *r, const struct ab_options *o, bool chinese,
		     struct buf *out)
{
	if (r->mismatch)
		say_mismatch(r, chinese, out);
	else if (r->all == AB_BETTER)
		say_winner(r, chinese, out);
	else if (r->all == AB_KEEP_RUNNING)
		say_keep_running(r, o, chinese, out);
	else
		say_settled(r, o, chinese, out);
}
