-- What people are to be told of the record and by offices: the plans, how far each is made into news, and
-- the news of each reader. About what something is stands in the open as a fingerprint only.
-- +goose Up
CREATE TABLE plans (
    id TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    ref TEXT NOT NULL,
    at BIGINT NOT NULL,
    start BIGINT NOT NULL, -- milliseconds; not before
    state TEXT NOT NULL, -- planned, made, halted
    body BYTEA NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX plans_by_state ON plans (state, start);
CREATE INDEX plans_by_time ON plans (at);
CREATE TABLE wishes (
    who TEXT NOT NULL PRIMARY KEY, -- a fingerprint
    body BYTEA NOT NULL,
    version BIGINT NOT NULL
);
CREATE TABLE news (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL, -- what it is about, in this plan
    plan TEXT NOT NULL,
    reader TEXT NOT NULL,
    topic TEXT NOT NULL,
    card TEXT NOT NULL,
    about TEXT NOT NULL, -- what it is about, for this reader
    urgent BOOLEAN NOT NULL,
    due BIGINT NOT NULL,
    state TEXT NOT NULL,
    message TEXT NOT NULL,
    why TEXT NOT NULL,
    done BIGINT NOT NULL,
    body BYTEA NOT NULL
);
CREATE UNIQUE INDEX news_by_key ON news (key);
CREATE INDEX news_by_plan ON news (plan, id);
CREATE INDEX news_waiting ON news (reader, due) WHERE state = 'waiting';
CREATE INDEX news_by_about ON news (about, id);
CREATE INDEX news_by_message ON news (reader, message) WHERE message <> '';
