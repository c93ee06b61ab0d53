#!/usr/bin/env bash
# The other compiler accepts every room without a warning.  Called by tests/all.sh.
set -u
cd "$(dirname "$0")/../.."
run "clang compiles every room without a warning" make -s -j"$(nproc)" CC=clang B=build/clang lib-check
