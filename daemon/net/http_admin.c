/* /admin is /admin/, so that the page's own files are found beside it. */
#include "net/http.h"

void http_admin(struct request *r)
{
	request_answer(r, 308, NULL, STR_NONE, "Location: /admin/\r\nContent-Length: 0\r\n");
}
