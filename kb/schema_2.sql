-- Version 2: the staff and what they do, earlier versions of the rules' files, and numbers that outlive a
-- restart. Never edited after a release; a change is a new file and a new step.

CREATE TABLE staff (
	name TEXT PRIMARY KEY NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('viewer', 'agent', 'editor', 'admin')),
	password TEXT NOT NULL,
	made INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who is signed in: the hash of the cookie, never the cookie.
CREATE TABLE staff_sessions (
	hash TEXT PRIMARY KEY NOT NULL,
	name TEXT NOT NULL REFERENCES staff (name) ON DELETE CASCADE,
	seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX staff_sessions_name ON staff_sessions (name);

CREATE TABLE audit (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,
	who TEXT NOT NULL,
	origin TEXT NOT NULL,
	what TEXT NOT NULL,
	detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_who ON audit (who, id);

-- Texts of the rules' files that were good when they were saved or found. Paths are relative to the main
-- file's folder; version is a hash of the text.
CREATE TABLE file_versions (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	path TEXT NOT NULL,
	version TEXT NOT NULL,
	at INTEGER NOT NULL,
	who TEXT NOT NULL,
	comment TEXT NOT NULL,
	text TEXT NOT NULL
) STRICT;
CREATE INDEX file_versions_path ON file_versions (path, id);

-- Replies each intent (or faq:ID) gave.
CREATE TABLE hits (
	name TEXT PRIMARY KEY NOT NULL,
	n INTEGER NOT NULL,
	last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How long turns took: a row a minute and process, counts a bucket as kb/store_tally.h says.
CREATE TABLE turn_minutes (
	at INTEGER NOT NULL,
	process INTEGER NOT NULL,
	turns INTEGER NOT NULL,
	buckets TEXT NOT NULL,
	PRIMARY KEY (at, process)
) STRICT, WITHOUT ROWID;

CREATE INDEX feedback_at ON feedback (at);
CREATE INDEX handoffs_at ON handoffs (at);
