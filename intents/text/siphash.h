/* SipHash-2-4 (Aumasson, Bernstein 2012, SipHash: a fast short-input PRF): a keyed hash of 64 bits that is as good as
 * random for whoever does not choose the key. The same on every machine and in every version: it may be
 * relied on beyond this process, as str_hash may not. */
#ifndef TEXT_SIPHASH_H
#define TEXT_SIPHASH_H

#include <stdint.h>

#include "text/str.h"

struct siphash_key {
	uint64_t a, b;
};

uint64_t siphash(struct siphash_key key, struct str s);

#endif
