#include "bot/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/mem.h"
#include "text/utf8.h"

static char *copy(struct str value)
{
	return mem_strdup(utf8_cut(value, SESSION_VALUE_MAX));
}

void session_set(char **field, struct str value)
{
	char *fresh = copy(value);

	free(*field);
	*field = fresh;
}

/* The text fields that session_init makes "" and session_done frees. */
static char **text_field(struct session *s, size_t i)
{
	char **fields[] = {&s->user,	    &s->page,	       &s->lang,
			   &s->context,	    &s->asking_intent, &s->asking_slot,
			   &s->last_course, &s->shown,	       &s->reply_lang};

	return i < sizeof fields / sizeof *fields ? fields[i] : NULL;
}

void session_init(struct session *s, uint64_t seed)
{
	*s = (struct session){.seed = seed};
	for (size_t i = 0; text_field(s, i); i++)
		*text_field(s, i) = copy(STR_NONE);
}

static void slot_done(struct session_slot *slot)
{
	free(slot->name);
	free(slot->raw);
	free(slot->value);
}

void session_done(struct session *s)
{
	for (size_t i = 0; text_field(s, i); i++)
		free(*text_field(s, i));
	for (size_t i = 0; i < s->n_slots; i++)
		slot_done(&s->slots[i]);
	free(s->slots);
	*s = (struct session){0};
}

static size_t slot_index(const struct session *s, struct str name)
{
	size_t i = 0;

	while (i < s->n_slots && !str_eq(str_of(s->slots[i].name), name))
		i++;
	return i;
}

const struct session_slot *session_slot_find(const struct session *s, struct str name)
{
	size_t i = slot_index(s, name);

	return i < s->n_slots ? &s->slots[i] : NULL;
}

static void slot_remove(struct session *s, size_t i)
{
	slot_done(&s->slots[i]);
	memmove(&s->slots[i], &s->slots[i + 1], (s->n_slots - i - 1) * sizeof *s->slots);
	s->n_slots--;
}

void session_slot_drop(struct session *s, struct str name)
{
	size_t i = slot_index(s, name);

	if (i < s->n_slots)
		slot_remove(s, i);
}

void session_slots_clear(struct session *s)
{
	for (size_t i = s->n_slots; i-- > 0;)
		if (!s->slots[i].kept)
			slot_remove(s, i);
}

void session_slot_put(struct session *s, const struct session_slot *slot)
{
	struct session_slot fresh = {copy(str_of(slot->name)), copy(str_of(slot->raw)),
				     copy(str_of(slot->value)), slot->private, slot->kept};

	session_slot_drop(s, str_of(fresh.name));
	if (s->n_slots == SESSION_SLOTS_MAX)
		slot_remove(s, 0);
	s->slots = mem_resize(s->slots, s->n_slots + 1, sizeof *s->slots);
	s->slots[s->n_slots++] = fresh;
}

/* ---- saved form: "name<TAB>value<LF>", with \t \n \\ escaped in values ---- */

static void put_escaped(struct buf *out, struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (c == '\t' || c == '\n' || c == '\\') {
			buf_char(out, '\\');
			c = c == '\t' ? 't' : c == '\n' ? 'n' : '\\';
		}
		buf_char(out, c);
	}
}

static void put_line(struct buf *out, const char *name, struct str value)
{
	buf_cstr(out, name);
	buf_char(out, '\t');
	put_escaped(out, value);
	buf_char(out, '\n');
}

static void put_number(struct buf *out, const char *name, uint64_t value)
{
	buf_printf(out, "%s\t%" PRIu64 "\n", name, value);
}

static void put_slot(struct buf *out, const struct session_slot *slot)
{
	buf_printf(out, "slot\t%c%c", slot->private ? 'p' : '-', slot->kept ? 'k' : '-');
	for (int i = 0; i < 3; i++) {
		const char *part = i == 0 ? slot->name : i == 1 ? slot->raw : slot->value;

		buf_char(out, '\t');
		put_escaped(out, str_of(part));
	}
	buf_char(out, '\n');
}

static const char *const text_names[] = {"context",	"asking_intent", "asking_slot",
					 "last_course", "shown",	 "reply_lang"};
static const char *const number_names[] = {"context_turns", "asked", "misses",
					   "turns",	    "seed",  "handed_off"};

static char **memory_text(struct session *s, size_t i)
{
	char **fields[] = {&s->context,	    &s->asking_intent, &s->asking_slot,
			   &s->last_course, &s->shown,	       &s->reply_lang};

	return fields[i];
}

static uint64_t memory_number(const struct session *s, size_t i)
{
	const uint64_t numbers[] = {(uint64_t)s->context_turns,
				    (uint64_t)s->asked,
				    (uint64_t)s->misses,
				    s->turns,
				    s->seed,
				    s->handed_off};

	return numbers[i];
}

static void set_memory_number(struct session *s, size_t i, uint64_t v)
{
	int small = v > 1000000 ? 1000000 : (int)v;

	switch (i) {
	case 0:
		s->context_turns = small;
		break;
	case 1:
		s->asked = small;
		break;
	case 2:
		s->misses = small;
		break;
	case 3:
		s->turns = v;
		break;
	case 4:
		s->seed = v;
		break;
	default:
		s->handed_off = v != 0;
		break;
	}
}

void session_save(const struct session *s, struct buf *out)
{
	for (size_t i = 0; i < sizeof text_names / sizeof *text_names; i++) {
		const char *value = *memory_text((struct session *)(uintptr_t)s, i);

		if (*value)
			put_line(out, text_names[i], str_of(value));
	}
	for (size_t i = 0; i < sizeof number_names / sizeof *number_names; i++)
		if (memory_number(s, i))
			put_number(out, number_names[i], memory_number(s, i));
	for (size_t i = 0; i < s->n_slots; i++)
		put_slot(out, &s->slots[i]);
}

/* The next field up to `end`: cuts *rest behind it. */
static struct str take(struct str *rest, char end)
{
	const char *hit = rest->n ? memchr(rest->p, end, rest->n) : NULL;
	size_t n = hit ? (size_t)(hit - rest->p) : rest->n;
	struct str field = str_sub(*rest, 0, n);

	*rest = str_sub(*rest, hit ? n + 1 : n, rest->n);
	return field;
}

/* Undoes put_escaped in place of a fresh copy. */
static char *unescape(struct str value)
{
	char *out = mem_alloc(value.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (c == '\\' && i + 1 < value.n) {
			c = value.p[++i];
			c = c == 't' ? '\t' : c == 'n' ? '\n' : c;
		}
		out[n++] = c;
	}
	out[n] = '\0';
	return out;
}

static void load_slot(struct session *s, struct str value)
{
	struct str flags = take(&value, '\t');
	char *name = unescape(take(&value, '\t'));
	char *raw = unescape(take(&value, '\t'));
	char *canonical = unescape(value);

	session_slot_put(s, &(struct session_slot){name, raw, canonical,
						   flags.n == 2 && flags.p[0] == 'p',
						   flags.n == 2 && flags.p[1] == 'k'});
	free(name);
	free(raw);
	free(canonical);
}

static int load_line(struct session *s, struct str line, struct err *err)
{
	struct str name = take(&line, '\t');

	if (str_eq(name, STR("slot"))) {
		load_slot(s, line);
		return 0;
	}
	for (size_t i = 0; i < sizeof text_names / sizeof *text_names; i++)
		if (str_eq(name, str_of(text_names[i]))) {
			char *value = unescape(line);

			session_set(memory_text(s, i), str_of(value));
			free(value);
			return 0;
		}
	for (size_t i = 0; i < sizeof number_names / sizeof *number_names; i++)
		if (str_eq(name, str_of(number_names[i]))) {
			uint64_t v;

			if (!str_to_u64(line, &v))
				return err_set(err, ERR_INVALID,
					       "saved session: '%s' is not a number in field '%s'",
					       line.n ? "value" : "nothing", number_names[i]);
			set_memory_number(s, i, v);
		}
	return 0;
}

int session_load(struct session *s, struct str saved, struct err *err)
{
	struct session fresh;
	int rc = 0;

	session_init(&fresh, s->seed);
	while (saved.n && rc == 0)
		rc = load_line(&fresh, take(&saved, '\n'), err);
	if (rc == 0) {
		session_set(&fresh.user, str_of(s->user));
		session_set(&fresh.page, str_of(s->page));
		session_set(&fresh.lang, str_of(s->lang));
		fresh.logged_in = s->logged_in;
		session_done(s);
		*s = fresh;
	} else {
		session_done(&fresh);
	}
	return rc;
}
