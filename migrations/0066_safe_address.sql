-- 0066: addresses that are marked as safe. What files tell of where such a child lives is taken out
-- of the facts and kept encrypted, so that no list, figure or search can be of it.
CREATE TABLE safe_address (
    area_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    address TEXT NOT NULL,                -- encrypted (access/seal.h)
    why TEXT NOT NULL,                    -- encrypted
    since INTEGER NOT NULL,               -- time
    set_by INTEGER NOT NULL,              -- account
    PRIMARY KEY (area_id, person_id)
) STRICT, WITHOUT ROWID;

-- A postcode that a fact or a description gave.
CREATE TABLE safe_postcode (
    area_id INTEGER NOT NULL,
    safe_id INTEGER NOT NULL,             -- of the area's counter
    person_id INTEGER NOT NULL,
    place TEXT NOT NULL,                  -- census, leaver, identity: whose column is NULL now
    batch_id INTEGER NOT NULL, file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,                -- of an identity its number, batch and file 0
    postcode TEXT NOT NULL,               -- encrypted
    PRIMARY KEY (area_id, safe_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX safe_postcode_by_person ON safe_postcode (area_id, person_id);
