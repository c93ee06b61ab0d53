#!/usr/bin/env bash
# Each fuzz target for a few seconds from its corpus, as many at once as there are cores;
# FUZZ_SECONDS asks for longer.
set -u
cd "$(dirname "$0")/../.."
if ! make -s -j"$(nproc)" fuzz; then fail "the fuzz targets do not build"; exit 0; fi

fuzz_target() {
    local target=$1 name=${1##*/} work corpus
    work=$(mktemp -d "$ROOTED_TEST_TMP/fuzz.XXXXXX")
    corpus=tests/fuzz/corpus/${name#fuzz_}
    [ -d "$corpus" ] || corpus=
    run "$name" "$target" -max_total_time="${FUZZ_SECONDS:-5}" -timeout=60 -rss_limit_mb=1024 \
        -print_final_stats=0 -artifact_prefix="$work/" "$work" $corpus
}
export -f fuzz_target

for target in build/fuzz/fuzz_*; do
    if [ -x "$target" ] && [ ! -d "$target" ]; then echo "$target"; fi
done | xargs -P"$(nproc)" -I{} bash -c 'fuzz_target {}'
