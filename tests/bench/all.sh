#!/usr/bin/env bash
# all.sh [--size la]: measures speed and size on this machine and prints JSON.  Files and
# the database stay in build/bench so that a second run starts at once.
set -eu
cd "$(dirname "$0")/../.."
. tools/install.sh
install_packages wrk
size=la
case "${1:-}" in
--size) size=${2:?--size wants small, town, la or region} ;;
--size=*) size=${1#*=} ;;
esac
mkdir -p build/bench
make -s B=build bench
exec node tests/bench/bench.mjs build/rooted "$size" build/bench
