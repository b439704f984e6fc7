-- Who is held back for a while: of the person a fingerprint, the rest is sealed.
-- +goose Up
CREATE TABLE mutes (
    who TEXT NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL,
    body BYTEA NOT NULL
);
