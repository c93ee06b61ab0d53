-- 0035: the sharing agreement as a table: for which purpose which kind of agency may see how
-- much of which category of data.  Versions stay; one is in force on a day.
CREATE TABLE agreement (
    area_id INTEGER NOT NULL,
    version INTEGER NOT NULL,             -- 1, 2, 3 …
    title TEXT NOT NULL,
    article_6 TEXT NOT NULL,              -- lawful basis under Article 6 of the UK GDPR
    article_9 TEXT NOT NULL,              -- condition under Article 9 and the Data Protection Act
    state TEXT NOT NULL,                  -- draft, agreed
    made INTEGER NOT NULL,                -- time
    made_by INTEGER NOT NULL,             -- account
    force_from INTEGER,                   -- date from which it holds; NULL while a draft
    review_on INTEGER,                    -- date by which it is to be looked at again
    agreed INTEGER, agreed_by INTEGER,    -- time, account
    PRIMARY KEY (area_id, version)
) STRICT, WITHOUT ROWID;

-- What is shared; no row: nothing.
CREATE TABLE agreement_cell (
    area_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    purpose TEXT NOT NULL,                -- as purposes.def names it
    agency_kind TEXT NOT NULL,            -- who receives: agency_kinds.def
    category TEXT NOT NULL,               -- of data: categories.def
    share TEXT NOT NULL,                  -- existence, summary, full
    PRIMARY KEY (area_id, version, purpose, agency_kind, category)
) STRICT, WITHOUT ROWID;

CREATE TABLE agreement_signature (
    area_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    signature INTEGER NOT NULL,           -- 1, 2, 3 …
    agency_kind TEXT NOT NULL,
    agency TEXT NOT NULL,                 -- "Ashmere Police"
    signed_by TEXT NOT NULL,              -- name and position
    signed_on INTEGER NOT NULL,           -- date
    PRIMARY KEY (area_id, version, signature)
) STRICT, WITHOUT ROWID;
