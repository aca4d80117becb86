/* The third part of a speller (text/spell.h): what people type on purpose instead of the usual word.
 *
 *	pls, thx, u, whats, wanna	-> please, thanks, you, what's, want to
 *	啥, 咋, 木有, 有优惠没		-> 什么, 怎么, 没有, 有优惠吗
 *	登陆, 帐号, 定单		-> 登录, 账号, 订单	(words, but hardly what was meant here)
 *
 * The same for every rule set. Whoever reads a message so has read it as typed before. */
#ifndef TEXT_SPELL_INFORMAL_H
#define TEXT_SPELL_INFORMAL_H

#include "text/spell.h"

/* By place, none within another; at most `max`. */
size_t spell_informal_find(const struct utterance *u, struct spell_fix *out, size_t max);

/* Names of mail boxes, pages and files are not words: zhao@gmial.com, /course/pyhton, a_b. */
bool spell_in_address(struct str text, size_t from, size_t to);

#endif
