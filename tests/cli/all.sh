#!/usr/bin/env bash
# The command line as its user meets it: help, exit codes, a journey from files to a report.
# Called by tests/all.sh, which gives run, pass and fail.
set -u
cd "$(dirname "$0")/../.."
R=$PWD/build/san/rooted
W=$(mktemp -d "$ROOTED_TEST_TMP/cli.XXXXXX")

# exits CODE COMMAND…: passes when the command exits so.
exits() {
    local want=$1 got
    shift
    "$@" >"$W/out" 2>"$W/err"
    got=$?
    [ "$got" = "$want" ] && return 0
    echo "exit status $got, not $want: $*"
    cat "$W/out" "$W/err"
    return 1
}
says() { # says TEXT: the last command printed it
    grep -qF -- "$1" "$W/out" "$W/err" && return 0
    echo "nothing says \"$1\":"
    cat "$W/out" "$W/err"
    return 1
}

every_verb_has_a_manual() {
    local v
    for v in $("$R" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
        exits 0 "$R" "$v" --help && says "Usage: rooted $v" && says "Exit status" || return 1
    done
}
wrong_use_is_told() {
    exits 2 "$R" nonsense && says 'no verb "nonsense"' &&
        exits 2 "$R" version --nonsense && says "no option --nonsense" &&
        exits 2 "$R" load && exits 0 "$R" --help && exits 2 "$R"
}
help_is_one_screen_wide() {
    local v
    for v in "" $("$R" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
        "$R" $v --help | awk -v v="$v" 'length > 100 { print v ": " $0; bad = 1 } END { exit bad }' || return 1
    done
}
version_is_json_when_asked() { exits 0 "$R" version --json && node -e 'JSON.parse(require("fs").readFileSync(process.argv[1]))' "$W/out"; }

run every_verb_has_a_manual every_verb_has_a_manual
run wrong_use_is_told wrong_use_is_told
run help_is_one_screen_wide help_is_one_screen_wide
run version_is_json_when_asked version_is_json_when_asked
for part in tests/cli/*.sh; do
    case $part in tests/cli/all.sh) ;; *) . "$part" ;; esac
done
