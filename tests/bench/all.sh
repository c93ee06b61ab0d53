#!/usr/bin/env bash
# all.sh [--size la] [--part all]: measures speed and size on this machine and prints JSON.
# --part analyses: loading, figures, signs and looking back alone; --size region takes 25 GB.
# --part figures: column file, figures, signs and quality again, of what the last run loaded.
# Files and the database stay in build/bench so that a second run starts at once.
set -eu
cd "$(dirname "$0")/../.."
. tools/install.sh
size=la part=all
while [ $# -gt 0 ]; do
    case $1 in
    --size) size=${2:?--size wants small, town, la or region}; shift ;;
    --size=*) size=${1#*=} ;;
    --part) part=${2:?--part wants all, analyses or figures}; shift ;;
    --part=*) part=${1#*=} ;;
    *) echo "the bench does not know \"$1\": use --size SIZE, --part all, analyses or figures" >&2; exit 2 ;;
    esac
    shift
done
case $size in small | town | la | region) ;; *) echo "--size wants small, town, la or region, not \"$size\"" >&2; exit 2 ;; esac
case $part in all | analyses | figures) ;; *) echo "--part wants all, analyses or figures, not \"$part\"" >&2; exit 2 ;; esac
[ "$part" != all ] || install_packages wrk
mkdir -p build/bench
make -s B=build bench
exec node tests/bench/bench.mjs build/rooted "$size" build/bench "$part"
