-- Papers that the registrar gives out. What leads to the public page of one is kept as a fingerprint, whose
-- it is as well; the rest is sealed.
-- +goose Up
CREATE TABLE papers (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    number TEXT, -- NULL: it has none yet, or never
    student TEXT NOT NULL,
    state TEXT NOT NULL,
    token TEXT, -- NULL: it has no public page
    asked BIGINT NOT NULL,
    body BYTEA NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (number),
    UNIQUE (token)
);
CREATE INDEX papers_by_student ON papers (student, asked);
CREATE INDEX papers_by_state ON papers (state, asked);

-- What has changed a paper already, so that the same update changes it once.
CREATE TABLE paper_causes (
    paper TEXT NOT NULL REFERENCES papers (id),
    cause TEXT NOT NULL,
    PRIMARY KEY (paper, cause)
);
