/* How a Chinese character sounds: equal numbers for characters that are typed alike.
 *
 * Mandarin syllables without tone, each character under its first reading; zh z, ch c, sh s, ing in
 * and eng en count as the same (gen/gen_pinyin.c). 退款 and 退宽 sound the same, 视频 and 视屏 too.
 */
#ifndef TEXT_PINYIN_H
#define TEXT_PINYIN_H

#include <stdint.h>

/* 1 and up; 0 for what has no known sound (everything but common Chinese characters). */
uint16_t pinyin_of(int32_t codepoint);

#endif
