/* Static word vectors: words of several languages as points of one space, near when they mean alike.
 *
 * They come in a file of their own, which is optional: `./dev vectors` makes one. It is mapped
 * read-only, so that all processes (and all snapshots of one) share one copy in memory, and it is
 * searched where it lies. Format `kefu vectors 1`, all numbers little-endian:
 *
 *	offset  bytes         what
 *	0       16            "kefu vectors 1\n\0"
 *	16      4             dims: numbers a vector, 1 to VECTORS_DIMS_MAX
 *	20      4             words
 *	24      4             slots: a power of two, greater than words
 *	28      4             letters: bytes of all words
 *	32      8             checksum of all that follows the header, see below
 *	40      24            0
 *	64      4 x slots     hash table: number of a word + 1, 0 = free; a word is sought from slot
 *	                      str_hash(word) % slots on, until a free one
 *	        4 x words+1   start of each word in letters, and the end of the last one
 *	        4 x words     scale of each row, float
 *	        4 x words     weight of each word in a text, float
 *	        dims x words  rows: int8; vector of a word = row x scale
 *	        letters       the words, normalised (text/normal.h), UTF-8
 *
 * Weights are those of SIF, a / (a + p(word)) (Arora, Liang and Ma, "A simple but tough-to-beat baseline
 * for sentence embeddings", ICLR 2017). What all texts of a language have in common is taken out of
 * each vector by the maker: it is linear, so the weighted mean of a text's words has lost it too.
 *
 * Checksum: h = 0xcbf29ce484222325; for each 8 bytes as a number w (the last ones filled up with 0):
 * h = (h ^ w) * 0x100000001b3, h ^= h >> 29. It finds damage; against a hostile file every number is
 * checked besides. A file in use must be replaced by renaming another one over it, never written in place:
 * one that is cut short under a mapping ends the process (SIGBUS), as with any mapped file. */
#ifndef TEXT_VECTORS_H
#define TEXT_VECTORS_H

#include "text/err.h"
#include "text/utterance.h"

enum {
	VECTORS_DIMS_MAX = 1024,
	VECTORS_WORDS_MAX = 4 << 20,
};

/* Immutable; any thread may read it. */
struct vectors;

/* ERR_NOT_FOUND, ERR_DENIED or ERR_IO: the file cannot be read; ERR_INVALID: it is no such file;
 * ERR_CORRUPT: it is damaged. */
MUST_USE int vectors_open(const char *path, struct vectors **out, struct err *err);

/* The same of bytes that are lent until vectors_close: aligned to 4. */
MUST_USE int vectors_of(struct str bytes, struct vectors **out, struct err *err);

/* The same of bytes that nobody can have damaged, those in the program: looked at no further than their
 * header. Lives in the arena and is not closed; NULL when it is no file of vectors. */
const struct vectors *vectors_trusted(struct arena *a, struct str bytes);

void vectors_close(struct vectors *v);

size_t vectors_dims(const struct vectors *v);
size_t vectors_words(const struct vectors *v);

/* What is mapped: memory that is shared with every process that maps the file. */
size_t vectors_bytes(const struct vectors *v);

/* Its row, when the word (normalised) is there. */
bool vectors_find(const struct vectors *v, struct str word, uint32_t *row);

/* The weighted mean of a text's words, of length 1, into out[dims]. A Chinese word that is not there is
 * read by its parts, an English one by its stem. False when no word is known: then out is all 0. */
bool vectors_mean(const struct vectors *v, const struct utterance *u, float *out);

/* The same, with how much of the text it speaks for: the share, 0 to 1, of words that are there in the weight of
 * all. A word that is not there weighs 1. */
bool vectors_mean_known(const struct vectors *v, const struct utterance *u, float *out,
			float *known);

#endif
