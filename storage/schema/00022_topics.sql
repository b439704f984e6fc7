-- A topic of its own for each case in the groups that have topics, and which groups those are.
-- +goose Up
ALTER TABLE cards ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE cards ADD COLUMN topic_name TEXT NOT NULL DEFAULT '';
ALTER TABLE cards ADD COLUMN topic_shut BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE cards ADD COLUMN topic_shown BIGINT NOT NULL DEFAULT 0;
CREATE INDEX cards_by_topic ON cards (topic) WHERE topic <> '';
CREATE INDEX cards_topic_due ON cards (number) WHERE topic <> '' AND want > topic_shown;

CREATE TABLE forums (
    chat TEXT NOT NULL PRIMARY KEY,
    forum BOOLEAN NOT NULL,
    not_before BIGINT NOT NULL
);
