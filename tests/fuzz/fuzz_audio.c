/* What an utterance goes through: an `audio` frame, its base64, a WAV in it; and a WAV as an engine writes one.
 * What is taken keeps its promises and reads back the same. */
#include "fuzz/fuzz.h"

#include "net/frame.h"
#include "secret.h"
#include "text/mem.h"
#include "wav.h"

static void check_wav(struct str bytes)
{
	struct wav w = {0}, again;
	struct buf b = {0};
	struct err err;

	if (wav_read(bytes, &w, &err) != 0) {
		HOLDS(err.text[0] && !w.pcm.p);
		return;
	}
	HOLDS(w.rate >= WAV_RATE_MIN && w.rate <= WAV_RATE_MAX);
	HOLDS(w.channels == 1 || w.channels == 2);
	HOLDS(w.pcm.n && w.pcm.n % ((size_t)w.channels * 2) == 0);
	HOLDS(w.pcm.p >= bytes.p && w.pcm.p + w.pcm.n <= bytes.p + bytes.n);
	wav_put_head(&b, w.rate, w.channels, w.pcm.n);
	HOLDS(b.n == WAV_HEAD);
	buf_str(&b, w.pcm);
	HOLDS(wav_read(buf_view(&b), &again, NULL) == 0);
	HOLDS(again.rate == w.rate && again.channels == w.channels && str_eq(again.pcm, w.pcm));
	buf_done(&b);
}

static void check_data(struct str data)
{
	size_t room = data.n / 4 * 3 + 3, n = room;
	unsigned char *bytes = mem_alloc(room);

	if (secret_base64(data, bytes, &n)) {
		HOLDS(data.n % 4 == 0 && n <= data.n / 4 * 3);
		check_wav((struct str){(const char *)bytes, n});
	} else {
		HOLDS(n == room);
	}
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = {(const char *)data, size};
	struct frame f;
	struct fault fault = {0};

	check_wav(bytes);
	if (frame_read(bytes, &f, &fault) == 0 && f.type == FRAME_AUDIO) {
		HOLDS(f.id.n && f.id.n <= FRAME_ID_MAX);
		check_data(f.data);
	}
	frame_done(&f);
	return 0;
}
