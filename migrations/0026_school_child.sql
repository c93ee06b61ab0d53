-- 0026: the children of each school, by name and as its last census lists them, so that a
-- school's search walks its own children alone.  Derived after each load and withdrawal; all
-- of it can be made again.

-- Whether the two tables below stand for the published batches of an area.
CREATE TABLE school_child_made (
    area_id INTEGER NOT NULL PRIMARY KEY,
    turn INTEGER NOT NULL,                -- rises whenever a batch is published or withdrawn
    ready INTEGER NOT NULL                -- 1: made since; 0: not yet, and nobody reads them
) STRICT, WITHOUT ROWID;

-- Children who have been on a school's roll, under each name that any file gives them.
CREATE TABLE school_child (
    area_id INTEGER NOT NULL,
    urn INTEGER NOT NULL,
    surname_key TEXT NOT NULL,            -- as identity has it; "" not known
    forename_key TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    PRIMARY KEY (area_id, urn, surname_key, forename_key, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX school_child_by_forename ON school_child (area_id, urn, forename_key, surname_key, person_id);

-- Pupils on roll in a school's last census, in the order in which they are listed.
CREATE TABLE school_roll (
    area_id INTEGER NOT NULL,
    urn INTEGER NOT NULL,
    place INTEGER NOT NULL,               -- 1, 2 …: by year group, then by name
    person_id INTEGER NOT NULL,
    PRIMARY KEY (area_id, urn, place)
) STRICT, WITHOUT ROWID;
