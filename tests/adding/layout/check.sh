# Recognised by its columns, read as its golden files say, loaded, shown; and in docs/formats.md.
exits 0 "$P" formats && says "Closures of schools" && says "ClosedOn" &&
    cp "$W/out" docs/formats.md && unit returns/test_describe && unit returns/test_golden &&
    unit returns/test_refused || return 1
printf 'Why,ClosedOn,URN\nBoiler,2025-01-08,900001\nSnow,2025-01-09,900001\n' >"$W/days.csv"
exits 0 "$P" load --quiet "$W/days.csv" && says "1 published" &&
    exits 0 "$P" batch list && says "Closures of schools" &&
    [ "$(sqlite3 "$ROOTED_HOME/rooted.db" "SELECT count(*) FROM term_date WHERE kind = 'closed'
        AND urn = 900001 AND note IN ('Boiler', 'Snow') AND ended = started + 1")" = 2 ] &&
    [ "$(page analyst '/data?batches=all')" = 200 ] && has "Closures of schools" &&
    printf 'URN,ClosedOn\n900001,never\n' >"$W/days.csv" && exits 1 "$P" load --quiet "$W/days.csv" &&
    says "Closures of schools: 1 of 1 records cannot be used"
