-- 0074: as what somebody acted stands in the entry itself, not in what they may act as.

ALTER TABLE audit ADD COLUMN role TEXT;               -- that the account acted in, as roles.def names it; NULL none, or an entry from before this column
