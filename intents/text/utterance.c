#include "text/utterance.h"

#include "text/lexicon.h"
#include "text/stem.h"
#include "text/token.h"
#include "text/utf8.h"

static void set_heads(const struct lexicon *l, struct token *tokens, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t covered;
		struct str head = lexicon_head(l, tokens + i, n - i, &covered);

		if (!covered) {
			i++;
			continue;
		}
		tokens[i].head = head;
		for (size_t k = 1; k < covered; k++)
			tokens[i + k].head = STR_NONE;
		i += covered;
	}
}

void utterance_read(struct arena *a, const struct lexicon *l, struct str raw, struct utterance *out)
{
	struct token *tokens;

	normal_read(a, raw, &out->normal);
	out->n = token_cut(a, lexicon_segmenter(l), out->normal.text, &tokens);
	set_heads(l, tokens, out->n);
	out->tokens = tokens;
	out->lang = utterance_lang(out->normal.text);
	out->mean = ARENA_NEW(a, struct utterance_mean);
}

struct str utterance_stem(struct arena *a, struct str word)
{
	return stem_english(a, word);
}

static bool is_latin(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 'a' && cp <= 'z';
	return (cp >= 0xC0 && cp <= 0x24F && cp != 0xD7 && cp != 0xF7) ||
	       (cp >= 0x1E00 && cp <= 0x1EFF);
}

enum { HAN_WEIGHT = 2, WORD_MAX = 4 };

struct str utterance_lang(struct str normal)
{
	size_t han = 0, latin = 0, in_word = 0;
	uint32_t cp;

	for (size_t i = 0; i < normal.n;) {
		i += utf8_decode(normal.p + i, normal.n - i, &cp);
		if (is_latin(cp)) {
			latin += in_word++ < WORD_MAX;
			continue;
		}
		in_word = 0;
		if (cp > 0x3000 && utf8_is_han(cp))
			han += HAN_WEIGHT;
	}
	if (!han && !latin)
		return STR_NONE;
	return han >= latin ? STR("zh") : STR("en");
}
