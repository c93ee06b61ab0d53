-- 0011: layouts that an authority has made itself: a CSV of its own, column by column the fields
-- of a layout that is known.  Recognised by its exact set of column names.

CREATE TABLE saved_layout (
    area_id INTEGER NOT NULL,
    name TEXT NOT NULL,                   -- as people know it: "Registers of the West schools"
    layout TEXT NOT NULL,                 -- whose fields it fills: name in layouts.def
    header TEXT NOT NULL,                 -- its column names, lower case, sorted, a line each
    made INTEGER NOT NULL,                -- time
    made_by TEXT NOT NULL,                -- login
    PRIMARY KEY (area_id, name)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX saved_layout_by_header ON saved_layout (area_id, header);

CREATE TABLE saved_layout_part (
    area_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,                   -- column, constant, value
    field TEXT NOT NULL,                  -- of the layout
    source TEXT NOT NULL,                 -- column: its name in the file; value: as the file writes it; constant: ""
    value TEXT,                           -- constant, value: what is read instead; column: NULL
    PRIMARY KEY (area_id, name, kind, field, source)
) STRICT, WITHOUT ROWID;
