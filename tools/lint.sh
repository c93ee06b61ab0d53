#!/usr/bin/env bash
# lint.sh fast|all: the rules of the house; "all" adds the slow analysers.
set -u
cd "$(dirname "$0")/.."
tally=${tally:-/dev/null}
report=$(node tools/lint.mjs)
echo "$report" | grep -v '^ok'
echo "$report" | sed -n 's/^ok .*/pass/p; s/^not ok .*/fail/p' >>"$tally"
rc=0
echo "$report" | grep -q '^not ok' && rc=1

# Each header compiles alone, as C17, with both compilers' strict sets.
flags="-std=c17 -Wall -Wextra -Wpedantic -Wconversion -Wstrict-prototypes -Isrc -Ibuild/san/gen
  -D_GNU_SOURCE -fsyntax-only -x c $(pkg-config --cflags libpq | sed 's/-I/-isystem /g')"
bad=0
for h in src/*/*.h src/*/*/*.h; do
    [ -e "$h" ] || continue
    echo "#include \"${h#src/}\"" | gcc $flags - || { echo "$h does not compile alone"; bad=1; }
done
if [ $bad = 0 ]; then echo pass >>"$tally"; else echo fail >>"$tally"; rc=1; fi

if [ "${1:-fast}" = all ]; then
    make -s -j"$(nproc)" B=build/analyse OPT="-O2 -g -fanalyzer" WERROR=0 lib-check 2>&1 |
        grep -E 'warning:|error:' | sort | uniq -c | sort -rn | head -60
    make -s -j"$(nproc)" B=build/clang CC=clang lib-check || rc=1
    clang-tidy --quiet -checks='-*,bugprone-*,-bugprone-easily-swappable-parameters,cert-*,clang-analyzer-*' \
        src/*/*.c -- -std=c17 -Isrc -Ibuild/gen -D_GNU_SOURCE -DROOTED_VERSION='""' 2>/dev/null |
        grep -E 'warning:' | sort | uniq | head -80
fi
exit $rc
