/* do: progress: how far the learner is in the courses they study, latest first. */
#include "bot/steps.h"

enum { PROGRESS_COURSES_MAX = 5 };

static struct str line(struct turn *t, const struct seen *seen)
{
	struct str id = profiles_course(t->profiles, seen->course);
	int32_t at = catalogue_find(t->snapshot->courses, id);
	struct str title = at >= 0 ? t->snapshot->courses->courses[at].title : id;
	bool done = seen->types & (1u << EVENT_COMPLETE);
	int percent = done ? 100 : (int)(seen->progress * 100.0f + 0.5f);

	return arena_printf(&t->arena,
			    str_eq(t->reply.lang, STR("zh")) ? "《%.*s》%d%%" : "%.*s: %d%%",
			    STR_ARG(title), percent);
}

static bool run(struct turn *t, const struct action *a)
{
	struct profile p = {0};
	size_t shown = 0;

	(void)a;
	if (t->profiles && *t->session->user && t->snapshot->courses)
		p = profiles_of(t->profiles, str_of(t->session->user));
	for (size_t i = p.n; i-- > 0 && shown < PROGRESS_COURSES_MAX;) {
		const struct seen seen = profile_seen(p, i);

		if (seen.progress < 0 && !(seen.types & (1u << EVENT_COMPLETE)))
			continue;
		if (shown++ == 0)
			reply_say(t, render_named(t, "progress"));
		reply_say(t, line(t, &seen));
	}
	reply_done(t, "progress", STR_NONE);
	return shown > 0;
}

static const char *words(struct turn *t, const struct action *a)
{
	(void)t;
	(void)a;
	return "no_progress";
}

static const struct action_param params[] = {{NULL, false}};

const struct action_kind action_progress = {"progress", params, run, words, NULL};
