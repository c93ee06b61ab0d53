-- 0068: what is worked out from the column file or the registers and used again while those are
-- the same (store/worked.h). Derived: rows may be deleted at any time. Nobody is named in it: a
-- child is a place in the column file, and another file makes another row.
CREATE TABLE worked_out (
    area_id INTEGER NOT NULL,
    name TEXT NOT NULL,                   -- what it is: names, pupil numbers, terms
    made_of TEXT NOT NULL,                -- what it was made from, and the version that made it
    content BLOB NOT NULL,                -- numbers as this machine writes them
    PRIMARY KEY (area_id, name)
) STRICT, WITHOUT ROWID;
