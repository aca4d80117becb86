/* Why a frame was refused, and what every protocol's reader of frames does first: the bytes are one JSON object, and its
 * `type` names one of the protocol's frames. Pure. */
#ifndef NET_FAULT_H
#define NET_FAULT_H

#include "json.h"

/* A code of the protocol and words. */
struct fault {
	const char *code; /* "bad_json" or "bad_frame" */
	struct err err;
};

/* Fills *fault; ERR_INVALID. */
int fault_set(struct fault *fault, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* 0 with *json, to be freed by the caller, also where it is then no object; else as fault_set. */
MUST_USE int fault_read(struct str bytes, struct json **json, struct fault *fault);

/* The frame's type: which of the n names (`names`, called with 0 to n - 1) the member `type` is; or -1, as fault_set,
 * which says that no frame of `whom` is so called. */
MUST_USE int fault_type(const struct json *json, const char *(*names)(int), int n, const char *whom,
			struct fault *fault);

#endif
