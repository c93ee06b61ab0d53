#!/usr/bin/env bash
# Each fuzz target for a few seconds from its corpus; FUZZ_SECONDS asks for longer.
set -u
cd "$(dirname "$0")/../.."
if ! make -s -j"$(nproc)" fuzz; then fail "the fuzz targets do not build"; exit 0; fi
for target in build/fuzz/fuzz_*; do
    [ -x "$target" ] && [ ! -d "$target" ] || continue
    name=$(basename "$target")
    work=$(mktemp -d "$ROOTED_TEST_TMP/fuzz.XXXXXX")
    corpus=tests/fuzz/corpus/${name#fuzz_}
    [ -d "$corpus" ] || corpus=
    run "$name" "$target" -max_total_time="${FUZZ_SECONDS:-5}" -timeout=60 -rss_limit_mb=1024 \
        -print_final_stats=0 -artifact_prefix="$work/" "$work" $corpus
done
