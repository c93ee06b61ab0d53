-- 0003: what the interval of the rate of absence needs.  A pupil's sessions go together, so its
-- uncertainty comes from sums over enrolments, not from the number of sessions.

ALTER TABLE figure ADD COLUMN enrolments INTEGER;        -- dfe-absence only, with the three below
ALTER TABLE figure ADD COLUMN missed_squares INTEGER;    -- sum of an enrolment's missed sessions squared
ALTER TABLE figure ADD COLUMN possible_squares INTEGER;  -- sum of its possible sessions squared
ALTER TABLE figure ADD COLUMN missed_by_possible INTEGER; -- sum of the two multiplied
