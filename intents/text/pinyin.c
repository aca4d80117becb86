#include "text/pinyin.h"

#include "pinyin_table.h" /* generated: pinyin_names, pinyin_table */

size_t pinyin_read(uint32_t cp, uint16_t out[PINYIN_READINGS_MAX])
{
	size_t n = 0;

	if (cp < PINYIN_FIRST || cp > PINYIN_LAST)
		return 0;
	while (n < PINYIN_READINGS_MAX && pinyin_table[cp - PINYIN_FIRST][n]) {
		out[n] = pinyin_table[cp - PINYIN_FIRST][n];
		n++;
	}
	return n;
}

uint16_t pinyin_fold(uint16_t reading)
{
	return reading < PINYIN_SYLLABLES ? pinyin_folds[reading] : 0;
}

const char *pinyin_name(uint16_t reading)
{
	return reading < PINYIN_SYLLABLES ? pinyin_names[reading] : "";
}
