row src/access/settings.def SETTING <<'ROW'
SETTING(SETTING_HALL, "hall", KIND_TEXT, "Town Hall", "where people can call in person")
ROW
