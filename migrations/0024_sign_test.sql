-- 0024: how often warning signs were right.

-- How often the signs of a pack were right, on past data as known then (risk/sign_test.h).
CREATE TABLE sign_test (
    area_id INTEGER NOT NULL,
    test_id INTEGER NOT NULL,
    pack_id INTEGER NOT NULL,
    program TEXT NOT NULL,                -- version that made it
    state TEXT NOT NULL,                  -- making, current (of its pack), kept
    made INTEGER NOT NULL,                -- time
    known_at INTEGER NOT NULL,            -- time: what came of it is told by batches up to then
    first_day INTEGER NOT NULL, last_day INTEGER NOT NULL, -- dates: Sundays looked at
    followed_to INTEGER NOT NULL,         -- date: last day with data
    dates INTEGER NOT NULL,               -- Sundays
    states INTEGER NOT NULL,              -- different sets of batches known on them
    looked INTEGER NOT NULL,              -- children and school years looked at
    no_data INTEGER NOT NULL,             -- bit per rule of the pack: its source was never there
    PRIMARY KEY (area_id, test_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_score (
    area_id INTEGER NOT NULL,
    test_id INTEGER NOT NULL,
    tested INTEGER NOT NULL,              -- place of the rule in the pack; 32 listed, 33 tier 2 or 3, 34 tier 3
    outcome TEXT NOT NULL,                -- suspended, excluded, persistent, exit, any
    dimension TEXT NOT NULL, member TEXT NOT NULL, -- all all, sex F …
    looked INTEGER NOT NULL, looked_outcome INTEGER NOT NULL, -- children and school years; with the outcome
    listed INTEGER NOT NULL, listed_outcome INTEGER NOT NULL, -- the same of those with the sign
    outcomes INTEGER NOT NULL, outcomes_listed INTEGER NOT NULL, -- first outcomes of a year; with the sign before
    lead_low INTEGER, lead INTEGER, lead_high INTEGER, -- days before: quartiles, median; NULL nobody
    PRIMARY KEY (area_id, test_id, tested, outcome, dimension, member)
) STRICT, WITHOUT ROWID;
