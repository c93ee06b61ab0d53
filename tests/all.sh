#!/usr/bin/env bash
# Every test, or the parts named.  Ends with "N passed, N failed" alone on a line.
# Each part prints its own lines and adds to the counts through a file of "pass" and "fail".
set -u
cd "$(dirname "$0")/.."
. tools/install.sh
need test || { echo "the packages that the tests need could not be installed"; exit 1; }

parts=${*:-lint clang unit tsan cli sso hsds fuzz hostile browser}
jobs=$(nproc)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/rooted-test.XXXXXX")
chmod 755 "$tmp"
export ROOTED_TEST_TMP=$tmp tally=$tmp/tally
: >"$tally"
export TMPDIR=$tmp ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1

finish() {
    if [ -n "${ROOTED_PG_URL:-}" ]; then tests/pg.sh stop "$tmp/pg" >/dev/null 2>&1; fi
    chmod -R u+w "$tmp" 2>/dev/null
    rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 130' INT TERM

pass() { echo pass >>"$tally"; }
fail() { echo "FAILED: $*"; echo fail >>"$tally"; }
export -f pass fail

# run NAME COMMAND…: one test that is a command; its output is shown when it fails.
run() {
    local name=$1 log
    shift
    log=$(mktemp "$ROOTED_TEST_TMP/log.XXXXXX")
    if "$@" >"$log" 2>&1; then pass; else fail "$name"; tail -60 "$log"; fi
}
export -f run

# One cmocka program, counted test by test.
unit_program() {
    local name=$1 db=$2 log ok bad rc
    log=$(mktemp "$ROOTED_TEST_TMP/log.XXXXXX")
    ROOTED_TEST_DB=$db timeout 900 "build/san/tests/$name" >"$log" 2>&1
    rc=$?
    ok=$(grep -c '^\[       OK \]' "$log")
    bad=$(grep -c '^\[  FAILED  \] [^0-9]' "$log")
    grep -h -e '^skipped:' -e '^canary crawl,' "$log"
    for _ in $(seq "$ok"); do pass; done
    if [ $rc -ne 0 ]; then
        echo "--- $name ${db:+on PostgreSQL}"
        tail -40 "$log"
        bad=$((bad / 2)); [ "$bad" -gt 0 ] || bad=1
        for _ in $(seq "$bad"); do fail "$name"; done
    fi
}
export -f unit_program

unit() {
    local all stored
    all=$(cd tests/unit && ls */test_*.c | sed 's/\.c$//')
    echo "$all" | xargs -P"$jobs" -I{} bash -c 'unit_program {} ""'
    ROOTED_PG_URL=$(tests/pg.sh start "$tmp/pg") || { fail "PostgreSQL did not start"; return; }
    export ROOTED_PG_URL
    stored=$(cd tests/unit && grep -l support_db */test_*.c | sed 's/\.c$//')
    echo "$stored" | xargs -P"$jobs" -I{} bash -c 'unit_program {} "$ROOTED_PG_URL"'
}

started=$(date +%s)
case " $parts " in
*" unit "*|*" cli "*|*" sso "*|*" hsds "*|*" hostile "*|*" browser "*)
    make -s -j"$jobs" SAN=1 all tests || { echo "the build failed"; echo "0 passed, 1 failed"; exit 1; }
    ;;
esac
for part in $parts; do
    echo "== $part"
    case $part in
    unit) unit ;;
    lint) tools/lint.sh fast ;;
    *) if [ -x "tests/$part/all.sh" ]; then "tests/$part/all.sh"; fi ;;
    esac
    echo "   $(( $(date +%s) - started )) s"
done
bad=$(grep -c '^fail' "$tally")
echo "$(grep -c '^pass' "$tally") passed, $bad failed"
[ "$bad" -eq 0 ]
