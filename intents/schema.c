#include "intents/schema.h"

#include "intents/loader.h"

#define REF(name)     "{\"$ref\":\"#/definitions/" name "\"}"
#define ANY_OF(a, b)  "{\"anyOf\":[" a "," b "]}"
#define LIST_OF(item) "{\"type\":\"array\",\"items\":" item "}"
#define MAP_OF(value) "{\"type\":\"object\",\"additionalProperties\":" value "}"

#define LANGUAGE_CODE "[a-z]{2,3}(-[A-Za-z0-9]+)*$"

/* As load_cond.c reads them: <slot>, not <slot>, <slot> sign value. */
#define SLOT_SIGN  "<[^>\\\\s]([^>]*[^>\\\\s])?>\\\\s*"
#define COMPARISON "([=!<>]=|[=<>](?!=)|[≤≥≠＝＜＞])\\\\s*\\\\S[\\\\s\\\\S]*"
#define CONDITION                                                                                  \
	"{\"type\":\"string\",\"pattern\":\"^\\\\s*(not\\\\s+" SLOT_SIGN "|" SLOT_SIGN             \
	"(" COMPARISON ")?)$\"}"

/* What a value looks like, by the type of its row. */
static const struct {
	const char *type, *schema;
} values[] = {
	{"version", "{\"const\":1}"},
	{"scalar", "{\"type\":[\"string\",\"number\",\"boolean\"]}"},
	{"strings", ANY_OF(REF("scalar"), LIST_OF(REF("scalar")))},
	{"yes_no", "{\"enum\":[true,false,\"yes\",\"no\",\"on\",\"off\",\"是\",\"否\"]}"},
	{"count", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000}"},
	{"integer", "{\"type\":\"integer\"}"},
	{"fraction", "{\"type\":\"number\",\"minimum\":0,\"maximum\":1}"},
	{"typos", "{\"enum\":[\"auto\",\"off\",false,0,1,2]}"},
	{"builtin", "{\"enum\":[\"number\",\"money\",\"date\",\"duration\",\"phone\",\"email\","
		    "\"ordinal\",\"price\"]}"},
	{"text", ANY_OF(REF("strings"), REF("language_map"))},
	{"language_map",
	 "{\"type\":\"object\",\"additionalProperties\":false,\"patternProperties\":"
	 "{\"^" LANGUAGE_CODE "\":" REF("strings") "}}"},
	{"when", ANY_OF(REF("block"), LIST_OF(REF("block")))},
	{"keywords", ANY_OF(REF("strings"), REF("keyword_map"))},
	{"asks", MAP_OF(ANY_OF(REF("strings"), REF("question")))},
	{"answers", ANY_OF(REF("answer"),
			   ANY_OF(REF("scalar"), LIST_OF(ANY_OF(REF("scalar"), REF("answer")))))},
	{"actions",
	 ANY_OF(REF("verbs"), ANY_OF(REF("scalar"), LIST_OF(ANY_OF(REF("scalar"), REF("verbs")))))},
	{"verbs", MAP_OF(ANY_OF("{\"type\":\"null\"}", REF("arguments")))},
	{"arguments", ANY_OF(REF("strings"), MAP_OF(REF("text")))},
	{"conditions", ANY_OF(CONDITION, LIST_OF(CONDITION))},
	{"then", ANY_OF(REF("scalar"), REF("context"))},
	{"tests",
	 ANY_OF(REF("test"), ANY_OF(REF("scalar"), LIST_OF(ANY_OF(REF("scalar"), REF("test")))))},
	{"slots", MAP_OF(REF("scalar"))},
	{"after", "{\"type\":\"object\",\"additionalProperties\":false,\"patternProperties\":"
		  "{\"^[0-9]+$\":" REF("actions") "}}"},
	{"words", MAP_OF(REF("strings"))},
	{"texts", MAP_OF(REF("text"))},
	{"values", ANY_OF(MAP_OF("{}"), REF("strings"))},
	{"names", ANY_OF("{\"type\":\"null\"}", REF("strings"))},
	{"entities", MAP_OF(ANY_OF(LIST_OF(REF("scalar")), REF("entity")))},
	{"intents", MAP_OF(REF("intent"))},
	{"fallback", ANY_OF(REF("strings"), REF("fallback_map"))},
	{"faq", LIST_OF(REF("entry"))},
	{"experiments", MAP_OF(REF("experiment"))},
	{"shares", MAP_OF(ANY_OF("{\"type\":\"number\",\"minimum\":0,\"maximum\":100}",
				 "{\"type\":\"string\",\"pattern\":\"^[0-9.]+ *%$\"}"))},
	{"variant_settings", MAP_OF(MAP_OF("{\"type\":\"number\"}"))},
	{"outcome", "{\"enum\":[\"click\",\"enroll\",\"purchase\",\"helpful\",\"answered\"]}"},
};

/* Maps with a table of keys. */
static const struct {
	const char *type;
	const struct load_table *table;
} maps[] = {
	{"settings", &load_settings_table}, {"intent", &load_intent_table},
	{"block", &load_when_table},	    {"keyword_map", &load_keyword_table},
	{"only", &load_only_table},	    {"context", &load_then_table},
	{"question", &load_ask_table},	    {"answer", &load_answer_table},
	{"test", &load_test_table},	    {"fallback_map", &load_fallback_table},
	{"entry", &load_faq_table},	    {"experiment", &load_experiment_table},
};

static void put_ref(struct buf *out, const char *type)
{
	struct buf ref = {0};

	buf_printf(&ref, "{\"$ref\":\"#/definitions/%s\"}", type);
	json_raw(out, buf_view(&ref));
	buf_done(&ref);
}

/* Draft-07 passes over what stands beside a $ref; in allOf it counts. */
static void put_property(struct buf *out, const struct load_key *row)
{
	json_key(out, row->name);
	json_open(out, '{');
	json_kstr(out, "description", str_of(row->doc));
	json_key(out, "allOf");
	json_open(out, '[');
	put_ref(out, row->type);
	json_close(out, ']');
	json_close(out, '}');
}

/* "if" and "do" look like languages: the keys of the table are none. */
static void put_languages(struct buf *out, const struct load_table *table)
{
	struct buf pattern = {0};

	buf_cstr(&pattern, "^(?!(");
	for (size_t i = 0; i < table->n; i++)
		buf_printf(&pattern, "%s%s", i ? "|" : "", table->keys[i].name);
	buf_cstr(&pattern, ")$)" LANGUAGE_CODE);
	json_key(out, "patternProperties");
	json_open(out, '{');
	json_key_str(out, buf_view(&pattern));
	put_ref(out, "strings");
	json_close(out, '}');
	buf_done(&pattern);
}

static void put_map(struct buf *out, const struct load_table *table)
{
	json_kstr(out, "type", STR("object"));
	json_kbool(out, "additionalProperties", false);
	json_key(out, "properties");
	json_open(out, '{');
	for (size_t i = 0; i < table->n; i++)
		put_property(out, &table->keys[i]);
	json_close(out, '}');
	if (table->languages)
		put_languages(out, table);
}

/* ---- entities ---- */

/* An entity that says where its values come from, as load_entity.c tells; then other keys are mistakes. */
static const char says_its_kind[] =
	"{\"anyOf\":["
	"{\"required\":[\"from\"],\"properties\":{\"from\":{\"not\":{\"type\":\"array\"}}}},"
	"{\"required\":[\"regex\"],\"properties\":{\"regex\":{\"not\":{\"type\":\"array\"}}}},"
	"{\"required\":[\"builtin\"],\"properties\":{\"builtin\":{\"not\":{\"type\":\"array\"}}}},"
	"{\"required\":[\"values\"],\"properties\":{\"values\":{\"type\":\"object\"}}}]}";

/* Else every key is a value's name, but for the options, which are plain where names are a list. */
static void put_value_names(struct buf *out)
{
	json_key(out, "properties");
	json_open(out, '{');
	for (size_t i = 0; i < load_entity_table.n; i++) {
		const struct load_key *row = &load_entity_table.keys[i];
		bool option = !strcmp(row->type, "yes_no") || !strcmp(row->type, "typos");

		json_key(out, row->name);
		json_open(out, '{');
		json_kstr(out, "description", str_of(row->doc));
		json_key(out, "anyOf");
		json_open(out, '[');
		json_raw(out, option ? STR(LIST_OF(REF("scalar"))) : STR(REF("names")));
		if (option)
			put_ref(out, row->type);
		json_close(out, ']');
		json_close(out, '}');
	}
	json_close(out, '}');
	json_key(out, "additionalProperties");
	json_raw(out, STR(REF("names")));
}

static void put_entity(struct buf *out)
{
	json_key(out, "entity");
	json_open(out, '{');
	json_kstr(out, "type", STR("object"));
	json_key(out, "if");
	json_raw(out, str_of(says_its_kind));
	json_key(out, "then");
	json_open(out, '{');
	put_map(out, &load_entity_table);
	json_close(out, '}');
	json_key(out, "else");
	json_open(out, '{');
	put_value_names(out);
	json_close(out, '}');
	json_close(out, '}');
}

void schema_write(struct buf *out)
{
	json_open(out, '{');
	json_kstr(out, "$schema", STR("http://json-schema.org/draft-07/schema#"));
	json_kstr(out, "title", STR("kefu intents.yaml"));
	put_map(out, &load_top_table);
	json_key(out, "definitions");
	json_open(out, '{');
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		json_key(out, values[i].type);
		json_raw(out, str_of(values[i].schema));
	}
	for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
		json_key(out, maps[i].type);
		json_open(out, '{');
		put_map(out, maps[i].table);
		json_close(out, '}');
	}
	put_entity(out);
	json_close(out, '}');
	json_close(out, '}');
}
