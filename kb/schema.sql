-- Version 1 of the database: the first step of the migrations in store_schema.c, never edited after a
-- release; a change is a new file and a new step. Times are Unix milliseconds, texts UTF-8.

CREATE TABLE courses (
	id TEXT PRIMARY KEY NOT NULL,
	title TEXT NOT NULL,
	description TEXT NOT NULL,
	category TEXT NOT NULL,
	tags TEXT NOT NULL,
	level TEXT NOT NULL,
	url TEXT NOT NULL,
	image TEXT NOT NULL,
	creator TEXT NOT NULL,
	language TEXT NOT NULL,
	format TEXT NOT NULL,
	aliases TEXT NOT NULL,
	price REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- Learners and courses are named once; events hold their numbers. A course may have events before
-- (or after) it is in the catalogue.
CREATE TABLE learners (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

-- Clustered by learner and time: a profile is one range, the whole table reads grouped by learner.
-- The key is the natural one: the same event put twice is one event.
CREATE TABLE events (
	learner INTEGER NOT NULL REFERENCES learners (id),
	at INTEGER NOT NULL,
	item INTEGER NOT NULL REFERENCES items (id),
	type INTEGER NOT NULL,
	value REAL NOT NULL,
	minutes REAL,
	progress REAL,
	score REAL,
	PRIMARY KEY (learner, at, item, type)
) STRICT, WITHOUT ROWID;

-- Conversations as they went over the wire. A frame that was sent has a seq of its own.
CREATE TABLE talk (
	id INTEGER PRIMARY KEY,
	session TEXT NOT NULL,
	user TEXT NOT NULL,
	seq INTEGER NOT NULL,
	at INTEGER NOT NULL,
	side INTEGER NOT NULL,
	text TEXT NOT NULL,
	client_id TEXT NOT NULL,
	intent TEXT NOT NULL,
	source TEXT NOT NULL,
	score REAL NOT NULL,
	json TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX talk_sent ON talk (session, seq) WHERE side <> 0;
CREATE INDEX talk_said ON talk (session, seq) WHERE side = 0;
CREATE INDEX talk_user ON talk (user) WHERE user <> '';
CREATE INDEX talk_at ON talk (at);

CREATE TABLE sessions (
	session TEXT PRIMARY KEY NOT NULL,
	user TEXT NOT NULL,
	lang TEXT NOT NULL,
	last_seq INTEGER NOT NULL,
	seen INTEGER NOT NULL,
	state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user) WHERE user <> '';
CREATE INDEX sessions_seen ON sessions (seen);

CREATE TABLE feedback (
	session TEXT NOT NULL,
	seq INTEGER NOT NULL,
	user TEXT NOT NULL,
	helpful INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (session, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE handoffs (
	id INTEGER PRIMARY KEY,
	session TEXT NOT NULL,
	user TEXT NOT NULL,
	team TEXT NOT NULL,
	note TEXT NOT NULL,
	said TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT;
CREATE INDEX handoffs_session ON handoffs (session);

CREATE TABLE faq (
	id TEXT PRIMARY KEY NOT NULL,
	question TEXT NOT NULL,
	also TEXT NOT NULL,
	answer TEXT NOT NULL,
	tags TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How far each file was imported, so that an interrupted import goes on where it stopped.
CREATE TABLE imports (
	kind TEXT NOT NULL,
	hash TEXT NOT NULL,
	at_byte INTEGER NOT NULL,
	at_line INTEGER NOT NULL,
	done INTEGER NOT NULL,
	PRIMARY KEY (kind, hash)
) STRICT, WITHOUT ROWID;
