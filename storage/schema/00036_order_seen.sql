-- Orders that students are asked to confirm having read. Whose which is stands in the open as a
-- fingerprint only.
-- +goose Up
CREATE TABLE order_seen (
    key TEXT NOT NULL PRIMARY KEY,
    what TEXT NOT NULL, -- a fingerprint of what the order says
    at BIGINT NOT NULL,
    seen BIGINT NOT NULL, -- 0: not yet
    body BYTEA NOT NULL
);
CREATE INDEX order_unseen ON order_seen (at) WHERE seen = 0;
