-- Heads of offices, who is kept from acting for a while or for good, and who is away.
-- +goose Up
ALTER TABLE staff ADD COLUMN head BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE staff ADD COLUMN suspended BIGINT NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN barred BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX staff_by_office ON staff (office);
CREATE TABLE absences (
    id TEXT NOT NULL PRIMARY KEY,
    who TEXT NOT NULL,
    from_time BIGINT NOT NULL,
    until_time BIGINT NOT NULL,
    wake BIGINT NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX absences_by_who ON absences (who);
CREATE INDEX absences_by_wake ON absences (wake) WHERE wake > 0;
