-- 0081: what the directory's search learns from a directory manager, and from searches that found
-- little. The search index itself is a file that can be deleted (docs/decisions/0019).

-- Rows over the built-in ones of src/directory/thesaurus.def and needs.def.
CREATE TABLE directory_thesaurus (
    area_id INTEGER NOT NULL,
    row_id INTEGER NOT NULL,              -- of the area's counter
    kind TEXT NOT NULL,                   -- same, means, stop, soft; off: a built-in row is not wanted
    words TEXT NOT NULL,                  -- parted by |; of kind off the name of that row
    means TEXT NOT NULL,                  -- parted by |; "" unless kind is means
    changed INTEGER NOT NULL,             -- time
    changed_by INTEGER,                   -- account; NULL the command line
    PRIMARY KEY (area_id, row_id)
) STRICT, WITHOUT ROWID;

-- Searches that found little, counted: nothing of who asked, and kept for some months only.
CREATE TABLE directory_searched (
    area_id INTEGER NOT NULL,
    day INTEGER NOT NULL,                 -- date
    words TEXT NOT NULL,                  -- small letters, without numbers and e-mail addresses
    outward TEXT NOT NULL,                -- first half of the postcode; "" none was given
    found INTEGER NOT NULL,               -- services, the last time
    times INTEGER NOT NULL,               -- so often on that day
    PRIMARY KEY (area_id, day, words, outward)
) STRICT, WITHOUT ROWID;
