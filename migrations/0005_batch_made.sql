-- 0005: when a file itself was made, as far as it says: a file loaded years later was known to
-- the council long before, and looking back (how often was a sign right?) needs that date.

ALTER TABLE batch ADD COLUMN made_on INTEGER; -- date; NULL the files do not say
