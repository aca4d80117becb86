/* The index of names behind rule_intent and its sisters; filled by the loader. */
#ifndef INTENTS_RULE_NAMES_H
#define INTENTS_RULE_NAMES_H

#include "intents/strmap.h"

struct rule_names {
	struct strmap intents, entities, texts, faq;
};

#endif
