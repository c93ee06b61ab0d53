-- 0025: the choices of a list that a person keeps under a name.

CREATE TABLE saved_view (
    area_id INTEGER NOT NULL,
    view_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,          -- whose it is; nobody else sees it
    page TEXT NOT NULL,                   -- "/early"
    name TEXT NOT NULL,
    query TEXT NOT NULL,                  -- "?kind=attendance&year=8"; "" none
    made INTEGER NOT NULL,                -- time
    PRIMARY KEY (area_id, view_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX saved_view_by_account ON saved_view (area_id, account_id, page, name);
