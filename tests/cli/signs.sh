# rooted signs: a pack of one's own, tried and adopted.  Sourced by all.sh.
signs_home() { env ROOTED_HOME="$W/signs" "$R" --quiet "$@"; }
signs_json() {
    node -e 'const v = JSON.parse(require("fs").readFileSync(process.argv[1]));
        process.exit(eval(process.argv[2]) ? 0 : 1)' "$W/out" "$1" || { echo "not so: $1"; cat "$W/out"; return 1; }
}
a_pack_of_signs_is_checked_before_it_counts() {
    printf '{"version": "1", "title": "x", "years": [0, 11], "signs": [{"id": "A", "kind": "nonsense"}]}' >"$W/bad.json"
    exits 0 "$R" signs check packs/signs.json && says "19 signs" &&
        exits 1 "$R" signs check "$W/bad.json" && says 'sign "A"' &&
        exits 3 "$R" signs check "$W/nowhere.json" && exits 2 "$R" signs && exits 2 "$R" signs nonsense &&
        exits 2 "$R" signs adopt packs/signs.json && says "--why"
}
a_pack_is_previewed_then_adopted_and_given_up() {
    exits 0 signs_home load tests/golden/intake/council && exits 0 signs_home signs list && says "in force, 2026-11" &&
        exits 0 signs_home signs show || return 1
    sed 's/"version": "2026-11"/"version": "ours"/; s/"limits": {"sessions": 2}/"limits": {"sessions": 1}/' "$W/out" >"$W/ours.json"
    exits 0 signs_home signs preview "$W/ours.json" && says "with these signs it would be" &&
        exits 0 signs_home signs preview "$W/ours.json" --json && signs_json 'v.signs.length === 19 && v.now <= v.then' &&
        exits 0 signs_home signs adopt "$W/ours.json" --why "agreed by the board" && says "is in force" &&
        exits 0 signs_home signs list --json && signs_json 'v.find(p => p.in_force).version === "ours" && v.length === 2' &&
        exits 1 signs_home signs adopt 999999 --why "no such pack" &&
        exits 0 signs_home signs adopt program --why "back" && exits 0 signs_home signs list && says "replaced"
}
without_a_year_of_data_signs_are_not_tested() {
    exits 1 signs_home signs test && says "too little data to look back"
}

run a_pack_of_signs_is_checked_before_it_counts a_pack_of_signs_is_checked_before_it_counts
run a_pack_is_previewed_then_adopted_and_given_up a_pack_is_previewed_then_adopted_and_given_up
run without_a_year_of_data_signs_are_not_tested without_a_year_of_data_signs_are_not_tested
