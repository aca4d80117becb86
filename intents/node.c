#include "intents/node.h"

#include <yaml.h>

#include "intents/strmap.h"
#include "intents/yaml_mend.h"
#include "text/utf8.h"

/* A list or map whose end has not come yet. */
struct frame {
	struct node node;
	struct node *items;
	size_t n, cap;
};

struct reader {
	struct arena *a;
	struct str file, bytes;
	struct diags *diags;
	size_t *nodes_left;
	struct frame frames[NODE_DEPTH_MAX];
	size_t depth;
	struct node root;
	bool has_root;
	bool stopped; /* a limit or a second document: read no further */
	/* libyaml counts characters, the file is bytes: the last place both were known. Events come
	 * in the order of the file, so finding the next one walks each byte once. */
	size_t at_char, at_byte;
	size_t skipped; /* bytes of a byte order mark before `bytes` */
	traps_is_key *is_key;
	struct yaml_problem problem; /* where libyaml gave up; line 0: nowhere */
};

static struct mark mark_of(const struct reader *r, const yaml_mark_t *m)
{
	return (struct mark){r->file, (int)m->line + 1, (int)m->column + 1};
}

static struct mark node_mark(const struct reader *r, const struct node *n)
{
	return (struct mark){r->file, n->line, n->col};
}

static size_t byte_of(struct reader *r, size_t character)
{
	while (r->at_char < character && r->at_byte < r->bytes.n) {
		uint32_t cp;

		r->at_byte += utf8_decode(r->bytes.p + r->at_byte, r->bytes.n - r->at_byte, &cp);
		r->at_char++;
	}
	return r->at_byte;
}

static struct node node_at(struct reader *r, enum node_kind kind, const yaml_mark_t *m)
{
	uint32_t at = (uint32_t)(byte_of(r, m->index) + r->skipped);

	return (struct node){.kind = (uint8_t)kind,
			     .line = (int)m->line + 1,
			     .col = (int)m->column + 1,
			     .begin = at,
			     .end = at};
}

/* ---- closing a map: keys are text, each once ---- */

static bool key_usable(struct reader *r, const struct node *key)
{
	if (key->kind == NODE_SCALAR)
		return true;
	if (key->kind != NODE_BROKEN)
		diags_add(r->diags, DIAG_ERROR, node_mark(r, key), "bad-key",
			  "a key must be plain text, not a list or map; put text with brackets in "
			  "quotes",
			  "键必须是普通文字，不能是列表或映射；带括号的文字请加引号");
	return false;
}

static bool key_new(struct reader *r, struct strmap *seen, const struct node *items, size_t pair)
{
	const struct node *key = &items[2 * pair];
	const uint32_t *first = strmap_put(r->a, seen, key->text, (uint32_t)pair);

	if (!first)
		return true;
	diags_add(r->diags, DIAG_ERROR, node_mark(r, key), "duplicate-key",
		  "key '%.*s' is written twice: on line %d and on line %d; keep one of them",
		  "键“%.*s”写了两次：第 %d 行和第 %d 行；请只保留一个", STR_ARG(key->text),
		  items[2 * *first].line, key->line);
	return false;
}

static void close_map(struct reader *r, struct frame *f)
{
	struct strmap seen = {0};
	size_t kept = 0;

	for (size_t i = 0; i < f->n / 2; i++) {
		f->items[2 * kept] = f->items[2 * i];
		f->items[2 * kept + 1] = f->items[2 * i + 1];
		if (key_usable(r, &f->items[2 * kept]) && key_new(r, &seen, f->items, kept))
			kept++;
	}
	f->node.n = kept;
}

/* ---- building ---- */

static void put_node(struct reader *r, struct node n)
{
	struct frame *f;

	if (r->depth == 0) {
		r->root = n;
		r->has_root = true;
		return;
	}
	f = &r->frames[r->depth - 1];
	ARENA_PUSH(r->a, f->items, f->n, f->cap, n);
}

/* The end libyaml gives a list or map without brackets is where the next thing begins; NULL: the file
 * broke off inside. */
static void close_frame(struct reader *r, const yaml_mark_t *end)
{
	struct frame *f = &r->frames[--r->depth];

	if (f->node.flow && end)
		f->node.end = (uint32_t)(byte_of(r, end->index) + r->skipped);
	else if (f->n)
		f->node.end = f->items[f->n - 1].end;
	f->node.n = f->n;
	if (f->node.kind == NODE_MAP)
		close_map(r, f);
	f->node.items = f->items;
	put_node(r, f->node);
}

static void stop_reading(struct reader *r, const yaml_mark_t *m, const char *code, const char *en,
			 const char *zh)
{
	diags_add(r->diags, DIAG_ERROR, mark_of(r, m), code, "%s", "%s",
		  r->diags->chinese ? zh : en);
	r->stopped = true;
}

static void open_frame(struct reader *r, struct node n, const yaml_mark_t *m)
{
	if (r->depth == NODE_DEPTH_MAX) {
		stop_reading(r, m, "too-deep",
			     "lists and maps are nested deeper than 64 levels; is a bracket before "
			     "this not "
			     "closed?",
			     "列表和映射嵌套超过 64 层；前面是不是有括号没有关闭？");
		return;
	}
	r->frames[r->depth++] = (struct frame){.node = n};
}

/* ---- events ---- */

/* `&name text` and `!name text` lose their first word without a sound. */
static bool refuse_marks(struct reader *r, const yaml_event_t *e, const yaml_char_t *anchor,
			 const yaml_char_t *tag)
{
	if (!anchor && !tag)
		return false;
	diags_add(r->diags, DIAG_ERROR, mark_of(r, &e->start_mark), "special-start",
		  "a value that starts with '%s' means something else in YAML; put the text in "
		  "quotes",
		  "以“%s”开头的值在 YAML 里另有含义；请给这段文字加引号", anchor ? "&" : "!");
	return true;
}

static void take_alias(struct reader *r, const yaml_event_t *e)
{
	diags_add(
		r->diags, DIAG_ERROR, mark_of(r, &e->start_mark), "alias",
		"'*%s' is a YAML alias, which is not allowed here; if it is text, put it in quotes",
		"“*%s”是 YAML 别名，这里不允许；如果是文字，请加引号",
		(const char *)e->data.alias.anchor);
	put_node(r, node_at(r, NODE_BROKEN, &e->start_mark));
}

/* So much of the line behind a scalar is looked at: all of it would make a file of one line
 * quadratic. */
enum { BEHIND_MAX = 256 };

/* True when the scalar, which ends at byte `to`, is not what was meant. */
static bool look_for_traps(struct reader *r, const struct node *n, size_t to)
{
	size_t end = to;
	struct trap_scalar s = {
		.mark = node_mark(r, n),
		.plain = n->plain,
		.text = n->text,
		.source = str_sub(r->bytes, n->begin - r->skipped, to),
	};

	while (end < r->bytes.n && end - to < BEHIND_MAX && r->bytes.p[end] != '\n' &&
	       r->bytes.p[end] != '\r')
		end++;
	s.behind = str_sub(r->bytes, to, end);
	return traps_scalar(&s, r->is_key, r->diags);
}

/* A | or > block ends, for libyaml, where the next thing begins: without `+` the line feeds before that
 * are no part of it. */
static size_t end_of_block(const struct reader *r, size_t from, size_t to)
{
	size_t head = from;

	while (head < to && r->bytes.p[head] != '\n' && r->bytes.p[head] != '\r' &&
	       r->bytes.p[head] != '#')
		if (r->bytes.p[head++] == '+')
			return to;
	while (to > from + 1 && memchr(" \t\r\n", r->bytes.p[to - 1], 4))
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
		put_node(r, n);
		return;
	}
	n.plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	n.text = arena_str(r->a,
			   (struct str){(const char *)e->data.scalar.value, e->data.scalar.length});
	n.end = (uint32_t)(r->skipped + (block ? end_of_block(r, n.begin - r->skipped, to) : to));
	if (look_for_traps(r, &n, to))
		n.kind = NODE_BROKEN;
	put_node(r, n);
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
	if (*r->nodes_left == 0) {
		stop_reading(r, &e->start_mark, "too-many",
			     "too many entries: this file and its includes are past the limit",
			     "内容太多：本文件和它包含的文件超过了上限");
		return false;
	}
	--*r->nodes_left;
	return true;
}

static void take_event(struct reader *r, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (r->has_root)
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
	struct mark m = {r->file, 1, 1};
	size_t line_start = 0;

	for (size_t i = 0; i < at; i++)
		if (r->bytes.p[i] == '\n') {
			m.line++;
			line_start = i + 1;
		}
	m.col = (int)utf8_count(str_sub(r->bytes, line_start, at)) + 1;
	return m;
}

static bool check_utf8(struct reader *r)
{
	size_t bad = utf8_valid(r->bytes);

	if (bad == r->bytes.n)
		return true;
	diags_add(r->diags, DIAG_ERROR, mark_of_byte(r, bad), "not-utf8",
		  "the file is not UTF-8 (byte 0x%02x); save it again with the encoding UTF-8",
		  "文件不是 UTF-8 编码（字节 0x%02x）；请用 UTF-8 编码重新保存",
		  (unsigned)(unsigned char)r->bytes.p[bad]);
	return false;
}

static void note_problem(struct reader *r, const yaml_parser_t *p)
{
	struct mark m = mark_of(r, &p->problem_mark);

	if (p->error == YAML_READER_ERROR)
		m = mark_of_byte(r,
				 p->problem_offset < r->bytes.n ? p->problem_offset : r->bytes.n);
	r->problem = (struct yaml_problem){
		.file = r->file,
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
	yaml_parser_set_input_string(&p, (const unsigned char *)r->bytes.p, r->bytes.n);
	complete = read_events(r, &p);
	yaml_parser_delete(&p);
	while (r->depth)
		close_frame(r, NULL);
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
	r->a = a;
	r->diags = said;
	return parse_bytes(r);
}

static bool mend_and_say(struct reader *r, char *bytes, struct diags *diags)
{
	return r->problem.line && mend_problem(&r->problem, bytes, r->bytes.n, r->is_key, diags);
}

/* Reads, mends what stopped the reading, and reads again. Only the last reading's words about the
 * tree count, for it saw all that the ones before it saw. The readings between are thrown away. */
static bool read_and_mend(struct reader *r, char *bytes, struct diags *diags)
{
	const struct reader fresh = *r;
	const size_t nodes_left = *r->nodes_left;
	struct diags said;
	struct arena trial;
	bool complete, again;
	size_t readings = 1;

	diags_init(&said, diags->chinese);
	arena_init(&trial);
	complete = read_once(r, &fresh, fresh.a, &said);
	again = !complete && mend_and_say(r, bytes, diags);
	while (again && ++readings <= READINGS_MAX && readings * r->bytes.n <= READ_MAX) {
		*r->nodes_left = nodes_left;
		again = !read_once(r, &fresh, &trial, &said) && mend_and_say(r, bytes, diags);
		arena_done(&trial);
	}
	if (readings > 1 || again) {
		*r->nodes_left = nodes_left;
		read_once(r, &fresh, fresh.a, &said);
	}
	move_diags(&said, diags);
	return complete;
}

bool node_read(struct arena *a, struct str file, struct str bytes, traps_is_key *is_key,
	       size_t *nodes_left, struct diags *diags, struct node *out)
{
	struct reader *r = ARENA_NEW(a, struct reader);
	bool complete;

	r->skipped = str_starts(bytes, STR("\xef\xbb\xbf")) ? 3 : 0;
	bytes = arena_str(a, str_sub(bytes, r->skipped, bytes.n));
	r->a = a;
	r->file = file;
	r->bytes = bytes;
	r->is_key = is_key;
	r->diags = diags;
	r->nodes_left = nodes_left;
	r->root = (struct node){.kind = NODE_MAP, .line = 1, .col = 1, .end = (uint32_t)r->skipped};
	complete = check_utf8(r) && read_and_mend(r, (char *)(uintptr_t)bytes.p, diags);
	*out = r->root;
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
