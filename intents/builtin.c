#include "intents/builtin.h"

#include "intents/number.h"

/* clang-format off */
#define DIGITS "(?:\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?)(?:\\s?[百千万亿]|k\\b)?"
#define HAN "[零〇一二两三四五六七八九十百千万亿]+"
#define WORD "(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|" \
	"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|" \
	"ninety|hundred|thousand)"
#define WORDS "\\b" WORD "(?:(?: and |[ -])" WORD ")*\\b"
/* A whole numeral: nothing is given back once it is taken. */
#define NUMBER_AS(name) "(?<" name ">(?>" DIGITS "|" HAN "|" WORDS "))"
#define NUMBER NUMBER_AS("n")
#define SIGN "(?:[¥$€£]|\\b(?:rmb|cny|usd)\\b) ?"
#define UNIT " ?(?:元|块钱|块|圆|人民币|美元|美金|(?:rmb|cny|usd|yuan|dollars?|bucks?)\\b|[¥$€£])"
/* Behind a bare number: it counts something else than money. */
#define NO_PRICE "(?! ?(?:天|个|门|节|年|月|周|小时|分钟|秒|岁|次|人|位|%|(?:day|week|hour|month|year|minute|lesson|course|" \
	"people|student|learner|time|\\d)))"
#define PRICE_FREE \
	"(?<free>(?<!不)(?<!不是)免费(?! ?(?:试|体验))|白嫖|不要钱|不花钱|不用钱|零元|(?<![\\d.])0 ?(?:元|块)|" \
	"(?<!-)(?<!feel )(?<!not )(?<!ad )(?<!risk )(?<!gluten )(?<!stress )(?<!sugar )" \
	"\\bfree\\b(?: of charge\\b)?(?![ -](?:trial|preview|sample|up|time))|\\bat no cost\\b)"
#define PRICE_CHEAP \
	"(?<cheap>(?<!不)便宜|实惠|平价|低价|\\b(?:cheap(?:er|est)?|affordable|inexpensive|low[- ](?:cost|priced?)|" \
	"budget[- ]friendly)\\b)"
#define PRICE_BEFORE \
	"(?:(?:(?<most>(?<budget>预算|\\bbudget\\b)|不超过|不高于|低于|少于|小于|最多|不到|价格|" \
	"\\b(?:under|below|less than|no more than|up to|at most|within|max|maximum)\\b)|" \
	"(?<least>不低于|不少于|高于|超过|大于|至少|\\b(?:at least|over|above|more than|no less than|starting (?:at|from))\\b)|" \
	"(?<both>\\bbetween\\b)) ?(?:(?:是|为|在|(?:of|is)\\b) ?)?)?" \
	"(?:(?<about>大概|大约|差不多|约|\\b(?:around|about|roughly|approximately)\\b) ?)?"
#define PRICE_BEHIND \
	"(?: ?(?:(?<least>以上|起|往上|\\b(?:or|and) (?:more|up|above|over)\\b)|(?<about>左右|上下)|" \
	"(?<most>以内|以下|之内|\\bor (?:less|under|below)\\b)))?"
#define MONTH "(?<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january|february|march|april|" \
	"august|september|october|november|december)\\b\\.?"
#define WEEKDAY "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
#define TH "(?:st|nd|rd|th)?"
#define WEEK "(?:周|星期|礼拜)"

static const char *const patterns[] = {
	[BUILTIN_NUMBER] =
		"(?<![\\d.])(?<n>(?>" DIGITS "|" WORDS "))(?!\\d)|"
		"(?<![第统唯单某同另之])(?<n>" HAN ")(?![下样直定般些起切旦共边面旁])",
	[BUILTIN_MONEY] =
		"(?:[¥$€£]|\\b(?:rmb|cny|usd)\\b) ?" NUMBER "|"
		"(?<![\\d.])" NUMBER " ?(?:元|块钱|块|圆)(?:(?<tenth>[\\d一二三四五六七八九])毛?(?![\\d十百千个门节]))?|"
		"(?<![\\d.])" NUMBER " ?(?:人民币|美元|美金|(?:rmb|cny|usd|yuan|dollars?|bucks?)\\b|[¥$€£])|"
		"(?:预算|不超过|不高于|低于|少于|小于|最多|不到|价格|\\b(?:under|below|less than|up to|at most|within|"
		"max|maximum|budget)\\b) ?(?:大概|大约|是|为|在|约|(?:of|is)\\b)? ?" NUMBER
		"(?! ?(?:天|个|门|节|年|月|周|小时|分钟|秒|岁|次|人|%|(?:day|week|hour|month|year|minute|lesson|course)))|"
		"(?<![\\d.])(?<n>(?>" DIGITS ")) ?(?:以内|以下|之内|左右|上下)",
	[BUILTIN_DATE] =
		"(?<!\\d)(?<y>\\d{4}) ?[-/.年] ?(?<m>\\d{1,2}) ?[-/.月] ?(?<d>\\d{1,2})(?!\\d)[日号]?|"
		"(?<!\\d)(?<y>\\d{4})年 ?(?<m>\\d{1,2})月|"
		"(?<!\\d)(?<m>\\d{1,2}|[一二三四五六七八九十]{1,2})月 ?(?<d>\\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?|"
		"\\b" MONTH " (?<d>\\d{1,2})" TH "\\b(?:,? (?<y>\\d{4})\\b)?|"
		"\\b(?<d>\\d{1,2})" TH " (?:of )?" MONTH "(?:,? (?<y>\\d{4})\\b)?|"
		"大前天|前天|昨天|今天|明天|大后天|后天|[今明昨][晚早]|(?:上上|下下|[上下这本])个?" WEEK "[一二三四五六日天末]?|"
		WEEK "[一二三四五六日天末]|[上下这本]个?月(?:[底初末]|\\d{1,2}[号日])?|[去今明后前]年|(?<!\\d)\\d{1,2}号|"
		"\\b(?:the )?day (?:after tomorrow|before yesterday)\\b|\\b(?:today|tomorrow|tonight|yesterday)\\b|"
		"\\b(?:(?:next|last|this) )?" WEEKDAY "\\b|\\b(?:next|last|this) (?:week|weekend|month|year)\\b",
	[BUILTIN_DURATION] =
		"(?<![\\d.第])(?<n>(?>" DIGITS "|" HAN "|" WORDS "|\\ban?\\b|半))(?:(?: ?个)?(?<half>半))? ?"
		"(?:(?<unit>(?:个)?(?:年|星期|礼拜|周|天|工作日|小时|钟头|分钟|秒钟?)|个月|月(?<=半月)|个半月)(?<half>半)?|"
		"(?<unit>(?:year|month|week|day|hour|hr|minute|min|second|sec)s?)\\b)|"
		"\\bhalf an? (?<unit>hour|year|day|month)\\b",
	[BUILTIN_PHONE] =
		"(?<![\\d+])(?:\\+?86[- ]?)?1[3-9]\\d[- ]?\\d{4}[- ]?\\d{4}(?!\\d)|"
		"(?<!\\d)0\\d{2,3}[- ]?\\d{7,8}(?!\\d)|(?<!\\d)[48]00[- ]?\\d{3}[- ]?\\d{4}(?!\\d)|"
		"\\+\\d{1,3}(?:[- ]?\\d){6,13}(?!\\d)|(?<!\\d)(?:\\(\\d{3}\\) ?|\\d{3}-)\\d{3}-\\d{4}(?!\\d)",
	[BUILTIN_EMAIL] =
		"(?<![a-z0-9._%+-])[a-z0-9._%+-]+@[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.[a-z]{2,}\\b",
	[BUILTIN_ORDINAL] =
		"第 ?(?<n>(?>\\d+|" HAN "))[个门节章条次期位款种项课]?|(?<![\\d.])(?<n>\\d+)(?:st|nd|rd|th)\\b|"
		"\\b(?<word>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\\b",
	[BUILTIN_PRICE] =
		PRICE_FREE "|" PRICE_CHEAP "|"
		PRICE_BEFORE "(?<sign>" SIGN ")?(?<![\\d.])" NUMBER "(?:(?<unit>" UNIT ")|(?(<sign>)|" NO_PRICE "))"
		"(?: ?(?:-|~|到|至|\\bto\\b|\\band\\b) ?(?:" SIGN ")?" NUMBER_AS("to") "(?:(?<unit>" UNIT ")|(?(<sign>)|" NO_PRICE ")))?"
		PRICE_BEHIND,
};
/* clang-format on */

struct str builtin_pattern(enum builtin kind)
{
	return str_of(patterns[kind]);
}

struct hit {
	const struct regex *regex;
	const struct regex_run *run;
	struct arena *arena;
	struct str all, text; /* all that was found; the text it is in */
};

/* The group of that name that took part; empty when none did. */
static struct str group(const struct hit *h, const char *name)
{
	size_t begin, end;

	for (size_t i = 0; i < regex_n_names(h->regex); i++) {
		if (str_eq(regex_name(h->regex, i), str_of(name)) &&
		    regex_group(h->regex, h->run, i, &begin, &end))
			return str_sub(h->text, begin, end);
	}
	return STR("");
}

static bool read_number(const struct hit *h, struct str *value)
{
	double n;

	if (!number_read(group(h, "n"), &n))
		return false;
	*value = number_print(h->arena, n);
	return true;
}

static bool read_money(const struct hit *h, struct str *value)
{
	double n, tenth = 0;
	struct str t = group(h, "tenth");

	if (!number_read(group(h, "n"), &n) || (t.n > 0 && !number_read(t, &tenth)))
		return false;
	*value = number_print(h->arena, n + tenth / 10);
	return true;
}

/* A number alone is no price, nor is one with just "or more": Python 3 or more. */
static bool is_price(const struct hit *h)
{
	static const char *const signs[] = {"sign", "unit", "most", "both", "about"};

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (group(h, signs[i]).n)
			return true;
	return group(h, "least").n && str_starts(h->all, group(h, "least"));
}

static struct str print_range(const struct hit *h, double min, double max)
{
	return arena_printf(h->arena, "%.*s-%.*s", STR_ARG(number_print(h->arena, min)),
			    STR_ARG(number_print(h->arena, max)));
}

/* "about 300" is within a fifth of it; a budget of about that much is a bound. */
static bool read_amounts(const struct hit *h, struct str *value)
{
	struct str to = group(h, "to");
	double n, end;

	if (!is_price(h) || !number_read(group(h, "n"), &n))
		return false;
	if (to.n) {
		if (!number_read(to, &end) || end < n)
			return false;
		*value = print_range(h, n, end);
	} else if (group(h, "least").n) {
		*value = arena_printf(h->arena, "%.*s-", STR_ARG(number_print(h->arena, n)));
	} else if (!group(h, "about").n) {
		*value = number_print(h->arena, n);
	} else {
		*value = group(h, "budget").n ? number_print(h->arena, n * 1.2)
					      : print_range(h, n * .8, n * 1.2);
	}
	return true;
}

static bool read_price(const struct hit *h, struct str *value)
{
	if (group(h, "cheap").n)
		*value = STR("cheap");
	else if (group(h, "free").n)
		*value = STR("0");
	else
		return read_amounts(h, value);
	return true;
}

static int read_month(struct str name)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	return (int)(str_find(str_of(names), str_sub(name, 0, 3), 0) / 3) + 1;
}

static bool read_date(const struct hit *h, struct str *value)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	struct str y = group(h, "y"), m = group(h, "m"), d = group(h, "d"),
		   name = group(h, "month");
	double month = 0, day = 1;

	if (m.n == 0 && name.n == 0) {
		*value = h->all;
		return true;
	}
	if (name.n > 0)
		month = read_month(name);
	else if (!number_read(m, &month))
		return false;
	if (d.n > 0 && !number_read(d, &day))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > days[(int)month - 1])
		return false;
	if (d.n == 0)
		*value = arena_printf(h->arena, "%.*s-%02d", STR_ARG(y), (int)month);
	else
		*value = arena_printf(h->arena, "%.*s-%02d-%02d", STR_ARG(y.n ? y : STR("-")),
				      (int)month, (int)day);
	return true;
}

static double days_of(struct str unit)
{
	static const struct {
		const char *part;
		double days;
	} units[] = {
		{"年", 365},	      {"月", 30},	   {"星期", 7},
		{"礼拜", 7},	      {"周", 7},	   {"天", 1},
		{"工作日", 1},	      {"小时", 1 / 24.0},  {"钟头", 1 / 24.0},
		{"分钟", 1 / 1440.0}, {"秒", 1 / 86400.0}, {"year", 365},
		{"month", 30},	      {"week", 7},	   {"day", 1},
		{"hour", 1 / 24.0},   {"hr", 1 / 24.0},	   {"min", 1 / 1440.0},
		{"sec", 1 / 86400.0},
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (str_find(unit, str_of(units[i].part), 0) != SIZE_MAX)
			return units[i].days;
	}
	return 0;
}

static bool read_duration(const struct hit *h, struct str *value)
{
	struct str text = group(h, "n"), unit = group(h, "unit");
	double n = 0.5; /* "half an hour" has no number */

	if (text.n > 0 && !number_read(text, &n))
		return false;
	if (group(h, "half").n > 0 || str_starts(unit, STR("个半")))
		n += 0.5;
	*value = number_print(h->arena, n * days_of(unit));
	return true;
}

static bool read_phone(const struct hit *h, struct str *value)
{
	char *p = arena_alloc(h->arena, h->all.n);
	size_t n = 0;

	for (size_t i = 0; i < h->all.n; i++) {
		if (h->all.p[i] == '+' || (h->all.p[i] >= '0' && h->all.p[i] <= '9'))
			p[n++] = h->all.p[i];
	}
	*value = (struct str){p, n};
	return true;
}

static bool read_email(const struct hit *h, struct str *value)
{
	*value = h->all;
	return true;
}

static bool read_ordinal(const struct hit *h, struct str *value)
{
	static const char *const words[] = {"first", "second",	"third",  "fourth", "fifth",
					    "sixth", "seventh", "eighth", "ninth",  "tenth"};
	struct str word = group(h, "word");

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (str_eq(word, str_of(words[i]))) {
			*value = number_print(h->arena, (double)i + 1);
			return true;
		}
	}
	return read_number(h, value);
}

bool builtin_value(enum builtin kind, const struct regex *r, const struct regex_run *run,
		   struct arena *a, struct str text, size_t begin, size_t end, struct str *value)
{
	static bool (*const readers[])(const struct hit *, struct str *) = {
		[BUILTIN_NUMBER] = read_number,	  [BUILTIN_MONEY] = read_money,
		[BUILTIN_DATE] = read_date,	  [BUILTIN_DURATION] = read_duration,
		[BUILTIN_PHONE] = read_phone,	  [BUILTIN_EMAIL] = read_email,
		[BUILTIN_ORDINAL] = read_ordinal, [BUILTIN_PRICE] = read_price,
	};
	struct hit h = {.regex = r, .run = run, .arena = a, .text = text};

	h.all = str_sub(text, begin, end);
	return readers[kind](&h, value);
}
