#include "text/spell_informal.h"

#include <stdlib.h>

struct informal {
	struct str typed, meant;
};

/* By bytes: they are searched by halves. */
static const struct informal latin[] = {
	{STR_INIT("2moro"), STR_INIT("tomorrow")},
	{STR_INIT("2morrow"), STR_INIT("tomorrow")},
	{STR_INIT("4u"), STR_INIT("for you")},
	{STR_INIT("abt"), STR_INIT("about")},
	{STR_INIT("acc"), STR_INIT("account")},
	{STR_INIT("acct"), STR_INIT("account")},
	{STR_INIT("adios"), STR_INIT("goodbye")},
	{STR_INIT("adn"), STR_INIT("and")},
	{STR_INIT("aint"), STR_INIT("isn't")},
	{STR_INIT("alot"), STR_INIT("a lot")},
	{STR_INIT("appt"), STR_INIT("appointment")},
	{STR_INIT("b4"), STR_INIT("before")},
	{STR_INIT("bcoz"), STR_INIT("because")},
	{STR_INIT("bcz"), STR_INIT("because")},
	{STR_INIT("cant"), STR_INIT("can't")},
	{STR_INIT("cert"), STR_INIT("certificate")},
	{STR_INIT("coz"), STR_INIT("because")},
	{STR_INIT("cuz"), STR_INIT("because")},
	{STR_INIT("cya"), STR_INIT("see you")},
	{STR_INIT("dont"), STR_INIT("don't")},
	{STR_INIT("dunno"), STR_INIT("don't know")},
	{STR_INIT("gimme"), STR_INIT("give me")},
	{STR_INIT("gm"), STR_INIT("good morning")},
	{STR_INIT("gonna"), STR_INIT("going to")},
	{STR_INIT("gotta"), STR_INIT("have to")},
	{STR_INIT("gr8"), STR_INIT("great")},
	{STR_INIT("gud"), STR_INIT("good")},
	{STR_INIT("helo"), STR_INIT("hello")},
	{STR_INIT("heya"), STR_INIT("hello")},
	{STR_INIT("heyy"), STR_INIT("hey")},
	{STR_INIT("hii"), STR_INIT("hi")},
	{STR_INIT("hiya"), STR_INIT("hello")},
	{STR_INIT("hows"), STR_INIT("how's")},
	{STR_INIT("hrs"), STR_INIT("hours")},
	{STR_INIT("hte"), STR_INIT("the")},
	{STR_INIT("hw"), STR_INIT("homework")},
	{STR_INIT("idk"), STR_INIT("i don't know")},
	{STR_INIT("im"), STR_INIT("i'm")},
	{STR_INIT("ive"), STR_INIT("i've")},
	{STR_INIT("kk"), STR_INIT("okay")},
	{STR_INIT("l8r"), STR_INIT("later")},
	{STR_INIT("lemme"), STR_INIT("let me")},
	{STR_INIT("mins"), STR_INIT("minutes")},
	{STR_INIT("msg"), STR_INIT("message")},
	{STR_INIT("msgs"), STR_INIT("messages")},
	{STR_INIT("nvm"), STR_INIT("never mind")},
	{STR_INIT("okey"), STR_INIT("okay")},
	{STR_INIT("okie"), STR_INIT("okay")},
	{STR_INIT("passwd"), STR_INIT("password")},
	{STR_INIT("pleez"), STR_INIT("please")},
	{STR_INIT("plis"), STR_INIT("please")},
	{STR_INIT("pls"), STR_INIT("please")},
	{STR_INIT("plss"), STR_INIT("please")},
	{STR_INIT("plz"), STR_INIT("please")},
	{STR_INIT("ppl"), STR_INIT("people")},
	{STR_INIT("pswd"), STR_INIT("password")},
	{STR_INIT("pw"), STR_INIT("password")},
	{STR_INIT("pwd"), STR_INIT("password")},
	{STR_INIT("r"), STR_INIT("are")},
	{STR_INIT("smth"), STR_INIT("something")},
	{STR_INIT("sth"), STR_INIT("something")},
	{STR_INIT("teh"), STR_INIT("the")},
	{STR_INIT("thanku"), STR_INIT("thank you")},
	{STR_INIT("thankyou"), STR_INIT("thank you")},
	{STR_INIT("thanx"), STR_INIT("thanks")},
	{STR_INIT("thats"), STR_INIT("that's")},
	{STR_INIT("theres"), STR_INIT("there's")},
	{STR_INIT("thnx"), STR_INIT("thanks")},
	{STR_INIT("tho"), STR_INIT("though")},
	{STR_INIT("thru"), STR_INIT("through")},
	{STR_INIT("thx"), STR_INIT("thanks")},
	{STR_INIT("tks"), STR_INIT("thanks")},
	{STR_INIT("tmr"), STR_INIT("tomorrow")},
	{STR_INIT("tmrw"), STR_INIT("tomorrow")},
	{STR_INIT("tnx"), STR_INIT("thanks")},
	{STR_INIT("tomo"), STR_INIT("tomorrow")},
	{STR_INIT("ty"), STR_INIT("thank you")},
	{STR_INIT("tysm"), STR_INIT("thank you so much")},
	{STR_INIT("u"), STR_INIT("you")},
	{STR_INIT("ur"), STR_INIT("your")},
	{STR_INIT("vedio"), STR_INIT("video")},
	{STR_INIT("vedios"), STR_INIT("videos")},
	{STR_INIT("vid"), STR_INIT("video")},
	{STR_INIT("vids"), STR_INIT("videos")},
	{STR_INIT("wana"), STR_INIT("want to")},
	{STR_INIT("wanna"), STR_INIT("want to")},
	{STR_INIT("wats"), STR_INIT("what's")},
	{STR_INIT("whats"), STR_INIT("what's")},
	{STR_INIT("whens"), STR_INIT("when's")},
	{STR_INIT("wheres"), STR_INIT("where's")},
	{STR_INIT("whos"), STR_INIT("who's")},
	{STR_INIT("wont"), STR_INIT("won't")},
	{STR_INIT("wut"), STR_INIT("what")},
	{STR_INIT("yall"), STR_INIT("you")},

};

/* By first character, by bytes; of those that share it longer ones first. */
static const struct informal chinese[] = {
	{STR_INIT("代金卷"), STR_INIT("代金券")},   {STR_INIT("优惠卷"), STR_INIT("优惠券")},
	{STR_INIT("何时"), STR_INIT("什么时候")},   {STR_INIT("俺"), STR_INIT("我")},
	{STR_INIT("偶的"), STR_INIT("我的")},	    {STR_INIT("几多钱"), STR_INIT("多少钱")},
	{STR_INIT("几时"), STR_INIT("什么时候")},   {STR_INIT("到帐"), STR_INIT("到账")},
	{STR_INIT("劵"), STR_INIT("券")},	    {STR_INIT("咋弄"), STR_INIT("怎么办")},
	{STR_INIT("咋整"), STR_INIT("怎么办")},	    {STR_INIT("咋"), STR_INIT("怎么")},
	{STR_INIT("啥"), STR_INIT("什么")},	    {STR_INIT("嘛时候"), STR_INIT("什么时候")},
	{STR_INIT("多少银子"), STR_INIT("多少钱")}, {STR_INIT("多少米"), STR_INIT("多少钱")},
	{STR_INIT("定单"), STR_INIT("订单")},	    {STR_INIT("帐单"), STR_INIT("账单")},
	{STR_INIT("帐号"), STR_INIT("账号")},	    {STR_INIT("帐户"), STR_INIT("账户")},
	{STR_INIT("折扣卷"), STR_INIT("折扣券")},   {STR_INIT("木有"), STR_INIT("没有")},
	{STR_INIT("灰常"), STR_INIT("非常")},	    {STR_INIT("甚么"), STR_INIT("什么")},
	{STR_INIT("登入"), STR_INIT("登录")},	    {STR_INIT("登陆"), STR_INIT("登录")},
	{STR_INIT("神马"), STR_INIT("什么")},	    {STR_INIT("米有"), STR_INIT("没有")},
	{STR_INIT("肿么"), STR_INIT("怎么")},
};

bool spell_in_address(struct str text, size_t from, size_t to)
{
	static const char signs[] = "@./:#_\\&=-";
	bool before = from > 0 && memchr(signs, text.p[from - 1], sizeof signs - 1);
	bool after = to + 1 < text.n && memchr(signs, text.p[to], sizeof signs - 1) &&
		     text.p[to + 1] != ' ';

	return before || after;
}

static int by_typed(const void *key, const void *row)
{
	return str_cmp(*(const struct str *)key, ((const struct informal *)row)->typed);
}

static const struct informal *find_latin(const struct utterance *u, const struct token *t)
{
	if (spell_in_address(u->normal.text, t->at, t->at + t->text.n))
		return NULL;
	return bsearch(&t->text, latin, sizeof latin / sizeof *latin, sizeof *latin, by_typed);
}

enum { HAN_BYTES = 3, CHINESE = sizeof chinese / sizeof *chinese };

/* The first that begins with that character, or behind where it would stand. */
static size_t first_of(const char *character)
{
	size_t from = 0, to = CHINESE;

	while (from < to) {
		size_t mid = (from + to) / 2;

		if (memcmp(chinese[mid].typed.p, character, HAN_BYTES) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static const struct informal *find_chinese(struct str rest)
{
	if (rest.n < HAN_BYTES)
		return NULL;
	for (size_t i = first_of(rest.p);
	     i < CHINESE && !memcmp(chinese[i].typed.p, rest.p, HAN_BYTES); i++) {
		if (str_starts(rest, chinese[i].typed))
			return &chinese[i];
	}
	return NULL;
}

/* 有优惠没 and 能便宜点不 ask: the last word of a run that goes before. */
static bool asks_at_the_end(struct str run, size_t at)
{
	struct str last = str_sub(run, at, run.n);

	return at >= 2 * HAN_BYTES && (str_eq(last, STR("没")) || str_eq(last, STR("不")));
}

static size_t find_in_run(struct str text, size_t from, size_t to, struct spell_fix *out,
			  size_t max)
{
	struct str run = str_sub(text, from, to);
	size_t n = 0;

	for (size_t i = 0; i < run.n && n < max;) {
		const struct informal *f = find_chinese(str_sub(run, i, run.n));
		struct spell_fix fix = {.from = (uint32_t)(from + i)};

		if (f) {
			i += f->typed.n;
			fix.meant = f->meant;
		} else {
			bool asks = asks_at_the_end(run, i);

			i += HAN_BYTES; /* or within one of four bytes: nothing here begins so */
			if (!asks)
				continue;
			fix.meant = STR("吗");
		}
		fix.to = (uint32_t)(from + i);
		out[n++] = fix;
	}
	return n;
}

static size_t run_end(const struct utterance *u, size_t i)
{
	size_t end = u->tokens[i].at;

	while (i < u->n && u->tokens[i].kind == TOKEN_HAN && u->tokens[i].at == end)
		end += u->tokens[i++].text.n;
	return i;
}

size_t spell_informal_find(const struct utterance *u, struct spell_fix *out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < u->n && n < max;) {
		const struct token *t = &u->tokens[i];
		size_t end = i + 1;

		if (t->kind == TOKEN_HAN) {
			const struct token *last;

			end = run_end(u, i);
			last = &u->tokens[end - 1];
			n += find_in_run(u->normal.text, t->at, last->at + last->text.n, out + n,
					 max - n);
		} else if (t->kind == TOKEN_WORD) {
			const struct informal *f = find_latin(u, t);

			if (f)
				out[n++] = (struct spell_fix){t->at, (uint32_t)(t->at + t->text.n),
							      f->meant};
		}
		i = end;
	}
	return n;
}
