-- 0072: what an authority sets otherwise than the installation does (access/setting.h).
CREATE TABLE area_setting (
    area_id INTEGER NOT NULL,
    name TEXT NOT NULL,                   -- of settings.def: "due-days"
    value TEXT NOT NULL,
    PRIMARY KEY (area_id, name)
) STRICT, WITHOUT ROWID;
