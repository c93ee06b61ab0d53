-- 0031: a second factor beside the passphrase, what a session is good for, and waits after
-- wrong tries that an attacker elsewhere cannot impose.

-- What stands beside an account's passphrase.
CREATE TABLE second_factor (
    account_id INTEGER NOT NULL PRIMARY KEY REFERENCES account (account_id),
    kind TEXT NOT NULL,                   -- program: a TOTP program's codes; list: printed codes alone; none: nothing is confirmed yet
    secret TEXT,                          -- of the program, sealed (access/seal.h); NULL none
    pending TEXT,                         -- secret whose first code is still to be shown, sealed; NULL none
    changed INTEGER NOT NULL,             -- time
    last_step INTEGER NOT NULL            -- half minute (since 1970) of the last code taken: neither it nor an older one is taken again
) STRICT, WITHOUT ROWID;

-- Codes that are good once: for a lost program, or printed as a list.
CREATE TABLE recovery_code (
    account_id INTEGER NOT NULL REFERENCES account (account_id),
    code TEXT NOT NULL,                   -- keyed hash
    made INTEGER NOT NULL,                -- time
    used INTEGER,                         -- time
    PRIMARY KEY (account_id, code)
) STRICT, WITHOUT ROWID;

-- A lost second factor, taken away by a person who knows the person.
CREATE TABLE second_factor_reset (
    account_id INTEGER NOT NULL REFERENCES account (account_id),
    at INTEGER NOT NULL,                  -- time
    reset_by INTEGER,                     -- account; NULL the command line
    why TEXT NOT NULL,
    PRIMARY KEY (account_id, at)
) STRICT, WITHOUT ROWID;

-- Wrong tries, and where an account was let in before.  Account 0 and a login nobody has look
-- alike: rows are of what was typed.
CREATE TABLE sign_in_try (
    login TEXT NOT NULL,                  -- keyed hash; '' the address with any login
    address TEXT NOT NULL,                -- keyed hash; '' the login from addresses it was never let in from
    failures INTEGER NOT NULL,            -- since the last right one, or a day without any
    failed INTEGER NOT NULL,              -- time of the last
    waits_until INTEGER,                  -- time; NULL no wait
    let_in INTEGER,                       -- time: when this login was last let in from this address
    PRIMARY KEY (login, address)
) STRICT, WITHOUT ROWID;

-- A form that came after its session had idled out: shown again to the same person.
CREATE TABLE kept_form (
    account_id INTEGER NOT NULL PRIMARY KEY REFERENCES account (account_id),
    path TEXT NOT NULL,                   -- where it was to go
    form TEXT NOT NULL,                   -- names and values, sealed
    kept INTEGER NOT NULL                 -- time
) STRICT, WITHOUT ROWID;

ALTER TABLE session ADD COLUMN stage TEXT NOT NULL DEFAULT 'in'; -- in; code: the passphrase was right, a code is missing; set-up: a second factor is to be set up first
ALTER TABLE session ADD COLUMN tries INTEGER NOT NULL DEFAULT 0; -- wrong codes
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT ''; -- keyed hash of where it was begun from
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';  -- "Firefox on Windows"
ALTER TABLE session ADD COLUMN strong_until INTEGER;             -- time: until then passphrase and code were given again
CREATE INDEX session_by_account ON session (account_id, created);
