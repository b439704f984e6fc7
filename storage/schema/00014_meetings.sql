-- Meetings of bodies that decide cases together.
-- +goose Up
CREATE TABLE meetings (
    id TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    number TEXT NOT NULL,
    body BYTEA NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX meetings_by_office ON meetings (office, at);

-- What has changed a meeting already, so that the same update changes it once.
CREATE TABLE meeting_causes (
    meeting TEXT NOT NULL REFERENCES meetings (id),
    cause TEXT NOT NULL,
    PRIMARY KEY (meeting, cause)
);
