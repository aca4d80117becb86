#include "wav.h"

enum { FORMAT_PCM = 1, FORMAT_EXTENSIBLE = 0xfffe, FMT_MIN = 16 };

static uint32_t get_le(struct str s, size_t at, int bytes)
{
	uint32_t v = 0;

	for (int i = bytes; i-- > 0;)
		v = v << 8 | (unsigned char)s.p[at + (size_t)i];
	return v;
}

static int fmt_read(struct str chunk, struct wav *w, struct err *err)
{
	uint32_t format, channels, rate, bits;

	if (chunk.n < FMT_MIN)
		return err_set(err, ERR_INVALID, "the WAV's format chunk is cut short");
	format = get_le(chunk, 0, 2);
	channels = get_le(chunk, 2, 2);
	rate = get_le(chunk, 4, 4);
	bits = get_le(chunk, 14, 2);
	if ((format != FORMAT_PCM && format != FORMAT_EXTENSIBLE) || bits != 16 || channels < 1 ||
	    channels > 2 || rate < WAV_RATE_MIN || rate > WAV_RATE_MAX)
		return err_set(err, ERR_INVALID,
			       "the WAV is not 16-bit PCM of one or two channels (format %u, %u "
			       "channels, %u bits, %u Hz)",
			       format, channels, bits, rate);
	w->rate = (int)rate;
	w->channels = (int)channels;
	return 0;
}

int wav_read(struct str bytes, struct wav *out, struct err *err)
{
	struct wav w = {0};
	size_t at = 12, frame;

	if (bytes.n < 12 || !str_starts(bytes, STR("RIFF")) ||
	    !str_eq(str_sub(bytes, 8, 12), STR("WAVE")))
		return err_set(err, ERR_INVALID, "this is no WAV file");
	while (bytes.n - at >= 8) {
		struct str id = str_sub(bytes, at, at + 4);
		size_t size = get_le(bytes, at + 4, 4), left = bytes.n - at - 8;
		struct str chunk = str_sub(bytes, at + 8, at + 8 + (size < left ? size : left));
		int rc;

		if (str_eq(id, STR("fmt ")) && (rc = fmt_read(chunk, &w, err)) != 0)
			return rc;
		if (str_eq(id, STR("data"))) {
			w.pcm = chunk;
			break;
		}
		at += 8 + chunk.n;
		at += at < bytes.n && (size & 1); /* chunks begin at even places */
	}
	if (!w.rate)
		return err_set(err, ERR_INVALID, "the WAV has no format in front of its samples");
	frame = (size_t)w.channels * 2;
	w.pcm.n -= w.pcm.n % frame;
	if (!w.pcm.n)
		return err_set(err, ERR_INVALID, "the WAV has no samples");
	*out = w;
	return 0;
}

static void put_le(struct buf *out, uint32_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_char(out, (char)(v >> (8 * i) & 0xff));
}

void wav_put_head(struct buf *out, int rate, int channels, size_t pcm_bytes)
{
	uint32_t n = (uint32_t)pcm_bytes, r = (uint32_t)rate, c = (uint32_t)channels;

	buf_cstr(out, "RIFF");
	put_le(out, n + WAV_HEAD - 8, 4);
	buf_cstr(out, "WAVEfmt ");
	put_le(out, FMT_MIN, 4);
	put_le(out, FORMAT_PCM, 2);
	put_le(out, c, 2);
	put_le(out, r, 4);
	put_le(out, r * c * 2, 4);
	put_le(out, c * 2, 2);
	put_le(out, 16, 2);
	buf_cstr(out, "data");
	put_le(out, n, 4);
}

int64_t wav_ms(const struct wav *w)
{
	return (int64_t)(w->pcm.n / ((size_t)w->channels * 2)) * 1000 / w->rate;
}
