-- How far people get in the conversations: counts by day, nothing of anybody.
-- +goose Up
CREATE TABLE steps (
    day TEXT NOT NULL,
    flow TEXT NOT NULL,
    step TEXT NOT NULL,
    lang TEXT NOT NULL,
    what TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (day, flow, step, lang, what)
);
