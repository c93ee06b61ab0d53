#!/usr/bin/env bash
# Single sign-on: the real Apache module against real and strange providers, all of them the test's
# own, on free ports of loopback and in a temporary folder; before a trial, and before a live
# database.  Called by tests/all.sh.
set -u
cd "$(dirname "$0")/../.."
for way in sso live; do
    folder=$(mktemp -d "$ROOTED_TEST_TMP/sso.XXXXXX")
    chmod 755 "$folder"
    timeout 120 node tests/sso/$way.mjs "$PWD/build/san/rooted" "$folder" >"$folder/out" 2>&1 ||
        { fail "single sign-on ($way)"; tail -30 "$folder/out"; }
    while read -r line; do
        case $line in
        "ok "*) pass ;;
        "not ok "*) fail "single sign-on: ${line#not ok }" ;;
        esac
    done <"$folder/out"
done
