/* The one function libwebsockets calls for everything, and the table behind it. */
#ifndef NET_CALLBACK_H
#define NET_CALLBACK_H

#include <libwebsockets.h>

int callback_run(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		 size_t len);

#endif
