#include "text/pinyin.h"

#include "pinyin_table.h"

uint16_t pinyin_of(int32_t codepoint)
{
	if (codepoint < PINYIN_FIRST || codepoint > PINYIN_LAST)
		return 0;
	return pinyin_sound[codepoint - PINYIN_FIRST];
}
