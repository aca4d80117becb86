#include "net/rules_json.h"

#include "net/rules_path.h"

static void put_strs(struct buf *b, const char *name, const struct strs *list)
{
	json_key(b, name);
	json_open(b, '[');
	for (size_t i = 0; i < list->n; i++)
		json_str(b, list->v[i]);
	json_close(b, ']');
}

/* {"zh":["…"],"*":["…"]} */
static void put_text(struct buf *b, const char *name, const struct text *text)
{
	json_key(b, name);
	json_open(b, '{');
	for (size_t i = 0; i < text->n; i++) {
		const struct text_lang *lang = &text->langs[i];

		json_key_str(b, lang->lang.n ? lang->lang : STR("*"));
		json_open(b, '[');
		for (size_t k = 0; k < lang->variants.n; k++)
			json_str(b, lang->variants.v[k]);
		json_close(b, ']');
	}
	json_close(b, '}');
}

static void put_place(struct buf *b, const struct ruleset *rs, struct mark m)
{
	json_key(b, "file");
	if (m.line)
		json_str(b, rules_short(rs, m.file));
	else
		json_nil(b);
	json_kint(b, "line", m.line);
}

static void put_only(struct buf *b, const struct only *only)
{
	json_key(b, "only");
	json_open(b, '{');
	json_key(b, "logged_in");
	if (only->logged_in < 0)
		json_nil(b);
	else
		json_bool(b, only->logged_in == 1);
	put_strs(b, "contexts", &only->contexts);
	put_strs(b, "langs", &only->langs);
	put_strs(b, "pages", &only->pages);
	json_close(b, '}');
}

static void put_block(struct buf *b, const struct block *block)
{
	static const char *const kinds[] = {[BLOCK_PHRASES] = "phrases",
					    [BLOCK_KEYWORDS] = "keywords",
					    [BLOCK_REGEX] = "regex"};

	json_open(b, '{');
	json_kstr(b, "kind", str_of(kinds[block->kind]));
	json_kint(b, "line", block->mark.line);
	if (block->kind == BLOCK_KEYWORDS) {
		put_strs(b, "all", &block->all);
		put_strs(b, "any", &block->any);
		put_strs(b, "none", &block->none);
	} else {
		json_key(b, "phrases");
		json_open(b, '[');
		for (size_t i = 0; i < block->n; i++) {
			json_open(b, '{');
			json_kstr(b, "text", block->phrases[i].text);
			json_kint(b, "line", block->phrases[i].mark.line);
			json_close(b, '}');
		}
		json_close(b, ']');
	}
	json_close(b, '}');
}

static void put_asks(struct buf *b, const struct intent *intent)
{
	json_key(b, "asks");
	json_open(b, '[');
	for (size_t i = 0; i < intent->n_asks; i++) {
		const struct slot_ask *ask = &intent->asks[i];

		json_open(b, '{');
		json_kstr(b, "slot", ask->slot);
		put_text(b, "question", &ask->question);
		json_kint(b, "tries", ask->tries);
		json_kint(b, "line", ask->mark.line);
		json_close(b, '}');
	}
	json_close(b, ']');
}

static void put_actions(struct buf *b, const struct actions *acts)
{
	json_key(b, "do");
	json_open(b, '[');
	for (size_t i = 0; i < acts->n; i++)
		json_str(b, acts->v[i].verb);
	json_close(b, ']');
}

/* "<days> > 7", "<phone>", "not <phone>" */
static void put_conds(struct buf *b, const struct answer *answer)
{
	static const char *const words[] = {
		[COND_SET] = "", [COND_UNSET] = "", [COND_EQ] = "=", [COND_NE] = "!=",
		[COND_LT] = "<", [COND_LE] = "<=",  [COND_GT] = ">", [COND_GE] = ">="};
	struct buf text = {0};

	json_key(b, "if");
	json_open(b, '[');
	for (size_t i = 0; i < answer->n_conds; i++) {
		const struct cond *cond = &answer->conds[i];

		buf_reset(&text);
		buf_printf(&text, "%s<%.*s>", cond->op == COND_UNSET ? "not " : "",
			   STR_ARG(cond->slot));
		if (words[cond->op][0])
			buf_printf(&text, " %s %.*s", words[cond->op], STR_ARG(cond->value));
		json_str(b, buf_view(&text));
	}
	json_close(b, ']');
	buf_done(&text);
}

static void put_answers(struct buf *b, const struct intent *intent)
{
	json_key(b, "answers");
	json_open(b, '[');
	for (size_t i = 0; i < intent->n_answers; i++) {
		const struct answer *answer = &intent->answers[i];

		json_open(b, '{');
		json_kint(b, "line", answer->mark.line);
		put_conds(b, answer);
		put_text(b, "text", &answer->text);
		put_text(b, "none", &answer->none);
		put_strs(b, "buttons", &answer->buttons);
		put_actions(b, &answer->acts);
		json_close(b, '}');
	}
	json_close(b, ']');
}

static void put_then(struct buf *b, const struct intent *intent)
{
	json_key(b, "then");
	if (!intent->then_context.n) {
		json_nil(b);
		return;
	}
	json_open(b, '{');
	json_kstr(b, "context", intent->then_context);
	json_kint(b, "turns", intent->then_turns);
	json_close(b, '}');
}

static void put_tests(struct buf *b, const struct intent *intent)
{
	json_key(b, "tests");
	json_open(b, '[');
	for (size_t i = 0; i < intent->n_tests; i++) {
		const struct rule_test *test = &intent->tests[i];

		json_open(b, '{');
		json_kstr(b, "say", test->say);
		json_kstr(b, "intent", test->intent);
		json_kstr(b, "not", test->not_intent);
		json_kint(b, "line", test->mark.line);
		json_close(b, '}');
	}
	json_close(b, ']');
}

void rules_put_intent(struct buf *out, const struct ruleset *rs, const struct intent *intent)
{
	json_kstr(out, "name", intent->name);
	put_text(out, "title", &intent->title);
	json_kint(out, "priority", intent->priority);
	put_place(out, rs, intent->mark);
	put_only(out, &intent->only);
	json_key(out, "blocks");
	json_open(out, '[');
	for (size_t i = 0; i < intent->n_blocks; i++)
		put_block(out, &intent->blocks[i]);
	json_close(out, ']');
	put_asks(out, intent);
	put_answers(out, intent);
	put_actions(out, &intent->acts);
	put_then(out, intent);
	put_tests(out, intent);
}

void rules_put_faq(struct buf *out, const struct ruleset *rs, const struct faq_entry *entry)
{
	json_kstr(out, "id", entry->id);
	put_text(out, "question", &entry->question);
	put_strs(out, "also", &entry->also);
	put_text(out, "answer", &entry->answer);
	put_strs(out, "tags", &entry->tags);
	put_strs(out, "next", &entry->next);
	put_place(out, rs, entry->mark);
}
