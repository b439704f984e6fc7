-- When the applicants of cases are received in person: a time of an office is one person's.
-- +goose Up
CREATE TABLE receptions (
    office TEXT NOT NULL,
    at BIGINT NOT NULL,
    number TEXT NOT NULL UNIQUE,
    PRIMARY KEY (office, at)
);
