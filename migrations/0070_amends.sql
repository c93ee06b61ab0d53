-- 0070: a suspension that a file told of is amended or cancelled by a form: the word names the
-- fact it is about, and stands before files that tell of that fact again.
ALTER TABLE suspension ADD COLUMN amends_batch INTEGER; -- the fact that it amends or cancels; NULL: it names none
ALTER TABLE suspension ADD COLUMN amends_file INTEGER;
ALTER TABLE suspension ADD COLUMN amends_line INTEGER;
CREATE INDEX suspension_by_school ON suspension (area_id, urn, started);

ALTER TABLE school_form ADD COLUMN of_batch INTEGER; -- the fact of a file that it amends or cancels; NULL: none
ALTER TABLE school_form ADD COLUMN of_file INTEGER;
ALTER TABLE school_form ADD COLUMN of_line INTEGER;
CREATE INDEX school_form_by_batch ON school_form (area_id, batch_id);
CREATE INDEX school_form_of_fact ON school_form (area_id, of_batch);
