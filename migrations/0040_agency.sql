-- 0040: agencies as rows, and several dated roles a person, each for an agency. Accounts that
-- were there keep the role that they had, from their creation.
CREATE TABLE agency (
    area_id INTEGER NOT NULL,
    agency_id INTEGER NOT NULL,           -- 1, 2, 3 … of this area
    name TEXT NOT NULL,                   -- "Ashmere Police"
    kind TEXT NOT NULL,                   -- as agency_kinds.def names it
    urn INTEGER,                          -- of kind school: which school
    since INTEGER NOT NULL,               -- time
    ended INTEGER,                        -- time; NULL: it takes part
    PRIMARY KEY (area_id, agency_id)
) STRICT, WITHOUT ROWID;

-- What a person may act as, from when to when (half-open).
CREATE TABLE account_role (
    account_id INTEGER NOT NULL REFERENCES account (account_id),
    role_no INTEGER NOT NULL,             -- 1, 2, 3 … of this account
    role TEXT NOT NULL,                   -- as roles.def names it
    area INTEGER,                         -- NULL: of none (system administrator)
    agency_id INTEGER,                    -- for which agency of that area; NULL with no area
    urn INTEGER,                          -- the school of a school role
    since INTEGER NOT NULL,               -- time
    until INTEGER,                        -- time; NULL: no end yet
    given_by INTEGER,                     -- account; NULL: where the program runs
    why TEXT NOT NULL,                    -- why it was given
    end_why TEXT,                         -- why it was ended; NULL: by its date, or not at all
    PRIMARY KEY (account_id, role_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_role_by_area ON account_role (area, account_id);

INSERT INTO agency (area_id, agency_id, name, kind, urn, since, ended)
    SELECT p.area, ROW_NUMBER() OVER (PARTITION BY p.area ORDER BY p.urn),
           CASE WHEN p.urn = 0 THEN 'Inclusion team'
                ELSE COALESCE((SELECT MIN(e.name) FROM establishment e WHERE e.urn = p.urn),
                              'School ' || p.urn) END,
           CASE WHEN p.urn = 0 THEN 'inclusion-team' ELSE 'school' END,
           CASE WHEN p.urn = 0 THEN NULL ELSE p.urn END, p.since, NULL
    FROM (SELECT area, COALESCE(urn, 0) AS urn, MIN(created) AS since FROM account
          WHERE area IS NOT NULL GROUP BY area, COALESCE(urn, 0)) p;
INSERT INTO account_role (account_id, role_no, role, area, agency_id, urn, since, until, given_by,
                          why, end_why)
    SELECT a.account_id, 1, a.role, a.area, g.agency_id, a.urn, a.created, NULL, NULL,
           'As the account was made', NULL
    FROM account a LEFT JOIN agency g ON g.area_id = a.area
    AND COALESCE(g.urn, 0) = COALESCE(a.urn, 0);

ALTER TABLE account DROP COLUMN role;
ALTER TABLE account DROP COLUMN area;
ALTER TABLE account DROP COLUMN urn;
ALTER TABLE session ADD COLUMN role_no INTEGER; -- what the person acts as; NULL, or over: the first that is in force

ALTER TABLE note ADD COLUMN agency_id INTEGER; -- for which agency it was written; NULL: of the kind, before there were agencies
