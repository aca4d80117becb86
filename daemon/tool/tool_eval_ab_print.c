/* What kefu eval ab says: for people, and as JSON. */
#include "tool/tool_eval_ab.h"

#include <math.h>
#include <stdio.h>

/* ---- as JSON ---- */

static const char *const verdict_names[] = {[AB_KEEP_RUNNING] = "keep_running",
					    [AB_BETTER] = "better",
					    [AB_WORSE] = "worse",
					    [AB_SAME] = "same"};

static void put_number(struct buf *out, const char *name, double v)
{
	if (isfinite(v)) {
		json_knum(out, name, v);
	} else {
		json_key(out, name);
		json_nil(out);
	}
}

static void put_interval(struct buf *out, const char *name, const struct ab_interval *i)
{
	json_key(out, name);
	json_open(out, '[');
	json_num(out, i->low);
	json_num(out, i->high);
	json_close(out, ']');
}

static void put_comparison(struct buf *out, const struct ab_variant *v)
{
	json_knum(out, "difference", v->difference);
	put_number(out, "relative", v->relative);
	put_interval(out, "interval", &v->interval);
	json_knum(out, "z", v->z.z);
	json_knum(out, "p", v->z.p);
	json_knum(out, "p_holm", v->p_holm);
	json_knum(out, "sequential_p", v->sequential.p);
	json_knum(out, "sequential_p_holm", v->sequential_p_holm);
	put_interval(out, "sequential_interval", &v->sequential.interval);
	json_knum(out, "detectable", v->detectable);
	json_kstr(out, "verdict", str_of(verdict_names[v->verdict]));
}

static void put_lists(struct buf *out, const struct store_ab_lists *l)
{
	json_key(out, "lists");
	json_open(out, '{');
	json_kint(out, "given", l->lists);
	json_kint(out, "shown", l->shown);
	json_kint(out, "clicked", l->clicked);
	json_kint(out, "dismissed", l->dismissed);
	json_kint(out, "enrolled", l->enrolled);
	json_kint(out, "purchased", l->purchased);
	json_close(out, '}');
}

static void put_variant(struct buf *out, const struct ab_item *item, size_t i)
{
	const struct ab_variant *v = &item->result->variants[i];
	bool control = i == item->result->control;

	json_open(out, '{');
	json_kstr(out, "variant", v->name);
	json_kbool(out, "control", control);
	json_kint(out, "exposed", v->arm.exposed);
	json_kint(out, "converted", v->arm.converted);
	json_knum(out, "rate", v->rate);
	put_interval(out, "rate_interval", &v->rate_interval);
	if (!control)
		put_comparison(out, v);
	if (item->recorded)
		put_lists(out, &item->recorded->lists[i]);
	json_close(out, '}');
}

/* AB_BETTER of the whole is a winner's name, AB_WORSE control's. */
static void put_winner(struct buf *out, const struct ab_result *r)
{
	json_key(out, "winner");
	if (!r->mismatch && r->all == AB_BETTER)
		json_str(out, r->variants[r->best].name);
	else if (!r->mismatch && r->all == AB_WORSE)
		json_str(out, r->variants[r->control].name);
	else
		json_nil(out);
}

static void put_result(struct buf *out, const struct ab_shown *j, const struct ab_item *item)
{
	const struct ab_result *r = item->result;
	struct buf words = {0};

	json_open(out, '{');
	json_kstr(out, "experiment", r->name);
	if (item->recorded) {
		json_kstr(out, "outcome", str_of(ab_outcome_name(item->recorded->outcome)));
		json_kint(out, "within_days", item->recorded->within);
		json_kint(out, "moved", item->recorded->moved);
	}
	json_key(out, "variants");
	json_open(out, '[');
	for (size_t i = 0; i < r->n; i++)
		put_variant(out, item, i);
	json_close(out, ']');
	json_knum(out, "srm_p", r->srm_p);
	json_kbool(out, "srm_alarm", r->mismatch);
	put_number(out, "needed_per_variant", r->needed);
	put_number(out, "needed_per_variant_sequential", r->needed_look);
	put_number(out, "more_learners", r->more);
	json_kstr(out, "verdict",
		  str_of(r->mismatch ? "sample_ratio_mismatch" : verdict_names[r->all]));
	put_winner(out, r);
	ab_result_words(r, &j->options, j->chinese, &words);
	json_kstr(out, "words", buf_view(&words));
	json_close(out, '}');
	buf_done(&words);
}

static void print_json(const struct ab_shown *j)
{
	struct buf out = {0};

	json_open(&out, '{');
	json_key(&out, "experiments");
	json_open(&out, '[');
	for (size_t i = 0; i < j->n; i++)
		put_result(&out, j, &j->items[i]);
	json_close(&out, ']');
	json_close(&out, '}');
	puts(out.p);
	buf_done(&out);
}

/* ---- for people ---- */

static void print_comparison(const struct ab_shown *j, const struct ab_variant *v)
{
	const struct ab_interval *seq = &v->sequential.interval;
	bool zh = j->chinese;

	printf(zh ? "      相差 %+.2f 个百分点" : "      difference %+.2f points",
	       100 * v->difference);
	if (isfinite(v->relative))
		printf(zh ? "（相对 %+.1f%%）" : " (%+.1f %% of control's rate)",
		       100 * v->relative);
	printf(zh ? "，%.0f%% 置信区间 %+.2f 至 %+.2f\n" : ", %.0f %% interval %+.2f to %+.2f\n",
	       100 * (1 - j->options.alpha), 100 * v->interval.low, 100 * v->interval.high);
	printf(zh ? "      随时可看：区间 %+.2f 至 %+.2f，p = %.3g（多方案校正后 %.3g）\n"
		  : "      whenever you look: interval %+.2f to %+.2f, p = %.3g (for all variants "
		    "together %.3g)\n",
	       100 * seq->low, 100 * seq->high, v->sequential.p, v->sequential_p_holm);
	printf(zh ? "      只看一次的检验：z = %.2f，p = %.3g（校正后 "
		    "%.3g）；现有人数能看出的最小提升 %.2f\n"
		  : "      looked at once only: z = %.2f, p = %.3g (together %.3g); these numbers "
		    "tell a rise of %.2f points or more\n",
	       v->z.z, v->z.p, v->p_holm, 100 * v->detectable);
}

/* ": purchase within 7 days of the first meeting" */
static void print_outcome(const struct ab_shown *j, const struct store_ab *ab)
{
	static const char *const zh[AB_OUTCOMES] = {"点开推荐的课程", "报名", "购买",
						    "评价回答有帮助", "问题都得到回答"};

	if (j->chinese)
		printf("：首次遇到后 %lld 天内%s\n", (long long)ab->within, zh[ab->outcome]);
	else
		printf(": %s within %lld days of the first meeting\n", ab_outcome_name(ab->outcome),
		       (long long)ab->within);
	if (ab->moved)
		printf(j->chinese ? "  %lld 人因比例调整换过方案，不计入\n"
				  : "  %lld learners met two variants, as the shares were changed; "
				    "they are left out\n",
		       (long long)ab->moved);
}

static void print_lists(const struct ab_shown *j, const struct store_ab_lists *l)
{
	if (!l->lists)
		return;
	printf(j->chinese
		       ? "      推荐列表 %lld 个：展示课程 %lld 次，点击 %lld，不感兴趣 %lld，报名 "
			 "%lld，购买 "
			 "%lld\n"
		       : "      %lld lists of courses: %lld shown, %lld clicked, %lld dismissed, "
			 "%lld enrolled in, %lld bought\n",
	       (long long)l->lists, (long long)l->shown, (long long)l->clicked,
	       (long long)l->dismissed, (long long)l->enrolled, (long long)l->purchased);
}

static void print_result(const struct ab_shown *j, const struct ab_item *item)
{
	const struct ab_result *r = item->result;
	struct buf words = {0};

	printf("%.*s", STR_ARG(r->name));
	if (item->recorded)
		print_outcome(j, item->recorded);
	else
		putchar('\n');
	for (size_t i = 0; i < r->n; i++) {
		const struct ab_variant *v = &r->variants[i];

		printf(j->chinese ? "  %.*s：%lld 人，其中 %lld 人转化，%.2f%%\n"
				  : "  %.*s: %lld learners, %lld converted, %.2f %%\n",
		       STR_ARG(v->name), (long long)v->arm.exposed, (long long)v->arm.converted,
		       100 * v->rate);
		if (i != r->control)
			print_comparison(j, v);
		if (item->recorded)
			print_lists(j, &item->recorded->lists[i]);
	}
	if (!r->mismatch)
		printf(j->chinese ? "  人数比例与设定相符（p = %.2g）\n"
				  : "  the variants are as large as their shares say (p = %.2g)\n",
		       r->srm_p);
	ab_result_words(r, &j->options, j->chinese, &words);
	printf("  => %s\n", words.p);
	buf_done(&words);
}

void ab_print(const struct ab_shown *j)
{
	if (j->json) {
		print_json(j);
		return;
	}
	for (size_t i = 0; i < j->n; i++) {
		if (i)
			putchar('\n');
		print_result(j, &j->items[i]);
	}
}
