-- Version 3: which courses were given to whom and what came of it, and who met which variant of an experiment.
-- Never edited after a release; a change is a new file and a new step.

-- A list of courses: id is random and known to whoever was given it. via: enum list_via.
CREATE TABLE lists (
	id INTEGER PRIMARY KEY,
	learner INTEGER NOT NULL REFERENCES learners (id),
	session TEXT NOT NULL,
	at INTEGER NOT NULL,
	via INTEGER NOT NULL
) STRICT;
CREATE INDEX lists_learner ON lists (learner, at);
CREATE INDEX lists_session ON lists (session) WHERE session <> '';

-- What came of each course of it: the first time, or NULL.
CREATE TABLE list_courses (
	list INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
	place INTEGER NOT NULL,
	item INTEGER NOT NULL REFERENCES items (id),
	shown INTEGER,
	clicked INTEGER,
	dismissed INTEGER,
	enrolled INTEGER,
	purchased INTEGER,
	PRIMARY KEY (list, place)
) STRICT, WITHOUT ROWID;

-- A variant under a plan: the shares of all variants of its experiment at one time. place: its order there.
CREATE TABLE arms (
	id INTEGER PRIMARY KEY,
	experiment TEXT NOT NULL,
	plan TEXT NOT NULL,
	variant TEXT NOT NULL,
	place INTEGER NOT NULL,
	share REAL NOT NULL,
	UNIQUE (experiment, plan, variant)
) STRICT;

-- When a learner first met it.
CREATE TABLE exposures (
	learner INTEGER NOT NULL REFERENCES learners (id),
	arm INTEGER NOT NULL REFERENCES arms (id),
	at INTEGER NOT NULL,
	PRIMARY KEY (learner, arm)
) STRICT, WITHOUT ROWID;
CREATE INDEX exposures_arm ON exposures (arm);

-- Under which variants a list was made.
CREATE TABLE list_arms (
	list INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
	arm INTEGER NOT NULL REFERENCES arms (id),
	PRIMARY KEY (list, arm)
) STRICT, WITHOUT ROWID;
