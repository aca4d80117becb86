/* kefu analyse unanswered: what learners asked in vain, those who asked the same together. */
#include <stdio.h>
#include <stdlib.h>

#include "text/when.h"
#include "tool/tool_analyse.h"

enum { LIMIT = 20 };

/* ---- the report ---- */

static void print_day(int64_t unix_ms)
{
	char text[WHEN_TEXT_MAX];

	when_print(unix_ms, text);
	printf("%.10s", text);
}

static void print_kinds(const struct looking *l, const struct unanswered_group *g)
{
	static const char *const words[MISS_KINDS][2] = {
		[MISS_FALLBACK] = {"not understood", "未听懂"},
		[MISS_ASK] = {"asked back", "反问"},
		[MISS_DOWN] = {"thumbs down", "点踩"},
	};
	const char *comma = "";

	for (int i = 0; i < MISS_KINDS; i++) {
		if (!g->kinds[i])
			continue;
		printf("%s%lld %s", comma, (long long)g->kinds[i], words[i][l->chinese]);
		comma = l->chinese ? "，" : ", ";
	}
}

static void print_group(const struct looking *l, size_t i, const struct unanswered_group *g)
{
	printf(l->chinese ? "\n%zu. %.*s\n   %lld 条消息，%lld 个会话（"
			  : "\n%zu. %.*s\n   messages: %lld, conversations: %lld (",
	       i + 1, STR_ARG(g->text), (long long)g->count, (long long)g->sessions);
	print_kinds(l, g);
	fputs(l->chinese ? "），" : "), ", stdout);
	print_day(g->first_unix_ms);
	fputs(" – ", stdout);
	print_day(g->last_unix_ms);
	printf(l->chinese ? "，%s，编号 %s\n" : ", %s, group %s\n", g->lang.n ? g->lang.p : "--",
	       g->id);
	for (size_t k = 0; k < g->n_samples; k++)
		printf("   · %.*s  [%.8s]\n", STR_ARG(g->samples[k]->text),
		       g->samples[k]->session.n >= 8 ? g->samples[k]->session.p : "?");
	if (g->near.n)
		printf(l->chinese ? "   最接近：%s %.*s（%.2f）\n" : "   nearest: %s %.*s (%.2f)\n",
		       g->near_faq ? "FAQ" : (l->chinese ? "意图" : "intent"), STR_ARG(g->near),
		       g->near_score);
}

static void print_report(const struct looking *l, const struct unanswered *u)
{
	if (!u->total) {
		puts(l->chinese ? "没有未能回答的消息。"
				: "There is nothing that was asked in vain.");
		return;
	}
	printf(l->chinese ? "未能回答：%lld 组，%lld 条消息。\n"
			  : "Asked in vain: %lld groups, %lld messages.\n",
	       (long long)u->total, (long long)u->messages);
	for (size_t i = 0; i < u->n; i++)
		print_group(l, i, &u->groups[i]);
	if (u->total > (int64_t)u->n)
		printf(l->chinese ? "\n另有 %lld 组（--limit）。\n"
				  : "\n%lld more groups (--limit).\n",
		       (long long)u->total - (int64_t)u->n);
}

static int report(struct looking *l)
{
	struct unanswered u;
	struct buf out = {0};
	struct err err = {0};

	if (unanswered_read(l->store, l->snapshot, &l->arena, &l->query, &u, &err) != 0)
		return tool_fail(EXIT_WRONG, "%s", err.text);
	if (!l->json) {
		print_report(l, &u);
		return EXIT_OK;
	}
	unanswered_json(&u, &out);
	puts(out.p);
	buf_done(&out);
	return EXIT_OK;
}

/* ---- what it works with ---- */

static bool read_query(struct looking *l)
{
	int64_t ago;

	l->query = (struct unanswered_query){.min = l->min,
					     .kind = -1,
					     .lang = str_of(l->lang ? l->lang : ""),
					     .limit = (size_t)l->limit};
	if (l->kind && !unanswered_kind_read(str_of(l->kind), &l->query.kind)) {
		tool_fail(EXIT_USAGE, "analyse unanswered: --kind is fallback, ask or down");
		return false;
	}
	if (!l->since)
		return true;
	if (when_duration(str_of(l->since), &ago))
		l->query.since_unix_ms = tool_now_unix_ms() - ago;
	else if (!when_read(str_of(l->since), &l->query.since_unix_ms)) {
		tool_fail(EXIT_USAGE,
			  "analyse unanswered: --since: '%s' is no time; write 2026-03-01, "
			  "2026-03-01T10:00, or 30d for the last 30 days",
			  l->since);
		return false;
	}
	return true;
}

static int open_rules(struct looking *l, const char *db)
{
	const struct snapshot_source src = {.intents_path = l->rules,
					    .db_path = db,
					    .serial = 1,
					    .now_unix_ms = tool_now_unix_ms(),
					    .rules_only = true};
	struct err err = {0};
	struct buf all = {0};
	struct diags diags;
	int rc;

	diags_init(&diags, l->chinese);
	rc = snapshot_build(&src, &diags, &l->snapshot, &err);
	if (rc != 0 && diags.errors) {
		diags_print(&diags, &all);
		fputs(all.p, stderr);
	} else if (rc != 0) {
		tool_fail(EXIT_WRONG, "%s", err.text);
	}
	buf_done(&all);
	diags_done(&diags);
	return rc == 0 ? EXIT_OK : EXIT_WRONG;
}

static int work(struct looking *l)
{
	int code = EXIT_OK;

	if (!l->draft && !(l->ignore || l->done || l->open))
		return report(l);
	if (l->draft)
		code = analyse_draft(l);
	if (code == EXIT_OK && (l->ignore || l->done || l->open))
		code = analyse_mark(l);
	return code;
}

static int run(struct looking *l)
{
	bool marks = l->ignore || l->done || l->open;
	const char *db = tool_db(l->db);
	struct err err = {0};
	int code;

	if (!db)
		return tool_fail(EXIT_USAGE, "analyse unanswered: no database here; --db FILE");
	if ((l->draft || marks) && !l->group && !(l->text && !marks))
		return tool_fail(EXIT_USAGE, "analyse unanswered: of which group? --group N");
	if (l->ignore + l->done + l->open > 1)
		return tool_fail(EXIT_USAGE,
				 "analyse unanswered: --ignore, --done or --open, not two of them");
	if (!read_query(l))
		return EXIT_USAGE;
	l->rules = l->intents ? l->intents : "intents.yaml";
	if (store_open(db, marks || l->draft ? STORE_WRITE : STORE_READ, &l->store, &err) != 0)
		return tool_fail(EXIT_WRONG, "%s", err.text);
	code = open_rules(l, db);
	l->db = db;
	if (code == EXIT_OK)
		code = work(l);
	snapshot_unref(l->snapshot);
	store_close(l->store);
	return code;
}

static int run_with(struct looking *l, const struct args *args)
{
	int code;

	if (args->n)
		return tool_fail(EXIT_USAGE, "analyse unanswered: what is '%s'?",
				 args->operands[0]);
	arena_init(&l->arena);
	code = run(l);
	arena_done(&l->arena);
	return code;
}

int tool_analyse_unanswered(int argc, char **argv)
{
	struct looking l = {.min = 1, .limit = LIMIT, .chinese = err_locale_chinese()};
	const struct arg_option options[] = {
		{"db", 0, ARG_TEXT, &l.db, "FILE", "database (./kefu.db)"},
		{"intents", 0, ARG_TEXT, &l.intents, "FILE", "rules (./intents.yaml)"},
		{"since", 0, ARG_TEXT, &l.since, "TIME",
		 "messages from then on; 30d: of the last 30 days"},
		{"min", 0, ARG_COUNT, &l.min, "N", "groups of at least that many messages (1)"},
		{"lang", 0, ARG_TEXT, &l.lang, "L", "zh or en; with --answer: its language"},
		{"kind", 0, ARG_TEXT, &l.kind, "KIND",
		 "groups with messages of the kind fallback, ask or down"},
		{"limit", 0, ARG_COUNT, &l.limit, "N", "groups to show (20)"},
		{"json", 0, ARG_FLAG, &l.json, NULL, "as JSON"},
		{"group", 0, ARG_TEXT, &l.group, "N|ID",
		 "the Nth of that list, or a group's 16 digits"},
		{"draft", 0, ARG_TEXT, &l.draft, "KIND",
		 "put the group's text into the rules: as phrase, faq or test"},
		{"intent", 0, ARG_TEXT, &l.intent, "NAME", "the intent of a phrase or test"},
		{"id", 0, ARG_TEXT, &l.id, "ID",
		 "the FAQ entry of a phrase, or the new entry's name"},
		{"text", 0, ARG_TEXT, &l.text, "TEXT", "in place of the group's own text"},
		{"answer", 0, ARG_TEXT, &l.answer, "TEXT", "of a new FAQ entry"},
		{"ignore", 0, ARG_FLAG, &l.ignore, NULL, "the group never comes back"},
		{"done", 0, ARG_FLAG, &l.done, NULL,
		 "it comes back only when it is asked in vain again"},
		{"open", 0, ARG_FLAG, &l.open, NULL, "it comes back"},
		{0},
	};
	struct args args;
	int code;

	if (!tool_args(
		    &args, options, argc, argv,
		    "kefu analyse unanswered [OPTION…]\n"
		    "       kefu analyse unanswered --group N --draft phrase|faq|test [OPTION…]\n"
		    "       kefu analyse unanswered --group N --ignore|--done|--open",
		    "Groups the messages that were not understood, asked back about, or whose "
		    "answer got thumbs down, by what they say; and makes phrases, FAQ entries "
		    "and tests out of them.",
		    &code))
		return code;
	code = run_with(&l, &args);
	args_done(&args);
	return code;
}
