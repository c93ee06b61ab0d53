-- 0085: where postcodes lie, for finding help nearby.  Postcodes loaded before have no place until
-- their file is loaded again.
ALTER TABLE postcode_row ADD COLUMN county TEXT;       -- GSS code, where there is one
ALTER TABLE postcode_row ADD COLUMN latitude INTEGER;  -- millionths of a degree, of its middle
ALTER TABLE postcode_row ADD COLUMN longitude INTEGER; -- likewise; west of Greenwich: minus

DROP VIEW postcode;
CREATE VIEW postcode AS
    SELECT postcode, lsoa11, lsoa21, district, ward, introduced, ended, county, latitude,
        longitude
    FROM postcode_row WHERE edition = (SELECT e.edition FROM edition e WHERE e.name = 'postcodes');
