/* The steps of a turn, for the files of this folder and nobody else.
 *
 *	bot_turn: utterance_read -> form_continue -> decide -> answer_intent | answer_faq | ask
 *		  | fallback
 *
 * form_continue and decide read a message that says nothing sure, or that may lack a slot of a sure
 * intent, a second time with its misspelt words put right, and keep that reading when it says more.
 * What still says nothing sure, decide reads sentence by sentence.
 *
 * All of them extend turn->reply and write turn->session. */
#ifndef BOT_STEPS_H
#define BOT_STEPS_H

#include "bot/action.h"

/* ---- reading.c: the message as typed, then as probably meant ---- */

/* What a second reading replaces. */
struct reading {
	struct utterance utterance;
	struct matches matches;
	const struct considered *considered;
	size_t n_considered;
};

struct match_state reading_state(const struct turn *t);
/* Matches turn->utterance. */
void reading_match(struct turn *t);
/* Corrects and matches the message: true, the turn holds the new reading and *before the old one.
 * False, nothing changed: typos are off, nothing is to be put right, or it is corrected already. */
bool reading_correct(struct turn *t, struct reading *before);
void reading_restore(struct turn *t, const struct reading *before);

/* ---- decide.c: which of the candidates ---- */

enum verdict { VERDICT_INTENT, VERDICT_FAQ, VERDICT_ASK, VERDICT_FALLBACK };

/* A candidate of either kind in one ranking. */
struct option {
	const struct candidate *intent; /* NULL: an FAQ entry */
	uint32_t faq;			/* its index in rules->faq */
	uint32_t wording;		/* the nearest of its wordings */
	double score;
};

enum { OPTIONS_MAX = 8, ASK_BUTTONS_MAX = 3 };

struct decision {
	enum verdict verdict;
	struct option options[OPTIONS_MAX]; /* best first */
	size_t n;
	bool liker; /* options[1] is an FAQ entry that has more of the message than the best */
	struct option also[ASK_BUTTONS_MAX]; /* what other sentences of an answered message ask */
	size_t n_also;
};

void decide(struct turn *t, struct decision *out);

/* The same of turn->utterance and turn->matches as they are; sets reply.considered. */
void decide_reading(struct turn *t, struct decision *out);
/* It answers; it neither asks nor falls back. */
bool decision_is_sure(const struct decision *d);

/* ---- parts.c: a long message, sentence by sentence ---- */

/* *d is what the whole message said, nothing sure: becomes what its parts say where that is more, with
 * turn->parts and reply.considered. */
void parts_decide(struct turn *t, struct decision *d);
/* *d answers the whole message: fills d->also with what its other sentences, or clauses where
 * it is one sentence, are sure of, intents with a title
 * and FAQ entries alone, and adds it to reply.considered. */
void parts_also(struct turn *t, struct decision *d);

/* ---- form.c: slot filling ---- */

/* An open question takes this message (filled, asked again, or given up): true, the reply is made.
 * False: there is none, or a rule of higher priority interrupts it. */
bool form_continue(struct turn *t);
/* Asks for the first empty slot of the intent: true, the reply is the question. */
bool form_ask(struct turn *t, const struct intent *intent);

/* ---- answer.c ---- */

/* Starts an intent: captures its slots, asks for what is missing, else answers and acts. */
void answer_start(struct turn *t, const struct intent *intent, const struct slots *slots);
/* All slots are there: the answer and the actions. */
void answer_finish(struct turn *t, const struct intent *intent);
void answer_faq(struct turn *t, const struct faq_entry *entry);
void answer_ask(struct turn *t, const struct decision *d);
/* Buttons for d->also. */
void answer_also(struct turn *t, const struct decision *d);
void answer_fallback(struct turn *t);
void answer_welcome(struct turn *t);
/* Jumps to an intent from an action (`else: NAME`); guarded against going in circles. */
void answer_jump(struct turn *t, struct str intent);
/* Runs actions in order; false when one found nothing. */
bool answer_act(struct turn *t, const struct actions *acts);

/* ---- render.c: words ---- */

/* One variant of a text in the reply's language with its slots filled; "" for an empty text. */
struct str render_text(struct turn *t, const struct text *text);
/* The text of that name in the rules, else the built-in one. */
struct str render_named(struct turn *t, const char *name);
/* `<name>` -> the slot as the learner wrote it; `values`: its canonical value instead. */
struct str render_slots(struct turn *t, struct str pattern, bool values);
/* A slot by name: this turn's, the session's, or a built-in (user, lang, page, last_course). */
bool render_find(struct turn *t, struct str name, struct slot *out);

/* ---- explain_recommend.c ---- */

/* What was asked of the recommender and what it gave; false: nothing was. */
bool explain_recommend(const struct turn *t, bool chinese, struct buf *out);

/* ---- building the reply ---- */

/* Appends a paragraph. */
void reply_say(struct turn *t, struct str text);
void reply_button(struct turn *t, struct str title, struct str value);
void reply_buttons(struct turn *t, const struct strs *buttons);
void reply_done(struct turn *t, const char *verb, struct str arg);
/* Title of an intent for a button, in the reply's language. */
struct str reply_title(struct turn *t, const struct intent *intent);

#endif
