/* frame_read over any bytes: a frame that is taken keeps its promises, one that is refused says
 * why; and an error about it can be written as valid JSON that the reader itself accepts. */
#include "fuzz/fuzz.h"

#include "net/frame.h"
#include "text/utf8.h"

static void check_taken(const struct frame *f)
{
	const struct str texts[] = {f->id,   f->lang, f->session, f->identity, f->page,
				    f->text, f->name, f->course,  f->format,   f->data};

	HOLDS(f->type < FRAME_TYPES);
	HOLDS(f->id.n <= FRAME_ID_MAX);
	HOLDS(f->since >= -1 && f->since <= FRAME_SEQ_MAX);
	HOLDS(f->type != FRAME_FEEDBACK || f->seq >= 1);
	HOLDS(f->type != FRAME_AUDIO || f->id.n);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		HOLDS(utf8_valid(texts[i]) == texts[i].n);
}

static void check_refused(const struct frame *f, const struct fault *fault)
{
	struct buf out = {0};
	struct json *back = NULL;
	struct str code;
	struct err err;

	HOLDS(strcmp(fault->code, "bad_json") == 0 || strcmp(fault->code, "bad_frame") == 0);
	HOLDS(fault->err.text[0]);
	frame_put_error(&out, fault->code, fault->err.text, f->id);
	HOLDS(json_read(buf_view(&out), &back, &err) == 0);
	HOLDS(json_get_str(back, "code", &code) && str_eq(code, str_of(fault->code)));
	json_free(back);
	buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame f;
	struct fault fault = {0};

	if (frame_read((struct str){(const char *)data, size}, &f, &fault) == 0)
		check_taken(&f);
	else
		check_refused(&f, &fault);
	frame_done(&f);
	return 0;
}
