-- Requests that somebody has written down for another person, who has still to say yes.
-- +goose Up
CREATE TABLE proposals (
    id TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    writer TEXT NOT NULL,
    taker TEXT NOT NULL,
    number TEXT NOT NULL,
    body BYTEA NOT NULL,
    expires BIGINT NOT NULL
);
