#include "bot/steps.h"

/* What the bot says where the rules have no words of their own (`texts:` of the same name wins). */
static const struct builtin_text {
	const char *name, *zh, *en;
} builtin_texts[] = {
	{"welcome", "您好，我是课程助手，请问有什么可以帮您？",
	 "Hello, I am your course assistant. How can I help?"},
	{"handoff", "已为您登记人工服务，客服会尽快联系您。",
	 "I have passed this on to our team; someone will get back to you soon."},
	{"handoff_offline", "现在没有客服在线，您的问题已经留言，上班后会尽快回复。",
	 "Nobody is online right now. Your message has been left for our team."},
	{"did_you_mean", "您是不是想问：", "Did you mean:"},
	{"menu", "您可以试试：", "You could try:"},
	{"recommended", "为您推荐：", "You may like:"},
	{"nothing_found", "暂时没有找到合适的内容。", "I found nothing that fits yet."},
	{"nothing_matched", "没有课程与您说的内容相关。我们有这些方向的课：",
	 "No course is about that. These are the subjects we have:"},
	{"nearest", "不限<dropped>的话，最接近的是这几门：",
	 "Leaving the <dropped> aside, these come nearest:"},
	{"given_up", "没关系，这件事我们先放一放。还有什么可以帮您？",
	 "No problem, let us leave that for now. Is there anything else?"},
	{"fallback", "抱歉，我没听懂，能换个说法吗？",
	 "Sorry, I did not get that. Could you put it another way?"},
	{"progress", "您最近的学习进度：", "Your progress so far:"},
	{"no_progress", "还没有您的学习记录。登录后开始学习，我就能告诉您进度。",
	 "I have no study record of yours yet. Sign in and start a course, and I can tell you."},
	{"feedback", "谢谢您的反馈！", "Thank you for your feedback!"},
};

static struct str builtin_text(const char *name, struct str lang)
{
	for (size_t i = 0; i < sizeof builtin_texts / sizeof *builtin_texts; i++)
		if (strcmp(builtin_texts[i].name, name) == 0)
			return str_of(str_eq(lang, STR("zh")) ? builtin_texts[i].zh
							      : builtin_texts[i].en);
	return STR_NONE;
}

static bool builtin_slot(struct turn *t, struct str name, struct slot *out)
{
	const struct session *s = t->session;
	const struct {
		const char *name;
		struct str value;
	} slots[] = {
		{"user", str_of(s->user)}, {"lang", t->reply.lang},
		{"page", str_of(s->page)}, {"last_course", str_of(s->last_course)},
		{"text", t->text},	   {"people", str_of(turn_people_name(t->people))},
		{"dropped", t->dropped},
	};

	for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
		if (str_eq(name, str_of(slots[i].name))) {
			*out = (struct slot){
				.name = name, .raw = slots[i].value, .value = slots[i].value};
			return slots[i].value.n > 0;
		}
	return false;
}

/* An experiment is a slot that holds the learner's variant. */
static bool experiment_slot(struct turn *t, struct str name, struct slot *out)
{
	struct str variant;

	if (!experiment_find(t->snapshot->rules, str_of(t->session->user), name, &t->effects.met,
			     &variant))
		return false;
	*out = (struct slot){.name = name, .raw = variant, .value = variant};
	return true;
}

bool render_find(struct turn *t, struct str name, struct slot *out)
{
	const struct slot *now = slot_find(&t->reply.slots, name);
	const struct session_slot *kept;

	if (now) {
		*out = *now;
		return true;
	}
	kept = session_slot_find(t->session, name);
	if (!kept)
		return builtin_slot(t, name, out) || experiment_slot(t, name, out);
	*out = (struct slot){.name = name,
			     .raw = str_of(kept->raw),
			     .value = str_of(kept->value),
			     .private = kept->private};
	return true;
}

/* Length of "<name>" at p, or 0: a name is letters, digits and _ of any script, no spaces. */
static size_t slot_mark(struct str s, size_t at)
{
	size_t end = at + 1;

	while (end < s.n && s.p[end] != '>' && s.p[end] != '<' && (unsigned char)s.p[end] > ' ')
		end++;
	return end < s.n && s.p[end] == '>' && end > at + 1 ? end + 1 - at : 0;
}

struct str render_slots(struct turn *t, struct str pattern, bool values)
{
	struct buf out = {0};
	struct str done;

	for (size_t i = 0; i < pattern.n;) {
		size_t n = pattern.p[i] == '<' ? slot_mark(pattern, i) : 0;
		struct slot slot;

		if (n == 0) {
			buf_char(&out, pattern.p[i++]);
			continue;
		}
		if (render_find(t, str_sub(pattern, i + 1, i + n - 1), &slot))
			buf_str(&out, values ? slot.value : slot.raw);
		i += n;
	}
	done = arena_str(&t->arena, buf_view(&out));
	buf_done(&out);
	return done;
}

/* Variants take turns, from a start that the session's seed picks: same seed and turn, same words.
 */
static struct str pick(const struct turn *t, struct strs variants)
{
	uint64_t start = t->session->seed * 0x9e3779b97f4a7c15u >> 32;

	return variants.v[(start + t->session->turns) % variants.n];
}

struct str render_text(struct turn *t, const struct text *text)
{
	struct strs variants = text_variants(text, t->reply.lang, t->snapshot->rules);

	return variants.n ? render_slots(t, pick(t, variants), false) : STR_NONE;
}

struct str render_named(struct turn *t, const char *name)
{
	const struct text *own = rule_text(t->snapshot->rules, str_of(name));
	struct str words = own ? render_text(t, own) : STR_NONE;

	return words.n ? words : render_slots(t, builtin_text(name, t->reply.lang), false);
}

struct str reply_title(struct turn *t, const struct intent *intent)
{
	struct str title = render_text(t, &intent->title);

	for (size_t i = 0; !title.n && i < intent->n_blocks; i++)
		if (intent->blocks[i].kind == BLOCK_PHRASES && intent->blocks[i].n)
			title = intent->blocks[i].phrases[0].text;
	return title.n ? title : intent->name;
}

void reply_say(struct turn *t, struct str text)
{
	struct reply *r = &t->reply;

	if (!text.n)
		return;
	r->text = r->text.n ? arena_printf(&t->arena, "%.*s\n%.*s", STR_ARG(r->text), STR_ARG(text))
			    : text;
}

void reply_button(struct turn *t, struct str title, struct str value)
{
	struct reply *r = &t->reply;
	struct button *all;

	for (size_t i = 0; i < r->n_buttons; i++)
		if (str_eq(r->buttons[i].value, value))
			return;
	all = ARENA_ARRAY(&t->arena, struct button, r->n_buttons + 1);
	if (r->n_buttons)
		memcpy(all, r->buttons, r->n_buttons * sizeof *all);
	all[r->n_buttons++] = (struct button){title, value};
	r->buttons = all;
}

void reply_done(struct turn *t, const char *verb, struct str arg)
{
	struct reply *r = &t->reply;
	struct done_action *all = ARENA_ARRAY(&t->arena, struct done_action, r->n_done + 1);

	if (r->n_done)
		memcpy(all, r->done, r->n_done * sizeof *all);
	all[r->n_done++] = (struct done_action){str_of(verb), arg};
	r->done = all;
}
