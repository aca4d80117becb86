/* The entities that need no list: numbers, money, dates, durations, phones, e-mail addresses,
 * ordinals, in Chinese and English.
 *
 *	builtin   found                                        value
 *	number    3, 1,200.5, 3万, 一百五, twenty five         "3", "1200.5", "30000", "150", "25"
 *	money     一百五十块, ¥199, $20, 预算500, under 200    the amount: "150", "199", "20", …
 *	date      2026-03-01, 3月1日, March 1                  "2026-03-01", "--03-01" (ISO 8601)
 *	          明天, 下周三, next Monday                    the words, normalised
 *	duration  三天, 2 weeks, 半小时, 一个半月              days: "3", "14", "0.0208", "45"
 *	phone     13800138000, 010-12345678, +1 650 253 0000   digits, with + if written
 *	email     a@b.cn                                       as normalised
 *	ordinal   第三个, 2nd, first                           "3", "2", "1"
 *	price     免费, free; 200以内, under $200, 预算200     what it may cost: "0"; "200"
 *	          100到200元, $50-100; 200元以上, over 200     "100-200", "50-100"; "200-"
 *	          300元左右, about 300 yuan                    within a fifth: "240-360"
 *	          便宜, cheap, cheapest                        "cheap"
 *
 * Pure: relative dates stay words, because the reader has no clock. A month counts 30 days, a
 * year 365. */
#ifndef INTENTS_BUILTIN_H
#define INTENTS_BUILTIN_H

#include "intents/regex.h"
#include "intents/rule.h"

/* Its pattern, static: what it finds is for builtin_value to read. */
struct str builtin_pattern(enum builtin kind);

/* The value of the last hit of that regex in text, [begin, end) being the hit; false when it is
 * none after all (2026-13-45). Lives in the arena. */
bool builtin_value(enum builtin kind, const struct regex *r, const struct regex_run *run,
		   struct arena *a, struct str text, size_t begin, size_t end, struct str *value);

#endif
