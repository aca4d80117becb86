#include "kb/price.h"
#include "kb/recommend_work.h"
#include "text/utf8.h"

/* ---- filters ---- */

static void read_filters(struct work *w)
{
	w->filter[FIELD_CATEGORY] = normal_text(w->a, w->q->category);
	w->filter[FIELD_LEVEL] = course_level(normal_text(w->a, w->q->level));
	w->filter[FIELD_LANGUAGE] = normal_text(w->a, w->q->lang);
	w->filter[FIELD_FORMAT] = course_format(normal_text(w->a, w->q->format));
	for (int f = 0; f < FIELDS; f++)
		if (w->without & 1u << f)
			w->filter[f] = STR_NONE;
}

bool work_speaks(const struct work *w, uint32_t item, struct str lang)
{
	struct str low = w->r->low[(size_t)item * FIELDS + FIELD_LANGUAGE];

	return lang.n && str_starts(low, lang) && (low.n == lang.n || low.p[lang.n] == '-');
}

/* 0: within the price's bounds, or nothing is asked of it. */
double work_price_distance(const struct work *w, uint32_t item)
{
	if (!recommend_has_filter(w->q, FILTER_PRICE))
		return 0;
	return price_distance(w->q->min_price, w->q->max_price, w->r->courses->courses[item].price);
}

bool work_passes(const struct work *w, uint32_t item)
{
	const struct str *low = w->r->low + (size_t)item * FIELDS;

	if (w->s->out[item])
		return false;
	if (!(w->without & 1u << FILTER_PRICE) && work_price_distance(w, item) > 0)
		return false;
	for (int f = 0; f < FIELDS; f++) {
		struct str want = w->filter[f];

		if (want.n &&
		    !(f == FIELD_LANGUAGE ? work_speaks(w, item, want) : str_eq(low[f], want)))
			return false;
	}
	return true;
}

/* ---- whom the list is for ---- */

static void read_seen(struct work *w, const struct seen *seen)
{
	const unsigned own = 1u << EVENT_ENROLL | 1u << EVENT_PURCHASE | 1u << EVENT_COMPLETE;
	int32_t item =
		crowd_item(w->q->profiles, w->r->courses, taste_edition(w->r->taste), seen->course);

	if (item < 0)
		return;
	if (seen->types & (own | 1u << EVENT_DISMISS))
		scratch_leave_out(w->s, (uint32_t)item);
	if (!(seen->types & own) && seen->types & 1u << EVENT_DISMISS) {
		w->dismissed[w->n_dismissed++] = (uint32_t)item;
		return;
	}
	if (seen->types == 1u << EVENT_UNDISMISS)
		return; /* and nothing else was done with it */
	w->seeds.types[w->seeds.n] = seen->types;
	w->seeds.v[w->seeds.n++] =
		(struct interaction){(uint32_t)item, seen_interest(*seen), seen->at_unix_ms};
}

/* What was bought is liked, whatever was dismissed later: it is left out for being owned. */
static void read_profile(struct work *w)
{
	struct profile p = {0};

	if (w->q->profiles && w->q->user.n)
		p = profiles_of(w->q->profiles, w->q->user);
	w->dismissed = ARENA_ARRAY(w->a, uint32_t, p.n);
	w->seeds.v = ARENA_ARRAY(w->a, struct interaction, p.n);
	w->seeds.types = ARENA_ARRAY(w->a, uint8_t, p.n);
	for (size_t i = 0; i < p.n; i++) {
		const struct seen seen = profile_seen(p, i);

		read_seen(w, &seen);
	}
}

/* ---- what is asked ---- */

static int32_t find_course(const struct work *w, struct str name)
{
	int32_t item = catalogue_find(w->r->courses, name);

	return item >= 0 ? item : content_titled(w->r->content, w->a, name);
}

static void add_seed(struct seeds *s, int32_t item)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].item == (uint32_t)item)
			return;
	s->v[s->n++] = (struct interaction){(uint32_t)item, 1, 0};
}

static size_t next_separator(struct str list)
{
	static const struct str separators[] = {STR_INIT(","), STR_INIT(";"), STR_INIT("，"),
						STR_INIT("；"), STR_INIT("、")};
	size_t first = SIZE_MAX;

	for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
		size_t at = str_find(list, separators[i], 0);

		first = at < first ? at : first;
	}
	return first;
}

/* Titles have commas, too: the whole first, then its pieces. */
static void read_like(struct work *w, struct seeds *s, struct str like)
{
	int32_t item = find_course(w, like);

	while (item < 0 && like.n) {
		size_t end = next_separator(like);
		int32_t one = find_course(w, str_trim(str_sub(like, 0, end)));

		if (one >= 0)
			add_seed(s, one);
		if (end == SIZE_MAX)
			return;
		end += utf8_decode(like.p + end, like.n - end, &(uint32_t){0});
		like = str_sub(like, end, like.n);
	}
	if (item >= 0)
		add_seed(s, item);
}

/* The courses to resemble take the profile's place. */
static void read_likes(struct work *w)
{
	struct seeds s = {.asked = true};
	size_t most = 0;

	for (size_t i = 0; i < w->q->n_likes; i++)
		most += w->q->likes[i].n + 1;
	s.v = ARENA_ARRAY(w->a, struct interaction, most);
	s.types = ARENA_ARRAY(w->a, uint8_t, most);
	for (size_t i = 0; i < w->q->n_likes; i++)
		read_like(w, &s, w->q->likes[i]);
	for (size_t i = 0; i < s.n; i++)
		scratch_leave_out(w->s, s.v[i].item); /* not like itself */
	if (s.n)
		w->seeds = s;
}

/* "直播课" asks for the format, not for courses that speak of it; unless there is none of it. */
static bool names_format(struct work *w, struct str text)
{
	struct str word = normal_text(w->a, text), format = course_format(word);

	if (!course_knows_format(word) ||
	    (w->filter[FIELD_FORMAT].n && !str_eq(w->filter[FIELD_FORMAT], format)))
		return false;
	for (size_t i = 0; i < w->r->courses->n; i++)
		if (str_eq(w->r->low[i * FIELDS + FIELD_FORMAT], format)) {
			w->filter[FIELD_FORMAT] = format;
			return true;
		}
	return false;
}

/* Words lead; a liked course that is unknown is searched as words. */
static void read_mode(struct work *w)
{
	struct str text = w->q->text;

	read_likes(w);
	w->mode = w->seeds.asked ? MODE_LIKE : MODE_LEARNER;
	if (!text.n && w->q->n_likes && !w->seeds.asked)
		text = w->q->likes[0];
	if (!text.n || names_format(w, text))
		return;
	content_read(w->r->content, w->a, text, &w->text);
	if (w->text.n)
		w->mode = MODE_TEXT;
}

static void read_blend(struct work *w)
{
	static const struct blend *const blends[] = {[MODE_TEXT] = &blend_for_text,
						     [MODE_LIKE] = &blend_for_like,
						     [MODE_LEARNER] = &blend_for_learner};

	w->blend = *blends[w->mode];
	for (int p = 0; w->q->tuning && p < PARTS; p++)
		w->blend.of[p] *= w->q->tuning->factor[p];
	w->bound = work_bound(&w->blend);
}

void work_read(struct work *w)
{
	read_profile(w);
	read_filters(w);
	read_mode(w);
	read_blend(w);
}
