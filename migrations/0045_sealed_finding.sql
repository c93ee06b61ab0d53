-- 0045: what loading remarked on records of a sealed child that brought no fact, so that nothing but
-- this tells whose they are. The findings themselves lie under minus the authority's number.
CREATE TABLE sealed_finding (
    area_id INTEGER NOT NULL,             -- minus the authority's number
    batch_id INTEGER NOT NULL,
    finding_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    refused INTEGER NOT NULL,             -- 1: the record counts as loaded instead of refused while it is sealed
    PRIMARY KEY (area_id, batch_id, finding_id)
) STRICT, WITHOUT ROWID;
