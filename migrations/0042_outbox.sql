-- 0042: mail that waits to be carried out, and what became of it. Its texts hold nothing personal
-- (access/mails.def); where it goes stands at the account, sealed.
CREATE TABLE outbox (
    area_id INTEGER NOT NULL,             -- 0: of none
    mail_id INTEGER NOT NULL,             -- 1, 2, 3 … of this area
    kind TEXT NOT NULL,                   -- as mails.def names it
    account_id INTEGER NOT NULL,          -- to whom
    link TEXT,                            -- that it holds, sealed (access/seal.h); NULL none, or it is settled
    made INTEGER NOT NULL,                -- time
    state TEXT NOT NULL,                  -- waiting, sent, given-up, dropped: withdrawn, or overtaken by a newer one
    tries INTEGER NOT NULL,
    next_try INTEGER NOT NULL,            -- time
    settled INTEGER,                      -- time when it was sent, given up or dropped
    problem TEXT,                         -- of the last try, a sentence without an address; NULL none
    PRIMARY KEY (area_id, mail_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_by_state ON outbox (area_id, state, next_try);
