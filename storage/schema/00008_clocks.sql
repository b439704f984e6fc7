-- The terms of a case, frozen when it is filed, and what the clock has to do with it.
-- +goose Up
ALTER TABLE cases ADD COLUMN terms TEXT NOT NULL DEFAULT '{}';
ALTER TABLE cases ADD COLUMN until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN wake BIGINT NOT NULL DEFAULT 0;
-- Those from before are looked at once, and find their own time then.
UPDATE cases SET wake = 1 WHERE live = TRUE;
CREATE INDEX cases_by_wake ON cases (wake, number) WHERE wake > 0;
