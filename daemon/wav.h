/* WAV files as far as speech needs them: RIFF with uncompressed 16-bit samples (PCM).
 *
 *	"RIFF" size "WAVE" | "fmt " 16 format channels rate … bits | … | "data" n samples
 *
 * Little-endian throughout (Microsoft's Multimedia Programming Interface, 1991). Programs that write to a
 * pipe cannot know the sizes when they begin and lie about them: a data chunk ends with the bytes there are.
 * Pure. */
#ifndef DAEMON_WAV_H
#define DAEMON_WAV_H

#include "text/err.h"

enum {
	WAV_HEAD = 44, /* bytes in front of the samples, as wav_put_head writes them */
	WAV_RATE_MIN = 4000,
	WAV_RATE_MAX = 192000,
};

struct wav {
	int rate;	/* samples a second of each channel */
	int channels;	/* 1 or 2 */
	struct str pcm; /* whole samples of all channels, borrowed; not empty */
};

/* ERR_INVALID: no RIFF, nothing behind the header, another format than 16-bit PCM. */
MUST_USE int wav_read(struct str bytes, struct wav *out, struct err *err);
/* The header of `pcm_bytes` of samples that follow. */
void wav_put_head(struct buf *out, int rate, int channels, size_t pcm_bytes);
int64_t wav_ms(const struct wav *w);

#endif
