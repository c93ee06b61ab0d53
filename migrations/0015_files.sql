-- 0015: benchmarks - DfE's published figures (explore education statistics), to be held beside
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
