-- 0012: leaving, missing, moved and excluded - what reviews, leaver returns and the authority's
-- own registers say.  Facts as in 0001: each row is one record of one file.

-- What became of an exclusion, stage by stage.
CREATE TABLE exclusion_outcome (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    urn INTEGER NOT NULL,                 -- the school that excluded
    started INTEGER NOT NULL,             -- date: first day of the exclusion
    stage TEXT NOT NULL,                  -- governors, review panel
    decided INTEGER NOT NULL,             -- date
    result TEXT NOT NULL,                 -- CS105: ANO BRE …
    PRIMARY KEY (area_id, batch_id, file_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX exclusion_outcome_by_identity ON exclusion_outcome (area_id, identity_id);

-- A name deleted from a school's admission register.
CREATE TABLE leaver (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    urn INTEGER NOT NULL,                 -- the school that was left
    left_on INTEGER NOT NULL,             -- date: last day on roll
    ground TEXT,                          -- letter A to O; which regulations: by left_on; NULL not given
    destination_urn INTEGER,              -- school gone to
    new_postcode TEXT,                    -- of the new home
    notified INTEGER,                     -- date
    PRIMARY KEY (area_id, batch_id, file_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX leaver_by_identity ON leaver (area_id, identity_id);

-- A child's entry in one of the authority's registers.
CREATE TABLE register_entry (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    register TEXT NOT NULL,               -- EHE CME PTT MM OSD AP EH YJS FAP D6 INT
    started INTEGER NOT NULL, ended INTEGER, -- dates, half-open; NULL open
    reason TEXT,                          -- one of the list where there is one, else as written
    urn INTEGER,                          -- school that the child is, or was, on roll of
    provider_urn INTEGER,                 -- school or provider that the child goes to
    minutes_a_week INTEGER,
    review_on INTEGER,                    -- date
    outcome TEXT,                         -- as written
    extracted INTEGER,                    -- date: when the list was made
    PRIMARY KEY (area_id, batch_id, file_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX register_entry_by_identity ON register_entry (area_id, identity_id);

-- Why each type of exclusion counts for a child, in sentences.  Only the current snapshot
-- keeps these.
CREATE TABLE child_type (
    area_id INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    school_year INTEGER NOT NULL,
    place INTEGER NOT NULL,               -- in the year, as shown: 0, 1 …
    measure TEXT NOT NULL,                -- as measures.def names it
    urn INTEGER NOT NULL,                 -- the school whose record it is; 0: the authority's, or several schools'
    words TEXT NOT NULL,                  -- a sentence without its full stop
    PRIMARY KEY (area_id, snapshot_id, person_id, school_year, place)
) STRICT, WITHOUT ROWID;
