# How long data is kept, what is held, what goes.  Sourced by all.sh.
export ROOTED_HOME=$W/kept
unset ROOTED_DB

rules_are_shown_and_set() {
    exits 0 "$R" load tests/golden/intake/council && exits 0 "$R" retention show &&
        says "25 years" && says "standard (law: 6 years)" && says "the audit: stays" &&
        exits 2 "$R" retention set child --keep forever --reference X && says "18 months" &&
        exits 2 "$R" retention set colour --keep "2 years" --reference X && says "no rule" &&
        exits 1 "$R" retention set signs --keep "2 years" && says "where was it" &&
        exits 0 "$R" retention set signs --keep "2 years" --reference "RS 4" &&
        exits 0 "$R" retention show && says "own rule: RS 4, set by command line" &&
        exits 0 "$R" retention show --json && says '"rule":"signs","months":24,"reference":"RS 4"' &&
        exits 2 "$R" retention && exits 2 "$R" retention juggle && exits 2 "$R" retention show x
}
what_is_due_is_told_before_it_goes() {
    exits 0 "$R" retention set originals --keep "1 month" --reference "RS 5" &&
        exits 0 "$R" retention due && says "things are due" &&
        exits 0 "$R" retention apply --dry-run && exits 0 "$R" retention due --json &&
        node -e 'JSON.parse(require("fs").readFileSync(process.argv[1]))' "$W/out"
}
a_hold_keeps_and_is_released_with_a_reason() {
    exits 1 "$R" retention hold && says "say why" &&
        exits 2 "$R" retention hold --child none --why x &&
        exits 1 "$R" retention hold --child 987654 --why x && says "no child with that number" &&
        exits 0 "$R" retention hold --why "inquiry" && says "nothing is removed" || return 1
    local n
    n=$(grep -o 'Hold [0-9]*' "$W/out" | grep -o '[0-9]*')
    exits 0 "$R" retention show && says "on everything since" && exits 1 "$R" retention release "$n" &&
        exits 0 "$R" retention release "$n" --why "over" && exits 0 "$R" retention show && says "over" &&
        exits 1 "$R" retention release "$n" --why "over"
}
what_goes_is_listed_and_in_the_audit() {
    exits 0 "$R" retention apply && says "removed" && exits 0 "$R" retention show &&
        says "removal " && exits 0 "$R" audit verify && exits 1 "$R" retention show 987654
}
a_backup_is_listed_until_it_is_destroyed() {
    exits 0 "$R" backup "$W/kept.copy" && exits 0 "$R" retention show && says "$W/kept.copy" &&
        exits 1 "$R" retention destroyed 1 && says "still there" && rm "$W/kept.copy" &&
        exits 0 "$R" retention destroyed 1 && exits 0 "$R" retention show &&
        says "destroyed as said by command line" && exits 1 "$R" retention destroyed 1
}

for t in rules_are_shown_and_set what_is_due_is_told_before_it_goes \
    a_hold_keeps_and_is_released_with_a_reason what_goes_is_listed_and_in_the_audit \
    a_backup_is_listed_until_it_is_destroyed; do
    run $t $t
done
unset ROOTED_HOME
