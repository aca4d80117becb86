#include "text/english.h"

#include "text/dat.h"
#include "text/lexicon_image.h"

__asm__(".pushsection .rodata\n"
	".balign 64\n"
	"kefu_english_image:\n"
	".incbin \"" KEFU_ENGLISH_IMAGE "\"\n"
	".byte 0\n"
	".popsection\n");

extern const struct lexicon_image kefu_english_image;

bool english_knows(struct str word)
{
	const struct lexicon_image *image = &kefu_english_image;
	const struct dat words = {image->units, image->n_units};
	uint32_t cost;

	return dat_get(&words, word, &cost);
}
