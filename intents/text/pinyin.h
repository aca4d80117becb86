/* How Chinese characters are read: pinyin without tones, by a table made from Unihan at build time
 * (CJK Unified Ideographs; the rest has no reading).
 *
 *	款 kuan		行 xing, hang		绿 lv
 *
 * Folded, what many speakers and keyboards do not tell apart is one: zh ch sh are z c s, eng ing are
 * en in; 视屏 (shi ping) sounds like 视频 (shi pin). */
#ifndef TEXT_PINYIN_H
#define TEXT_PINYIN_H

#include <stddef.h>
#include <stdint.h>

enum { PINYIN_READINGS_MAX = 2 };

/* The readings of a character, the customary one first, as numbers from 1 to PINYIN_NUMBER_MAX;
 * returns how many. */
size_t pinyin_read(uint32_t cp, uint16_t out[PINYIN_READINGS_MAX]);

enum { PINYIN_NUMBER_MAX = 599 };

/* The number of the folded reading. */
uint16_t pinyin_fold(uint16_t reading);

/* "kuan"; "" for a number that is none. */
const char *pinyin_name(uint16_t reading);

#endif
