# Figures are cut by it, its members add up to all, and each has its list.
exits 0 "$P" figures && exits 0 "$P" report who-is-at-risk --measure susp --by fsm6 --internal &&
    says "in the last six years" && exits 2 "$P" report who-is-at-risk --by nonsense && says "fsm6" || return 1
sums() { sqlite3 "$ROOTED_HOME/rooted.db" "SELECT sum(f.numerator), sum(f.denominator) FROM figure f
    JOIN snapshot_year y ON y.area_id = f.area_id AND y.rows_of = f.snapshot_id AND y.school_year = f.school_year
    JOIN snapshot s ON s.area_id = f.area_id AND s.snapshot_id = y.snapshot_id AND s.state = 'current'
    WHERE f.measure = 'susp' AND f.school_year = 2024 AND f.dimension = '$1'"; }
echo "all: $(sums all), fsm6: $(sums fsm6)"
[ "$(sums fsm6)" = "$(sums all)" ] && [ "$(sums all)" != "|" ] &&
    [ "$(page analyst '/children?measure=susp&year=2024&by=fsm6&group=0')" = 200 ] &&
    has "Not in the last six years" && unit risk/test_figures
