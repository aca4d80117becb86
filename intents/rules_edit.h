/* Changes staff (or a program for them) make to intents.yaml: a phrase, a test, a synonym, an FAQ entry,
 * with every remark and line of the file left as it is (yaml_edit.h).
 *
 * Open the file that holds the intent (rule_intent(rs, name)->mark.file says which), note changes here, and
 * end with yaml_edit_finish and yaml_edit_save. All texts must live until then. Two calls for the same list
 * that was not there before touch the same place: give the texts in one call, or open anew between. */
#ifndef INTENTS_RULES_EDIT_H
#define INTENTS_RULES_EDIT_H

#include "intents/rule.h"
#include "intents/yaml_edit.h"

/* Examples behind those of the intent; `when` and `phrases` are made when absent. ERR_NOT_FOUND: this
 * file has no such intent. */
MUST_USE int rules_edit_phrases(struct yaml_edit *e, struct str intent, struct strs phrases,
				struct err *err);

/* Lines of `tests:` of the intent: what must reach it, or (`reaches` false) must not. */
MUST_USE int rules_edit_tests(struct yaml_edit *e, struct str intent, struct strs says,
			      bool reaches, struct err *err);

/* Words that stand for `head` everywhere. */
MUST_USE int rules_edit_words(struct yaml_edit *e, struct str head, struct strs words,
			      struct err *err);

/* An entry behind the others of `faq:` (made when absent). ERR_INVALID: no question or answer, or its id
 * is in this file already. */
struct faq_draft {
	struct str id; /* "" = none */
	const struct text *question, *answer;
	struct strs also, tags, next;
};
MUST_USE int rules_edit_faq(struct yaml_edit *e, const struct faq_draft *draft, struct err *err);

/* Other wordings (`also`) of the entry with that id. ERR_NOT_FOUND: this file has none. */
MUST_USE int rules_edit_also(struct yaml_edit *e, struct str id, struct strs wordings,
			     struct err *err);

#endif
