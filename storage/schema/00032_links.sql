-- Which account of a messenger is which student or employee. Of both only fingerprints are in the open,
-- and of codes nothing else is kept at all.
-- +goose Up
CREATE TABLE links (
    who TEXT NOT NULL,
    sort TEXT NOT NULL, -- student, employee: an account has one of each at most
    person TEXT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (who, sort)
);
CREATE INDEX links_by_person ON links (person);
CREATE TABLE link_codes (
    hash TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    cause TEXT NOT NULL,
    expires BIGINT NOT NULL,
    taken BOOLEAN NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX link_codes_by_person ON link_codes (person);
CREATE INDEX link_codes_by_cause ON link_codes (cause);
CREATE TABLE link_tries (
    cause TEXT NOT NULL PRIMARY KEY,
    who TEXT NOT NULL,
    number TEXT NOT NULL,
    at BIGINT NOT NULL,
    result TEXT NOT NULL,
    forgiven BOOLEAN NOT NULL, -- a new code was made for the number since
    body BYTEA NOT NULL
);
CREATE INDEX link_tries_by_who ON link_tries (who, at);
CREATE INDEX link_tries_by_number ON link_tries (number, at);
CREATE INDEX link_tries_by_time ON link_tries (at);
-- Who has looked at what is kept of somebody else, and who has changed how they get at it.
CREATE TABLE access_log (
    key TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX access_log_by_person ON access_log (person, at);
-- Rights that somebody has because the record names them as the advisor of a group.
CREATE TABLE record_seats (
    staff BIGINT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    who TEXT NOT NULL
);
