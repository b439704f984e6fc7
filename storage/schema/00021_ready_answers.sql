-- Texts that offices keep to answer with. The name and the texts are sealed in the body.
-- +goose Up
CREATE TABLE ready_answers (
    id TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    body BYTEA NOT NULL,
    cause TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX ready_answers_by_office ON ready_answers (office);
