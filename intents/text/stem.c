#include "text/stem.h"

#include <pthread.h>

#include <libstemmer.h>

#include "text/mem.h"

/* A Snowball stemmer holds a buffer, so threads cannot share one, and making one costs more than
 * stemming a message does. This cache is invisible from outside: same word in, same stem out. */
static pthread_key_t stemmer_key;
static pthread_once_t stemmer_once = PTHREAD_ONCE_INIT;

static void stemmer_free(void *stemmer)
{
	sb_stemmer_delete(stemmer);
}

static void make_key(void)
{
	pthread_key_create(&stemmer_key, stemmer_free);
}

static struct sb_stemmer *stemmer_of_thread(void)
{
	struct sb_stemmer *s;

	pthread_once(&stemmer_once, make_key);
	s = pthread_getspecific(stemmer_key);
	if (!s) {
		s = sb_stemmer_new("english", "UTF_8");
		if (s)
			pthread_setspecific(stemmer_key, s);
	}
	return s;
}

static bool is_stemmable(struct str word)
{
	if (word.n < 3)
		return false;
	for (size_t i = 0; i < word.n; i++) {
		if ((word.p[i] < 'a' || word.p[i] > 'z') && word.p[i] != '\'')
			return false;
	}
	return true;
}

struct str stem_english(struct arena *a, struct str word)
{
	struct sb_stemmer *s;
	struct str stem;

	if (!is_stemmable(word) || word.n > 64)
		return word;
	s = stemmer_of_thread();
	if (!s)
		return word;
	stem.p = (const char *)sb_stemmer_stem(s, (const sb_symbol *)word.p, (int)word.n);
	if (!stem.p)
		return word;
	stem.n = (size_t)sb_stemmer_length(s);
	return str_starts(word, stem) ? str_sub(word, 0, stem.n) : arena_str(a, stem);
}
