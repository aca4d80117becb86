-- Version 8: what the staff has dealt with of the messages that found no answer, by form (kb/missed.h). Never edited
-- after a release; a change is a new file and a new step.

CREATE TABLE handled (
	form INTEGER PRIMARY KEY,
	state INTEGER NOT NULL,
	at INTEGER NOT NULL,
	who TEXT NOT NULL
) STRICT;
