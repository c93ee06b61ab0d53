-- 0080: the directory of services. A service is a document (JSON, docs/decisions/0018); an entry
-- points at the version of it that is in force. What a source said is kept apart from what people
-- approved, so that neither overwrites the other.
CREATE TABLE directory_source (
    area_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,           -- 1, 2, 3 … of this area
    name TEXT NOT NULL,                   -- as people call it; unique in the area
    kind TEXT NOT NULL,                   -- as feeds.def names it: hsds, oruk1, tabular, template, gias, own
    place TEXT,                           -- address or name of the file it last came from
    space TEXT NOT NULL,                  -- UUID within which ids of its records become UUIDs
    trusted INTEGER NOT NULL,             -- 1: what it says goes live; 0: a person approves first
    added INTEGER NOT NULL,               -- time
    PRIMARY KEY (area_id, source_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX directory_source_by_name ON directory_source (area_id, name);

-- An import of a source: records read = added + changed + same + held + refused.
CREATE TABLE directory_run (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,              -- 1, 2, 3 … of this area
    source_id INTEGER NOT NULL,
    state TEXT NOT NULL,                  -- running, done, held (a person decides), dropped, failed
    place TEXT NOT NULL,                  -- address or name of the file
    started INTEGER NOT NULL, ended INTEGER, -- times
    account_id INTEGER,                   -- who asked for it; NULL: the command line or the clock
    n_read INTEGER NOT NULL, n_added INTEGER NOT NULL, n_changed INTEGER NOT NULL,
    n_same INTEGER NOT NULL, n_held INTEGER NOT NULL, n_refused INTEGER NOT NULL,
    n_gone INTEGER NOT NULL,              -- entries that the source had before and lacks now
    n_repaired INTEGER NOT NULL,          -- records in which at least one rule of repair changed something
    message TEXT,                         -- why it is held, or failed; a sentence
    PRIMARY KEY (area_id, run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX directory_run_by_source ON directory_run (area_id, source_id, run_id);

-- What became of each record of the last run of its source, and its quality report.
CREATE TABLE directory_run_record (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    record_no INTEGER NOT NULL,           -- place in the feed, from 1
    source_key TEXT,                      -- its id there; NULL it has none
    name TEXT,                            -- of the service, as far as it could be read
    outcome TEXT NOT NULL,                -- added, changed, same, held, refused
    entry_id INTEGER,                     -- NULL: refused
    filled INTEGER NOT NULL,              -- of 100: how much of what helps a reader is there
    report TEXT,                          -- JSON list of {rule, path, was}: repair.def; NULL nothing to say
    PRIMARY KEY (area_id, run_id, record_no)
) STRICT, WITHOUT ROWID;

-- A record of a source and the entry it is in.
CREATE TABLE directory_record (
    area_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    source_key TEXT NOT NULL,             -- its id in the source
    entry_id INTEGER NOT NULL,
    digest TEXT NOT NULL,                 -- of the repaired document, as the source last said it
    version_no INTEGER NOT NULL,          -- version of the entry that the source last made; 0 none
    said TEXT,                            -- the document; NULL: that version is just what was said
    run_id INTEGER NOT NULL,              -- the last run that found it new, changed, gone or back
    gone INTEGER,                         -- time since which the source lacks it; NULL: it has it
    PRIMARY KEY (area_id, source_id, source_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX directory_record_by_entry ON directory_record (area_id, entry_id);

CREATE TABLE directory_entry (
    area_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,            -- of the area's counter
    uuid TEXT NOT NULL,                   -- the service's id in public; small letters
    name TEXT NOT NULL,                   -- of its live version, else of its newest
    organization TEXT NOT NULL,           -- its name; "" none
    live_version INTEGER,                 -- version_no in force; NULL none was approved yet
    live_since INTEGER,                   -- time of that approval
    made INTEGER NOT NULL,                -- time
    gone INTEGER,                         -- time since which no source has it; NULL: it has, or needs none
    hidden INTEGER,                       -- time since which it is kept from the public; NULL it is not
    hidden_why TEXT,                      -- a sentence
    merged_into INTEGER,                  -- entry_id that stands for it; NULL: for itself
    PRIMARY KEY (area_id, entry_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX directory_entry_by_uuid ON directory_entry (area_id, uuid);

CREATE TABLE directory_version (
    area_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    version_no INTEGER NOT NULL,          -- 1, 2, 3 … of this entry
    state TEXT NOT NULL,                  -- as approval.def names it: draft, waiting, returned, live, past, taken-back
    maker TEXT NOT NULL,                  -- source, provider, manager
    source_id INTEGER, run_id INTEGER,    -- of maker source
    account_id INTEGER,                   -- of maker provider or manager; NULL the command line
    based_on INTEGER,                     -- version_no that was live when it was made; NULL none
    made INTEGER NOT NULL,                -- time of its last change
    decided INTEGER,                      -- time of approval or return
    decided_by INTEGER,                   -- account; NULL the program itself, by the source's trust
    reason TEXT,                          -- why it was returned; what the maker says of it
    document TEXT NOT NULL,               -- canonical JSON
    PRIMARY KEY (area_id, entry_id, version_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX directory_version_by_state ON directory_version (area_id, state, made);

-- Whose a field of an entry is. No row: its source's.
CREATE TABLE directory_owner (
    area_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    field TEXT NOT NULL,                  -- member of the document: description, rooted.wait
    owner TEXT NOT NULL,                  -- provider, manager
    account_id INTEGER,                   -- whose edit it was
    since INTEGER NOT NULL,               -- time
    PRIMARY KEY (area_id, entry_id, field)
) STRICT, WITHOUT ROWID;

-- Two entries that may be one service; entry_id is the smaller.
CREATE TABLE directory_duplicate (
    area_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    other_id INTEGER NOT NULL,
    score INTEGER NOT NULL,               -- of 100
    why TEXT NOT NULL,                    -- what is alike: "name, postcode, phone"
    state TEXT NOT NULL,                  -- candidate, different, merged
    found INTEGER NOT NULL,               -- time
    decided INTEGER, decided_by INTEGER,  -- time, account
    PRIMARY KEY (area_id, entry_id, other_id)
) STRICT, WITHOUT ROWID;

-- Rises whenever what the public sees of an area's directory may have changed.
CREATE TABLE directory_turn (
    area_id INTEGER NOT NULL PRIMARY KEY,
    turn INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
