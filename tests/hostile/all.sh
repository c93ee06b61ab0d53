#!/usr/bin/env bash
# The served program against clients and events that mean harm: killed, stopped, started twice,
# fed with broken requests.  Called by tests/all.sh, which gives run, pass and fail.
set -u
cd "$(dirname "$0")/../.."
for t in socket twice stop killed audited broken log; do
    run "hostile: $t" node tests/hostile/hostile.mjs "$t" "$PWD/build/san/rooted" \
        "$(mktemp -d "$ROOTED_TEST_TMP/hostile.XXXXXX")"
done
