/* The API's description, a file beside this one, embedded. */
#include "net/http.h"

__asm__(".pushsection .rodata\n"
	"openapi_json:\n"
	".incbin \"" KEFU_OPENAPI_FILE "\"\n"
	"openapi_json_end:\n"
	".byte 0\n"
	".popsection\n");
extern const unsigned char openapi_json[] __attribute__((visibility("hidden")));
extern const unsigned char openapi_json_end[] __attribute__((visibility("hidden")));

void http_openapi(struct request *r)
{
	/* Two labels of one object, which the compiler does not see. */
	request_answer_fixed(r, 200, "application/json", openapi_json,
			     /* cppcheck-suppress comparePointers */
			     (size_t)(openapi_json_end - openapi_json),
			     "Cache-Control: max-age=300\r\n");
}
