-- 0036: answers about published batches are kept until one is published, refused or withdrawn;
-- the figures of one school are read from one place.

ALTER TABLE counted ADD COLUMN turn INTEGER NOT NULL DEFAULT 0; -- rises whenever the area is counted: a batch was published, refused or withdrawn, or schools changed

-- All that is asked of the figures of a group, so that its rows lie together.
DROP INDEX figure_by_member;
CREATE INDEX figure_by_member ON figure (area_id, snapshot_id, dimension, member, measure, school_year, numerator, denominator, state, enrolments, missed_squares, possible_squares, missed_by_possible);
