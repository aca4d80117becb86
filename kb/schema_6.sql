-- Version 6: what an experiment hopes for, and within how many days of the first meeting. Never edited after a
-- release; a change is a new file and a new step.

ALTER TABLE arms ADD COLUMN outcome TEXT NOT NULL DEFAULT 'click';
ALTER TABLE arms ADD COLUMN within INTEGER NOT NULL DEFAULT 7;

-- The conversation in which it was first met; '' = none.
ALTER TABLE exposures ADD COLUMN session TEXT NOT NULL DEFAULT '';
CREATE INDEX exposures_session ON exposures (session) WHERE session <> '';

CREATE INDEX feedback_user ON feedback (user) WHERE user <> '';
