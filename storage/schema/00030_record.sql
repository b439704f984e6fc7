-- The record of the registrar. An import is a layer: its entries hold while it is published and no
-- later one has others of the same key. Of an entry a fingerprint of its key and of its values is
-- kept in the open, whose it is, and the rest sealed.
-- +goose Up
CREATE TABLE imports (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    seq BIGINT, -- its number among those published; NULL: it never was
    base BIGINT NOT NULL,
    at BIGINT NOT NULL,
    body BYTEA NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (kind, seq)
);
CREATE TABLE entries (
    import TEXT NOT NULL REFERENCES imports (id),
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    owner TEXT NOT NULL,
    other TEXT NOT NULL,
    scope TEXT NOT NULL,
    what TEXT NOT NULL,
    sum TEXT NOT NULL,
    body BYTEA, -- NULL: of what is gone or the same
    PRIMARY KEY (import, key)
);
CREATE INDEX entries_by_key ON entries (key, kind);
CREATE INDEX entries_by_scope ON entries (scope, kind);
CREATE INDEX entries_by_owner ON entries (owner, kind);
CREATE INDEX entries_by_other ON entries (other, kind);
CREATE TABLE import_flaws (
    import TEXT NOT NULL REFERENCES imports (id),
    n BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (import, n)
);
