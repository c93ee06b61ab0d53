#!/usr/bin/env bash
# The directory as open data, on both databases: the validator's rules where they are at hand, and
# what the standard's filters must do.  Called by tests/all.sh.
set -u
cd "$(dirname "$0")/../.."
. tests/browser/serve.sh
R=$PWD/build/san/rooted
validator=../shared/checks/oruk-validate.cjs

on_engine() { # NAME DATABASE
    local name=$1 folder line
    folder=$(mktemp -d "$ROOTED_TEST_TMP/hsds.XXXXXX")
    if ! serve_demo "$R" "$folder" "$2"; then fail "the directory is served on $name"; return; fi
    if [ -e "$validator" ]; then
        run "the validator passes without a warning on $name" bash -c \
            "NODE_PATH=node_modules node $validator $base/hsds --ids 25 | tee $folder/said &&
             ! grep -q -e '^ERROR' -e '^warn' $folder/said"
    elif [ "$name" = SQLite ]; then
        echo "skipped: the validator of the open standard is not at hand"
    fi
    timeout 300 node tests/hsds/behaviour.mjs "$base" >"$folder/out" 2>&1 ||
        { fail "behaviour.mjs on $name"; tail -20 "$folder/out"; }
    while read -r line; do
        case $line in
        "ok "*) pass ;;
        "not ok "*) fail "$name: ${line#not ok }" ;;
        esac
    done <"$folder/out"
    kill "$server" && wait "$server"
    run "nothing was wrong in the server's log on $name" bash -c \
        "! grep -E 'runtime error|AddressSanitizer|ERROR' '$folder/serve.log'"
}

# A cluster of its own: the browsers' demonstration goes into the other one.
url=$(tests/pg.sh start "$ROOTED_TEST_TMP/pg-hsds") || { fail "PostgreSQL did not start"; exit 0; }
on_engine SQLite ""
on_engine PostgreSQL "$url"
tests/pg.sh stop "$ROOTED_TEST_TMP/pg-hsds" >/dev/null 2>&1
