/* The one door: one message in, one reply out.
 *
 * Pure: same snapshot + same session + same profiles + same text + same now -> same reply, bit for
 * bit. No I/O, no clock, no logging. What it returns lives in turn->arena; what it remembers goes
 * to turn->session as copies. What the world must do (record a handoff) is in turn->effects. */
#ifndef BOT_TURN_H
#define BOT_TURN_H

#include "bot/experiment.h"
#include "bot/session.h"
#include "bot/snapshot.h"

enum turn_kind {
	TURN_MESSAGE, /* text typed by the learner */
	TURN_CLICK,   /* value of a button: `intent:NAME`, `faq:ID`, or plain text as if typed */
	TURN_WELCOME, /* no text: the greeting of a new session */
	TURN_SILENT, /* a person has the conversation: the text is read, so that it can be masked; nothing is
		       * answered or remembered */
};

/* Is anybody there to take a handoff over? In rules `<people>`: there, away, or nothing. */
enum turn_people {
	PEOPLE_UNKNOWN, /* as the rule says: `offline: leave_message` means nobody */
	PEOPLE_THERE,
	PEOPLE_AWAY,
};
/* "", "there", "away". */
const char *turn_people_name(enum turn_people p);
bool turn_people_read(struct str word, enum turn_people *out); /* there, away */

enum reply_source {
	SOURCE_RULE,
	SOURCE_PHRASE,
	SOURCE_FAQ,
	SOURCE_SLOT,	/* asked for or filled a slot */
	SOURCE_CONTEXT, /* an intent of the active context */
	SOURCE_ASK,	/* did you mean …? */
	SOURCE_FALLBACK,
};

struct button {
	struct str title, value;
};

struct card {
	struct str id, title, url, image, reason, level, format;
	double price; /* < 0 unknown */
};

/* A runner-up or the winner, for explanations. */
struct considered {
	struct str intent; /* name, or "faq:ID" */
	double score;
	enum reply_source source;
	const struct reason *reasons;
	size_t n_reasons;
	struct str verdict; /* why it won or lost, e.g. "only: logged_in", "lower score" */
};

struct done_action {
	struct str verb; /* "handoff" */
	struct str arg;	 /* its main argument as rendered: the team, the topic, … */
};

struct reply {
	struct str text;
	struct str lang;
	struct str intent; /* "" on fallback and on did-you-mean; "faq:ID" for an FAQ answer */
	double score;
	enum reply_source source;
	const struct button *buttons;
	size_t n_buttons;
	const struct card *cards;
	size_t n_cards;
	struct str list;    /* id of the cards as a list, given by who keeps it; "" = nobody does */
	struct slots slots; /* of the intent, this turn's and remembered ones */
	const struct done_action *done;
	size_t n_done;
	const struct considered *considered; /* best first, the winner at its place */
	size_t n_considered;
};

struct handoff {
	bool wanted;
	struct str team, note;
	bool leave_message;
};

struct turn_effects {
	struct handoff handoff;
	int helpful;	      /* from `do: feedback`: -1 no, 0 nothing, 1 yes */
	struct exposures met; /* experiments whose variant had a say in this turn */
};

struct turn {
	/* in */
	struct snapshot *snapshot;
	struct session *session;
	const struct profiles *profiles; /* may be NULL */
	enum turn_kind kind;
	enum turn_people people;
	struct str text;
	int64_t now_unix_ms;
	bool explain; /* collect what was kept out, too */
	bool suggest; /* reply.considered has FAQ entries that are under ask_at, too; so with explain */
	bool rules_alone; /* score no phrases; match.h */

	/* work and out */
	struct arena arena;
	struct arena
		search; /* of one search of the FAQ at a time: they are many to a message, and large */
	struct utterance utterance;
	struct matches matches;
	struct utterance typed; /* the message as it was */
	const struct spelling
		*spelling; /* what `utterance` was put right of; NULL: it is `typed` */
	struct strs parts; /* sentences that were decided by themselves, as read; none: the whole */
	struct tuning tuning; /* of the decision, as the learner's experiments have it */
	int jumps;	      /* from intent to intent, against going in circles */
	/* what was asked of the recommender and what it gave; NULL: nothing was */
	const struct recommend_query *asked;
	const struct recommended_list *got;
	struct str
		dropped; /* `<dropped>`: what the courses shown do not have, in the reply's language */
	struct strs forgotten; /* slots that led nowhere: of this message only */
	struct reply reply;
	struct turn_effects effects;
};

/* Init once, then any number of: fill the inputs, bot_turn, use the reply, turn_reset. */
void turn_init(struct turn *t);
void turn_reset(struct turn *t); /* frees the reply; keeps snapshot, session, profiles */
void turn_done(struct turn *t);

void bot_turn(struct turn *t);

/* "rule", "phrase", … as on the wire. */
const char *reply_source_name(enum reply_source s);

/* Title of an intent, or the question of an FAQ entry ("faq:ID"), in the reply's language; after bot_turn, in the
 * turn's arena. */
struct str turn_option_title(struct turn *t, struct str name);

/* What the learner said with private spans (entities marked private, phone numbers, …) masked.
 * Valid after bot_turn, in the turn's arena. */
struct str turn_masked_text(struct turn *t);

#endif
