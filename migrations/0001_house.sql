-- 0001: the house.  One file for both engines: store/migrate.c turns INTEGER into
-- BIGINT, BLOB into BYTEA, REAL into DOUBLE PRECISION and drops STRICT and WITHOUT
-- ROWID for PostgreSQL.  Dates are days since 1970-01-01, times UTC microseconds,
-- sessions whole numbers.  NULL means not known.  A fact carries its batch, file and
-- line; it is known from the time its batch was published.

-- ---- the same everywhere: exempt from area_id (rulings, "Database") -------------

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,       -- as settings.def names it
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE area (
    area_id INTEGER NOT NULL PRIMARY KEY, -- the DfE number of the authority: 896; 1 is the pseudo authority 001
    name TEXT NOT NULL,                   -- "Cheshire West and Chester"
    next_id INTEGER NOT NULL              -- the area's own counter: every id of the area comes from it
) STRICT, WITHOUT ROWID;

-- What every authority shares is loaded whole: a load writes a new edition in chunks, and
-- one small update of this table puts it in force.  The views below show what is in force;
-- only intake (and tests) write the rows.
CREATE TABLE edition (
    name TEXT NOT NULL PRIMARY KEY,       -- gias, postcodes, deprivation
    edition INTEGER NOT NULL              -- the one in force
) STRICT, WITHOUT ROWID;
INSERT INTO edition (name, edition) VALUES ('gias', 0);
INSERT INTO edition (name, edition) VALUES ('postcodes', 0);
INSERT INTO edition (name, edition) VALUES ('deprivation', 0);

CREATE TABLE establishment_row (
    edition INTEGER NOT NULL DEFAULT 0,
    urn INTEGER NOT NULL,
    la INTEGER NOT NULL,                  -- DfE number of the authority it lies in
    estab INTEGER,                        -- 4 digits; NULL for most independent schools
    name TEXT NOT NULL,
    type_code INTEGER NOT NULL,           -- GIAS TypeOfEstablishment (code)
    type_name TEXT NOT NULL,
    phase TEXT NOT NULL,                  -- nursery, primary, middle, secondary, all-through, 16 plus, special, ap, other
    status INTEGER NOT NULL,              -- 1 open, 2 closed, 3 and 4 proposed
    opened INTEGER, closed INTEGER,       -- dates; half-open
    low_age INTEGER, high_age INTEGER,
    postcode TEXT, district TEXT, ward TEXT, -- district and ward by name
    close_reason INTEGER,
    PRIMARY KEY (edition, urn)
) STRICT, WITHOUT ROWID;
CREATE VIEW establishment AS
    SELECT urn, la, estab, name, type_code, type_name, phase, status, opened, closed, low_age,
           high_age, postcode, district, ward, close_reason
    FROM establishment_row WHERE edition = (SELECT e.edition FROM edition e WHERE e.name = 'gias');

CREATE TABLE establishment_link_row (
    edition INTEGER NOT NULL DEFAULT 0,
    urn INTEGER NOT NULL,
    link_urn INTEGER NOT NULL,
    kind TEXT NOT NULL,                   -- first word of LinkType: Successor, Predecessor …
    linked INTEGER,                       -- date, often blank
    PRIMARY KEY (edition, urn, link_urn, kind)
) STRICT, WITHOUT ROWID;
CREATE VIEW establishment_link AS
    SELECT urn, link_urn, kind, linked
    FROM establishment_link_row
    WHERE edition = (SELECT e.edition FROM edition e WHERE e.name = 'gias');

CREATE TABLE postcode_row (
    edition INTEGER NOT NULL DEFAULT 0,
    postcode TEXT NOT NULL,               -- "CH1 9ZZ"
    lsoa11 TEXT, lsoa21 TEXT,
    district TEXT, ward TEXT,             -- GSS codes
    introduced INTEGER, ended INTEGER,    -- yyyymm
    PRIMARY KEY (edition, postcode)
) STRICT, WITHOUT ROWID;
CREATE VIEW postcode AS
    SELECT postcode, lsoa11, lsoa21, district, ward, introduced, ended
    FROM postcode_row WHERE edition = (SELECT e.edition FROM edition e WHERE e.name = 'postcodes');

CREATE TABLE deprivation_row (
    edition INTEGER NOT NULL DEFAULT 0,
    lsoa TEXT NOT NULL,
    iod INTEGER NOT NULL,                 -- 2019 (LSOA 2011) or 2025 (LSOA 2021); never joined across
    idaci_rank INTEGER NOT NULL,
    idaci_decile INTEGER NOT NULL,        -- 1 = most deprived
    imd_decile INTEGER,
    district TEXT,                        -- name
    PRIMARY KEY (edition, lsoa, iod)
) STRICT, WITHOUT ROWID;
CREATE VIEW deprivation AS
    SELECT lsoa, iod AS edition, idaci_rank, idaci_decile, imd_decile, district
    FROM deprivation_row
    WHERE edition = (SELECT e.edition FROM edition e WHERE e.name = 'deprivation');

CREATE TABLE account (
    account_id INTEGER NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,           -- lower case
    name TEXT NOT NULL,
    passphrase TEXT NOT NULL,             -- argon2id string of libsodium
    role TEXT NOT NULL,                   -- as roles.def names it
    area INTEGER,                         -- NULL: none (system administrator)
    urn INTEGER,                          -- the school of a school role
    created INTEGER NOT NULL,
    disabled INTEGER,                     -- time
    failures INTEGER NOT NULL,            -- wrong passphrases since the last right one
    locked_until INTEGER                  -- time
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    session_id TEXT NOT NULL PRIMARY KEY, -- keyed hash of the cookie's token
    account_id INTEGER NOT NULL REFERENCES account (account_id),
    csrf TEXT NOT NULL,
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    ended INTEGER
) STRICT, WITHOUT ROWID;

-- ---- loading -------------------------------------------------------------------

CREATE TABLE batch (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    kind TEXT NOT NULL,                   -- layout family: census, cin, suspensions, people, calendar, gias, postcodes, deprivation
    title TEXT NOT NULL,                  -- "School census, autumn 2024"
    digest TEXT NOT NULL,                 -- SHA-256 over the sorted digests of its files
    state TEXT NOT NULL,                  -- loading, published, refused, withdrawn
    started INTEGER NOT NULL,             -- times
    published INTEGER,                    -- known from
    withdrawn INTEGER, withdrawn_why TEXT, withdrawn_by TEXT,
    loaded_by TEXT NOT NULL,              -- login, or "command line"
    school_year INTEGER, term INTEGER,    -- of a census: the term it was taken in
    rows_read INTEGER NOT NULL, rows_loaded INTEGER NOT NULL, rows_refused INTEGER NOT NULL,
    message TEXT,                         -- why it was refused
    PRIMARY KEY (area_id, batch_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_by_digest ON batch (area_id, digest);

CREATE TABLE batch_file (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,             -- 1, 2 … within the batch
    name TEXT NOT NULL,                   -- without folders
    layout TEXT NOT NULL,                 -- as layouts.def names it
    digest TEXT NOT NULL, bytes INTEGER NOT NULL,
    note TEXT,                            -- encoding converted, columns kept aside …
    rows_read INTEGER NOT NULL, rows_loaded INTEGER NOT NULL, rows_refused INTEGER NOT NULL,
    PRIMARY KEY (area_id, batch_id, file_id)
) STRICT, WITHOUT ROWID;

-- The file itself, so that each fact can be shown beside its original values.
CREATE TABLE file_chunk (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    first_line INTEGER NOT NULL,          -- line on which this chunk starts; chunks break between records
    content BLOB NOT NULL,                -- zstd; UTF-8 text of about 256 kB
    PRIMARY KEY (area_id, batch_id, file_id, first_line)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    finding_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    field TEXT,                           -- column or element; NULL for the record as a whole
    field_column INTEGER,                 -- 1-based column of a CSV; NULL for XML
    rule TEXT NOT NULL,                   -- as findings.def names it
    refused INTEGER NOT NULL,             -- 1: the record was not loaded; 0: a remark
    value TEXT,                           -- as it stood in the file, cut at 100 characters
    message TEXT NOT NULL,                -- a sentence
    urn INTEGER,                          -- the school it concerns, where known
    PRIMARY KEY (area_id, batch_id, finding_id)
) STRICT, WITHOUT ROWID;

-- ---- who -----------------------------------------------------------------------

CREATE TABLE person (
    area_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    PRIMARY KEY (area_id, person_id)
) STRICT, WITHOUT ROWID;

-- One distinct description of a child as a file gives it.  Facts point here, never at
-- a person: linkage decides which person an identity is, and may change its mind.
CREATE TABLE identity (
    area_id INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    person_id INTEGER,                    -- NULL: not linkable
    digest TEXT NOT NULL,                 -- SHA-256 (first 32 hex digits) over the fields below
    source TEXT NOT NULL,                 -- school, social care, person list
    upn TEXT, former_upn TEXT, local_id TEXT,
    surname TEXT, forename TEXT, middle_names TEXT, preferred_surname TEXT, former_surname TEXT,
    born INTEGER, sex TEXT,               -- M, F, U
    postcode TEXT,                        -- only where there is no UPN, for who-is-who
    batch_id INTEGER NOT NULL,            -- first seen in
    surname_key TEXT, forename_key TEXT,  -- capital letters only, accents dropped: for finding a child
    PRIMARY KEY (area_id, identity_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX identity_by_digest ON identity (area_id, digest);
CREATE INDEX identity_by_person ON identity (area_id, person_id);
CREATE INDEX identity_by_upn ON identity (area_id, upn);
CREATE INDEX identity_by_former_upn ON identity (area_id, former_upn);
CREATE INDEX identity_by_surname ON identity (area_id, surname_key, forename_key);
CREATE INDEX identity_by_forename ON identity (area_id, forename_key);

-- Who an identity was taken for until linkage changed its mind: few rows, so that "as known
-- on a past day" still answers.
CREATE TABLE identity_change (
    area_id INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    changed INTEGER NOT NULL,             -- time: when the batch that showed it was published
    was_person_id INTEGER,                -- NULL: it was not linkable
    PRIMARY KEY (area_id, identity_id, changed)
) STRICT, WITHOUT ROWID;

-- ---- facts ---------------------------------------------------------------------

-- A pupil's record in one school census: on roll, or no longer on roll.
CREATE TABLE census_pupil (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    urn INTEGER NOT NULL,
    school_year INTEGER NOT NULL, term INTEGER NOT NULL, -- the census's own
    on_roll INTEGER NOT NULL,             -- 1 or 0
    entered INTEGER, left_on INTEGER,     -- dates; left_on as given: the last day on roll
    status TEXT,                          -- C M S F O G
    year_group INTEGER,                   -- 0 reception, 1..14; -1 nursery or early years; NULL not given
    part_time INTEGER, boarder TEXT,
    sen TEXT,                             -- N K E (S A P as given in old years)
    sen_unit INTEGER, resourced INTEGER,
    ethnicity TEXT, language TEXT, service_child TEXT, post_looked_after TEXT, young_carer TEXT,
    postcode TEXT,
    sessions_possible INTEGER,            -- as given, of the term before
    marks BLOB,                           -- sessions by code, the term before: pairs of code index (1 byte) and count (varint); people/attendance.h
    marks_summer2 BLOB,                   -- second half of the summer term (autumn census)
    summer2_possible INTEGER,
    PRIMARY KEY (area_id, batch_id, file_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX census_pupil_by_identity ON census_pupil (area_id, identity_id, urn);
CREATE INDEX census_pupil_by_school ON census_pupil (area_id, batch_id, urn, on_roll, year_group);

-- A school's return in a census: how many pupils it tells of.
CREATE TABLE census_return (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    urn INTEGER NOT NULL,
    school_year INTEGER NOT NULL, term INTEGER NOT NULL, -- the census's own
    on_roll INTEGER NOT NULL,             -- pupils on roll
    no_longer INTEGER NOT NULL,           -- pupils no longer on roll
    with_sessions INTEGER NOT NULL,       -- of those on roll: attendance of the term before is given
    PRIMARY KEY (area_id, batch_id, file_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX census_return_by_urn ON census_return (area_id, urn);

CREATE TABLE suspension (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    urn INTEGER NOT NULL,
    source TEXT NOT NULL,                 -- census, notification
    school_year INTEGER, term INTEGER,    -- of the census that brought it
    on_roll INTEGER,                      -- census: from the on-roll table or not
    category TEXT NOT NULL,               -- SUSP PERM LNCH (FIXD becomes SUSP)
    started INTEGER NOT NULL, ended INTEGER, -- dates
    sessions INTEGER,
    reason1 TEXT, reason2 TEXT, reason3 TEXT,
    sen TEXT,
    review_result TEXT, review_date INTEGER, reinstated INTEGER,
    notified INTEGER,                     -- date
    status TEXT NOT NULL,                 -- new, amended, cancelled; census: new
    PRIMARY KEY (area_id, batch_id, file_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX suspension_by_identity ON suspension (area_id, identity_id);
CREATE INDEX suspension_by_start ON suspension (area_id, batch_id, started);

CREATE TABLE sen_need (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    urn INTEGER NOT NULL,
    school_year INTEGER NOT NULL,
    need_rank INTEGER NOT NULL,           -- 1 primary, 2 secondary
    need TEXT NOT NULL,                   -- SEMH …
    PRIMARY KEY (area_id, batch_id, file_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX sen_need_by_identity ON sen_need (area_id, identity_id);

CREATE TABLE fsm_period (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    urn INTEGER NOT NULL,
    started INTEGER NOT NULL, ended INTEGER, -- dates; ended as given (last day), NULL still open
    country TEXT NOT NULL,                -- ENG NIR SCT WLS
    PRIMARY KEY (area_id, batch_id, file_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX fsm_period_by_identity ON fsm_period (area_id, identity_id);

-- Alternative provision reported by the census: placed by the authority, or arranged by the school.
CREATE TABLE ap_placement (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    urn INTEGER NOT NULL,                 -- the school that reports
    school_year INTEGER NOT NULL, term INTEGER NOT NULL,
    kind TEXT NOT NULL,                   -- authority, school
    provider_urn INTEGER, previous_urn INTEGER,
    reason TEXT,                          -- ASP EHC … (authority) or BHS SUS EXR MHN PHN OTH (school)
    setting TEXT, pattern TEXT,           -- NFE OOT OTH WBP; FT PT
    entered INTEGER, left_on INTEGER,
    sessions_a_week INTEGER,
    PRIMARY KEY (area_id, batch_id, file_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX ap_placement_by_identity ON ap_placement (area_id, identity_id);

-- Social care as the children-in-need census gives it, one row a dated thing.
CREATE TABLE care_episode (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    part INTEGER NOT NULL,                -- one record may give several; 1, 2 …
    identity_id INTEGER NOT NULL,
    return_year INTEGER NOT NULL,         -- year the return ends: 2025 is April 2024 to March 2025
    kind TEXT NOT NULL,                   -- referral, plan (child in need plan), protection (child protection plan), enquiry (section 47), assessment, care (looked after)
    started INTEGER NOT NULL, ended INTEGER, -- dates; half-open
    no_further_action INTEGER,            -- referral: 1 or 0
    need TEXT,                            -- referral: N0..N9
    source TEXT,                          -- referral: 1A …
    close_reason TEXT,                    -- referral: RC1..RC9
    category TEXT,                        -- protection: NEG PHY SAB EMO MUL
    PRIMARY KEY (area_id, batch_id, file_id, line, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX care_episode_by_identity ON care_episode (area_id, identity_id);

CREATE TABLE term_date (
    area_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    urn INTEGER,                          -- NULL: the authority's default
    started INTEGER NOT NULL, ended INTEGER NOT NULL, -- half-open
    kind TEXT NOT NULL,                   -- term, inset, closed, half-day
    note TEXT,
    PRIMARY KEY (area_id, batch_id, file_id, line)
) STRICT, WITHOUT ROWID;

-- ---- figures -------------------------------------------------------------------

CREATE TABLE snapshot (
    area_id INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL,
    as_of INTEGER NOT NULL,               -- date: nothing that happened later counts
    known_at INTEGER NOT NULL,            -- time: nothing published later counts
    made INTEGER NOT NULL,                -- time
    program TEXT NOT NULL,                -- version
    state TEXT NOT NULL,                  -- making, current, kept
    first_year INTEGER NOT NULL, last_year INTEGER NOT NULL, -- school years with figures; the last complete one
    PRIMARY KEY (area_id, snapshot_id)
) STRICT, WITHOUT ROWID;

-- One figure: a measure for a group of children in a school year.
CREATE TABLE figure (
    area_id INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL,
    measure TEXT NOT NULL,                -- as measures.def names it
    school_year INTEGER NOT NULL,
    dimension TEXT NOT NULL,              -- as dimensions.def names it; "all"
    member TEXT NOT NULL,                 -- the group within it; "all"
    numerator INTEGER NOT NULL,
    denominator INTEGER NOT NULL,
    state TEXT NOT NULL,                  -- ok, no data
    PRIMARY KEY (area_id, snapshot_id, dimension, measure, school_year, member)
) STRICT, WITHOUT ROWID;

-- Any other count a page shows: the parts of the four concentration statistics, of the
-- children near the edge.
CREATE TABLE statistic (
    area_id INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL,
    name TEXT NOT NULL,                   -- concentration-6, cliff …
    school_year INTEGER NOT NULL,
    item TEXT NOT NULL,                   -- pupils, events_2_part …
    value INTEGER NOT NULL,
    PRIMARY KEY (area_id, snapshot_id, name, school_year, item)
) STRICT, WITHOUT ROWID;

-- Each child in each school year: what the lists behind the figures are read from.  Only
-- the current snapshot keeps these; others are made again from the facts.
CREATE TABLE child_year (
    area_id INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL,
    school_year INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,         -- the description to show
    urn INTEGER NOT NULL,                 -- main school: at the January census, else the last of the year
    met INTEGER NOT NULL,                 -- bit per row of measures.def: counts in the numerator
    base INTEGER NOT NULL,                -- bit per row: counts in the denominator
    flags INTEGER NOT NULL,               -- bit per row of flags.def: the groups it belongs to
    year_group INTEGER,                   -- -1 before reception, 0 reception, 1 to 14
    ethnicity TEXT, idaci_decile INTEGER, district TEXT, -- of the home
    suspensions INTEGER NOT NULL, suspended_sessions INTEGER NOT NULL, lunchtimes INTEGER NOT NULL,
    exclusions INTEGER NOT NULL,
    sessions_possible INTEGER NOT NULL, sessions_absent INTEGER NOT NULL,
    needs INTEGER NOT NULL,               -- near the edge: bit per row of needs.def just below a threshold
    thresholds INTEGER NOT NULL,          -- near the edge: bit per row of thresholds.def met
    PRIMARY KEY (area_id, snapshot_id, school_year, person_id)
) STRICT, WITHOUT ROWID;

-- The list behind each figure of children, in the order in which it is shown.
CREATE TABLE listed_child (
    area_id INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL,
    measure TEXT NOT NULL,                -- as measures.def names it
    school_year INTEGER NOT NULL,
    place INTEGER NOT NULL,               -- by school's name, then the child's
    person_id INTEGER NOT NULL,
    PRIMARY KEY (area_id, snapshot_id, measure, school_year, place, person_id)
) STRICT, WITHOUT ROWID;

-- Each enrolment (child and school) in each school year, for figures by DfE's definitions.
CREATE TABLE enrolment_year (
    area_id INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL,
    school_year INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    urn INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    met INTEGER NOT NULL,                 -- bit per row of measures.def
    base INTEGER NOT NULL,                -- bit per row; of suspensions and exclusions: in the January headcount
    flags INTEGER NOT NULL,               -- bit per row of flags.def
    year_group INTEGER, ethnicity TEXT, idaci_decile INTEGER, district TEXT,
    suspensions INTEGER NOT NULL, exclusions INTEGER NOT NULL,
    sessions_possible INTEGER NOT NULL, sessions_absent INTEGER NOT NULL,
    PRIMARY KEY (area_id, snapshot_id, school_year, person_id, urn)
) STRICT, WITHOUT ROWID;

-- ---- who looked ------------------------------------------------------------------

CREATE TABLE audit (
    area_id INTEGER NOT NULL,
    audit_id INTEGER NOT NULL,
    at INTEGER NOT NULL,                  -- time
    account_id INTEGER,                   -- NULL: nobody signed in, or the command line
    act TEXT NOT NULL,                    -- as acts.def names it
    subject TEXT,                         -- "child 1234"; search terms only as keyed hash
    outcome TEXT NOT NULL,                -- allowed, refused
    PRIMARY KEY (area_id, audit_id)
) STRICT, WITHOUT ROWID;

-- Where the audit of an area stands; area 0 holds what belongs to none (sign-in, accounts).
CREATE TABLE audit_head (
    area_id INTEGER NOT NULL PRIMARY KEY,
    next_id INTEGER NOT NULL              -- of the next entry
) STRICT, WITHOUT ROWID;

-- Work done behind the pages.
CREATE TABLE task (
    area_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    kind TEXT NOT NULL,                   -- as the room that does it registered it
    input TEXT NOT NULL,                  -- JSON object
    state TEXT NOT NULL,                  -- waiting, running, done, failed
    asked INTEGER NOT NULL, asked_by TEXT NOT NULL,
    started INTEGER, ended INTEGER,
    done INTEGER NOT NULL, total INTEGER NOT NULL, -- progress; total 0: not known
    message TEXT,                         -- how it ended, in a sentence
    attempts INTEGER NOT NULL,            -- times it was begun
    PRIMARY KEY (area_id, task_id)
) STRICT, WITHOUT ROWID;
