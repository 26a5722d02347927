-- Format 1 of a ledger file: the journal and what is local to the PC.  Frozen: later formats get files of their own.
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE step (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    what TEXT NOT NULL,
    nature TEXT NOT NULL,
    title TEXT NOT NULL,
    act TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE operation (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    scope TEXT NOT NULL,
    bytes BLOB NOT NULL,
    signature BLOB NOT NULL,
    step INTEGER NOT NULL REFERENCES step (seq)
);
CREATE INDEX operation_scope ON operation (scope);
CREATE INDEX operation_step ON operation (step);
CREATE TABLE proof (
    seq INTEGER NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BLOB NOT NULL,
    step INTEGER REFERENCES step (seq),
    UNIQUE (scope, sha256)
);
CREATE TABLE draft (
    unit TEXT NOT NULL,
    period TEXT NOT NULL,
    body TEXT NOT NULL,
    saved TEXT NOT NULL,
    PRIMARY KEY (unit, period)
);
CREATE TABLE package (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    step INTEGER REFERENCES step (seq),
    at TEXT NOT NULL,
    direction TEXT NOT NULL,
    file TEXT NOT NULL,
    site TEXT NOT NULL,
    unit TEXT NOT NULL,
    period TEXT NOT NULL,
    heads TEXT NOT NULL,
    verdict TEXT NOT NULL,
    text TEXT NOT NULL,
    held TEXT NOT NULL,
    lacks TEXT NOT NULL
);
