#include "kb/missed_form.h"

#include <math.h>
#include <stdlib.h>

#include "kb/bag.h"
#include "kb/content_words.h"
#include "kb/intern.h"
#include "text/buf.h"
#include "text/mem.h"
#include "text/utterance.h"

enum {
	PARTS = BAG_WORDS | BAG_CHARS | BAG_PAIRS | BAG_GRAMS,
	TERMS = 32, /* of a form: those that tell most, which is quick to compare */
};

/* Words any question has: near to nothing. */
#define STOP_WEIGHT .15f

/* As telling as if so many more messages had been read. */
#define SMOOTH 20.

static float part_weight(enum bag_part part)
{
	switch (part) {
	case BAG_WORDS:
		return 1;
	case BAG_PAIRS:
		return .5f;
	case BAG_CHARS:
		return .45f;
	default:
		return .3f;
	}
}

/* ---- order of time, so that the order given does not matter ---- */

struct moment {
	const struct missed *m;
	uint32_t i;
};

static int by_time(const void *pa, const void *pb)
{
	const struct missed *a = ((const struct moment *)pa)->m;
	const struct missed *b = ((const struct moment *)pb)->m;
	int order;

	if (a->at_unix_ms != b->at_unix_ms)
		return a->at_unix_ms < b->at_unix_ms ? -1 : 1;
	order = str_cmp(a->session, b->session);
	if (!order && a->seq != b->seq)
		order = a->seq < b->seq ? -1 : 1;
	return order ? order : str_cmp(a->text, b->text);
}

static struct moment *in_time(const struct missed *v, size_t n)
{
	struct moment *all = mem_alloc((n ? n : 1) * sizeof *all);

	for (size_t i = 0; i < n; i++)
		all[i] = (struct moment){&v[i], (uint32_t)i};
	qsort(all, n, sizeof *all, by_time);
	return all;
}

/* ---- forms ---- */

/* What a message is but for spelling: its words, numbers and what is masked as one 0. */
static void print_form(const struct utterance *u, struct buf *out)
{
	buf_reset(out);
	for (size_t i = 0; i < u->n; i++) {
		const struct token *t = &u->tokens[i];

		if (t->kind == TOKEN_NUMBER) {
			if (!out->n || out->p[out->n - 1] != '0')
				buf_char(out, '0');
			buf_str(out, str_sub(t->text, token_amount(t).n, t->text.n));
		} else if (t->kind != TOKEN_OTHER) {
			buf_str(out, t->text);
		}
	}
}

static bool is_stop(const struct token *t)
{
	return t->kind == TOKEN_NUMBER || content_word_class(t->text) == WORD_STOP;
}

/* What is known while the messages are read. */
struct reading {
	struct arena *a;
	struct arena scratch;
	const struct lexicon *lexicon;
	struct intern texts, forms;
	uint32_t *form_of; /* by text */
	size_t cap_texts;
	struct missed_form *v; /* by form */
	struct bag *bags;
	size_t n, cap, n_bags, cap_bags;
};

static void add_bag(struct reading *rd, const struct utterance *u, struct bag *out)
{
	struct bag b = {0};

	for (size_t i = 0; i < u->n; i++) {
		struct token t = u->tokens[i];

		if (t.kind == TOKEN_NUMBER)
			t.head = t.stem = t.text = STR("0");
		bag_add_token(&rd->scratch, &b, &t, PARTS, is_stop(&t) ? STOP_WEIGHT : 1);
	}
	bag_sort(&b);
	*out = (struct bag){.v = ARENA_ARRAY(rd->a, struct term, b.n), .n = b.n, .cap = b.n};
	if (b.n)
		memcpy(out->v, b.v, b.n * sizeof *b.v);
}

static uint32_t put_form(struct reading *rd, const struct missed *m)
{
	struct buf text = {0};
	struct utterance u;
	struct bag bag;
	uint32_t form;

	arena_reset(&rd->scratch);
	utterance_read(&rd->scratch, rd->lexicon, m->text, &u);
	print_form(&u, &text);
	form = intern_put(&rd->forms, buf_view(&text));
	if (form == rd->n) {
		const struct missed_form fresh = {
			.id = str_hash(buf_view(&text)) >> 1, .text = m->text, .lang = u.lang};

		add_bag(rd, &u, &bag);
		ARENA_PUSH(rd->a, rd->bags, rd->n_bags, rd->cap_bags, bag);
		ARENA_PUSH(rd->a, rd->v, rd->n, rd->cap, fresh);
	}
	buf_done(&text);
	return form;
}

/* The form of a text; a text that was read before is not read again. */
static uint32_t form_of(struct reading *rd, const struct missed *m)
{
	uint32_t known = rd->texts.n, text = intern_put(&rd->texts, m->text);

	if (text < known)
		return rd->form_of[text];
	if (text >= rd->cap_texts) {
		rd->cap_texts = rd->cap_texts ? rd->cap_texts * 2 : 256;
		rd->form_of = mem_resize(rd->form_of, rd->cap_texts, sizeof *rd->form_of);
	}
	return rd->form_of[text] = put_form(rd, m);
}

static void read_messages(struct reading *rd, const struct moment *all, size_t n)
{
	uint32_t *forms = mem_alloc((n ? n : 1) * sizeof *forms);

	for (size_t i = 0; i < n; i++) {
		forms[i] = form_of(rd, all[i].m);
		rd->v[forms[i]].n++;
	}
	for (size_t i = 0; i < rd->n; i++) {
		rd->v[i].members = ARENA_ARRAY(rd->a, uint32_t, rd->v[i].n);
		rd->v[i].n = 0;
	}
	for (size_t i = 0; i < n; i++) {
		struct missed_form *f = &rd->v[forms[i]];

		f->members[f->n++] = all[i].i;
	}
	free(forms);
}

/* ---- vectors ---- */

struct known_term {
	uint64_t key;
	uint32_t df;
};

static int by_key(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return (a > b) - (a < b);
}

static int rarest_first(const void *pa, const void *pb)
{
	const struct known_term *a = pa, *b = pb;

	return a->df != b->df ? (a->df > b->df) - (a->df < b->df)
			      : (a->key > b->key) - (a->key < b->key);
}

/* Key -> number, open addressing. */
struct numbers {
	struct {
		uint64_t key;
		uint32_t number;
		bool used;
	} * slots;
	size_t mask;
};

static size_t slot_of(const struct numbers *t, uint64_t key)
{
	size_t i = (key ^ key >> 29) * 0x9e3779b97f4a7c15ull >> 20 & t->mask;

	while (t->slots[i].used && t->slots[i].key != key)
		i = (i + 1) & t->mask;
	return i;
}

static void number_terms(const struct known_term *terms, size_t n, struct numbers *out)
{
	size_t cap = 64;

	while (cap < n * 2)
		cap *= 2;
	out->mask = cap - 1;
	out->slots = mem_zalloc(cap * sizeof *out->slots);
	for (size_t i = 0; i < n; i++) {
		size_t s = slot_of(out, terms[i].key);

		out->slots[s].key = terms[i].key;
		out->slots[s].number = (uint32_t)i;
		out->slots[s].used = true;
	}
}

/* All terms there are, rarest first. Heap. */
static struct known_term *count_terms(const struct reading *rd, size_t *n)
{
	struct known_term *terms;
	size_t total = 0, used = 0;
	uint64_t *keys;

	for (size_t i = 0; i < rd->n; i++)
		total += rd->bags[i].n;
	keys = mem_alloc((total ? total : 1) * sizeof *keys);
	for (size_t i = 0, at = 0; i < rd->n; i++)
		for (size_t k = 0; k < rd->bags[i].n; k++)
			keys[at++] = rd->bags[i].v[k].key;
	qsort(keys, total, sizeof *keys, by_key);
	terms = mem_alloc((total ? total : 1) * sizeof *terms);
	for (size_t i = 0; i < total; i++) {
		if (i == 0 || keys[i] != keys[i - 1])
			terms[used++] = (struct known_term){keys[i], 0};
		terms[used - 1].df++;
	}
	free(keys);
	qsort(terms, used, sizeof *terms, rarest_first);
	*n = used;
	return terms;
}

static int by_number(const void *pa, const void *pb)
{
	const struct missed_term *a = pa, *b = pb;

	return (a->term > b->term) - (a->term < b->term);
}

static int heaviest_first(const void *pa, const void *pb)
{
	const struct missed_term *a = pa, *b = pb;

	return a->weight != b->weight ? (a->weight < b->weight) - (a->weight > b->weight)
				      : by_number(pa, pb);
}

static void weigh(struct reading *rd, size_t i, const struct numbers *numbers,
		  const struct known_term *terms)
{
	struct missed_form *f = &rd->v[i];
	const struct bag *bag = &rd->bags[i];
	double sum = 0;

	f->v = ARENA_ARRAY(rd->a, struct missed_term, bag->n);
	f->n_terms = bag->n;
	for (size_t k = 0; k < bag->n; k++) {
		uint32_t number = numbers->slots[slot_of(numbers, bag->v[k].key)].number;
		double idf = log(1 + ((double)rd->n + SMOOTH) / (terms[number].df + 1.));
		double weight = part_weight(bag->v[k].part) * idf * sqrt((double)bag->v[k].count);

		f->v[k] = (struct missed_term){number, (float)weight};
	}
	qsort(f->v, f->n_terms, sizeof *f->v, heaviest_first);
	if (f->n_terms > TERMS)
		f->n_terms = TERMS;
	for (size_t k = 0; k < f->n_terms; k++)
		sum += (double)f->v[k].weight * (double)f->v[k].weight;
	qsort(f->v, f->n_terms, sizeof *f->v, by_number);
	for (size_t k = 0; k < f->n_terms && sum > 0; k++)
		f->v[k].weight = (float)(f->v[k].weight / sqrt(sum));
}

static size_t weigh_all(struct reading *rd)
{
	struct numbers numbers;
	size_t n;
	struct known_term *terms = count_terms(rd, &n);

	number_terms(terms, n, &numbers);
	for (size_t i = 0; i < rd->n; i++)
		weigh(rd, i, &numbers, terms);
	free(numbers.slots);
	free(terms);
	return n;
}

static int most_first(const void *pa, const void *pb)
{
	const struct missed_form *a = pa, *b = pb;

	return a->n != b->n ? (a->n < b->n) - (a->n > b->n) : (a->id > b->id) - (a->id < b->id);
}

void missed_forms_read(struct arena *a, const struct lexicon *l, const struct missed *v, size_t n,
		       struct missed_forms *out)
{
	struct reading rd = {.a = a, .lexicon = l};
	struct moment *all = in_time(v, n);

	arena_init(&rd.scratch);
	intern_init(&rd.texts);
	intern_init(&rd.forms);
	read_messages(&rd, all, n);
	out->n_terms = weigh_all(&rd);
	out->v = rd.v;
	out->n = rd.n;
	if (rd.n)
		qsort(out->v, out->n, sizeof *out->v, most_first);
	intern_done(&rd.texts);
	intern_done(&rd.forms);
	arena_done(&rd.scratch);
	free(rd.form_of);
	free(all);
}
