/* The programs behind speech: a table of those we know, and any command an operator writes.
 *
 *	setting            argv                                          stdin      stdout
 *	pocketsphinx       pocketsphinx_continuous -infile /dev/stdin …  samples    text, a line a sentence
 *	espeak-ng          espeak-ng --stdin --stdout -v {voice}         text       WAV
 *	/opt/hear -l {lang}   as written, cut at spaces (quotes keep them)  WAV / text  text / WAV
 *
 * A new engine is one row of the table in speech_engine.c. */
#ifndef DAEMON_SPEECH_ENGINE_H
#define DAEMON_SPEECH_ENGINE_H

#include "settings.h"

enum speech_way { SPEECH_IN, SPEECH_OUT, SPEECH_WAYS };

enum {
	SPEECH_RATE = 16000, /* samples a second that engines are given: 16 bits, one channel */
	SPEECH_LANGS = 16,
	SPEECH_LANG_MAX = 8, /* bytes of a language: "en", "zh", "yue" */
	SPEECH_WORDS = 64,   /* of a command */
};

struct speech_engine {
	char *words[SPEECH_WORDS + 1]; /* owned; {lang} and {voice} still in place */
	size_t n_words;
	bool samples; /* wants bare samples, not a WAV */
	struct {
		char lang[SPEECH_LANG_MAX + 1];
		const char *voice; /* of that language, for {voice} */
	} langs[SPEECH_LANGS];
	size_t n_langs;
};

/* What the settings name for that way; *on is false, and nothing made, for `off`. ERR_INVALID says what is
 * wrong with the setting; ERR_NOT_FOUND that the program is not there, and which package brings it. */
MUST_USE int speech_engine_open(const struct settings *s, enum speech_way way,
				struct speech_engine *e, bool *on, struct err *err);
void speech_engine_close(struct speech_engine *e); /* zeroed is fine */

/* The engine's own language for a BCP 47 tag ("en-US" -> "en"); NULL when it has none. */
const char *speech_engine_lang(const struct speech_engine *e, struct str tag);
/* The command for one of its languages; words in `a`. */
char **speech_engine_argv(const struct speech_engine *e, struct arena *a, const char *lang);

#endif
