/* `settings: hours:` and `timezone:`. */
#include "intents/loader.h"

#include "text/utf8.h"

static void say_wrong(struct loader *l, const struct node *v, enum hours_fault fault,
		      struct str part)
{
	part = utf8_cut(part, 40);
	switch (fault) {
	case HOURS_NO_DAY:
		LOAD_ERROR(l, v, "bad-hours",
			   "'%.*s' is no day; begin with Mon-Fri, Sat, daily or a date like "
			   "2026-10-01, then a space",
			   "“%.*s”不是日子；请以 周一-周五、周六、每天 或 2026-10-01 "
			   "这样的日期开头，后面空一格",
			   STR_ARG(part));
		break;
	case HOURS_NO_TIME:
		LOAD_ERROR(
			l, v, "bad-hours",
			"'%.*s' is no time span; write 09:00-18:00, several with commas, or closed",
			"“%.*s”不是时间段；请写 09:00-18:00，几段用逗号隔开，或写 休息",
			STR_ARG(part));
		break;
	case HOURS_BACKWARDS:
		LOAD_ERROR(l, v, "bad-hours", "'%.*s' ends before it begins; turn the dates round",
			   "“%.*s”的结束早于开始；请把两个日期对调", STR_ARG(part));
		break;
	case HOURS_TOO_MANY:
		LOAD_ERROR(l, v, "bad-hours", "a day may have %d spans; '%.*s' is one more",
			   "一天最多写 %d 个时间段；“%.*s”是多出来的", (int)HOURS_SPANS,
			   STR_ARG(part));
		break;
	case HOURS_GOOD:
		break;
	}
}

void load_hours(struct loader *l, const struct node *v, void *settings)
{
	struct rule_settings *s = settings;
	const struct node *items = v->kind == NODE_LIST ? v->items : v;
	size_t n = v->kind == NODE_LIST ? v->n : 1, kept = 0;
	struct hours_row *rows = ARENA_ARRAY(l->keep, struct hours_row, n);

	if (n > HOURS_ROWS_MAX) {
		LOAD_ERROR(l, v, "bad-hours", "no more than %d rows of hours, please",
			   "hours 最多写 %d 行", (int)HOURS_ROWS_MAX);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct str part;
		enum hours_fault fault;

		if (items[i].kind != NODE_SCALAR || !items[i].text.n) {
			load_expected(l, &items[i], "hours such as Mon-Fri 09:00-18:00",
				      "“周一-周五 09:00-18:00”这样的时间");
			continue;
		}
		fault = hours_read(str_trim(items[i].text), &rows[kept], &part);
		if (fault == HOURS_GOOD)
			kept++;
		else
			say_wrong(l, &items[i], fault, part);
	}
	s->hours.rows = rows;
	s->hours.n = kept;
}

void load_timezone(struct loader *l, const struct node *v, void *field)
{
	struct hours *h = field;

	if (v->kind != NODE_SCALAR || !v->text.n)
		load_expected(l, v, "a time zone such as Asia/Shanghai or +08:00",
			      "Asia/Shanghai 或 +08:00 这样的时区");
	else if (!zone_load(l->keep, v->text, &h->zone))
		LOAD_ERROR(l, v, "bad-timezone",
			   "there is no time zone '%.*s'; write one such as Asia/Shanghai, UTC or "
			   "+08:00 (names need the machine's tzdata)",
			   "没有“%.*s”这个时区；请写 Asia/Shanghai、UTC 或 "
			   "+08:00（按名字写需要系统装有 tzdata）",
			   STR_ARG(utf8_cut(v->text, 40)));
}
