-- Documents that the bot has made, and the messenger's name for what was sent of them already.
-- +goose Up
CREATE TABLE blobs (
    id TEXT NOT NULL PRIMARY KEY,
    name BYTEA,
    mime TEXT NOT NULL,
    body BYTEA NOT NULL,
    size BIGINT NOT NULL,
    ref BYTEA,
    at BIGINT NOT NULL
);
