-- The link with which an applicant asks others to sign, one a case, and where somebody has signed: of
-- the code and of the signer only a fingerprint. Who they are is in the events, sealed.
-- +goose Up
CREATE TABLE invitations (
    number TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    body BYTEA NOT NULL,
    expires BIGINT NOT NULL,
    closed BOOLEAN NOT NULL
);
CREATE TABLE signatures (
    signer TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (signer, number)
);
