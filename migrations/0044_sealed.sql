-- 0044: sealed records (docs/decisions/0016-sealed-records.md).  All of a sealed child lies under
-- minus its authority's number: rows keep their ids, and no statement about the authority
-- reaches them.  Batches that such rows came with stand there a second time.

ALTER TABLE identity ADD COLUMN sealed TEXT; -- of a sealed child: names, numbers, date of birth and postcode, which are NULL in their own columns; encrypted (access/seal.h)

CREATE TABLE sealed_child (
    area_id INTEGER NOT NULL,             -- minus the authority's number
    person_id INTEGER NOT NULL,
    since INTEGER NOT NULL,               -- time
    sealed_by INTEGER NOT NULL,           -- account; 0 the command line
    why TEXT NOT NULL,                    -- encrypted
    PRIMARY KEY (area_id, person_id)
) STRICT, WITHOUT ROWID;

-- Who alone opens it, and is told of what comes for it.
CREATE TABLE sealed_custodian (
    area_id INTEGER NOT NULL,             -- minus the authority's number
    account_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    since INTEGER NOT NULL,               -- time
    seen INTEGER NOT NULL,                -- time: what came until then was looked at
    PRIMARY KEY (area_id, account_id, person_id)
) STRICT, WITHOUT ROWID;

-- What came for a sealed child: whoever loaded or searched saw nothing of it.
CREATE TABLE sealed_news (
    area_id INTEGER NOT NULL,             -- minus the authority's number
    person_id INTEGER NOT NULL,
    at INTEGER NOT NULL,                  -- time
    kind TEXT NOT NULL,                   -- load: a batch brought records; turned-away: a batch had records that could not be loaded; search: somebody looked for the child
    source INTEGER NOT NULL,              -- batch_id; of a search audit_id
    account_id INTEGER,                   -- who searched; NULL: nobody signed in
    records INTEGER NOT NULL,             -- how many; of a search 0
    PRIMARY KEY (area_id, person_id, at, kind, source)
) STRICT, WITHOUT ROWID;

-- Searches before this entry of the audit were compared with the names of sealed children.
CREATE TABLE sealed_search (
    area_id INTEGER NOT NULL PRIMARY KEY, -- minus the authority's number
    audit_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
