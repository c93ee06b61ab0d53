-- 0032: records that few may open.  A restricted record is opened by those named for it alone;
-- whoever works for the whole area sees that it exists and whom to ask.  A bar keeps one person
-- from one child whatever their role: a parent, a relative, a neighbour.

CREATE TABLE child_guard (
    area_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,           -- the restricted child
    owner_id INTEGER NOT NULL,            -- account: whom to ask; may always open it
    why TEXT NOT NULL,
    since INTEGER NOT NULL,               -- time
    set_by INTEGER NOT NULL,              -- account
    PRIMARY KEY (area_id, person_id)
) STRICT, WITHOUT ROWID;

-- Who else may open a restricted record, from when to when (half-open).
CREATE TABLE child_named (
    area_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    since INTEGER NOT NULL,               -- time
    until INTEGER,                        -- time; NULL: no end yet
    given_by INTEGER NOT NULL,            -- account
    PRIMARY KEY (area_id, person_id, account_id, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE child_bar (
    area_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,          -- who may not see
    person_id INTEGER NOT NULL,           -- whom
    since INTEGER NOT NULL,               -- time
    until INTEGER,                        -- time; NULL: no end yet
    why TEXT NOT NULL,
    set_by INTEGER NOT NULL,              -- account
    PRIMARY KEY (area_id, account_id, person_id, since)
) STRICT, WITHOUT ROWID;

-- A restricted record opened in an emergency, and what the officer found of it afterwards.
CREATE TABLE break_glass (
    area_id INTEGER NOT NULL,
    glass_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    category TEXT NOT NULL,               -- as glass_reasons.def names it
    why TEXT NOT NULL,
    begun INTEGER NOT NULL,               -- time
    until INTEGER NOT NULL,               -- time: when it closes by itself
    finished INTEGER,                     -- time: when it was left before
    owner_id INTEGER NOT NULL,            -- account: whom the record belonged to then
    owner_told INTEGER,                   -- time: when that person first saw it
    verdict TEXT,                         -- justified, not justified; NULL: to be looked at
    verdict_why TEXT, verdict_by INTEGER, verdict_at INTEGER,
    PRIMARY KEY (area_id, glass_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX break_glass_by_person ON break_glass (area_id, person_id, account_id);
