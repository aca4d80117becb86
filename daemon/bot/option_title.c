/* What people call a thing that could be answered. */
#include "bot/steps.h"

struct str turn_option_title(struct turn *t, struct str name)
{
	const struct ruleset *rs = t->snapshot->rules;
	bool is_faq = str_starts(name, STR("faq:"));
	const struct faq_entry *entry = is_faq ? rule_faq(rs, str_sub(name, 4, name.n)) : NULL;
	const struct intent *intent = is_faq ? NULL : rule_intent(rs, name);

	if (entry)
		return render_text(t, &entry->question);
	return intent ? reply_title(t, intent) : name;
}
