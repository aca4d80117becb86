#include "speech_engine.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "child.h"
#include "text/mem.h"

struct spoken {
	const char *lang, *voice;
};

static const struct known {
	struct str name;
	enum speech_way way;
	const char *command;
	bool samples;
	struct spoken langs[4];
	const char *packages; /* Debian's */
} known[] = {
	{.name = STR_INIT("pocketsphinx"),
	 .way = SPEECH_IN,
	 .command = "pocketsphinx_continuous -infile /dev/stdin -logfn /dev/null",
	 .samples = true,
	 .langs = {{"en", ""}},
	 .packages = "pocketsphinx pocketsphinx-en-us"},
	{.name = STR_INIT("espeak-ng"),
	 .way = SPEECH_OUT,
	 .command = "espeak-ng --stdin --stdout -v {voice}",
	 .langs = {{"en", "en-us"}, {"zh", "cmn"}},
	 .packages = "espeak-ng"},
};

enum { KNOWN = sizeof known / sizeof known[0] };

static const char *const setting_names[SPEECH_WAYS] = {"speech-in", "speech-out"};

static const struct known *known_find(struct str name)
{
	for (size_t i = 0; i < KNOWN; i++) {
		if (str_eq(known[i].name, name))
			return &known[i];
	}
	return NULL;
}

/* ---- languages ---- */

/* "EN-us" -> "en": letters up to the first hyphen. False: no language tag begins like that. */
static bool subtag(struct str tag, char out[SPEECH_LANG_MAX + 1])
{
	size_t n = 0;

	while (n < tag.n && tag.p[n] != '-' && tag.p[n] != '_') {
		char c = (char)(tag.p[n] | 0x20);

		if (n == SPEECH_LANG_MAX || c < 'a' || c > 'z')
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return n > 1;
}

static int langs_read(struct speech_engine *e, struct str list, struct err *err)
{
	while (list.n) {
		size_t comma = str_find(list, STR(","), 0);
		struct str one = str_trim(str_sub(list, 0, comma));

		if (e->n_langs == SPEECH_LANGS || !subtag(one, e->langs[e->n_langs].lang))
			return err_set(err, ERR_INVALID,
				       "speech-langs: '%.*s' is no language; write a few like "
				       "zh,en",
				       (int)(one.n < 40 ? one.n : 40), one.n ? one.p : "");
		e->langs[e->n_langs].voice = e->langs[e->n_langs].lang;
		e->n_langs++;
		list = comma == SIZE_MAX ? STR_NONE : str_sub(list, comma + 1, list.n);
	}
	return 0;
}

static void langs_take(struct speech_engine *e, const struct spoken *langs)
{
	for (; langs->lang; langs++, e->n_langs++) {
		snprintf(e->langs[e->n_langs].lang, sizeof e->langs[0].lang, "%s", langs->lang);
		e->langs[e->n_langs].voice = langs->voice;
	}
}

/* ---- commands ---- */

/* Takes one word off *rest: up to a space, or whole between quotes of one kind. False: an open quote. */
static bool word_take(struct str *rest, struct buf *word)
{
	char quote = 0;
	size_t i = 0;

	for (; i < rest->n; i++) {
		char c = rest->p[i];

		if (quote ? c == quote : c == '"' || c == '\'')
			quote = quote ? '\0' : c;
		else if (!quote && (c == ' ' || c == '\t'))
			break;
		else
			buf_char(word, c);
	}
	*rest = str_trim(str_sub(*rest, i, rest->n));
	return !quote;
}

static int words_read(struct speech_engine *e, const char *setting, struct str command,
		      struct err *err)
{
	struct buf word = {0};
	int rc = 0;

	command = str_trim(command);
	while (command.n && rc == 0) {
		buf_reset(&word);
		if (e->n_words == SPEECH_WORDS)
			rc = err_set(err, ERR_INVALID, "%s: a command has at most %d words",
				     setting, SPEECH_WORDS);
		else if (!word_take(&command, &word))
			rc = err_set(err, ERR_INVALID, "%s: a quote is not closed", setting);
		else
			e->words[e->n_words++] = mem_strdup(buf_view(&word));
	}
	buf_done(&word);
	return rc;
}

static int program_check(const struct speech_engine *e, const char *setting, const struct known *k,
			 struct err *err)
{
	if (e->n_words && child_exists(e->words[0]))
		return 0;
	if (k)
		return err_set(err, ERR_NOT_FOUND,
			       "%s: %s is not installed; apt-get install %s, or set %s to off",
			       setting, e->words[0], k->packages, setting);
	return err_set(err, ERR_NOT_FOUND,
		       "%s: there is no program '%s'; write off, pocketsphinx, espeak-ng or a "
		       "command with its path",
		       setting, e->n_words ? e->words[0] : "");
}

int speech_engine_open(const struct settings *s, enum speech_way way, struct speech_engine *e,
		       bool *on, struct err *err)
{
	const char *setting = setting_names[way];
	struct str value = str_trim(str_of(way == SPEECH_IN ? s->speech_in : s->speech_out));
	const struct known *k = known_find(value);
	int rc;

	*e = (struct speech_engine){0};
	*on = value.n && !str_eq(value, STR("off"));
	if (!*on)
		return 0;
	if (k && k->way != way)
		return err_set(err, ERR_INVALID, "%s: %.*s is for %s", setting, STR_ARG(value),
			       setting_names[k->way]);
	if (k) {
		e->samples = k->samples;
		langs_take(e, k->langs);
	} else if ((rc = langs_read(e, str_of(s->speech_langs), err)) != 0) {
		return rc;
	}
	rc = words_read(e, setting, k ? str_of(k->command) : value, err);
	if (rc == 0)
		rc = program_check(e, setting, k, err);
	if (rc != 0)
		speech_engine_close(e);
	return rc;
}

void speech_engine_close(struct speech_engine *e)
{
	for (size_t i = 0; i < e->n_words; i++)
		free(e->words[i]);
	*e = (struct speech_engine){0};
}

/* ---- using one ---- */

static size_t lang_find(const struct speech_engine *e, const char *lang)
{
	size_t i = 0;

	while (i < e->n_langs && strcmp(e->langs[i].lang, lang) != 0)
		i++;
	return i;
}

const char *speech_engine_lang(const struct speech_engine *e, struct str tag)
{
	char lang[SPEECH_LANG_MAX + 1];
	size_t i;

	if (!subtag(tag, lang))
		return NULL;
	i = lang_find(e, lang);
	return i < e->n_langs ? e->langs[i].lang : NULL;
}

static char *word_fill(struct arena *a, const char *word, const char *lang, const char *voice)
{
	struct {
		struct str mark;
		const char *value;
	} marks[] = {{STR("{lang}"), lang}, {STR("{voice}"), voice}};
	struct str rest = str_of(word), filled;
	struct buf b = {0};

	while (rest.n) {
		size_t i = 0;

		while (i < 2 && !str_starts(rest, marks[i].mark))
			i++;
		if (i < 2)
			buf_cstr(&b, marks[i].value);
		else
			buf_char(&b, rest.p[0]);
		rest = str_sub(rest, i < 2 ? marks[i].mark.n : 1, rest.n);
	}
	buf_char(&b, '\0');
	filled = arena_str(a, buf_view(&b));
	buf_done(&b);
	return (char *)(uintptr_t)filled.p;
}

char **speech_engine_argv(const struct speech_engine *e, struct arena *a, const char *lang)
{
	char **argv = arena_alloc(a, (e->n_words + 1) * sizeof *argv);
	size_t at = lang_find(e, lang);

	assert(at < e->n_langs);
	for (size_t i = 0; i < e->n_words; i++)
		argv[i] = word_fill(a, e->words[i], lang, e->langs[at].voice);
	argv[e->n_words] = NULL;
	return argv;
}
