#include "kb/eval_recommender.h"

#include <math.h>
#include <stdlib.h>

#include "kb/eval_part.h"
#include "text/lexicon.h"
#include "text/mem.h"
#include "text/when.h"

/* ---- reading ---- */

static void push(struct triples *t, struct triple x)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 1024;
		t->v = mem_resize(t->v, t->cap, sizeof *t->v);
	}
	t->v[t->n++] = x;
}

struct file {
	struct eval_recommender *e;
	struct str rest, name;
	struct diags *diags;
	int line;
};

static void say_bad(struct file *f, const char *why)
{
	struct mark mark = {f->name, f->line, 0};

	diags_add(f->diags, DIAG_ERROR, mark, "bad-row", "%s", "%s", why);
}

/* Cuts the bytes up to `end` (or all) off *s. */
static struct str cut(struct str *s, char end)
{
	size_t at = str_find(*s, (struct str){&end, 1}, 0);
	struct str out = str_sub(*s, 0, at);

	*s = str_sub(*s, at == SIZE_MAX ? s->n : at + 1, s->n);
	return str_trim(out);
}

/* The next line that is not blank. */
static bool next_line(struct file *f, struct str *out)
{
	while (f->rest.n) {
		*out = cut(&f->rest, '\n');
		f->line++;
		if (out->n)
			return true;
	}
	return false;
}

static bool read_pair(struct file *f, struct str *line, struct triple *out)
{
	struct str user = cut(line, '\t'), item = cut(line, '\t');

	if (!user.n || !item.n) {
		say_bad(f, "a row must have a user, a tab and an item");
		return false;
	}
	*out = (struct triple){.user = intern_put(&f->e->users, user),
			       .item = intern_put(&f->e->items, item),
			       .order = (uint32_t)f->line};
	return true;
}

/* Times of any kind will do: only their order counts. */
static bool read_time(struct str s, int64_t *out)
{
	double number;

	if (when_read(s, out))
		return true;
	if (!str_to_double(s, &number) || fabs(number) > 1e15)
		return false;
	*out = (int64_t)(number * 1000);
	return true;
}

static void read_train(struct file *f)
{
	struct str line;

	while (next_line(f, &line)) {
		struct triple t;
		struct str value, at;
		double number;

		if (!read_pair(f, &line, &t))
			continue;
		value = cut(&line, '\t');
		at = cut(&line, '\t');
		if (value.n && !str_to_double(value, &number))
			say_bad(f, "the value is not a number");
		else if (at.n && !read_time(at, &t.at))
			say_bad(f, "the time is not a time");
		else
			push(&f->e->train, t);
	}
}

static void read_test(struct file *f)
{
	struct str line;

	while (next_line(f, &line)) {
		struct triple t;

		if (read_pair(f, &line, &t))
			push(&f->e->test, t);
	}
}

static void read_negatives(struct file *f)
{
	struct str line;

	while (next_line(f, &line)) {
		struct triple t;

		if (!read_pair(f, &line, &t))
			continue;
		push(&f->e->negatives, t);
		while (line.n) {
			struct str item = cut(&line, '\t');

			if (!item.n)
				continue;
			t.item = intern_put(&f->e->items, item);
			push(&f->e->negatives, t);
		}
	}
}

/* Words of the items; the row's cells are cut off `line` from the left. */
static void read_courses(struct file *f)
{
	struct str line;

	f->e->words = mem_zalloc((f->e->items.n + 1) * sizeof *f->e->words);
	while (next_line(f, &line)) {
		uint32_t item = intern_find(&f->e->items, cut(&line, '\t'));
		struct course *c = item == INTERN_NONE ? NULL : &f->e->words[item];

		if (!c)
			continue; /* nobody took it */
		c->title = arena_str(&f->e->arena, cut(&line, '\t'));
		c->description = arena_str(&f->e->arena, cut(&line, '\t'));
		c->tags = arena_str(&f->e->arena, line);
	}
}

static int by_user_and_time(const void *a, const void *b)
{
	const struct triple *x = a, *y = b;

	if (x->user != y->user)
		return x->user < y->user ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* ---- a shop where that happened ---- */

static int by_id(const void *a, const void *b)
{
	const struct course *x = a, *y = b;

	return str_cmp(x->id, y->id);
}

static void renumber(struct triples *t, const uint32_t *place)
{
	for (size_t i = 0; i < t->n; i++)
		t->v[i].item = place[t->v[i].item];
}

/* Every item a course, with the words there are; from here on items are numbered as courses are. */
static void make_courses(struct eval_recommender *e)
{
	uint32_t n = e->items.n, *place = mem_alloc((n + 1) * sizeof *place);
	struct course *v = ARENA_ARRAY(&e->arena, struct course, n);

	for (uint32_t i = 0; i < n; i++)
		v[i] = (struct course){.id = e->items.names[i], .price = -1};
	for (uint32_t i = 0; e->words && i < n; i++) {
		v[i].title = e->words[i].title;
		v[i].description = e->words[i].description;
		v[i].tags = e->words[i].tags;
	}
	qsort(v, n, sizeof *v, by_id);
	for (uint32_t i = 0; i < n; i++)
		place[intern_find(&e->items, v[i].id)] = i;
	renumber(&e->train, place);
	renumber(&e->test, place);
	renumber(&e->negatives, place);
	free(place);
	e->courses = catalogue_of(&e->arena, v, n);
	e->lexicon = lexicon_new(&e->arena, NULL, 0, NULL, 0);
}

static void make_profiles(struct eval_recommender *e)
{
	e->profiles = profiles_new();
	for (size_t i = 0; i < e->train.n; i++) {
		const struct triple *t = &e->train.v[i];
		const struct event taken = {.user = e->users.names[t->user],
					    .course = e->courses.courses[t->item].id,
					    .type = EVENT_ENROLL,
					    .value = 1,
					    .at_unix_ms = t->at};

		profiles_add(e->profiles, &taken);
	}
}

int eval_recommender_read(const struct eval_recommender_files *files, struct eval_recommender **out,
			  struct diags *diags, struct err *err)
{
	struct eval_recommender *e = mem_zalloc(sizeof *e);
	struct file train = {e, files->train, files->train_name, diags, 0};
	struct file test = {e, files->test, files->test_name, diags, 0};
	struct file negatives = {e, files->negatives, files->negatives_name, diags, 0};
	struct file courses = {e, files->courses, files->courses_name, diags, 0};

	intern_init(&e->users);
	intern_init(&e->items);
	arena_init(&e->arena);
	read_train(&train);
	read_test(&test);
	read_negatives(&negatives);
	if (!e->train.n || !e->test.n) {
		struct str name = e->train.n ? files->test_name : files->train_name;

		eval_recommender_free(e);
		return err_set(err, ERR_INVALID,
			       "'%.*s' has no rows; write a user, a tab and an item a line",
			       STR_ARG(name));
	}
	if (files->courses.n)
		read_courses(&courses);
	make_courses(e);
	qsort(e->train.v, e->train.n, sizeof *e->train.v, by_user_and_time);
	qsort(e->test.v, e->test.n, sizeof *e->test.v, by_user_and_time);
	make_profiles(e);
	history_of(e->profiles, &e->courses, &e->history);
	*out = e;
	return 0;
}

void eval_recommender_free(struct eval_recommender *e)
{
	if (!e)
		return;
	intern_done(&e->users);
	intern_done(&e->items);
	free(e->train.v);
	free(e->test.v);
	free(e->negatives.v);
	free(e->words);
	recommender_free(e->recommender);
	history_done(&e->history);
	profiles_free(e->profiles);
	arena_done(&e->arena);
	free(e);
}

void eval_recommender_fit(struct eval_recommender *e)
{
	recommender_free(e->recommender);
	e->recommender = recommender_of(&e->courses, e->lexicon, e->profiles);
}
