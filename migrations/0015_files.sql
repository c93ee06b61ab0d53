-- 0015: benchmarks and education, health and care plans.

-- Benchmarks: DfE's published figures (explore education statistics), to be held beside
-- our own.  The same everywhere, so loaded whole in editions as schools are (0001).
INSERT INTO edition (name, edition) VALUES ('benchmarks', 0);

-- One row of a published file that is a total over all its groups of pupils.
CREATE TABLE benchmark_row (
    edition INTEGER NOT NULL DEFAULT 0,
    series TEXT NOT NULL,                 -- as benchmark.def names it: absence, suspensions, attendance, ehe
    level TEXT NOT NULL,                  -- nation, region, authority, school
    code TEXT NOT NULL,                   -- E92000001; of the region; DfE number of the authority, three digits; URN
    time_period TEXT NOT NULL,            -- as published: 202324, 2025
    time_identifier TEXT NOT NULL,        -- as published: Academic year, Autumn term, Week 12
    phase TEXT NOT NULL,                  -- total, primary, secondary, special, ap; others as published
    school_year INTEGER NOT NULL,         -- 2023 is 2023/24; 0 the period does not tell
    name TEXT NOT NULL,                   -- of the region, authority or school
    parent TEXT NOT NULL,                 -- code of the region; of a school: of the authority; "" none
    gss TEXT NOT NULL,                    -- ONS code of an authority: E06000050; else ""
    figures TEXT NOT NULL,                -- "headcount 50000 perm_excl c": as published, decimal text or a mark
    PRIMARY KEY (edition, series, level, code, time_period, time_identifier, phase)
) STRICT, WITHOUT ROWID;
CREATE INDEX benchmark_row_by_code ON benchmark_row (edition, code);
CREATE VIEW benchmark AS
    SELECT series, level, code, time_period, time_identifier, phase, school_year, name, parent,
           gss, figures
    FROM benchmark_row
    WHERE edition = (SELECT e.edition FROM edition e WHERE e.name = 'benchmarks');

-- Education, health and care plans, from the yearly SEN2 return and from case systems: what led
-- to them, and what they name.
CREATE TABLE ehc_fact (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    part INTEGER NOT NULL,                -- of one record that tells several; else 0
    identity_id INTEGER NOT NULL,
    return_year INTEGER NOT NULL,         -- 2025: the survey of January 2025
    kind TEXT NOT NULL,                   -- request (received to decided), refused (a day), support, plan, setting, need (on the day of the survey)
    started INTEGER NOT NULL, ended INTEGER, -- dates, half-open; NULL not told to have ended
    told_to INTEGER NOT NULL,             -- date, half-open: how far the file tells
    code TEXT,                            -- request: its outcome; refused: assess, plan; plan: why it ceased; setting: of no school, EHE OLA; need: its type
    need_rank INTEGER,                    -- need: 1 primary; setting: 1 the main one
    urn INTEGER,                          -- setting: the school
    source_kind TEXT NOT NULL,            -- batch.kind of the file: sen2, ctf
    PRIMARY KEY (area_id, batch_id, file_id, line, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX ehc_fact_by_identity ON ehc_fact (area_id, identity_id);

-- Which kind of file tells of a leaver: a leaver return, or a Common Transfer File, which tells
-- of one child and not of all who left.
ALTER TABLE leaver ADD COLUMN source_kind TEXT NOT NULL DEFAULT 'leavers';
