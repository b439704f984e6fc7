-- Notices that an office writes for many; what they say and to whom is sealed.
-- +goose Up
CREATE TABLE bulletins (
    id TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    state TEXT NOT NULL, -- draft, asked, running, over, stopped, dropped
    at BIGINT NOT NULL,
    body BYTEA NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX bulletins_by_state ON bulletins (state, at);

-- What has changed one already, so that the same update changes it once.
CREATE TABLE bulletin_causes (
    bulletin TEXT NOT NULL REFERENCES bulletins (id),
    cause TEXT NOT NULL,
    PRIMARY KEY (bulletin, cause)
);

-- The one that an office has let go by itself on a day: more than one needs an administrator.
CREATE TABLE bulletin_days (
    office TEXT NOT NULL,
    day TEXT NOT NULL,
    bulletin TEXT NOT NULL,
    PRIMARY KEY (office, day)
);
