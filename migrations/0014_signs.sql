-- 0014: warning signs - an authority's own packs of signs, the children whom they list on a day,
-- and how often each sign was right.  Runs and tests are derived and can be made again.

-- Packs of signs: those that an authority made, and those that came with the program and were
-- used, so that what a child was listed for can be said in words later.
CREATE TABLE sign_pack (
    area_id INTEGER NOT NULL,
    pack_id INTEGER NOT NULL,
    version TEXT NOT NULL,                -- as the pack calls itself
    title TEXT NOT NULL,
    content TEXT NOT NULL,                -- the pack, JSON (packs/README.md)
    state TEXT NOT NULL,                  -- program (came with it), draft, adopted, replaced
    made INTEGER NOT NULL,                -- time
    made_by TEXT,                         -- login; NULL the program
    adopted INTEGER, adopted_by TEXT,     -- time, login; NULL never
    note TEXT,                            -- why it was adopted
    PRIMARY KEY (area_id, pack_id)
) STRICT, WITHOUT ROWID;

-- Signs looked for on one day with what was known at one time.
CREATE TABLE sign_run (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    day INTEGER NOT NULL,                 -- date: nothing after it counts
    known_at INTEGER NOT NULL,            -- time
    pack_id INTEGER NOT NULL,
    pack_version TEXT NOT NULL,
    program TEXT NOT NULL,                -- version that made it
    state TEXT NOT NULL,                  -- making, current, kept (with its children), past (without)
    made INTEGER NOT NULL,                -- time
    looked_at INTEGER NOT NULL,           -- children on a roll here in the year groups of the pack
    compared_day INTEGER,                 -- date of what "new" is against; NULL nothing
    no_data INTEGER NOT NULL,             -- bit per rule of the pack: its source is not loaded
    registers_to INTEGER,                 -- last day of which registers tell; NULL none
    PRIMARY KEY (area_id, run_id)
) STRICT, WITHOUT ROWID;

-- A child with any sign, or that had one on the day compared with.  Bits are rules by their
-- place in the pack.  What ends in _school is made without what schools may not see.
CREATE TABLE sign_child (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    place INTEGER NOT NULL,               -- by name of the school, then of the child
    person_id INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,         -- the description to show
    urn INTEGER NOT NULL,                 -- main school on the day
    year_group INTEGER NOT NULL,
    kinds_place INTEGER NOT NULL,         -- by tier, most first, then by place
    tier INTEGER NOT NULL, tier_school INTEGER NOT NULL, -- kinds of sign, 3 at most; 0 not listed
    tier_before INTEGER NOT NULL, tier_before_school INTEGER NOT NULL, -- on the day compared with
    met INTEGER NOT NULL, met_school INTEGER NOT NULL,
    met_before INTEGER NOT NULL,          -- on the day compared with
    domains INTEGER NOT NULL, domains_school INTEGER NOT NULL, -- bit per kind of sign
    context INTEGER NOT NULL,             -- bit: 1 free meals, 2 deprived area, 4 plan, 8 social care
    PRIMARY KEY (area_id, run_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_child_by_person ON sign_child (area_id, run_id, person_id);
CREATE INDEX sign_child_by_school ON sign_child (area_id, run_id, urn, place);
CREATE INDEX sign_child_by_kinds ON sign_child (area_id, run_id, kinds_place);

-- Why: what a sign found, as numbers that its words say.
CREATE TABLE sign_reason (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    rule INTEGER NOT NULL,                -- place in the pack
    variant INTEGER NOT NULL,             -- of the words
    value_1 INTEGER NOT NULL, value_2 INTEGER NOT NULL, value_3 INTEGER NOT NULL,
    value_4 INTEGER NOT NULL,             -- in the order of signs.def
    on_day INTEGER,                       -- date that the words name
    data_day INTEGER,                     -- date of the last data it rests on
    PRIMARY KEY (area_id, run_id, person_id, rule)
) STRICT, WITHOUT ROWID;

-- Children listed, counted: what a page without filters says beside its list.
CREATE TABLE sign_count (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    school INTEGER NOT NULL,              -- 1: as schools see it
    urn INTEGER NOT NULL,                 -- 0: all schools
    what TEXT NOT NULL,                   -- listed, tier, domain, sign, year, changed, left
    member INTEGER NOT NULL,              -- which tier, domain, rule or year group; else 0
    children INTEGER NOT NULL,
    PRIMARY KEY (area_id, run_id, school, urn, what, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_count_by_what ON sign_count (area_id, run_id, what, school, member, urn);
