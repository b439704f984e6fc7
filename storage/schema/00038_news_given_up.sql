-- What was given up is listed for administrators.
-- +goose Up
CREATE INDEX news_given_up ON news (done) WHERE state = 'failed';
