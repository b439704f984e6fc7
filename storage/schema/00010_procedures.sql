-- The procedure in every version that was ever in force: a case keeps the one under which it was
-- filed. These are public words, so they are not sealed.
-- +goose Up
CREATE TABLE procedures (
    version TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);
