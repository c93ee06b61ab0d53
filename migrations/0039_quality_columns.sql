-- 0039: by what column file a run of the rules is: rules that read nothing else are not asked
-- again while it is the same.
ALTER TABLE quality_run ADD COLUMN columns TEXT; -- its checksum, hexadecimal; NULL: not known
