#include "intents/regex.h"

#include <stdatomic.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "intents/cnf.h"
#include "intents/pattern.h"
#include "text/mem.h"
#include "text/utf8.h"

/* The parts of a regex that change after it was made. */
struct regex_live {
	_Atomic(pcre2_code *) code; /* NULL until the first run */
	_Atomic unsigned owners;
	_Atomic unsigned limits; /* runs that gave up */
};

struct regex_name {
	struct str name; /* points into the compiled code */
	uint32_t group;
};

struct regex {
	pcre2_code *code; /* interpreted; never run, copied to make machine code */
	struct regex_live *live;
	struct str text, needs;
	bool plain;
	struct regex_name *names;
	size_t n_names;
};

struct regex_run {
	struct arena *arena;
	pcre2_match_data *data;
	pcre2_match_context *limits;
};

/* ---- what PCRE2 says, for people who have not met it ---- */

struct explanation {
	int code;
	const char *en, *zh;
};

/* Codes and meanings: pcre2.h and pcre2_error.c of 10.42. */
static const struct explanation explanations[] = {
	{101, "it ends with a lone backslash; write \\\\ for a backslash itself",
	 "结尾是单独的反斜杠；要匹配反斜杠本身请写 \\\\"},
	{103, "this letter has no meaning behind a backslash; drop the backslash",
	 "反斜杠后面的这个字母没有含义；请去掉反斜杠"},
	{104, "in {m,n} the first number is larger; swap them",
	 "{m,n} 里前一个数比后一个大；请对调"},
	{105, "the number in {} is larger than 65535; use a smaller one",
	 "{} 里的数超过 65535；请改小"},
	{106, "a [ is not closed; add ], or write \\[ for the character",
	 "[ 没有配对的 ]；请补上 ]，或用 \\[ 表示该字符"},
	{108, "a range in [] runs backwards, like z-a; swap its ends",
	 "[] 里的范围前后颠倒（如 z-a）；请对调"},
	{109, "*, + or ? has nothing to repeat; put a character before it, or write \\* \\+ \\?",
	 "*、+ 或 ? 前面没有可重复的内容；请在前面加上字符，或写成 \\* \\+ \\?"},
	{111, "(? is followed by an unknown letter; a named group is (?<name>…), a plain one (?:…)",
	 "(? 后面的字符不认识；命名分组写 (?<名字>…)，普通分组写 (?:…)"},
	{112, "[:name:] works only inside []; write [[:name:]]",
	 "[:名字:] 只能用在 [] 里；请写 [[:名字:]]"},
	{114, "a ( is not closed; add ), or write \\( for the character",
	 "( 没有配对的 )；请补上 )，或用 \\( 表示该字符"},
	{115, "it refers to a group that is not there; check the number or name",
	 "引用了不存在的分组；请检查编号或名字"},
	{118, "a (?# comment is not closed; add )", "(?# 注释没有结束；请补上 )"},
	{122, "a ) has no (; remove it, or write \\) for the character",
	 "多了一个 )；请删去，或用 \\) 表示该字符"},
	{125, "(?<=…) and (?<!…) need a text of fixed length; leave *, + and ? out of it",
	 "(?<=…) 和 (?<!…) 里的长度必须固定；里面不要用 *、+、?"},
	{130, "this [:name:] is unknown; use alpha, digit, alnum, space, punct",
	 "不认识这个 [:名字:]；可用 alpha、digit、alnum、space、punct"},
	{142, "the name of a group is not ended; write (?<name>…)",
	 "分组名没有结束；请写 (?<名字>…)"},
	{144, "the name of a group must not begin with a digit; put a letter first",
	 "分组名不能以数字开头；请先写一个字母或汉字"},
	{147, "the property in \\p{} is unknown; \\p{Han} are Chinese characters",
	 "\\p{} 里的名称不认识；汉字是 \\p{Han}"},
	{148, "the name of a group is longer than 32 characters; shorten it",
	 "分组名超过 32 个字符；请缩短"},
	{150, "a range in [] has \\d or the like at one end; put it elsewhere in the []",
	 "[] 里的范围一端是 \\d 之类；请把它移到 [] 里别处"},
	{160, "(*NAME) is unknown; write \\( for the character",
	 "(*名字) 不认识；要匹配括号请写 \\("},
	{162, "the name of a group is missing; write (?<name>…)", "缺少分组名；请写 (?<名字>…)"},
	{183, "\\C is not allowed; use . for any character", "不允许用 \\C；任意字符请写 ."},
};

static void explain(struct diags *diags, struct mark mark, struct str pattern, size_t offset,
		    int code)
{
	struct str near = utf8_cut(str_sub(pattern, offset, pattern.n), 24);
	int at = (int)utf8_count(str_sub(pattern, 0, offset)) + 1;
	const char *en = NULL, *zh = NULL;
	char words[256];

	for (size_t i = 0; i < sizeof explanations / sizeof *explanations; i++) {
		if (explanations[i].code == code) {
			en = explanations[i].en;
			zh = explanations[i].zh;
		}
	}
	if (!en) {
		pcre2_get_error_message(code, (PCRE2_UCHAR *)words, sizeof words);
		en = zh = words;
	}
	mark.col += at - 1;
	if (near.n)
		diags_add(diags, DIAG_ERROR, mark, "bad-regex",
			  "the regular expression is wrong at its character %d, before '%.*s': %s",
			  "正则表达式第 %d 个字符处（'%.*s' 之前）有误：%s", at, STR_ARG(near),
			  diags->chinese ? zh : en);
	else
		diags_add(diags, DIAG_ERROR, mark, "bad-regex",
			  "the regular expression is wrong at its end: %s",
			  "正则表达式的结尾有误：%s", diags->chinese ? zh : en);
}

/* ---- compile ---- */

static void read_names(struct regex *r)
{
	uint32_t n = 0, size = 0;
	PCRE2_SPTR table = NULL;

	pcre2_pattern_info(r->code, PCRE2_INFO_NAMECOUNT, &n);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMETABLE, &table);
	r->names = mem_alloc(n * sizeof *r->names + 1);
	r->n_names = n;
	for (uint32_t i = 0; i < n; i++) { /* an entry: number high byte, low byte, name, NUL */
		PCRE2_SPTR entry = table + (size_t)i * size;

		r->names[i].group = (uint32_t)(entry[0] << 8 | entry[1]);
		r->names[i].name = str_of((const char *)entry + 2);
	}
}

static void read_needs(struct regex *r)
{
	struct arena scratch;
	struct str packed;
	struct cnf cnf;

	arena_init(&scratch);
	cnf_read(&scratch, r->text, &cnf);
	packed = cnf_pack(&scratch, &cnf);
	r->needs = (struct str){mem_strdup(packed), packed.n};
	arena_done(&scratch);
}

/* Compiles the normalised pattern; on failure explains with offsets of the written one. */
static pcre2_code *compile(const struct pattern_normal *normal, struct str written,
			   struct mark mark, struct diags *diags)
{
	int code = 0;
	PCRE2_SIZE offset = 0;
	pcre2_code *compiled;

	compiled = pcre2_compile((PCRE2_SPTR)normal->text.p, normal->text.n,
				 PCRE2_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C |
					 PCRE2_DUPNAMES,
				 &code, &offset, NULL);
	if (!compiled) {
		if (offset > normal->text.n)
			offset = normal->text.n;
		explain(diags, mark, written, normal->at[offset], code);
	}
	return compiled;
}

struct regex *regex_compile(const struct pattern_normal *normal, struct str pattern,
			    struct mark mark, struct diags *diags)
{
	pcre2_code *code;
	struct regex *r;

	if (pattern.n > REGEX_PATTERN_MAX) {
		diags_add(diags, DIAG_ERROR, mark, "regex-too-long",
			  "the regular expression has %zu bytes, more than %d; split it",
			  "正则表达式有 %zu 字节，超过 %d；请拆成几条", pattern.n,
			  (int)REGEX_PATTERN_MAX);
		return NULL;
	}
	code = compile(normal, pattern, mark, diags);
	if (!code)
		return NULL;
	r = mem_zalloc(sizeof *r);
	r->code = code;
	r->live = mem_zalloc(sizeof *r->live);
	atomic_init(&r->live->owners, 1);
	r->text = (struct str){mem_strdup(normal->text), normal->text.n};
	r->plain = str_eq(pattern, normal->text);
	read_needs(r);
	read_names(r);
	return r;
}

struct regex *regex_new(struct str pattern, struct mark mark, struct diags *diags)
{
	struct arena scratch;
	struct pattern_normal normal;
	struct regex *r;

	arena_init(&scratch);
	pattern_normalise(&scratch, pattern, &normal);
	r = regex_compile(&normal, pattern, mark, diags);
	arena_done(&scratch);
	return r;
}

struct regex *regex_ref(struct regex *r)
{
	atomic_fetch_add_explicit(&r->live->owners, 1, memory_order_relaxed);
	return r;
}

void regex_unref(struct regex *r)
{
	pcre2_code *jit;

	if (!r || atomic_fetch_sub_explicit(&r->live->owners, 1, memory_order_acq_rel) > 1)
		return;
	jit = atomic_load(&r->live->code);
	if (jit)
		pcre2_code_free(jit);
	pcre2_code_free(r->code);
	free(r->live);
	free((char *)r->text.p);
	free((char *)r->needs.p);
	free(r->names);
	free(r);
}

struct str regex_text(const struct regex *r)
{
	return r->text;
}

struct str regex_needs(const struct regex *r)
{
	return r->needs;
}

bool regex_is_plain(const struct regex *r)
{
	return r->plain;
}

size_t regex_n_names(const struct regex *r)
{
	return r->n_names;
}

struct str regex_name(const struct regex *r, size_t i)
{
	return r->names[i].name;
}

/* ---- run ---- */

static void *arena_malloc(PCRE2_SIZE size, void *arena)
{
	return arena_alloc(arena, size);
}

static void arena_keep(void *p, void *arena)
{
	(void)p;
	(void)arena; /* freed with the arena */
}

struct regex_run *regex_run_new(struct arena *a)
{
	struct regex_run *run = ARENA_NEW(a, struct regex_run);

	run->arena = a;
	return run;
}

/* Most messages wake no regex, and this costs as much as all the rest of matching. */
static void prepare(struct regex_run *run)
{
	pcre2_general_context *memory =
		pcre2_general_context_create(arena_malloc, arena_keep, run->arena);

	run->data = pcre2_match_data_create(REGEX_GROUPS_MAX, memory);
	run->limits = pcre2_match_context_create(memory);
	pcre2_set_match_limit(run->limits, REGEX_MATCH_LIMIT);
	pcre2_set_depth_limit(run->limits, REGEX_DEPTH_LIMIT);
	pcre2_set_heap_limit(run->limits, REGEX_HEAP_LIMIT_KIB);
}

/* The code to run. Several threads may make it at once: the first to publish wins, and the others
 * throw theirs away. pcre2_jit_compile changes the code it is given, hence the copy. */
static const pcre2_code *runnable(const struct regex *r)
{
	pcre2_code *code = atomic_load_explicit(&r->live->code, memory_order_acquire), *mine;

	if (code)
		return code;
	mine = pcre2_code_copy(r->code);
	if (!mine)
		return r->code;
	(void)pcre2_jit_compile(mine, PCRE2_JIT_COMPLETE); /* without JIT it is interpreted */
	if (atomic_compare_exchange_strong(&r->live->code, &code, mine))
		return mine;
	pcre2_code_free(mine);
	return code;
}

enum regex_result regex_find(const struct regex *r, struct regex_run *run, struct str text,
			     size_t from, size_t *begin, size_t *end)
{
	const pcre2_code *code = runnable(r);
	PCRE2_SPTR subject = (PCRE2_SPTR)(text.n ? text.p : "");
	const PCRE2_SIZE *spans;
	int rc;

	if (!run->data)
		prepare(run);
	rc = pcre2_match(code, subject, text.n, from, PCRE2_NO_UTF_CHECK, run->data, run->limits);
	if (rc == PCRE2_ERROR_JIT_STACKLIMIT) /* the interpreter has its memory in the arena */
		rc = pcre2_match(code, subject, text.n, from, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT,
				 run->data, run->limits);
	if (rc == PCRE2_ERROR_NOMATCH)
		return REGEX_MISS;
	if (rc < 0) {
		atomic_fetch_add_explicit(&r->live->limits, 1, memory_order_relaxed);
		return REGEX_LIMIT;
	}
	spans = pcre2_get_ovector_pointer(run->data);
	*begin = spans[0] < spans[1] ? spans[0]
				     : spans[1]; /* \K in a lookahead can turn them round */
	*end = spans[1] > spans[0] ? spans[1] : spans[0];
	return REGEX_HIT;
}

struct regex_limited regex_limited(const struct regex *r, struct mark mark)
{
	return (struct regex_limited){mark,
				      atomic_load_explicit(&r->live->limits, memory_order_relaxed)};
}

bool regex_group(const struct regex *r, const struct regex_run *run, size_t i, size_t *begin,
		 size_t *end)
{
	const PCRE2_SIZE *spans = pcre2_get_ovector_pointer(run->data);
	uint32_t group = r->names[i].group;

	if (group >= REGEX_GROUPS_MAX || spans[2 * group] == PCRE2_UNSET ||
	    spans[2 * group] > spans[2 * group + 1])
		return false;
	*begin = spans[2 * group];
	*end = spans[2 * group + 1];
	return true;
}
