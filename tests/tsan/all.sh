#!/usr/bin/env bash
# What runs on several threads, under the thread sanitizer.  Called by tests/all.sh.
set -u
cd "$(dirname "$0")/../.."
programs="base/test_thread store/test_pool access/test_audit risk/test_child_year web/test_server"
targets=
for p in $programs; do targets="$targets build/tsan/tests/$p"; done
if ! make -s -j"$(nproc)" SAN=thread $targets; then fail "the thread sanitizer's build"; exit 0; fi
for p in $programs; do
    run "$p under the thread sanitizer" env TSAN_OPTIONS=halt_on_error=1 ROOTED_TEST_DB= \
        timeout 900 "build/tsan/tests/$p"
done
