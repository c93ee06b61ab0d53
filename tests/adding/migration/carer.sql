-- A carer of a child, as somebody told it.
CREATE TABLE example_carer (
    area_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,           -- the child
    carer_no INTEGER NOT NULL,            -- 1, 2 … in the order of their telling
    name TEXT NOT NULL,
    until INTEGER,                        -- date; NULL: still
    PRIMARY KEY (area_id, person_id, carer_no),
    FOREIGN KEY (area_id, person_id) REFERENCES person (area_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX example_carer_by_name ON example_carer (area_id, name);
