-- What was given up is listed for administrators; and who was told by mail that news wait.
-- +goose Up
CREATE INDEX news_given_up ON news (done) WHERE state = 'failed';
CREATE TABLE mails (
    who TEXT NOT NULL PRIMARY KEY, -- a fingerprint
    news BIGINT NOT NULL, -- the last of those that waited then
    at BIGINT NOT NULL
);
