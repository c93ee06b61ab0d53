-- 0050: single sign-on. Who somebody is says a provider that the council trusts, by issuer and
-- subject, never by e-mail; which account that is says a link, made with a code that is good once.
CREATE TABLE sso_provider (
    provider_id INTEGER NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,                 -- as its tokens name it: "https://login.example/v2.0"
    name TEXT NOT NULL,                   -- as the sign-in page shows it
    factor_claim TEXT NOT NULL,           -- amr or acr: where it tells of a second factor
    factor_values TEXT NOT NULL,          -- which values are one, with commas: "mfa,otp"
    added INTEGER NOT NULL,               -- time
    ended INTEGER                         -- time; NULL: it is trusted
) STRICT, WITHOUT ROWID;
CREATE INDEX sso_provider_by_issuer ON sso_provider (issuer);

CREATE TABLE sso_link (
    provider_id INTEGER NOT NULL REFERENCES sso_provider (provider_id),
    subject TEXT NOT NULL,                -- as the provider names the person
    account_id INTEGER NOT NULL REFERENCES account (account_id),
    linked INTEGER NOT NULL,              -- time
    PRIMARY KEY (provider_id, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX sso_link_by_account ON sso_link (account_id);

CREATE TABLE sso_code (
    code TEXT NOT NULL PRIMARY KEY,       -- keyed hash
    account_id INTEGER NOT NULL REFERENCES account (account_id),
    made INTEGER NOT NULL,                -- time
    made_by INTEGER,                      -- account; NULL where the program runs
    until INTEGER NOT NULL                -- time; gone when it is used
) STRICT, WITHOUT ROWID;
CREATE INDEX sso_code_by_account ON sso_code (account_id);

ALTER TABLE session ADD COLUMN provider_id INTEGER; -- signed in through it; NULL: with a passphrase
