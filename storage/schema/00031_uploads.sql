-- Files of the registrar that came in a chat and are not read yet. The file itself stays with the
-- messenger until it is read.
-- +goose Up
CREATE TABLE uploads (
    id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    body BYTEA NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX uploads_by_state ON uploads (state, at);
-- What a file says and holds already: only for as long as it is read.
CREATE TABLE entries_same (
    import TEXT NOT NULL REFERENCES imports (id),
    key TEXT NOT NULL,
    sum TEXT NOT NULL,
    PRIMARY KEY (import, key)
);
