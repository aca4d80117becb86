/* Reports for programs: JSON, and JUnit XML for CI. */
#include "tool/replay.h"

static void json_finding(const struct finding *f, struct buf *out)
{
	json_open(out, '{');
	json_kstr(out, "class", str_of(difference_name(f->class)));
	json_kstr(out, "file", f->mark.file);
	json_kint(out, "line", f->mark.line);
	json_kint(out, "col", f->mark.col);
	json_kstr(out, "said", f->said);
	json_kstr(out, "what", f->what);
	json_kstr(out, "expected", f->expected);
	json_kstr(out, "got", f->got);
	json_close(out, '}');
}

static void json_played(const struct played *p, struct buf *out)
{
	json_open(out, '{');
	json_kstr(out, "transcript", p->transcript->name);
	json_kstr(out, "file", p->transcript->mark.file);
	json_kint(out, "turns", (int64_t)p->turns);
	json_knum(out, "ms", p->ms);
	if (p->skipped.n)
		json_kstr(out, "skipped", p->skipped);
	json_key(out, "differences");
	json_open(out, '[');
	for (size_t i = 0; i < p->findings.n; i++)
		json_finding(&p->findings.v[i], out);
	json_close(out, ']');
	json_close(out, '}');
}

void replay_json(const struct replay *r, struct buf *out)
{
	json_open(out, '{');
	json_kint(out, "transcripts", (int64_t)r->n);
	json_kint(out, "turns", (int64_t)r->turns);
	json_kint(out, "same", (int64_t)r->same);
	json_kint(out, "failed", (int64_t)r->failed);
	json_kint(out, "skipped", (int64_t)r->skipped);
	json_knum(out, "ms", r->ms);
	json_key(out, "classes");
	json_open(out, '{');
	for (int class = 0; class < DIFF_CLASSES; class ++)
		json_kint(out, difference_name((enum difference) class),
			  (int64_t)r->classes[class]);
	json_close(out, '}');
	json_key(out, "results");
	json_open(out, '[');
	for (size_t i = 0; i < r->n; i++)
		json_played(&r->v[i], out);
	json_close(out, ']');
	if (r->coverage.rules)
		coverage_json(&r->coverage, out);
	json_close(out, '}');
	buf_char(out, '\n');
}

/* ---- JUnit ---- */

/* XML 1.0 text: markup escaped, control characters (not allowed at all) as U+FFFD. */
static void xml(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '&')
			buf_cstr(out, "&amp;");
		else if (c == '<')
			buf_cstr(out, "&lt;");
		else if (c == '>')
			buf_cstr(out, "&gt;");
		else if (c == '"')
			buf_cstr(out, "&quot;");
		else if (c < 32 && c != '\n' && c != '\t')
			buf_cstr(out, "\xef\xbf\xbd");
		else
			buf_char(out, (char)c);
	}
}

static void junit_case(const struct played *p, struct buf *out)
{
	buf_cstr(out, "  <testcase classname=\"");
	xml(out, p->transcript->mark.file);
	buf_cstr(out, "\" name=\"");
	xml(out, p->transcript->name);
	buf_printf(out, "\" time=\"%.6f\">\n", p->ms / 1e3);
	if (p->skipped.n) {
		buf_cstr(out, "    <skipped message=\"");
		xml(out, p->skipped);
		buf_cstr(out, "\"/>\n");
	}
	if (p->findings.n) {
		struct buf words = {0};

		for (size_t i = 0; i < p->findings.n; i++)
			replay_print_finding(p->transcript, &p->findings.v[i], false, &words);
		buf_printf(out, "    <failure type=\"%s\" message=\"%zu differences\">",
			   difference_name(p->findings.v[0].class), p->findings.n);
		xml(out, buf_view(&words));
		buf_cstr(out, "</failure>\n");
		buf_done(&words);
	}
	buf_cstr(out, "  </testcase>\n");
}

void replay_junit(const struct replay *r, struct buf *out)
{
	buf_cstr(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	buf_printf(out,
		   "<testsuite name=\"kefu replay\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" "
		   "skipped=\"%zu\" time=\"%.6f\">\n",
		   r->n, r->failed, r->skipped, r->ms / 1e3);
	for (size_t i = 0; i < r->n; i++)
		junit_case(&r->v[i], out);
	buf_cstr(out, "</testsuite>\n");
}
