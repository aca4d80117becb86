#include "text/senses.h"

#include <stdlib.h>

#include "text/vectors.h"

__asm__(".pushsection .rodata\n"
	".balign 64\n"
	"kefu_senses_image:\n"
	".incbin \"" KEFU_SENSES_IMAGE "\"\n"
	"kefu_senses_image_end:\n"
	".byte 0\n"
	".popsection\n");

extern const char kefu_senses_image[], kefu_senses_image_end[];

struct str senses_image(void)
{
	return (struct str){kefu_senses_image, (size_t)(kefu_senses_image_end - kefu_senses_image)};
}

const struct vectors *senses_vectors(struct arena *a)
{
	const struct vectors *v = vectors_trusted(a, senses_image());

	if (!v)
		abort(); /* the build made it */
	return v;
}
