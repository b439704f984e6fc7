-- Chats that have got another address, so that the old one, which a file may still name, leads there.
-- +goose Up
CREATE TABLE moved (
    chat TEXT NOT NULL PRIMARY KEY,
    became TEXT NOT NULL
);
