-- 0030: the audit as a chain of each area that cannot be changed unseen (docs/audit.md).

ALTER TABLE audit ADD COLUMN event TEXT NOT NULL DEFAULT ''; -- as events.def names it; '' not chained yet
ALTER TABLE audit ADD COLUMN person_id INTEGER;       -- the child it was about; NULL none
ALTER TABLE audit ADD COLUMN detail TEXT;             -- ids shown, names of fields with keyed hashes of their values; never content
ALTER TABLE audit ADD COLUMN hash BLOB;               -- SHA-256 of the hash before and this entry's canonical bytes; NULL not chained yet
CREATE INDEX audit_by_person ON audit (area_id, person_id, audit_id) WHERE person_id IS NOT NULL;

ALTER TABLE audit_head ADD COLUMN chain TEXT;         -- random name of the chain, which its first hash is made of; NULL not begun
ALTER TABLE audit_head ADD COLUMN hash BLOB;          -- of the last entry; NULL not begun
