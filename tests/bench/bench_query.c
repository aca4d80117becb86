/* How well a query finds courses: bench_query COURSES.tsv [TRAIN.tsv]
 *
 * COURSES: item, title, description, fields with commas between. TRAIN: user, item. Asked are, each
 * as in GET /recommend with n = 50:
 *	title		the whole title; looked for: a course of that title
 *	piece		four characters in a row, or two words, of the title
 *	typo		a piece of Latin words with two letters of one swapped
 *	field		the name of a field of three courses or more, which is in no column that is
 *			searched; looked for: its courses
 *	taken, taken_by	a piece of the title of a course that a learner took and that was kept out of
 *			the events: asked by nobody, and by that learner
 * Printed are the share that finds it first and among ten, the mean of 1/rank, the share that
 * matches nothing, and for fields precision and nDCG at ten. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "kb/recommend.h"
#include "text/buf.h"
#include "text/lexicon.h"
#include "text/mem.h"
#include "text/utf8.h"

enum { LEARNERS = 1000, FIELDS_MAX = 256, LIST = 50 };

struct entry {
	struct str id, title, fields;
};

struct bench {
	struct arena kept, turn;
	struct store *store;
	const struct lexicon *lexicon;
	const struct catalogue *courses;
	struct recommender *recommender;
	struct profiles *profiles;
	struct entry *entries;
	size_t n, cap;
	struct kept {
		struct str user, item;
	} * out; /* kept out of the events: one a learner */
	size_t n_out, cap_out;
	uint64_t random;
};

static void must(int rc, const struct err *err)
{
	if (rc == 0)
		return;
	fprintf(stderr, "bench_query: %s\n", err->text);
	exit(1);
}

static size_t pick(struct bench *b, size_t n)
{
	b->random = b->random * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(b->random >> 33) % n;
}

/* ---- data ---- */

static struct str read_file(struct bench *b, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf all = {0};
	char part[65536];
	struct str out;
	size_t n;

	if (!f) {
		fprintf(stderr, "bench_query: cannot open '%s'\n", path);
		exit(2);
	}
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		buf_str(&all, (struct str){part, n});
	fclose(f);
	out = arena_str(&b->kept, buf_view(&all));
	buf_done(&all);
	return out;
}

static struct str cut(struct str *rest, const char *end)
{
	size_t at = str_find(*rest, str_of(end), 0);
	struct str out = str_sub(*rest, 0, at);

	*rest = str_sub(*rest, at == SIZE_MAX ? rest->n : at + 1, rest->n);
	return out;
}

static void put_courses(struct bench *b, struct str all)
{
	struct err err;

	must(store_begin(b->store, &err), &err);
	while (all.n) {
		struct str line = cut(&all, "\n");
		struct course c = {.id = cut(&line, "\t"), .price = -1};

		c.title = cut(&line, "\t");
		c.description = cut(&line, "\t");
		if (!c.title.n)
			continue;
		must(course_put(b->store, &c, &err), &err);
		ARENA_PUSH(&b->kept, b->entries, b->n, b->cap,
			   ((struct entry){c.id, c.title, line}));
	}
	must(store_commit(b->store, &err), &err);
}

/* Every learner's third course is kept out of the events, of the first LEARNERS of them. */
static void put_events(struct bench *b, struct str all)
{
	struct str user = STR_NONE;
	struct err err;
	size_t seen = 0;

	must(store_begin(b->store, &err), &err);
	while (all.n) {
		struct str line = cut(&all, "\n");
		struct event e = {.user = cut(&line, "\t"),
				  .course = cut(&line, "\t"),
				  .type = EVENT_ENROLL,
				  .value = 1,
				  .at_unix_ms = 1};

		seen = str_eq(e.user, user) ? seen + 1 : 0;
		user = e.user;
		if (seen == 2 && b->n_out < LEARNERS)
			ARENA_PUSH(&b->kept, b->out, b->n_out, b->cap_out,
				   ((struct kept){e.user, e.course}));
		else if (e.course.n)
			must(event_put(b->store, &e, &err), &err);
	}
	must(store_commit(b->store, &err), &err);
}

static void build(struct bench *b)
{
	struct str *titles = ARENA_ARRAY(&b->kept, struct str, b->n);
	struct err err;

	for (size_t i = 0; i < b->n; i++)
		titles[i] = b->entries[i].title;
	b->lexicon = lexicon_new(&b->kept, NULL, 0, titles, b->n);
	must(catalogue_read(b->store, &b->kept, &b->courses, &err), &err);
	must(recommender_new(b->courses, b->lexicon, b->store, &b->recommender, &err), &err);
	must(profiles_read(b->profiles, b->store, NULL, &err), &err);
}

/* ---- queries ---- */

static bool is_latin(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] & 0x80)
			return false;
	return true;
}

/* Four characters in a row; "" for a shorter title. */
static struct str piece_of_han(struct bench *b, struct str title)
{
	size_t at[256], n = 0, from;
	uint32_t cp;

	for (size_t i = 0; i < title.n && n < 255;) {
		at[n++] = i;
		i += utf8_decode(title.p + i, title.n - i, &cp);
	}
	at[n] = title.n;
	if (n < 4)
		return STR_NONE;
	from = pick(b, n - 3);
	return str_sub(title, at[from], at[from + 4]);
}

static struct str piece_of(struct bench *b, struct str title)
{
	size_t at[64], n = 0, from;

	if (!is_latin(title))
		return piece_of_han(b, title);
	for (size_t i = 0; i < title.n && n < 63; i++)
		if (i == 0 || title.p[i - 1] == ' ')
			at[n++] = i;
	at[n] = title.n;
	if (n < 2)
		return title;
	from = pick(b, n - 1);
	return str_sub(title, at[from], at[from + 2]);
}

/* Two letters of the longest word swapped; "" when no word has five. */
static struct str mistype(struct bench *b, struct str piece)
{
	size_t from = 0, best = 0, length = 0;
	char *p;

	for (size_t i = 0; i <= piece.n; i++) {
		if (i < piece.n && ((piece.p[i] | 32) >= 'a' && (piece.p[i] | 32) <= 'z'))
			continue;
		if (i - from > length) {
			length = i - from;
			best = from;
		}
		from = i + 1;
	}
	if (length < 5)
		return STR_NONE;
	p = (char *)(uintptr_t)arena_str(&b->kept, piece).p;
	best += 1 + pick(b, length - 2);
	p[best] ^= p[best + 1];
	p[best + 1] ^= p[best];
	p[best] ^= p[best + 1];
	return (struct str){p, piece.n};
}

static struct recommended_list ask(struct bench *b, struct str text, struct str user)
{
	const struct recommend_query q = {.profiles = b->profiles,
					  .user = user,
					  .text = text,
					  .max_price = -1,
					  .count = LIST,
					  .reply_lang = utterance_lang(text)};
	struct recommended_list l;

	arena_reset(&b->turn);
	recommend(b->recommender, &b->turn, &q, &l);
	return l;
}

/* ---- measures ---- */

struct score {
	size_t asked, first, ten, silent;
	double reciprocal;
};

static void count(struct score *s, const struct recommended_list *l, struct str title)
{
	s->asked++;
	s->silent += !l->text_matched;
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->v[i].course->title, title)) {
			s->first += i == 0;
			s->ten += i < 10;
			s->reciprocal += 1 / (double)(i + 1);
			return;
		}
}

static void print(const char *name, const struct score *s)
{
	double n = s->asked ? (double)s->asked : 1;

	printf("%-9s %6zu asked  first %.4f  of ten %.4f  MRR %.4f  nothing %.4f\n", name, s->asked,
	       (double)s->first / n, (double)s->ten / n, s->reciprocal / n, (double)s->silent / n);
}

static void measure_titles(struct bench *b)
{
	struct score whole = {0}, piece = {0}, typo = {0};

	for (size_t i = 0; i < b->n; i++) {
		struct str title = b->entries[i].title, part = piece_of(b, title), wrong;
		struct recommended_list l = ask(b, title, STR_NONE);

		count(&whole, &l, title);
		if (!part.n)
			continue;
		l = ask(b, part, STR_NONE);
		count(&piece, &l, title);
		wrong = mistype(b, part);
		if (!wrong.n)
			continue;
		l = ask(b, wrong, STR_NONE);
		count(&typo, &l, title);
	}
	print("title", &whole);
	print("piece", &piece);
	print("typo", &typo);
}

static void measure_learners(struct bench *b)
{
	struct score nobody = {0}, learner = {0};

	for (size_t i = 0; i < b->n_out; i++) {
		int32_t item = catalogue_find(b->courses, b->out[i].item);
		struct str title = item < 0 ? STR_NONE : b->courses->courses[item].title;
		struct str part = piece_of(b, title);
		struct recommended_list l;

		if (!part.n)
			continue;
		l = ask(b, part, STR_NONE);
		count(&nobody, &l, title);
		l = ask(b, part, b->out[i].user);
		count(&learner, &l, title);
	}
	print("taken", &nobody);
	print("taken_by", &learner);
}

/* ---- fields ---- */

static bool has_field(struct str fields, struct str field)
{
	while (fields.n)
		if (str_eq(str_trim(cut(&fields, ",")), field))
			return true;
	return false;
}

static bool course_has(const struct bench *b, struct str id, struct str field)
{
	for (size_t i = 0; i < b->n; i++)
		if (str_eq(b->entries[i].id, id))
			return has_field(b->entries[i].fields, field);
	return false;
}

static size_t find_fields(struct bench *b, struct str *fields)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		for (struct str rest = b->entries[i].fields; rest.n;) {
			struct str one = str_trim(cut(&rest, ","));
			size_t before = 0;

			while (before < n && !str_eq(fields[before], one))
				before++;
			if (one.n && before == n && n < FIELDS_MAX)
				fields[n++] = one;
		}
	return n;
}

static void measure_fields(struct bench *b)
{
	struct str fields[FIELDS_MAX];
	size_t n = find_fields(b, fields), asked = 0, silent = 0;
	double precision = 0, ndcg = 0;

	for (size_t f = 0; f < n; f++) {
		struct recommended_list l;
		double gain = 0, ideal = 0, right = 0;
		size_t of = 0;

		for (size_t i = 0; i < b->n; i++)
			of += has_field(b->entries[i].fields, fields[f]);
		if (of < 3)
			continue;
		l = ask(b, fields[f], STR_NONE);
		asked++;
		silent += !l.text_matched;
		for (size_t i = 0; i < 10 && i < of; i++)
			ideal += 1 / log2((double)i + 2);
		for (size_t i = 0; i < 10 && i < l.n; i++)
			if (course_has(b, l.v[i].course->id, fields[f])) {
				gain += 1 / log2((double)i + 2);
				right++;
			}
		precision += right / (of < 10 ? (double)of : 10);
		ndcg += gain / ideal;
	}
	if (asked)
		printf("%-9s %6zu asked  precision at ten %.4f  nDCG %.4f  nothing %.4f\n", "field",
		       asked, precision / (double)asked, ndcg / (double)asked,
		       (double)silent / (double)asked);
}

int main(int argc, char **argv)
{
	struct bench b = {.random = 1};
	struct err err;

	if (argc < 2) {
		puts("skipped: no files; bench_query COURSES.tsv [TRAIN.tsv]");
		return 0;
	}
	arena_init(&b.kept);
	arena_init(&b.turn);
	b.profiles = profiles_new();
	must(store_open(":memory:", STORE_WRITE, &b.store, &err), &err);
	put_courses(&b, read_file(&b, argv[1]));
	if (argc > 2)
		put_events(&b, read_file(&b, argv[2]));
	build(&b);
	measure_titles(&b);
	measure_fields(&b);
	measure_learners(&b);
	recommender_free(b.recommender);
	profiles_free(b.profiles);
	store_close(b.store);
	arena_done(&b.turn);
	arena_done(&b.kept);
	return 0;
}
