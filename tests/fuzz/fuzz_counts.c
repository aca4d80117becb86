#include "fuzz/fuzz.h"

#include <math.h>

#include "kb/ab_result.h"
#include "text/utf8.h"

/* Counts of experiments in a file: whatever is read can be judged, and every number that comes out is one. */
static void check_variant(const struct ab_variant *v, bool control)
{
	HOLDS(v->arm.converted >= 0 && v->arm.converted <= v->arm.exposed);
	HOLDS(v->rate >= 0 && v->rate <= 1);
	HOLDS(v->rate_interval.low >= 0 && v->rate_interval.high <= 1);
	if (control)
		return;
	HOLDS(v->interval.low <= v->difference && v->difference <= v->interval.high);
	HOLDS(v->z.p >= 0 && v->z.p <= 1);
	HOLDS(v->sequential.p >= 0 && v->sequential.p <= 1);
	HOLDS(v->sequential.interval.low <= v->sequential.interval.high);
	HOLDS(v->p_holm >= v->z.p && v->p_holm <= 1);
}

static void check_result(struct ab_result *r)
{
	struct ab_options o = AB_DEFAULTS;
	struct buf words = {0};

	HOLDS(r->n >= 2 && r->control < r->n);
	ab_result_compute(r, &o);
	for (size_t i = 0; i < r->n; i++)
		check_variant(&r->variants[i], i == r->control);
	HOLDS(r->srm_p >= 0 && r->srm_p <= 1);
	HOLDS(!isnan(r->more) && r->more >= 0);
	ab_result_words(r, &o, r->n % 2, &words);
	HOLDS(words.n > 0);
	buf_done(&words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rows *rows = rows_of((struct str){(const char *)data, size}, ROWS_TSV);
	struct ab_result *results;
	struct arena arena;
	struct diags diags;
	struct err err;
	size_t n;

	arena_init(&arena);
	diags_init(&diags, false);
	if (ab_result_read(rows, &arena, STR("counts.tsv"), &results, &n, &diags, &err) == 0)
		for (size_t i = 0; i < n; i++)
			check_result(&results[i]);
	diags_done(&diags);
	arena_done(&arena);
	rows_close(rows);
	return 0;
}
