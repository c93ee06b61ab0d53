-- 0048: how long each kind of data is kept, what is held back from that, and what went when.

-- Where an authority keeps something longer or shorter than the program proposes.
CREATE TABLE retention_rule (
    area_id INTEGER NOT NULL,
    rule TEXT NOT NULL,                   -- as retention.def names it
    months INTEGER NOT NULL,              -- after the day it counts from
    reference TEXT NOT NULL,              -- where the authority decided so
    set_at INTEGER NOT NULL,              -- time
    set_by TEXT NOT NULL,                 -- login, or "command line"
    PRIMARY KEY (area_id, rule)
) STRICT, WITHOUT ROWID;

-- What must not go although its time is over: one child, or everything of an authority.
CREATE TABLE retention_hold (
    area_id INTEGER NOT NULL,
    hold_id INTEGER NOT NULL,
    person_id INTEGER,                    -- the child; NULL: everything
    why TEXT NOT NULL,
    since INTEGER NOT NULL,               -- time
    set_by TEXT NOT NULL,                 -- login, or "command line"
    ended INTEGER,                        -- time; NULL: in force
    ended_by TEXT, ended_why TEXT,
    PRIMARY KEY (area_id, hold_id)
) STRICT, WITHOUT ROWID;

-- A day's removal, and what was removed: the certificate.  Numbers only.
CREATE TABLE retention_run (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    at INTEGER NOT NULL,                  -- time: when it was begun
    run_by TEXT NOT NULL,                 -- login, "command line", or "each day"
    figures INTEGER NOT NULL,             -- 0: facts stayed as they were; 1: figures are to be made again; 2: they were
    ended INTEGER,                        -- time; NULL: under way, or it was killed
    gone INTEGER NOT NULL, held INTEGER NOT NULL, -- things removed; due, but held
    PRIMARY KEY (area_id, run_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE retention_gone (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    rule TEXT NOT NULL,                   -- as retention.def names it
    subject INTEGER NOT NULL,             -- number of the child, batch, form …; of registers the Monday; below 0: of a record that was no child's
    since INTEGER NOT NULL,               -- date that its time counted from
    gone INTEGER NOT NULL,                -- time
    PRIMARY KEY (area_id, run_id, rule, subject)
) STRICT, WITHOUT ROWID;

ALTER TABLE batch ADD COLUMN expired INTEGER;         -- time: its facts were removed because their time was over; NULL no

-- Copies of the whole database, so that they do not outlive what went (area 0: the installation).
CREATE TABLE backup_made (
    area_id INTEGER NOT NULL,
    backup_id INTEGER NOT NULL,
    made INTEGER NOT NULL,                -- time
    path TEXT NOT NULL,                   -- where it was written
    bytes INTEGER NOT NULL,
    destroyed INTEGER,                    -- time at which somebody said that no copy of it is left
    destroyed_by TEXT,                    -- login, or "command line"
    PRIMARY KEY (area_id, backup_id)
) STRICT, WITHOUT ROWID;
