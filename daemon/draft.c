#include "draft.h"

#include "intents/rules_edit.h"

static const char *const kinds[] = {
	[DRAFT_PHRASE] = "phrase", [DRAFT_FAQ] = "faq", [DRAFT_TEST] = "test"};

bool draft_kind_read(struct str word, enum draft_kind *out)
{
	for (size_t i = 0; i < DRAFT_KINDS; i++) {
		if (str_eq(word, str_of(kinds[i]))) {
			*out = (enum draft_kind)i;
			return true;
		}
	}
	return false;
}

/* ---- is it whole? ---- */

static const char *lacking(const struct draft *d, bool said)
{
	if (!str_trim(d->text).n)
		return "a draft needs a text";
	if (said && str_find(d->text, STR("*"), 0) != SIZE_MAX)
		return "what was said has masked values; give a text without them";
	if (d->kind == DRAFT_FAQ)
		return d->intent.n    ? "a new FAQ entry belongs to no intent"
		       : !d->answer.n ? "a new FAQ entry needs an answer"
				      : NULL;
	if (d->answer.n)
		return "only a new FAQ entry has an answer";
	if (d->kind == DRAFT_TEST)
		return d->id.n	      ? "tests are of intents; an FAQ entry has none"
		       : !d->intent.n ? "a test needs the intent it must reach"
				      : NULL;
	return d->intent.n && d->id.n	? "an intent or an FAQ entry, not both"
	       : d->intent.n || d->id.n ? NULL
					: "a phrase needs its intent, or its FAQ entry";
}

struct text draft_text(struct arena *a, struct str lang, struct str text)
{
	struct str *variant = ARENA_NEW(a, struct str);
	struct text_lang *one = ARENA_NEW(a, struct text_lang);

	*variant = text;
	*one = (struct text_lang){lang, {variant, 1}};
	return (struct text){.langs = one, .n = 1};
}

int draft_check(const struct draft *d, bool said, struct err *err)
{
	const char *words = lacking(d, said);

	return words ? err_set(err, ERR_INVALID, "%s", words) : 0;
}

struct str draft_comment(struct arena *a, const struct draft *d)
{
	return arena_printf(a, "%s: %.*s", kinds[d->kind], STR_ARG(d->text));
}

/* ---- where ---- */

static int file_of_entry(const struct ruleset *rs, struct str id, struct str *file, struct err *err)
{
	const struct faq_entry *entry = rule_faq(rs, id);

	if (!entry)
		return err_set(err, ERR_NOT_FOUND, "there is no FAQ entry '%.*s'", STR_ARG(id));
	if (!entry->mark.line)
		return err_set(err, ERR_UNSUPPORTED,
			       "FAQ '%.*s' was imported into the database; change it where it "
			       "comes from and import it again",
			       STR_ARG(id));
	*file = entry->mark.file;
	return 0;
}

static struct str file_of_last(const struct ruleset *rs)
{
	for (size_t i = rs->n_faq; i-- > 0;) {
		if (rs->faq[i].mark.line)
			return rs->faq[i].mark.file;
	}
	return rs->files.v[0];
}

int draft_file(const struct ruleset *rs, const struct draft *d, struct str *file, struct err *err)
{
	const struct intent *it;

	if (d->kind == DRAFT_FAQ) {
		*file = file_of_last(rs);
		return d->id.n && rule_faq(rs, d->id)
			       ? err_set(err, ERR_INVALID, "FAQ '%.*s' is there already",
					 STR_ARG(d->id))
			       : 0;
	}
	if (d->id.n)
		return file_of_entry(rs, d->id, file, err);
	it = rule_intent(rs, d->intent);
	if (!it)
		return err_set(err, ERR_NOT_FOUND, "there is no intent '%.*s'", STR_ARG(d->intent));
	*file = it->mark.file;
	return 0;
}

/* ---- the change ---- */

static int note(struct yaml_edit *e, const struct draft *d, struct err *err)
{
	struct text *question = ARENA_NEW(&e->arena, struct text);
	const struct faq_draft faq = {.id = d->id, .question = question, .answer = &d->answer};
	struct strs texts;

	*question = draft_text(&e->arena, STR_NONE, str_trim(d->text));
	texts = question->langs[0].variants;
	if (d->kind == DRAFT_TEST)
		return rules_edit_tests(e, d->intent, texts, true, err);
	if (d->kind == DRAFT_PHRASE && d->intent.n)
		return rules_edit_phrases(e, d->intent, texts, err);
	if (d->kind == DRAFT_PHRASE)
		return rules_edit_also(e, d->id, texts, err);
	return rules_edit_faq(e, &faq, err);
}

int draft_make(const struct draft *d, struct str file, struct str was, struct buf *now,
	       struct err *err)
{
	struct yaml_edit e;
	int rc = yaml_edit_open(&e, file, was, err);

	if (rc == 0)
		rc = note(&e, d, err);
	if (rc == 0)
		rc = yaml_edit_finish(&e, now, err);
	yaml_edit_done(&e);
	return rc;
}

/* ---- what differs ---- */

enum { AROUND = 2 };

/* The line that begins at `at`, with its line feed. */
static struct str line_at(struct str text, size_t at)
{
	size_t end = str_find(text, STR("\n"), at);

	return str_sub(text, at, end == SIZE_MAX ? text.n : end + 1);
}

/* Bytes of whole lines that both begin with. */
static size_t same_begin(struct str a, struct str b)
{
	size_t at = 0;

	while (at < a.n && at < b.n) {
		struct str one = line_at(a, at);

		if (!str_eq(one, line_at(b, at)))
			break;
		at += one.n;
	}
	return at;
}

/* The beginning of the line that ends at `at`. */
static size_t line_before(struct str text, size_t at)
{
	if (at)
		at--;
	while (at && text.p[at - 1] != '\n')
		at--;
	return at;
}

/* Bytes of whole lines that both end with, not before `from`. */
static size_t same_end(struct str a, struct str b, size_t from)
{
	size_t n = 0;

	while (a.n - n > from && b.n - n > from) {
		size_t at = line_before(a, a.n - n), bt = line_before(b, b.n - n);

		if (at < from || bt < from ||
		    !str_eq(str_sub(a, at, a.n - n), str_sub(b, bt, b.n - n)))
			break;
		n = a.n - at;
	}
	return n;
}

static size_t count_lines(struct str text)
{
	size_t n = 0;

	for (size_t at = 0; at < text.n; at += line_at(text, at).n)
		n++;
	return n;
}

static void put_lines(struct buf *out, char sign, struct str text)
{
	for (size_t at = 0; at < text.n;) {
		struct str one = line_at(text, at);

		buf_char(out, sign);
		buf_str(out, one);
		if (one.p[one.n - 1] != '\n')
			buf_cstr(out, "\n\\ No newline at end of file\n");
		at += one.n;
	}
}

static size_t widen_down(struct str text, size_t to)
{
	for (int i = 0; i < AROUND && to < text.n; i++)
		to += line_at(text, to).n;
	return to;
}

size_t draft_diff(struct str name, struct str was, struct str now, struct buf *out)
{
	size_t begin = same_begin(was, now), end, from = begin, line;
	struct str before, after, gone, come;

	if (str_eq(was, now))
		return 0;
	end = same_end(was, now, begin);
	for (int i = 0; i < AROUND; i++)
		from = line_before(was, from);
	before = str_sub(was, from, begin);
	after = str_sub(was, was.n - end, widen_down(was, was.n - end));
	gone = str_sub(was, begin, was.n - end);
	come = str_sub(now, begin, now.n - end);
	line = count_lines(str_sub(was, 0, from)) + 1;
	buf_printf(out, "--- %.*s\n+++ %.*s\n@@ -%zu,%zu +%zu,%zu @@\n", STR_ARG(name),
		   STR_ARG(name), line,
		   count_lines(before) + count_lines(gone) + count_lines(after), line,
		   count_lines(before) + count_lines(come) + count_lines(after));
	put_lines(out, ' ', before);
	put_lines(out, '-', gone);
	put_lines(out, '+', come);
	put_lines(out, ' ', after);
	return line + count_lines(before);
}
