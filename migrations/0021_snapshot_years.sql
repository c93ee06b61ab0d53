-- 0021: a snapshot keeps rows only of the school years that changed since the one before:
-- which snapshot's rows stand for each of its years.  So a week's registers write one year.

CREATE TABLE snapshot_year (
    area_id INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL,
    school_year INTEGER NOT NULL,
    rows_of INTEGER NOT NULL,             -- the snapshot_id that figure, statistic, child_year, listed_child, child_type and enrolment_year have them under
    digest TEXT NOT NULL,                 -- of all that the year's rows are made from; "" not known
    PRIMARY KEY (area_id, snapshot_id, school_year)
) STRICT, WITHOUT ROWID;
INSERT INTO snapshot_year (area_id, snapshot_id, school_year, rows_of, digest)
    SELECT DISTINCT area_id, snapshot_id, school_year, snapshot_id, '' FROM figure;
