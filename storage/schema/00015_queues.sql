-- The live queues of offices, one for an office and day.
-- +goose Up
CREATE TABLE queues (
    id TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    day TEXT NOT NULL,
    state TEXT NOT NULL,
    wake BIGINT NOT NULL,
    body BYTEA NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX queues_waking ON queues (wake) WHERE wake > 0;

-- What has changed a queue already, so that the same update changes it once.
CREATE TABLE queue_causes (
    queue TEXT NOT NULL REFERENCES queues (id),
    cause TEXT NOT NULL,
    PRIMARY KEY (queue, cause)
);

-- A card shows a case, or a queue or one of its windows: what it shows is not in one table any more.
CREATE TABLE shown_cards (
    number TEXT NOT NULL,
    office TEXT NOT NULL,
    shown_in TEXT NOT NULL,
    message TEXT NOT NULL,
    shown BIGINT NOT NULL,
    want BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    PRIMARY KEY (number, office)
);
INSERT INTO shown_cards (number, office, shown_in, message, shown, want, not_before)
    SELECT number, office, shown_in, message, shown, want, not_before FROM cards;
DROP TABLE cards;
ALTER TABLE shown_cards RENAME TO cards;
CREATE INDEX cards_due ON cards (not_before, number) WHERE want > shown;
CREATE INDEX cards_by_office ON cards (office);
