/* The desk: connections of the staff's people at /admin/ws, subprotocol kefu.desk.v1 (docs/admin-api.md).
 *
 * A person may have several (two windows): all of them are told the same. Who they are is asked of the
 * database at the upgrade and again every few seconds: whoever is signed out or loses the role is cut. */
#ifndef NET_AGENT_H
#define NET_AGENT_H

#include "net/assist.h"
#include "net/call.h"
#include "net/conn.h"

/* What the upgrade found out (net/agent_gate.c). */
struct agent_pass {
	char name[STAFF_NAME_MAX + 1];
	char hash[65]; /* of the cookie */
};

struct agent {
	struct agent *prev, *next;
	struct conn *conn;
	struct agent_pass pass;
	bool greeted;	   /* hello was said: it is told of everything */
	bool entered;	   /* counted among the people present */
	int64_t asked_ms;  /* when the database was last asked */
	char opened[33];   /* the conversation last opened: its lines come, whoever has it */
	bool reading;	   /* lines are being read for it */
	int64_t read_from; /* … after this one */
};

/* 0: it may become a WebSocket, l->staff is set. Else it was refused. */
int agent_gate(struct link *l, struct str host);
/* Is that cookie still a person's who may be here? */
bool agent_may(struct server *s, const char *hash, struct agent_pass *out, int *status);

struct agent *agent_new(struct conn *c, const struct agent_pass *pass);
void agent_free(struct agent *a);
/* One whole text message. */
void agent_message(struct agent *a, struct str message);
void agent_sweep(struct server *s);
/* What the reader found; takes the result. */
void agent_lines(struct agent *a, struct reader_result *r);

/* ---- what agents are told (agent_tell.c) ---- */
void agent_put_chat(struct buf *out, struct server *s, const struct handover *h);
void agent_tell_desk(struct agent *a);
void agent_tell_chat(struct server *s, const struct handover *h);
void agent_tell_gone(struct server *s, const struct handover *h);
void agent_tell_line(struct server *s, const struct handover *h, const struct desk_line *l);
void agent_send_line(struct agent *a, const struct desk_line *l);
void agent_tell_opened(struct agent *a);
void agent_tell_done(struct server *s, uint64_t link, const struct desk_line *l);
void agent_tell_typing(struct server *s, const struct handover *h);
void agent_tell_agents(struct server *s);
void agent_tell_hours(struct server *s);
void agent_error(struct agent *a, const char *code, const char *message, struct str session,
		 struct str id);
/* The same, to whoever is on that link, if anybody. */
void agent_refuse(struct server *s, uint64_t link, const char *code, const char *message,
		  struct str session, struct str id);

#endif
