-- 0086: what is known of whether services work. A claim says what one scale found of one subject;
-- nothing is deleted: what does not hold any more is withdrawn, with the reason.
CREATE TABLE directory_claim (
    area_id INTEGER NOT NULL,
    claim_id INTEGER NOT NULL,            -- of the area's counter
    subject_kind TEXT NOT NULL,           -- service, programme, approach
    subject TEXT NOT NULL,                -- name of the programme or approach; of a service its own
    scale TEXT NOT NULL,                  -- as evidence_scales.def names it
    scale_version TEXT NOT NULL,          -- "2017"; "" not said
    rating TEXT NOT NULL,                 -- of that scale: "3", "NL2", "harmful"
    rated INTEGER NOT NULL,               -- date
    outcome TEXT NOT NULL,                -- what it was found for: "conduct problems"
    population TEXT NOT NULL,             -- of whom: "ages 3 to 8"; "" not said
    setting TEXT NOT NULL,                -- where: "primary schools"; "" not said
    source_url TEXT NOT NULL,             -- where it can be read
    assessed_by TEXT NOT NULL,            -- third-party, commissioner, self
    retrieved INTEGER NOT NULL,           -- date it was read there
    next_review INTEGER NOT NULL,         -- date by which it is looked at again
    added INTEGER NOT NULL,               -- time
    added_by INTEGER,                     -- account; NULL the command line
    withdrawn INTEGER,                    -- time; NULL: it stands
    withdrawn_by INTEGER,                 -- account; NULL the command line, or it stands
    withdrawn_why TEXT,                   -- a sentence; NULL it stands
    PRIMARY KEY (area_id, claim_id)
) STRICT, WITHOUT ROWID;

-- Which entries a claim is about: several offer one programme, each as it was studied or not.
CREATE TABLE directory_claim_entry (
    area_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    claim_id INTEGER NOT NULL,
    fidelity TEXT NOT NULL,               -- same (as it was studied), adapted, approach (only alike)
    PRIMARY KEY (area_id, entry_id, claim_id)
) STRICT, WITHOUT ROWID;

-- Studies that a claim rests on.
CREATE TABLE directory_study (
    area_id INTEGER NOT NULL,
    claim_id INTEGER NOT NULL,
    study_no INTEGER NOT NULL,            -- 1, 2, 3 … of the claim
    design TEXT NOT NULL,                 -- "randomised trial"
    sms INTEGER,                          -- Maryland scale, 1 to 5; NULL: not assessed
    participants INTEGER,                 -- how many took part; NULL: not said
    country TEXT NOT NULL,                -- "" not said
    effect TEXT NOT NULL,                 -- in words
    effect_interval TEXT NOT NULL,        -- "-0.1 to 0.4"; "" not said
    source TEXT NOT NULL,                 -- DOI or address
    PRIMARY KEY (area_id, claim_id, study_no)
) STRICT, WITHOUT ROWID;
