-- Version 5: a number a kind of data (enum change of kb/store_change.h), raised whenever it is changed.
-- Never edited after a release; a change is a new file and a new step.

CREATE TABLE changes (kind INTEGER PRIMARY KEY NOT NULL, n INTEGER NOT NULL) STRICT;
