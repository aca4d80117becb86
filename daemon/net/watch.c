#include "net/watch.h"

#include <libwebsockets.h>

#include "net/server.h"

int watch_open(struct watch *w, struct server *s, int fd, void (*ready)(void *ctx, int fd),
	       void *ctx, struct err *err)
{
	lws_sock_file_fd_type u = {.filefd = fd};

	*w = (struct watch){.kind = OPAQUE_WATCH, .fd = fd, .ready = ready, .ctx = ctx};
	w->wsi = lws_adopt_descriptor_vhost(s->vhost, LWS_ADOPT_RAW_FILE_DESC, u, NULL, NULL);
	if (!w->wsi)
		return err_set(err, ERR_IO, "the event loop does not take descriptor %d", fd);
	lws_set_opaque_user_data(w->wsi, w);
	return 0;
}

void watch_close(struct watch *w)
{
	if (!w->wsi)
		return;
	lws_set_opaque_user_data(w->wsi, NULL);
	lws_set_timeout(w->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
	w->wsi = NULL;
}

void watch_pause(struct watch *w)
{
	if (w->wsi)
		lws_rx_flow_control(w->wsi, 0);
}

void watch_resume(struct watch *w)
{
	if (w->wsi)
		lws_rx_flow_control(w->wsi, 1);
}
