-- 0041: invitations, and where mail reaches a person. An invited person's account is there, with
-- its roles and without a passphrase, so that nobody signs in with it yet.
CREATE TABLE invitation (
    token TEXT NOT NULL PRIMARY KEY,      -- keyed hash of what the link holds
    account_id INTEGER NOT NULL REFERENCES account (account_id),
    made INTEGER NOT NULL,                -- time
    made_by INTEGER,                      -- account; NULL where the program runs
    expires INTEGER NOT NULL,             -- time from which the link is good no more
    used INTEGER,                         -- time
    withdrawn INTEGER                     -- time
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_by_account ON invitation (account_id, made);

ALTER TABLE account ADD COLUMN email TEXT; -- for notices, sealed (access/seal.h); never an identity; NULL none
