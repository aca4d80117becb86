-- Version 7: all that the staff's numbers need of a reply, in the order of time, so that a month of them is read
-- without the table. Never edited after a release; a change is a new file and a new step.

CREATE INDEX talk_replies ON talk (at, session, intent, source, seq, side) WHERE side = 1 AND seq > 1;
