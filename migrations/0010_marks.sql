-- 0010: attendance marks, a row for each school, week and batch, never one a mark
-- (docs/decisions/0006-marks.md).  Weeks begin on Monday.

CREATE TABLE register_week (
    area_id INTEGER NOT NULL,
    week INTEGER NOT NULL,                -- date of its Monday
    urn INTEGER NOT NULL,                 -- the school whose register it is
    batch_id INTEGER NOT NULL,
    part INTEGER NOT NULL,                -- 0, 1 …: a large batch writes what it has so far
    base_batch INTEGER, base_part INTEGER, -- the row of this school and week that content is packed against; NULL none.  It may be of a batch that was withdrawn
    children INTEGER NOT NULL,            -- children's weeks in content
    marks INTEGER NOT NULL,               -- given, "#" and "-" not among them
    missing INTEGER NOT NULL,             -- "-": no mark
    content BLOB NOT NULL,                -- children with their half days, and where in the batch's files each stood; people/register.h
    PRIMARY KEY (area_id, week, urn, batch_id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX register_week_by_batch ON register_week (area_id, batch_id);

-- Which weeks a batch tells of: what is derived of a week belongs to these batches.
CREATE TABLE register_batch (
    area_id INTEGER NOT NULL,
    week INTEGER NOT NULL,                -- date of its Monday
    batch_id INTEGER NOT NULL,
    marks INTEGER NOT NULL,               -- given, "#" and "-" not among them
    last_day INTEGER,                     -- date of the last of them; NULL none
    PRIMARY KEY (area_id, week, batch_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX register_batch_by_batch ON register_batch (area_id, batch_id);
