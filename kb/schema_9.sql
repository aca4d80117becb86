-- Version 9: conversations that people of the staff have or are awaited in, what was said in them, and the
-- staff's ready answers. Never edited after a release; a change is a new file and a new step.

-- Those of now: a row goes when the bot has the conversation again. state: enum handover_state.
CREATE TABLE desk_chats (
	session TEXT PRIMARY KEY NOT NULL,
	state INTEGER NOT NULL,
	user TEXT NOT NULL,
	lang TEXT NOT NULL,
	page TEXT NOT NULL,
	team TEXT NOT NULL,
	note TEXT NOT NULL,
	agent TEXT NOT NULL,
	logged_in INTEGER NOT NULL,
	since INTEGER NOT NULL,
	waiting_since INTEGER NOT NULL,
	read INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Lines as the staff sees them. side: enum desk_side. raw: as it was written, while a person has or awaits the
-- conversation; NULL: the same as text, which is masked. seq: of the frame that carried it or answered it, 0: none.
CREATE TABLE desk_lines (
	session TEXT NOT NULL,
	n INTEGER NOT NULL,
	at INTEGER NOT NULL,
	side INTEGER NOT NULL,
	text TEXT NOT NULL,
	raw TEXT,
	who TEXT NOT NULL,
	client_id TEXT NOT NULL,
	intent TEXT NOT NULL,
	source TEXT NOT NULL,
	seq INTEGER NOT NULL,
	PRIMARY KEY (session, n)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX desk_lines_seq ON desk_lines (session, side, seq) WHERE seq > 0;
CREATE UNIQUE INDEX desk_lines_said ON desk_lines (session, who, client_id) WHERE client_id <> '';

-- Every move from state to state. waited: of one taken, since it was asked for.
CREATE TABLE desk_moves (
	id INTEGER PRIMARY KEY,
	session TEXT NOT NULL,
	at INTEGER NOT NULL,
	state INTEGER NOT NULL,
	was INTEGER NOT NULL,
	who TEXT NOT NULL,
	team TEXT NOT NULL,
	waited INTEGER
) STRICT;
CREATE INDEX desk_moves_at ON desk_moves (at);
CREATE INDEX desk_moves_session ON desk_moves (session);

CREATE TABLE desk_canned (
	id INTEGER PRIMARY KEY,
	owner TEXT NOT NULL,
	shared INTEGER NOT NULL,
	lang TEXT NOT NULL,
	title TEXT NOT NULL,
	text TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT;
CREATE INDEX desk_canned_owner ON desk_canned (owner);
