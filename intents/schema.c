#include "intents/schema.h"

#include "intents/loader.h"

#define REF(name)     "{\"$ref\":\"#/definitions/" name "\"}"
#define ANY_OF(a, b)  "{\"anyOf\":[" a "," b "]}"
#define LIST_OF(item) "{\"type\":\"array\",\"items\":" item "}"
#define MAP_OF(value) "{\"type\":\"object\",\"additionalProperties\":" value "}"

#define LANGUAGE_CODE "[a-z]{2,3}(-[A-Za-z0-9]+)*$"

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
		    "\"ordinal\"]}"},
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
	{"verbs", "{\"type\":\"object\"}"},
	{"then", ANY_OF(REF("scalar"), REF("context"))},
	{"tests",
	 ANY_OF(REF("test"), ANY_OF(REF("scalar"), LIST_OF(ANY_OF(REF("scalar"), REF("test")))))},
	{"slots", MAP_OF(REF("scalar"))},
	{"after", "{\"type\":\"object\",\"additionalProperties\":false,\"patternProperties\":"
		  "{\"^[0-9]+$\":" REF("actions") "}}"},
	{"words", MAP_OF(REF("strings"))},
	{"texts", MAP_OF(REF("text"))},
	{"values", ANY_OF(MAP_OF("{}"), REF("strings"))},
	/* Values have any name; the keys of an entity are offered, but no other is refused. */
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
	bool open; /* other keys are allowed */
} maps[] = {
	{"settings", &load_settings_table, false},
	{"intent", &load_intent_table, false},
	{"block", &load_when_table, false},
	{"keyword_map", &load_keyword_table, false},
	{"only", &load_only_table, false},
	{"context", &load_then_table, false},
	{"question", &load_ask_table, false},
	{"answer", &load_answer_table, false},
	{"test", &load_test_table, false},
	{"entity", &load_entity_table, true},
	{"fallback_map", &load_fallback_table, false},
	{"entry", &load_faq_table, false},
	{"experiment", &load_experiment_table, false},
};

static void put_ref(struct buf *out, const char *type)
{
	buf_printf(out, "{\"$ref\":\"#/definitions/%s\"}", type);
}

/* Draft-07 passes over what stands beside a $ref; in allOf it counts. */
static void put_property(struct buf *out, const struct load_key *row)
{
	struct buf ref = {0};

	put_ref(&ref, row->type);
	json_key(out, row->name);
	json_open(out, '{');
	json_kstr(out, "description", str_of(row->doc));
	json_key(out, "allOf");
	json_open(out, '[');
	json_raw(out, buf_view(&ref));
	json_close(out, ']');
	json_close(out, '}');
	buf_done(&ref);
}

/* "if" and "do" look like languages: the keys of the table are none. */
static void put_languages(struct buf *out, const struct load_table *table)
{
	struct buf pattern = {0}, ref = {0};

	buf_cstr(&pattern, "^(?!(");
	for (size_t i = 0; i < table->n; i++)
		buf_printf(&pattern, "%s%s", i ? "|" : "", table->keys[i].name);
	buf_cstr(&pattern, ")$)" LANGUAGE_CODE);
	put_ref(&ref, "strings");
	json_key(out, "patternProperties");
	json_open(out, '{');
	json_key_str(out, buf_view(&pattern));
	json_raw(out, buf_view(&ref));
	json_close(out, '}');
	buf_done(&pattern);
	buf_done(&ref);
}

static void put_map(struct buf *out, const struct load_table *table, bool open)
{
	json_kstr(out, "type", STR("object"));
	json_kbool(out, "additionalProperties", open);
	json_key(out, "properties");
	json_open(out, '{');
	for (size_t i = 0; i < table->n; i++)
		put_property(out, &table->keys[i]);
	json_close(out, '}');
	if (table->languages)
		put_languages(out, table);
}

void schema_write(struct buf *out)
{
	json_open(out, '{');
	json_kstr(out, "$schema", STR("http://json-schema.org/draft-07/schema#"));
	json_kstr(out, "title", STR("kefu intents.yaml"));
	put_map(out, &load_top_table, false);
	json_key(out, "definitions");
	json_open(out, '{');
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		json_key(out, values[i].type);
		json_raw(out, str_of(values[i].schema));
	}
	for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
		json_key(out, maps[i].type);
		json_open(out, '{');
		put_map(out, maps[i].table, maps[i].open);
		json_close(out, '}');
	}
	json_close(out, '}');
	json_close(out, '}');
}
