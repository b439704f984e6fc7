-- Links with which whoever opens them first becomes staff of an office; of the code only a fingerprint.
-- +goose Up
CREATE TABLE appointments (
    hash TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    body BYTEA NOT NULL,
    until_time BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    expires BIGINT NOT NULL,
    taker TEXT NOT NULL,
    used BIGINT NOT NULL
);
-- What somebody has begun and not ended, in their own chat.
CREATE INDEX prompts_open ON prompts (actor) WHERE closed = FALSE;
