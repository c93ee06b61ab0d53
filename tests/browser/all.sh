#!/usr/bin/env bash
# The pages in a real browser, on both databases.  Called by tests/all.sh.
set -u
cd "$(dirname "$0")/../.."
. tests/browser/serve.sh
R=$PWD/build/san/rooted

on_engine() { # NAME DATABASE SCRIPT…
    local name=$1 db=$2 folder script line
    shift 2
    folder=$(mktemp -d "$ROOTED_TEST_TMP/browser.XXXXXX")
    if ! serve_demo "$R" "$folder" "$db"; then fail "the demonstration is served on $name"; return; fi
    for script in "$@"; do
        local began=$SECONDS
        timeout 1800 node "tests/browser/$script" "$base" "$sign_ins" >"$folder/out" 2>&1 ||
            { fail "$script on $name"; tail -20 "$folder/out"; }
        while read -r line; do
            case $line in
            "ok "*) pass ;;
            "not ok "*) fail "$name: ${line#not ok }" ;;
            esac
        done <"$folder/out"
        echo "   $script on $name: $((SECONDS - began)) s"
    done
    kill "$server" && wait "$server"
    run "the server ends well on $name" test $? -eq 0
    run "nothing was wrong in the server's log on $name" bash -c "! grep -E 'runtime error|AddressSanitizer|ERROR' '$folder/serve.log'"
}

# The engines side by side: much of the time a browser waits for the program, and it for the disk.
if [ -z "${ROOTED_PG_URL:-}" ]; then
    ROOTED_PG_URL=$(tests/pg.sh start "$ROOTED_TEST_TMP/pg-browser") && started=1
fi
said=$ROOTED_TEST_TMP/postgresql.said
on_engine PostgreSQL "$ROOTED_PG_URL" journeys.mjs forms.mjs files.mjs account.mjs people.mjs sealed.mjs \
    >"$said" 2>&1 &
on_engine SQLite "" walk.mjs journeys.mjs forms.mjs files.mjs account.mjs governance.mjs people.mjs \
    sealed.mjs
wait $!
cat "$said"
[ -z "${started:-}" ] || tests/pg.sh stop "$ROOTED_TEST_TMP/pg-browser" >/dev/null 2>&1
