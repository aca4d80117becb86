#include "kb/faq_index.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "text/buf.h"
#include "text/mem.h"

/* Letters are many to a word. */
float faq_cover(enum bag_part part)
{
	return part == BAG_GRAMS ? .5f : 1;
}

/* While building: one entry's bags live in `scratch`. */
struct building {
	struct faq_index *f;
	const struct lexicon *lexicon;
	struct arena scratch;
};

static void add_bag(struct arena *a, struct bag *to, const struct bag *from)
{
	for (size_t i = 0; i < from->n; i++)
		if (from->v[i].part != BAG_SOUNDS)
			ARENA_PUSH(a, to->v, to->n, to->cap, from->v[i]);
}

static void read_wording(struct building *b, struct str text, struct bag *whole)
{
	struct bag bag = {0};
	struct utterance u;

	utterance_read(&b->scratch, b->lexicon, text, &u);
	bag_add(&b->scratch, &bag, &u, FAQ_PARTS | BAG_SOUNDS, 1);
	bag_sort(&bag);
	postings_add(b->f->questions, &bag);
	faq_meaning_add(b->f->meaning, &u);
	b->f->entry[b->f->n++] = (uint32_t)b->f->n_entries;
	if (b->f->entries)
		add_bag(&b->scratch, whole, &bag);
}

static void read_answer(struct building *b, struct str answer)
{
	struct bag bag = {0};
	struct utterance u;

	if (answer.n) {
		utterance_read(&b->scratch, b->lexicon, answer, &u);
		bag_add(&b->scratch, &bag, &u, BAG_WORDS, 1);
		bag_sort(&bag);
	}
	postings_add(b->f->answers, &bag);
}

static void read_entry(struct building *b, const struct faq_doc *doc)
{
	struct bag whole = {0};

	arena_reset(&b->scratch);
	for (size_t i = 0; i < doc->n; i++)
		read_wording(b, doc->questions[i], &whole);
	if (b->f->entries) {
		bag_sort(&whole);
		postings_add(b->f->entries, &whole);
	}
	read_answer(b, doc->answer);
	b->f->first[++b->f->n_entries] = (uint32_t)b->f->n;
}

static void weigh_wordings(struct faq_index *f)
{
	f->mass = mem_zalloc((f->n + FAQ_MASS_LANES) * sizeof *f->mass);
	f->sounds = mem_zalloc((f->n + FAQ_MASS_LANES) * sizeof *f->sounds);
	for (uint32_t d = 0; d < f->n; d++) {
		const struct doc_list own = postings_doc(f->questions, d);

		for (size_t i = 0; i < own.n; i++) {
			uint32_t term = doc_list_term(&own, i);
			enum bag_part part = bag_part(postings_key(f->questions, term));
			float cover = postings_idf(f->questions, (int32_t)term) * faq_cover(part);

			*(part == BAG_SOUNDS ? &f->sounds[d] : &f->mass[d]) += cover;
		}
	}
}

static void seal(struct building *b)
{
	struct faq_index *f = b->f;

	postings_seal(f->questions, true);
	if (f->entries)
		postings_seal(f->entries, false);
	postings_seal(f->answers, false);
	weigh_wordings(f);
	arena_done(&b->scratch);
}

static uint64_t mix(uint64_t key, uint64_t x)
{
	key = (key ^ x) * 0x9e3779b97f4a7c15ULL;
	return key ^ key >> 29;
}

static uint64_t key_of(const struct faq_doc *docs, size_t n)
{
	uint64_t key = mix(1, n);

	for (size_t i = 0; i < n; i++) {
		key = mix(mix(key, docs[i].n), docs[i].answer.n);
		key = mix(key, str_hash_quick(docs[i].answer));
		for (size_t k = 0; k < docs[i].n; k++)
			key = mix(mix(key, docs[i].questions[k].n),
				  str_hash_quick(docs[i].questions[k]));
	}
	return key;
}

static bool doc_reads_alike(struct arena *a, const struct faq_doc *doc,
			    const struct lexicon_change *change)
{
	bool alike = lexicon_reads_alike(change, normal_text(a, doc->answer));

	for (size_t i = 0; i < doc->n && alike; i++)
		alike = lexicon_reads_alike(change, normal_text(a, doc->questions[i]));
	return alike;
}

static bool read_alike(const struct faq_doc *docs, size_t n, const struct lexicon_change *change)
{
	struct arena scratch;
	bool alike = true;

	arena_init(&scratch);
	for (size_t i = 0; i < n && alike; i++) {
		arena_reset(&scratch);
		alike = doc_reads_alike(&scratch, &docs[i], change);
	}
	arena_done(&scratch);
	return alike;
}

struct faq_index *faq_index_renew(const struct lexicon *l, const struct faq_doc *docs, size_t n,
				  struct faq_index *before, const struct lexicon_change *change)
{
	if (change->all || before->key != key_of(docs, n) ||
	    (change->n > 0 && !read_alike(docs, n, change)))
		return faq_index_new(l, docs, n);
	atomic_fetch_add_explicit(&before->owners, 1, memory_order_relaxed);
	return before;
}

struct faq_index *faq_index_new(const struct lexicon *l, const struct faq_doc *docs, size_t n)
{
	struct faq_index *f = mem_zalloc(sizeof *f);
	struct building b = {.f = f, .lexicon = l};
	size_t total = 0;

	for (size_t i = 0; i < n; i++) {
		total += docs[i].n;
		f->n_further += docs[i].n > 1 ? docs[i].n - 1 : 0;
	}
	atomic_init(&f->owners, 1);
	f->key = key_of(docs, n);
	f->questions = postings_new();
	f->entries = f->n_further ? postings_new() : NULL;
	f->answers = postings_new();
	f->meaning = faq_meaning_new(total);
	f->entry = mem_alloc((total + 1) * sizeof *f->entry);
	f->first = mem_zalloc((n + 1) * sizeof *f->first);
	arena_init(&b.scratch);
	for (size_t i = 0; i < n; i++)
		read_entry(&b, &docs[i]);
	seal(&b);
	return f;
}

void faq_index_free(struct faq_index *f)
{
	if (!f || atomic_fetch_sub_explicit(&f->owners, 1, memory_order_acq_rel) > 1)
		return;
	postings_free(f->questions);
	postings_free(f->entries);
	postings_free(f->answers);
	faq_meaning_free(f->meaning);
	free(f->entry);
	free(f->first);
	free(f->mass);
	free(f->sounds);
	free(f);
}
