-- Days that administrators have changed over the structure file, and what each change found, so
-- that one that was cut short is finished with the same days.
-- +goose Up
CREATE TABLE calendar_days (
    day TEXT NOT NULL PRIMARY KEY,
    works BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE calendar_changes (
    n BIGINT NOT NULL PRIMARY KEY,
    cause TEXT NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    days_before TEXT NOT NULL,
    days_after TEXT NOT NULL
);
