-- Which case a card is about, when somebody answers it.
-- +goose Up
CREATE INDEX cards_by_message ON cards (shown_in, message) WHERE message <> '';
