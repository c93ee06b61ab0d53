-- 0059: has anything changed of who may see whom?  What a connection remembers of that (guard.h,
-- relation.h) holds for one turn; the database counts by itself, so that no writer can forget.
-- A record that is sealed goes to another area: a turn of both.

CREATE TABLE relation_turn (
    area_id INTEGER NOT NULL PRIMARY KEY,
    turn INTEGER NOT NULL                 -- rises with each such change; no row: there was none
) STRICT, WITHOUT ROWID;

-- only sqlite
CREATE TRIGGER child_guard_added AFTER INSERT ON child_guard BEGIN
    INSERT INTO relation_turn (area_id, turn) VALUES (NEW.area_id, 1)
        ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER child_guard_changed AFTER UPDATE ON child_guard BEGIN
    INSERT INTO relation_turn (area_id, turn) SELECT OLD.area_id, 1 UNION SELECT NEW.area_id, 1
        WHERE 1 ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER child_guard_gone AFTER DELETE ON child_guard BEGIN
    INSERT INTO relation_turn (area_id, turn) VALUES (OLD.area_id, 1)
        ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER child_named_added AFTER INSERT ON child_named BEGIN
    INSERT INTO relation_turn (area_id, turn) VALUES (NEW.area_id, 1)
        ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER child_named_changed AFTER UPDATE ON child_named BEGIN
    INSERT INTO relation_turn (area_id, turn) SELECT OLD.area_id, 1 UNION SELECT NEW.area_id, 1
        WHERE 1 ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER child_named_gone AFTER DELETE ON child_named BEGIN
    INSERT INTO relation_turn (area_id, turn) VALUES (OLD.area_id, 1)
        ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER child_bar_added AFTER INSERT ON child_bar BEGIN
    INSERT INTO relation_turn (area_id, turn) VALUES (NEW.area_id, 1)
        ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER child_bar_changed AFTER UPDATE ON child_bar BEGIN
    INSERT INTO relation_turn (area_id, turn) SELECT OLD.area_id, 1 UNION SELECT NEW.area_id, 1
        WHERE 1 ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER child_bar_gone AFTER DELETE ON child_bar BEGIN
    INSERT INTO relation_turn (area_id, turn) VALUES (OLD.area_id, 1)
        ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER break_glass_added AFTER INSERT ON break_glass BEGIN
    INSERT INTO relation_turn (area_id, turn) VALUES (NEW.area_id, 1)
        ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER break_glass_changed AFTER UPDATE ON break_glass BEGIN
    INSERT INTO relation_turn (area_id, turn) SELECT OLD.area_id, 1 UNION SELECT NEW.area_id, 1
        WHERE 1 ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER break_glass_gone AFTER DELETE ON break_glass BEGIN
    INSERT INTO relation_turn (area_id, turn) VALUES (OLD.area_id, 1)
        ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
-- Of rolls: batches that come into force or out of it, and records that become another child's.
CREATE TRIGGER batch_added AFTER INSERT ON batch BEGIN
    INSERT INTO relation_turn (area_id, turn) VALUES (NEW.area_id, 1)
        ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER batch_changed AFTER UPDATE OF state ON batch BEGIN
    INSERT INTO relation_turn (area_id, turn) VALUES (NEW.area_id, 1)
        ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER batch_gone AFTER DELETE ON batch BEGIN
    INSERT INTO relation_turn (area_id, turn) VALUES (OLD.area_id, 1)
        ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;
CREATE TRIGGER identity_changed AFTER UPDATE OF area_id, person_id ON identity BEGIN
    INSERT INTO relation_turn (area_id, turn) SELECT OLD.area_id, 1 UNION SELECT NEW.area_id, 1
        WHERE 1 ON CONFLICT (area_id) DO UPDATE SET turn = turn + 1; END;

-- only postgresql
-- Once a transaction: others see it whole, and a row changed a thousand times in one is slow.
CREATE FUNCTION relation_turn_of(area BIGINT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM relation_turn WHERE area_id = area
                   AND xmin = CAST(pg_current_xact_id() AS xid)) THEN
        INSERT INTO relation_turn AS r (area_id, turn) VALUES (area, 1)
            ON CONFLICT (area_id) DO UPDATE SET turn = r.turn + 1;
    END IF;
END $$;
CREATE FUNCTION relation_turns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM relation_turn_of(OLD.area_id); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM relation_turn_of(NEW.area_id); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER child_guard_turns AFTER INSERT OR UPDATE OR DELETE ON child_guard
    FOR EACH ROW EXECUTE FUNCTION relation_turns();
CREATE TRIGGER child_named_turns AFTER INSERT OR UPDATE OR DELETE ON child_named
    FOR EACH ROW EXECUTE FUNCTION relation_turns();
CREATE TRIGGER child_bar_turns AFTER INSERT OR UPDATE OR DELETE ON child_bar
    FOR EACH ROW EXECUTE FUNCTION relation_turns();
CREATE TRIGGER break_glass_turns AFTER INSERT OR UPDATE OR DELETE ON break_glass
    FOR EACH ROW EXECUTE FUNCTION relation_turns();
-- Of rolls: batches that come into force or out of it, and records that become another child's.
CREATE TRIGGER batch_turns AFTER INSERT OR UPDATE OF state OR DELETE ON batch
    FOR EACH ROW EXECUTE FUNCTION relation_turns();
CREATE TRIGGER identity_turns AFTER UPDATE OF area_id, person_id ON identity
    FOR EACH ROW EXECUTE FUNCTION relation_turns();
-- both
