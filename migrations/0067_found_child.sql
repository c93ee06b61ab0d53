-- 0067: each child as a search shows it, so that a page of twenty reads twenty rows and not the
-- censuses behind them.  Derived; all of it can be made again (people/found_child.h).

-- A child's last census row and the description in it.  No row: not made yet, or the child is in
-- no census; then the facts themselves are asked.
CREATE TABLE found_child (
    area_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,            -- of the census row; once it is withdrawn this says nothing
    taken INTEGER NOT NULL,               -- school year * 10 + term of that census
    forename TEXT, surname TEXT, upn TEXT, former_upn TEXT, born INTEGER, sex TEXT, -- as identity
    urn INTEGER NOT NULL,
    on_roll INTEGER NOT NULL,             -- 1 or 0
    year_group INTEGER, sen TEXT, ethnicity TEXT,
    PRIMARY KEY (area_id, person_id)
) STRICT, WITHOUT ROWID;

-- What came since the rows of an area were made.
CREATE TABLE found_child_made (
    area_id INTEGER NOT NULL PRIMARY KEY,
    turn INTEGER NOT NULL,                -- rises whenever a census is published
    newest INTEGER NOT NULL,              -- the newest census published since; rows of it, and older ones, may be overtaken; 0: none
    missing INTEGER NOT NULL              -- 1: children may have lost their row; 2: those are being looked for; 0: none
) STRICT, WITHOUT ROWID;

-- The database notes both by itself, so that no writer can forget: a census that comes into force,
-- and an identity that becomes another child's, is sealed or unsealed.

-- only sqlite
CREATE TRIGGER found_child_census AFTER UPDATE OF state ON batch
WHEN NEW.state = 'published' AND NEW.kind = 'census' BEGIN
    UPDATE found_child_made SET turn = turn + 1, newest = CASE
        WHEN NEW.term IS NULL THEN 100000
        WHEN newest < NEW.school_year * 10 + NEW.term THEN NEW.school_year * 10 + NEW.term
        ELSE newest END WHERE area_id = NEW.area_id; END;
CREATE TRIGGER found_child_moved AFTER UPDATE OF area_id, person_id ON identity BEGIN
    DELETE FROM found_child WHERE area_id = OLD.area_id
        AND person_id IN (OLD.person_id, NEW.person_id);
    DELETE FROM found_child WHERE area_id = NEW.area_id AND person_id = NEW.person_id;
    UPDATE found_child_made SET missing = 1
        WHERE area_id IN (OLD.area_id, NEW.area_id) AND missing <> 1; END;

-- only postgresql
CREATE FUNCTION found_child_census() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE found_child_made SET turn = turn + 1, newest = CASE
        WHEN NEW.term IS NULL THEN 100000
        WHEN newest < NEW.school_year * 10 + NEW.term THEN NEW.school_year * 10 + NEW.term
        ELSE newest END WHERE area_id = NEW.area_id;
    RETURN NULL;
END $$;
CREATE FUNCTION found_child_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM found_child WHERE area_id = OLD.area_id
        AND person_id IN (OLD.person_id, NEW.person_id);
    DELETE FROM found_child WHERE area_id = NEW.area_id AND person_id = NEW.person_id;
    UPDATE found_child_made SET missing = 1
        WHERE area_id IN (OLD.area_id, NEW.area_id) AND missing <> 1;
    RETURN NULL;
END $$;
CREATE TRIGGER found_child_census AFTER UPDATE OF state ON batch
    FOR EACH ROW WHEN (NEW.state = 'published' AND NEW.kind = 'census')
    EXECUTE FUNCTION found_child_census();
CREATE TRIGGER found_child_moved AFTER UPDATE OF area_id, person_id ON identity
    FOR EACH ROW EXECUTE FUNCTION found_child_moved();
-- both

-- The first of a sorted index tell SQLite how many rows a key has; they had no UPN, and a search
-- for one read every identity.
DROP INDEX identity_by_upn;
CREATE INDEX identity_by_upn ON identity (area_id, upn) WHERE upn IS NOT NULL;
DROP INDEX identity_by_former_upn;
CREATE INDEX identity_by_former_upn ON identity (area_id, former_upn) WHERE former_upn IS NOT NULL;

-- The rows are made when the server starts, or after the next load.
UPDATE school_child_made SET ready = 0;
