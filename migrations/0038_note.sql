-- 0038: notes on a child's record. A note is never changed: who was wrong adds to it.
CREATE TABLE note (
    area_id INTEGER NOT NULL,
    note_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    follows INTEGER,                      -- the note that it adds to; NULL: it stands by itself
    account_id INTEGER NOT NULL,          -- who wrote it
    agency_kind TEXT NOT NULL,            -- for which kind of agency: agency_kinds.def
    urn INTEGER,                          -- for which school
    content TEXT NOT NULL,
    written INTEGER NOT NULL,             -- time
    PRIMARY KEY (area_id, note_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_by_person ON note (area_id, person_id, note_id);

-- Which other kinds of agency the author lets read it; the agreement may still forbid them.
CREATE TABLE note_audience (
    area_id INTEGER NOT NULL,
    note_id INTEGER NOT NULL,
    agency_kind TEXT NOT NULL,
    PRIMARY KEY (area_id, note_id, agency_kind)
) STRICT, WITHOUT ROWID;
