#include "intents/node.h"

#include <yaml.h>

#include "intents/node_build.h"
#include "intents/node_plain.h"
#include "intents/yaml_mend.h"
#include "text/utf8.h"

struct reader {
	struct node_build b;
	bool stopped; /* a limit or a second document: read no further */
	/* libyaml counts characters, the file is bytes: the last place both were known. Events come
	 * in the order of the file, so finding the next one walks each byte once. */
	size_t at_char, at_byte;
	struct yaml_problem problem; /* where libyaml gave up; line 0: nowhere */
};

static struct mark mark_of(const struct reader *r, const yaml_mark_t *m)
{
	return (struct mark){r->b.file, (int)m->line + 1, (int)m->column + 1};
}

static size_t byte_of(struct reader *r, size_t character)
{
	while (r->at_char < character && r->at_byte < r->b.bytes.n) {
		uint32_t cp;

		r->at_byte +=
			utf8_decode(r->b.bytes.p + r->at_byte, r->b.bytes.n - r->at_byte, &cp);
		r->at_char++;
	}
	return r->at_byte;
}

static struct node node_at(struct reader *r, enum node_kind kind, const yaml_mark_t *m)
{
	uint32_t at = (uint32_t)(byte_of(r, m->index) + r->b.skipped);

	return (struct node){.kind = (uint8_t)kind,
			     .line = (int)m->line + 1,
			     .col = (int)m->column + 1,
			     .begin = at,
			     .end = at};
}

static void stop_reading(struct reader *r, const yaml_mark_t *m, const char *code, const char *en,
			 const char *zh)
{
	diags_add(r->b.diags, DIAG_ERROR, mark_of(r, m), code, "%s", "%s",
		  r->b.diags->chinese ? zh : en);
	r->stopped = true;
}

static void open_frame(struct reader *r, struct node n, const yaml_mark_t *m)
{
	if (!node_build_open(&r->b, n))
		stop_reading(r, m, "too-deep",
			     "lists and maps are nested deeper than 64 levels; is a bracket before "
			     "this not "
			     "closed?",
			     "列表和映射嵌套超过 64 层；前面是不是有括号没有关闭？");
}

/* The end libyaml gives a list or map without brackets is where the next thing begins. */
static void close_frame(struct reader *r, const yaml_mark_t *end)
{
	bool flow = r->b.frames[r->b.depth - 1].node.flow;

	node_build_close(&r->b, flow ? byte_of(r, end->index) : NODE_BUILD_NO_END);
}

/* ---- events ---- */

/* `&name text` and `!name text` lose their first word without a sound. */
static bool refuse_marks(struct reader *r, const yaml_event_t *e, const yaml_char_t *anchor,
			 const yaml_char_t *tag)
{
	if (!anchor && !tag)
		return false;
	diags_add(r->b.diags, DIAG_ERROR, mark_of(r, &e->start_mark), "special-start",
		  "a value that starts with '%s' means something else in YAML; put the text in "
		  "quotes",
		  "以“%s”开头的值在 YAML 里另有含义；请给这段文字加引号", anchor ? "&" : "!");
	return true;
}

static void take_alias(struct reader *r, const yaml_event_t *e)
{
	diags_add(
		r->b.diags, DIAG_ERROR, mark_of(r, &e->start_mark), "alias",
		"'*%s' is a YAML alias, which is not allowed here; if it is text, put it in quotes",
		"“*%s”是 YAML 别名，这里不允许；如果是文字，请加引号",
		(const char *)e->data.alias.anchor);
	node_build_put(&r->b, node_at(r, NODE_BROKEN, &e->start_mark));
}

/* A | or > block ends, for libyaml, where the next thing begins: without `+` the line feeds before that
 * are no part of it. */
static size_t end_of_block(const struct reader *r, size_t from, size_t to)
{
	size_t head = from;

	while (head < to && r->b.bytes.p[head] != '\n' && r->b.bytes.p[head] != '\r' &&
	       r->b.bytes.p[head] != '#')
		if (r->b.bytes.p[head++] == '+')
			return to;
	while (to > from + 1 && memchr(" \t\r\n", r->b.bytes.p[to - 1], 4))
		to--;
	return to;
}

static void take_scalar(struct reader *r, const yaml_event_t *e)
{
	struct node n = node_at(r, NODE_SCALAR, &e->start_mark);
	size_t to = byte_of(r, e->end_mark.index);
	bool block = e->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
		     e->data.scalar.style == YAML_FOLDED_SCALAR_STYLE;

	if (refuse_marks(r, e, e->data.scalar.anchor, e->data.scalar.tag)) {
		n.kind = NODE_BROKEN;
		node_build_put(&r->b, n);
		return;
	}
	n.plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	n.text = arena_str(r->b.a,
			   (struct str){(const char *)e->data.scalar.value, e->data.scalar.length});
	n.end = (uint32_t)(r->b.skipped +
			   (block ? end_of_block(r, n.begin - r->b.skipped, to) : to));
	node_build_scalar(&r->b, n, to);
}

static void take_list(struct reader *r, const yaml_event_t *e)
{
	struct node n = node_at(r, NODE_LIST, &e->start_mark);

	refuse_marks(r, e, e->data.sequence_start.anchor, e->data.sequence_start.tag);
	n.flow = e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
	open_frame(r, n, &e->start_mark);
}

static void take_map(struct reader *r, const yaml_event_t *e)
{
	struct node n = node_at(r, NODE_MAP, &e->start_mark);

	refuse_marks(r, e, e->data.mapping_start.anchor, e->data.mapping_start.tag);
	n.flow = e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
	open_frame(r, n, &e->start_mark);
}

static bool count_node(struct reader *r, const yaml_event_t *e)
{
	if (*r->b.nodes_left == 0) {
		stop_reading(r, &e->start_mark, "too-many",
			     "too many entries: this file and its includes are past the limit",
			     "内容太多：本文件和它包含的文件超过了上限");
		return false;
	}
	--*r->b.nodes_left;
	return true;
}

static void take_event(struct reader *r, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (r->b.has_root)
			stop_reading(r, &e->start_mark, "many-documents",
				     "a second document begins here ('---'); one file holds one "
				     "document",
				     "这里开始了第二个文档（“---”）；一个文件只能有一个文档");
		break;
	case YAML_ALIAS_EVENT:
		if (count_node(r, e))
			take_alias(r, e);
		break;
	case YAML_SCALAR_EVENT:
		if (count_node(r, e))
			take_scalar(r, e);
		break;
	case YAML_SEQUENCE_START_EVENT:
		if (count_node(r, e))
			take_list(r, e);
		break;
	case YAML_MAPPING_START_EVENT:
		if (count_node(r, e))
			take_map(r, e);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_frame(r, &e->end_mark);
		break;
	default:
		break;
	}
}

/* ---- the file ---- */

static struct mark mark_of_byte(const struct reader *r, size_t at)
{
	struct mark m = {r->b.file, 1, 1};
	size_t line_start = 0;

	for (size_t i = 0; i < at; i++)
		if (r->b.bytes.p[i] == '\n') {
			m.line++;
			line_start = i + 1;
		}
	m.col = (int)utf8_count(str_sub(r->b.bytes, line_start, at)) + 1;
	return m;
}

static bool check_utf8(struct reader *r)
{
	size_t bad = utf8_valid(r->b.bytes);

	if (bad == r->b.bytes.n)
		return true;
	diags_add(r->b.diags, DIAG_ERROR, mark_of_byte(r, bad), "not-utf8",
		  "the file is not UTF-8 (byte 0x%02x); save it again with the encoding UTF-8",
		  "文件不是 UTF-8 编码（字节 0x%02x）；请用 UTF-8 编码重新保存",
		  (unsigned)(unsigned char)r->b.bytes.p[bad]);
	return false;
}

static void note_problem(struct reader *r, const yaml_parser_t *p)
{
	struct mark m = mark_of(r, &p->problem_mark);

	if (p->error == YAML_READER_ERROR)
		m = mark_of_byte(r, p->problem_offset < r->b.bytes.n ? p->problem_offset
								     : r->b.bytes.n);
	r->problem = (struct yaml_problem){
		.file = r->b.file,
		.words = p->problem ? p->problem : "", /* a literal of libyaml's */
		.line = m.line,
		.col = m.col,
		.context_line = p->context ? (int)p->context_mark.line + 1 : 0,
	};
}

static bool read_events(struct reader *r, yaml_parser_t *p)
{
	bool ended = false;

	while (!ended && !r->stopped) {
		yaml_event_t e;

		if (!yaml_parser_parse(p, &e)) {
			note_problem(r, p);
			return false;
		}
		ended = e.type == YAML_STREAM_END_EVENT;
		take_event(r, &e);
		yaml_event_delete(&e);
	}
	return !r->stopped;
}

static bool parse_bytes(struct reader *r)
{
	yaml_parser_t p;
	bool complete;

	if (!yaml_parser_initialize(&p)) /* fails only for want of memory */
		abort();
	yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&p, (const unsigned char *)r->b.bytes.p, r->b.bytes.n);
	complete = read_events(r, &p);
	yaml_parser_delete(&p);
	while (r->b.depth)
		node_build_close(&r->b, NODE_BUILD_NO_END);
	return complete;
}

static void move_diags(struct diags *from, struct diags *to)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct diag *d = &from->items[i];

		diags_add(to, d->level, d->mark, d->code.p, "%.*s", "%.*s", STR_ARG(d->text));
	}
	diags_done(from);
}

enum {
	READINGS_MAX = 50,
	READ_MAX = 16 << 20, /* bytes in all readings after the first: a second's work */
};

/* One reading into `a`, from the start; what it says goes to `said`, which is emptied first. */
static bool read_once(struct reader *r, const struct reader *fresh, struct arena *a,
		      struct diags *said)
{
	diags_done(said);
	*r = *fresh;
	r->b.a = a;
	r->b.diags = said;
	return parse_bytes(r);
}

static bool mend_and_say(struct reader *r, char *bytes, struct diags *diags)
{
	return r->problem.line &&
	       mend_problem(&r->problem, bytes, r->b.bytes.n, r->b.is_key, diags);
}

/* Reads, mends what stopped the reading, and reads again. Only the last reading's words about the
 * tree count, for it saw all that the ones before it saw. The readings between are thrown away. */
static bool read_and_mend(struct reader *r, char *bytes, struct diags *diags)
{
	const struct reader fresh = *r;
	const size_t nodes_left = *r->b.nodes_left;
	struct diags said;
	struct arena trial;
	bool complete, again;
	size_t readings = 1;

	diags_init(&said, diags->chinese);
	arena_init(&trial);
	complete = read_once(r, &fresh, fresh.b.a, &said);
	again = !complete && mend_and_say(r, bytes, diags);
	while (again && ++readings <= READINGS_MAX && readings * r->b.bytes.n <= READ_MAX) {
		*r->b.nodes_left = nodes_left;
		again = !read_once(r, &fresh, &trial, &said) && mend_and_say(r, bytes, diags);
		arena_done(&trial);
	}
	if (readings > 1 || again) {
		*r->b.nodes_left = nodes_left;
		read_once(r, &fresh, fresh.b.a, &said);
	}
	move_diags(&said, diags);
	return complete;
}

/* Without libyaml, if the file is plain and there is nothing to say about it: all that is said of a file is said by
 * one reader. */
static bool read_plain(struct reader *r)
{
	const struct node_build fresh = r->b;
	const size_t nodes_left = *r->b.nodes_left;
	struct diags said;
	bool clean;

	diags_init(&said, r->b.diags->chinese);
	r->b.diags = &said;
	clean = node_plain_read(&r->b) && said.n == 0 && said.errors + said.warnings == 0;
	diags_done(&said);
	if (!clean) {
		r->b = fresh;
		*r->b.nodes_left = nodes_left;
	}
	r->b.diags = fresh.diags;
	return clean;
}

bool node_read(struct arena *a, struct str file, struct str bytes, traps_is_key *is_key,
	       size_t *nodes_left, struct diags *diags, struct node *out)
{
	struct reader *r = ARENA_NEW(a, struct reader);
	bool complete;

	r->b.skipped = str_starts(bytes, STR("\xef\xbb\xbf")) ? 3 : 0;
	bytes = arena_str(a, str_sub(bytes, r->b.skipped, bytes.n));
	r->b.a = a;
	r->b.file = file;
	r->b.bytes = bytes;
	r->b.is_key = is_key;
	r->b.diags = diags;
	r->b.nodes_left = nodes_left;
	r->b.root =
		(struct node){.kind = NODE_MAP, .line = 1, .col = 1, .end = (uint32_t)r->b.skipped};
	complete = check_utf8(r) &&
		   (read_plain(r) || read_and_mend(r, (char *)(uintptr_t)bytes.p, diags));
	*out = r->b.root;
	return complete;
}

const struct node *node_get(const struct node *map, struct str key)
{
	if (map->kind != NODE_MAP)
		return NULL;
	for (size_t i = 0; i < map->n; i++)
		if (str_eq(node_key(map, i)->text, key))
			return node_value(map, i);
	return NULL;
}
