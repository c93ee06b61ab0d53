-- 0073: schools and postcodes as they were known on a past date. What a newer edition changed or
-- brought is kept here as it stood before: `edition` is the last in which it stood so. Rows that no
-- edition has changed stand in the tables in force alone (intake/shared.h, people/edition.h).
CREATE TABLE edition_past (
    name TEXT NOT NULL,                   -- gias, postcodes
    edition INTEGER NOT NULL,
    until INTEGER NOT NULL,               -- time at which the next came into force
    PRIMARY KEY (name, edition)
) STRICT, WITHOUT ROWID;

CREATE TABLE establishment_past (
    urn INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    there INTEGER NOT NULL,               -- 0: it was not in it, and the rest is NULL
    la INTEGER, type_code INTEGER, phase TEXT,
    opened INTEGER, closed INTEGER,       -- dates
    low_age INTEGER, high_age INTEGER,
    district TEXT,
    PRIMARY KEY (urn, edition)
) STRICT, WITHOUT ROWID;

-- Links are added and never changed.
CREATE TABLE establishment_link_past (
    urn INTEGER NOT NULL,
    link_urn INTEGER NOT NULL,
    kind TEXT NOT NULL,
    edition INTEGER NOT NULL,
    there INTEGER NOT NULL,               -- 0: it was not in it
    PRIMARY KEY (urn, link_urn, kind, edition)
) STRICT, WITHOUT ROWID;

CREATE TABLE postcode_past (
    postcode TEXT NOT NULL,
    edition INTEGER NOT NULL,
    there INTEGER NOT NULL,               -- 0: it was not in it, and the rest is NULL
    lsoa11 TEXT, lsoa21 TEXT, district TEXT, -- GSS codes
    PRIMARY KEY (postcode, edition)
) STRICT, WITHOUT ROWID;
