-- What both engines understand alike. Instants are milliseconds since 1970 (0: none), ids and
-- JSON are TEXT, BYTEA holds sealed bytes only (SQLite keeps a blob as it is under any name).
-- +goose Up
CREATE TABLE counters (
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (series, year)
);

CREATE TABLE cases (
    number TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    series TEXT NOT NULL,
    kind TEXT NOT NULL,
    scheme TEXT NOT NULL,
    structure TEXT NOT NULL,
    ladder TEXT NOT NULL,
    applicant TEXT NOT NULL,
    standing TEXT NOT NULL,
    confirmed BOOLEAN NOT NULL,
    lang TEXT NOT NULL,
    institute TEXT NOT NULL,
    topic TEXT NOT NULL,
    body BYTEA NOT NULL,
    hash TEXT NOT NULL,
    status TEXT NOT NULL,
    live BOOLEAN NOT NULL,
    outcome TEXT NOT NULL,
    rung BIGINT NOT NULL,
    office TEXT NOT NULL,
    holder BIGINT NOT NULL,
    holder_name BYTEA,
    filed BIGINT NOT NULL,
    registered BIGINT NOT NULL,
    rung_due BIGINT NOT NULL,
    due BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX cases_by_applicant ON cases (applicant, filed);
CREATE INDEX cases_by_office ON cases (office, filed);
CREATE INDEX cases_by_time ON cases (filed, number);
CREATE INDEX cases_live ON cases (filed, number) WHERE live = TRUE;

CREATE TABLE events (
    number TEXT NOT NULL REFERENCES cases (number),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    act TEXT NOT NULL,
    party TEXT NOT NULL,
    staff BIGINT NOT NULL,
    from_status TEXT NOT NULL,
    to_status TEXT NOT NULL,
    office TEXT NOT NULL,
    next TEXT NOT NULL,
    outcome TEXT NOT NULL,
    cause TEXT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (number, seq)
);

CREATE TABLE cards (
    number TEXT NOT NULL REFERENCES cases (number),
    office TEXT NOT NULL,
    shown_in TEXT NOT NULL,
    message TEXT NOT NULL,
    shown BIGINT NOT NULL,
    want BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    PRIMARY KEY (number, office)
);
CREATE INDEX cards_due ON cards (not_before, number) WHERE want > shown;
CREATE INDEX cards_by_office ON cards (office);

CREATE TABLE notifications (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    reader TEXT NOT NULL,
    office TEXT NOT NULL,
    what TEXT NOT NULL,
    number TEXT NOT NULL,
    event BIGINT NOT NULL,
    body BYTEA,
    direct BOOLEAN NOT NULL,
    not_before BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    state TEXT NOT NULL,
    why TEXT NOT NULL,
    message TEXT NOT NULL,
    done BIGINT NOT NULL
);
CREATE INDEX notifications_pending ON notifications (id) WHERE state = 'pending';

CREATE TABLE people (
    address TEXT NOT NULL PRIMARY KEY,
    name BYTEA,
    lang TEXT NOT NULL
);

CREATE TABLE unreachable (
    address TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
);

CREATE TABLE staff (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    office TEXT NOT NULL,
    name BYTEA,
    via_chat BOOLEAN NOT NULL,
    from_time BIGINT NOT NULL,
    until_time BIGINT NOT NULL,
    revoked BOOLEAN NOT NULL,
    touched BIGINT NOT NULL
);
CREATE UNIQUE INDEX staff_active ON staff (address, office) WHERE revoked = FALSE;

CREATE TABLE bindings (
    office TEXT NOT NULL PRIMARY KEY,
    chat TEXT NOT NULL,
    bound_by TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX bindings_by_chat ON bindings (chat);

CREATE TABLE codes (
    hash TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    made_by TEXT NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT NOT NULL
);

CREATE TABLE prompts (
    id TEXT NOT NULL PRIMARY KEY,
    chat TEXT NOT NULL,
    actor TEXT NOT NULL,
    number TEXT NOT NULL,
    act TEXT NOT NULL,
    session BYTEA NOT NULL,
    version BIGINT NOT NULL,
    closed BOOLEAN NOT NULL
);

CREATE TABLE prompt_causes (
    prompt TEXT NOT NULL REFERENCES prompts (id),
    cause TEXT NOT NULL,
    PRIMARY KEY (prompt, cause)
);

CREATE TABLE prompt_messages (
    chat TEXT NOT NULL,
    message TEXT NOT NULL,
    prompt TEXT NOT NULL REFERENCES prompts (id),
    PRIMARY KEY (chat, message)
);

CREATE TABLE updates (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    person TEXT NOT NULL,
    raw BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    quarantined BOOLEAN NOT NULL,
    why TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX updates_by_person ON updates (person) WHERE quarantined = FALSE;

CREATE TABLE beats (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    n BIGINT NOT NULL
);

CREATE TABLE numbers (
    name TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL
);

CREATE TABLE slots (
    job TEXT NOT NULL,
    slot BIGINT NOT NULL,
    claimed BIGINT NOT NULL,
    PRIMARY KEY (job, slot)
);

-- One row: the key with which the texts are sealed.
CREATE TABLE seals (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    key_id TEXT NOT NULL
);
