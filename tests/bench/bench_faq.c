/* The FAQ beside what else would be at hand, SQLite's FTS5 over three characters at a time, its
 * three-character pieces of the message OR-ed and ranked by its bm25():
 *
 *	bench_faq [--json] [--typos SEED] [--repeat N] [FILE.tsv]
 *
 * FILE as for `kefu eval faq` (split, id, text); without it, the lines of messages.txt are entries
 * and are asked with their first third cut off. --typos puts one or two Chinese characters of each
 * question for others that sound alike. --repeat adds wordings from halves of two others until
 * there are N. Rounds alternate; times are medians, of the processor's time. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kb/eval_faq.h"
#include "text/buf.h"
#include "text/lexicon.h"
#include "text/mem.h"
#include "text/pinyin.h"
#include "text/utf8.h"

enum { ROUNDS = 3, PLACES = 10, ASKED_MOST = 4000, CHARACTERS_MOST = 8192 };

struct bench {
	struct arena kept, turn;
	const struct lexicon *lexicon;
	struct eval_faq set;
	struct faq_index *faq;
	sqlite3 *db;
	sqlite3_stmt *ask;
	uint64_t random, typos, repeat;
	struct buf json;
	bool as_json;
};

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void report(struct bench *b, const char *name, double value, const char *unit)
{
	if (b->as_json)
		json_knum(&b->json, name, value);
	else
		printf("%-28s %12.3f %s\n", name, value, unit);
}

static size_t pick(struct bench *b, size_t n)
{
	b->random = b->random * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(b->random >> 33) % n;
}

static int by_value(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static void die(const char *what)
{
	fprintf(stderr, "bench_faq: %s\n", what);
	exit(2);
}

/* ---- what is asked ---- */

static void read_set(struct bench *b, const char *path)
{
	struct rows *rows;
	struct diags d;
	struct err err;

	diags_init(&d, false);
	if (rows_open(path, ROWS_TSV, &rows, &err) < 0 ||
	    eval_faq_read(rows, &b->kept, str_of(path), &b->set, &d, &err) < 0)
		die(err.text);
	rows_close(rows);
	diags_done(&d);
}

static size_t character_at(struct str s, size_t at)
{
	while (at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static void read_messages(struct bench *b)
{
	FILE *f = fopen(KEFU_SOURCE_DIR "/tests/bench/messages.txt", "r");
	struct faq_doc *docs = ARENA_ARRAY(&b->kept, struct faq_doc, ASKED_MOST);
	struct eval_faq_query *q = ARENA_ARRAY(&b->kept, struct eval_faq_query, ASKED_MOST);
	char line[4096];

	if (!f)
		die("cannot open messages.txt");
	while (b->set.n_docs < ASKED_MOST && fgets(line, sizeof line, f)) {
		struct str *text = ARENA_NEW(&b->kept, struct str);
		uint32_t doc = (uint32_t)b->set.n_docs;

		*text = arena_str(&b->kept, str_trim(str_of(line)));
		if (!text->n)
			continue;
		docs[b->set.n_docs++] = (struct faq_doc){.questions = text, .n = 1};
		q[b->set.n_queries++] = (struct eval_faq_query){
			str_sub(*text, character_at(*text, text->n / 3), text->n), doc};
	}
	fclose(f);
	b->set.docs = docs;
	b->set.queries = q;
	b->set.n_wordings = b->set.n_docs;
}

static void add_halves(struct bench *b)
{
	size_t n = b->set.n_docs, more = b->repeat > n ? (size_t)b->repeat - n : 0;
	struct faq_doc *docs = ARENA_ARRAY(&b->kept, struct faq_doc, n + more);

	memcpy(docs, b->set.docs, n * sizeof *docs);
	for (size_t i = n; i < n + more; i++) {
		struct str left = docs[pick(b, n)].questions[0],
			   right = docs[pick(b, n)].questions[0];
		struct str *text = ARENA_NEW(&b->kept, struct str);
		struct str from = str_sub(left, 0, character_at(left, left.n / 2));
		struct str to = str_sub(right, character_at(right, right.n / 2), right.n);

		*text = arena_printf(&b->kept, "%.*s%.*s", STR_ARG(from), STR_ARG(to));
		docs[i] = (struct faq_doc){.questions = text, .n = 1};
	}
	b->set.docs = docs;
	b->set.n_docs += more;
	b->set.n_wordings += more;
}

/* ---- typos by sound ---- */

/* The characters of the wordings: people mistype into common ones. */
struct characters {
	uint32_t v[CHARACTERS_MOST];
	size_t n;
	bool seen[0x110000];
};

static void gather(struct characters *c, struct str text)
{
	for (size_t at = 0; at < text.n;) {
		uint32_t cp;

		at += utf8_decode(text.p + at, text.n - at, &cp);
		if (utf8_is_han(cp) && !c->seen[cp] && c->n < CHARACTERS_MOST)
			c->v[c->n++] = cp;
		c->seen[cp] = true;
	}
}

static uint16_t sound_of(uint32_t cp)
{
	uint16_t readings[PINYIN_READINGS_MAX];

	return pinyin_read(cp, readings) ? readings[0] : 0;
}

/* Another of the same sound, from a random place on; or the same. */
static uint32_t sounding_like(struct bench *b, const struct characters *c, uint32_t cp)
{
	uint16_t sound = sound_of(cp);
	size_t from = pick(b, c->n);

	for (size_t i = 0; sound && i < c->n; i++) {
		uint32_t other = c->v[(from + i) % c->n];

		if (other != cp && sound_of(other) == sound)
			return other;
	}
	return cp;
}

static struct str mistype(struct bench *b, const struct characters *c, struct str text)
{
	size_t n = utf8_count(text), first = pick(b, n), second = pick(b, 2) ? pick(b, n) : first;
	struct buf out = {0};
	struct str kept;

	for (size_t at = 0, i = 0; at < text.n; i++) {
		char bytes[4];
		uint32_t cp;

		at += utf8_decode(text.p + at, text.n - at, &cp);
		if (i == first || i == second)
			cp = sounding_like(b, c, cp);
		buf_put(&out, bytes, utf8_encode(cp, bytes));
	}
	kept = arena_str(&b->kept, buf_view(&out));
	buf_done(&out);
	return kept;
}

static void mistype_all(struct bench *b)
{
	struct eval_faq_query *q = ARENA_ARRAY(&b->kept, struct eval_faq_query, b->set.n_queries);
	struct characters *c = mem_zalloc(sizeof *c);

	b->random = b->typos;
	for (size_t i = 0; i < b->set.n_docs; i++)
		for (size_t k = 0; k < b->set.docs[i].n; k++)
			gather(c, b->set.docs[i].questions[k]);
	for (size_t i = 0; i < b->set.n_queries; i++) {
		q[i] = b->set.queries[i];
		if (c->n && q[i].text.n)
			q[i].text = mistype(b, c, q[i].text);
	}
	b->set.queries = q;
	free(c);
}

/* ---- the two ---- */

static void build_own(struct bench *b)
{
	double begun = now_us();

	b->faq = faq_index_new(b->lexicon, b->set.docs, b->set.n_docs);
	report(b, "kefu_build_ms", (now_us() - begun) / 1e3, "ms");
}

static void must(struct bench *b, int rc)
{
	if (rc != SQLITE_OK && rc != SQLITE_DONE)
		die(sqlite3_errmsg(b->db));
}

static void build_peer(struct bench *b)
{
	double begun = now_us();
	sqlite3_stmt *put;

	must(b, sqlite3_open(":memory:", &b->db));
	must(b, sqlite3_exec(b->db,
			     "CREATE VIRTUAL TABLE q USING fts5(text, doc UNINDEXED, "
			     "tokenize = 'trigram'); BEGIN",
			     NULL, NULL, NULL));
	must(b, sqlite3_prepare_v2(b->db, "INSERT INTO q VALUES (?, ?)", -1, &put, NULL));
	for (size_t i = 0; i < b->set.n_docs; i++)
		for (size_t k = 0; k < b->set.docs[i].n; k++) {
			struct str s = b->set.docs[i].questions[k];

			must(b, sqlite3_bind_text(put, 1, s.p, (int)s.n, SQLITE_STATIC));
			must(b, sqlite3_bind_int64(put, 2, (sqlite3_int64)i));
			must(b, sqlite3_step(put));
			must(b, sqlite3_reset(put));
		}
	sqlite3_finalize(put);
	must(b,
	     sqlite3_exec(b->db, "COMMIT; INSERT INTO q(q) VALUES ('optimize')", NULL, NULL, NULL));
	must(b,
	     sqlite3_prepare_v2(b->db, "SELECT doc FROM q WHERE q MATCH ? ORDER BY rank LIMIT 30",
				-1, &b->ask, NULL));
	report(b, "fts5_trigram_build_ms", (now_us() - begun) / 1e3, "ms");
}

static size_t ask_own(struct bench *b, struct str text, uint32_t *out)
{
	struct faq_hit hits[PLACES];
	struct utterance u;
	size_t n;

	arena_reset(&b->turn);
	utterance_read(&b->turn, b->lexicon, text, &u);
	n = faq_search(b->faq, &b->turn, &u, hits, PLACES);
	for (size_t i = 0; i < n; i++)
		out[i] = hits[i].doc;
	return n;
}

/* "怎么退" OR "么退款" OR … */
static void write_match(struct str text, struct buf *out)
{
	size_t starts[3] = {0};

	for (size_t at = 0, i = 0; at < text.n; i++) {
		uint32_t cp;
		size_t from = at;

		at += utf8_decode(text.p + at, text.n - at, &cp);
		starts[i % 3] = from;
		if (i < 2)
			continue;
		buf_cstr(out, out->n ? " OR \"" : "\"");
		for (size_t k = starts[(i + 1) % 3]; k < at; k++)
			buf_cstr(out, text.p[k] == '"' ? "\"\"" : (char[]){text.p[k], 0});
		buf_char(out, '"');
	}
}

static size_t ask_peer(struct bench *b, struct str text, uint32_t *out)
{
	struct buf match = {0};
	size_t n = 0;

	write_match(text, &match);
	if (!match.n)
		return 0;
	must(b, sqlite3_bind_text(b->ask, 1, match.p, (int)match.n, SQLITE_STATIC));
	while (n < PLACES && sqlite3_step(b->ask) == SQLITE_ROW) {
		uint32_t doc = (uint32_t)sqlite3_column_int64(b->ask, 0);
		size_t i = 0;

		while (i < n && out[i] != doc)
			i++;
		if (i == n)
			out[n++] = doc;
	}
	sqlite3_reset(b->ask);
	buf_done(&match);
	return n;
}

static void ask_all(struct bench *b, size_t (*ask)(struct bench *, struct str, uint32_t *),
		    double *us, size_t n, struct measure *m)
{
	static const size_t ks[] = {1, 5};

	measure_begin(m, ks, 2);
	for (size_t i = 0; i < n; i++) {
		const struct eval_faq_query *q = &b->set.queries[i * b->set.n_queries / n];
		uint32_t docs[PLACES];
		double begun = now_us();
		size_t found = ask(b, q->text, docs), place = 0;

		us[i] = now_us() - begun;
		while (place < found && docs[place] != q->doc)
			place++;
		measure_add(m, &place, place < found, 1);
	}
	measure_end(m);
}

static void report_peer(struct bench *b, const char *name, double *us, size_t n,
			const struct measure *m)
{
	char key[64];

	qsort(us, n * ROUNDS, sizeof *us, by_value);
	snprintf(key, sizeof key, "%s_p50_us", name);
	report(b, key, us[n * ROUNDS / 2], "us");
	snprintf(key, sizeof key, "%s_p99_us", name);
	report(b, key, us[n * ROUNDS * 99 / 100], "us");
	snprintf(key, sizeof key, "%s_p_at_1", name);
	report(b, key, measure_at(m, 1)->hit, "");
	snprintf(key, sizeof key, "%s_mrr", name);
	report(b, key, m->mrr, "");
}

static void compare(struct bench *b)
{
	static double own[ASKED_MOST * ROUNDS], peer[ASKED_MOST * ROUNDS];
	size_t n = b->set.n_queries < ASKED_MOST ? b->set.n_queries : ASKED_MOST;
	struct measure m[2];

	/* A peer of many milliseconds a question is asked fewer. */
	if (b->set.n_wordings >= 50000 && n > 300)
		n = 300;
	for (size_t r = 0; r < ROUNDS; r++) {
		ask_all(b, ask_own, own + r * n, n, &m[0]);
		ask_all(b, ask_peer, peer + r * n, n, &m[1]);
	}
	report_peer(b, "kefu", own, n, &m[0]);
	report_peer(b, "fts5_trigram", peer, n, &m[1]);
}

static const char *read_options(struct bench *b, int argc, char **argv)
{
	const char *path = NULL;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			b->as_json = true;
		else if (strcmp(argv[i], "--typos") == 0 && i + 1 < argc)
			str_to_u64(str_of(argv[++i]), &b->typos);
		else if (strcmp(argv[i], "--repeat") == 0 && i + 1 < argc)
			str_to_u64(str_of(argv[++i]), &b->repeat);
		else
			path = argv[i];
	}
	return path;
}

int main(int argc, char **argv)
{
	struct bench b = {.random = 1};
	const char *path = read_options(&b, argc, argv);

	arena_init(&b.kept);
	arena_init(&b.turn);
	b.lexicon = lexicon_new(&b.kept, NULL, 0, NULL, 0);
	if (path)
		read_set(&b, path);
	else
		read_messages(&b);
	add_halves(&b);
	if (b.typos)
		mistype_all(&b);
	if (b.as_json)
		json_open(&b.json, '{');
	report(&b, "wordings", (double)b.set.n_wordings, "");
	build_own(&b);
	build_peer(&b);
	compare(&b);
	if (b.as_json) {
		json_close(&b.json, '}');
		puts(b.json.p);
	}
	sqlite3_finalize(b.ask);
	sqlite3_close(b.db);
	faq_index_free(b.faq);
	buf_done(&b.json);
	arena_done(&b.turn);
	arena_done(&b.kept);
	return 0;
}
