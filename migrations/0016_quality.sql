-- 0016: quality of the data - what rules across the files find, looked for after each load.
-- Runs and their findings are derived and can be made again.

-- The rules of quality/rules.def asked on one day with what was known at one time.
CREATE TABLE quality_run (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    day INTEGER NOT NULL,                 -- date: nothing after it counts
    known_at INTEGER NOT NULL,            -- time
    program TEXT NOT NULL,                -- version that made it
    state TEXT NOT NULL,                  -- making, current, old (to be emptied), past (without its findings)
    made INTEGER NOT NULL,                -- time
    PRIMARY KEY (area_id, run_id)
) STRICT, WITHOUT ROWID;

-- One thing that a rule found.
CREATE TABLE quality_finding (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    place INTEGER NOT NULL,               -- as it is shown: by school, rule, day
    rule TEXT NOT NULL,                   -- as rules.def names it
    urn INTEGER NOT NULL,                 -- school that can mend it; 0: the authority
    person_id INTEGER, identity_id INTEGER, -- the child and the description to show; NULL: of a school
    fact TEXT,                            -- kind of fact it rests on, as people/fact.h names it; NULL none of those
    batch_id INTEGER, file_id INTEGER, line INTEGER, -- where that fact came from; NULL several, or registers
    on_day INTEGER,                       -- date that it is about; NULL none
    value TEXT,                           -- what was met, in short
    message TEXT NOT NULL,                -- a sentence
    PRIMARY KEY (area_id, run_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX quality_finding_by_school ON quality_finding (area_id, run_id, urn, place);
CREATE INDEX quality_finding_by_rule ON quality_finding (area_id, run_id, rule, place);

-- The same counted, and what loading found in the published batches (finding), for the pages.
CREATE TABLE quality_count (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    at_load INTEGER NOT NULL,             -- 1: of the rules that loading asks of each record
    rule TEXT NOT NULL,                   -- "": all rules of rules.def
    urn INTEGER NOT NULL,                 -- 0: the authority's to mend; -1: all schools and the authority
    findings INTEGER NOT NULL,
    parts INTEGER NOT NULL,               -- of all schools: how many have any; of all rules: how many found any; at load: batches; else 1
    PRIMARY KEY (area_id, run_id, at_load, rule, urn)
) STRICT, WITHOUT ROWID;
CREATE INDEX quality_count_by_school ON quality_count (area_id, run_id, urn, at_load, rule);

-- What each source tells of each school and period, of a run: the coverage by week and term.
CREATE TABLE quality_cover (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    source TEXT NOT NULL,                 -- as quality/cover.def names it
    urn INTEGER NOT NULL,                 -- 0: the authority
    started INTEGER NOT NULL,             -- first day of the week, term or year
    state TEXT NOT NULL,                  -- present, thin, late, missing, not due, not open, not loaded
    told INTEGER NOT NULL,                -- children of whom it tells; 0 of the authority's: not counted
    expected INTEGER NOT NULL,            -- children on roll then; 0 not known
    batch_id INTEGER,                     -- that told it; NULL several, or none
    PRIMARY KEY (area_id, run_id, source, urn, started)
) STRICT, WITHOUT ROWID;

-- The schools of a source in the order in which they are shown, and how the row reads.
CREATE TABLE quality_cover_school (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    place INTEGER NOT NULL,               -- 1, 2 …: recent gaps first, then by name
    urn INTEGER NOT NULL,
    name TEXT NOT NULL,
    gaps INTEGER NOT NULL,                -- recent periods that are late, missing or thin
    PRIMARY KEY (area_id, run_id, source, place)
) STRICT, WITHOUT ROWID;

-- What figures leave out because of it, in words.
CREATE TABLE quality_gap (
    area_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    place INTEGER NOT NULL,               -- as it is shown: the newest first
    source TEXT NOT NULL,
    urn INTEGER NOT NULL,                 -- 0: the authority
    state TEXT NOT NULL,                  -- late, missing, thin
    started INTEGER NOT NULL, ended INTEGER NOT NULL, -- half-open
    message TEXT NOT NULL,                -- a sentence without its full stop
    PRIMARY KEY (area_id, run_id, place)
) STRICT, WITHOUT ROWID;

-- What an analyst set aside or corrected in a fact, and why.  The fact itself stays as its file
-- gave it; the timeline reads it with what was in force at the time asked.  A correction is
-- about what the fact tells of, not the line, so loading the same fact again does not undo it.
CREATE TABLE correction (
    area_id INTEGER NOT NULL,
    correction_id INTEGER NOT NULL,
    fact TEXT NOT NULL,                   -- suspension, census, care, as people/fact.h names them
    identity_id INTEGER NOT NULL,         -- whose: the person of this identity
    urn INTEGER NOT NULL,                 -- school of the fact; 0 none
    begun INTEGER NOT NULL,               -- suspension, care: first day as given; census: school year * 10 + term
    kind TEXT NOT NULL,                   -- suspension: category as given; care: kind; census: ""
    batch_id INTEGER NOT NULL, file_id INTEGER NOT NULL, line INTEGER NOT NULL, -- the fact it was made from
    field TEXT NOT NULL,                  -- aside, sessions, started, ended, category
    value INTEGER,                        -- sessions; date; category: 0 suspension, 1 permanent, 2 lunchtime; NULL aside
    was TEXT,                             -- as the fact has it, in words
    reason TEXT NOT NULL,
    made INTEGER NOT NULL, made_by TEXT NOT NULL, -- time, login
    undone INTEGER, undone_by TEXT, undone_why TEXT, -- time, login; NULL: in force
    PRIMARY KEY (area_id, correction_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX correction_by_fact ON correction (area_id, batch_id, file_id, line);
CREATE INDEX correction_by_identity ON correction (area_id, identity_id);
