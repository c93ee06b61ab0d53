-- 0018: what the law counts of each pupil, and what is due, on the day of the current run of signs:
-- the lists of a targeting support meeting.  Derived; rows of earlier runs are removed.

CREATE TABLE watched_child (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,              -- of sign_run: the day and what was known
    urn INTEGER NOT NULL,                 -- main school on the day
    watch INTEGER NOT NULL,               -- row of watch.def
    place INTEGER NOT NULL,               -- by the child's name within the school
    person_id INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,         -- the description to show
    year_group INTEGER NOT NULL,
    part INTEGER NOT NULL, whole INTEGER NOT NULL, -- numbers that its words say
    on_day INTEGER,                       -- date that the words name
    due INTEGER,                          -- date by which something is due
    PRIMARY KEY (area_id, run_id, urn, watch, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX watched_child_by_person ON watched_child (area_id, run_id, person_id);
