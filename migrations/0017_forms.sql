-- 0017: forms by which schools tell the authority what no export of theirs tells, and checks of
-- files that wrote nothing.

-- One form, from its first draft on.  Once it is sent, a batch of one record carries what it
-- says (kind of the batch as of the file with the same columns), and withdrawing that batch
-- takes it back.
CREATE TABLE school_form (
    area_id INTEGER NOT NULL,
    form_id INTEGER NOT NULL,
    kind TEXT NOT NULL,                   -- as forms.def names it: suspension, part-time, managed-move, off-site, leaver
    account_id INTEGER NOT NULL,          -- who writes it
    author TEXT NOT NULL,                 -- that person's name then
    login TEXT NOT NULL,                  -- and login
    urn INTEGER NOT NULL,                 -- the school that tells
    person_id INTEGER,                    -- chosen from the school's roll; NULL: typed
    status TEXT NOT NULL,                 -- new, amended, cancelled
    changes INTEGER,                      -- form_id of the form that it amends or cancels; NULL: of none
    answers TEXT NOT NULL,                -- JSON object: column of the layout, and what was typed
    state TEXT NOT NULL,                  -- draft, sent, taken, refused, dropped
    version INTEGER NOT NULL,             -- counts the times it was saved
    made INTEGER NOT NULL,                -- time
    saved INTEGER NOT NULL,               -- time
    sent INTEGER,                         -- time; NULL: not yet
    told INTEGER,                         -- the day on which it was sent
    batch_id INTEGER,                     -- that took it; NULL: not yet
    message TEXT,                         -- why it was refused; NULL: it was not
    PRIMARY KEY (area_id, form_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX school_form_by_account ON school_form (area_id, account_id, state);
CREATE INDEX school_form_by_school ON school_form (area_id, urn, sent);

-- What a check of files found that wrote nothing, for the page of its task.
CREATE TABLE file_check (
    area_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    result TEXT NOT NULL,                 -- JSON: batches with counts, rules and first findings; files left aside
    PRIMARY KEY (area_id, task_id)
) STRICT, WITHOUT ROWID;
