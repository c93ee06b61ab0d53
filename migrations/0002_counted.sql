-- 0002: what pages show of the published batches, counted once: in the transaction that
-- publishes, refuses or withdraws a batch, so that the counts and the batches always agree.
-- All of it is derived and can be made again.

-- What the counts of an area were made with; other than now: they are made again.
CREATE TABLE counted (
    area_id INTEGER NOT NULL PRIMARY KEY,
    gias INTEGER NOT NULL,                -- edition of the establishments then in force
    program TEXT NOT NULL                 -- version
) STRICT, WITHOUT ROWID;

-- One row a source that is loaded.
CREATE TABLE coverage_source (
    area_id INTEGER NOT NULL,
    source TEXT NOT NULL,                 -- as coverage.h names it: census, suspensions, care …
    batch_id INTEGER NOT NULL,            -- the last one published, by what it tells of
    until INTEGER,                        -- last day it tells of; NULL: it is not of days
    schools INTEGER NOT NULL, expected INTEGER NOT NULL, -- returns of the last period; of the one before
    last_period INTEGER,                  -- first day of the last period that a batch came for; NULL: not of periods
    PRIMARY KEY (area_id, source)
) STRICT, WITHOUT ROWID;

-- Schools of a source that is sent school by school, in the order in which they are shown.
CREATE TABLE coverage_school (
    area_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    place INTEGER NOT NULL,               -- 1, 2 …: recent gaps first, then by name
    urn INTEGER NOT NULL,
    name TEXT NOT NULL,
    gaps INTEGER NOT NULL,                -- missing or refused, of the last three periods
    last_told INTEGER NOT NULL,           -- first day of the last period that it told of
    PRIMARY KEY (area_id, source, place)
) STRICT, WITHOUT ROWID;

-- What a source tells of each school in each period.
CREATE TABLE coverage (
    area_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    urn INTEGER NOT NULL,
    period TEXT NOT NULL,                 -- kind of period: term
    started INTEGER NOT NULL,             -- its first day
    state TEXT NOT NULL,                  -- as coverage.h names it: present, thin, missing, refused, not loaded, not open
    told INTEGER NOT NULL,                -- pupils of whom it tells what it should (census: attendance)
    expected INTEGER NOT NULL,            -- pupils of whom it should tell (census: on roll in the return)
    PRIMARY KEY (area_id, source, urn, period, started)
) STRICT, WITHOUT ROWID;

-- Schools with pupils in a published census, each as its own last census counts it.
CREATE TABLE school_count (
    area_id INTEGER NOT NULL,
    place INTEGER NOT NULL,               -- 1, 2 …: by name, as it is shown
    urn INTEGER NOT NULL,
    name TEXT, type_name TEXT, phase TEXT, district TEXT, closed INTEGER, -- as GIAS has them; NULL not known
    pupils INTEGER NOT NULL,              -- on roll
    school_year INTEGER NOT NULL, term INTEGER NOT NULL, -- of that census
    PRIMARY KEY (area_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX school_count_by_urn ON school_count (area_id, urn);

-- The figures of one school, without walking through those of all.
CREATE INDEX figure_by_member ON figure (area_id, snapshot_id, dimension, member);

-- Finding a child: the names in the order in which they are asked for, with all that deciding
-- on a hit takes, so that a search walks its hits alone and stops when there are enough.
DROP INDEX identity_by_surname;
CREATE INDEX identity_by_surname ON identity (area_id, surname_key, forename_key, person_id, batch_id);
DROP INDEX identity_by_forename;
CREATE INDEX identity_by_forename ON identity (area_id, forename_key, surname_key, person_id, batch_id);
-- The last census of a child is the last entry of its identities.
DROP INDEX census_pupil_by_identity;
CREATE INDEX census_pupil_by_identity ON census_pupil (area_id, identity_id, school_year, term, urn);
