#!/usr/bin/env bash
# Pictures of every page into build/shots.
set -eu
cd "$(dirname "$0")/../.."
. tests/browser/serve.sh
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null; rm -rf "$folder"' EXIT
serve_demo "$PWD/build/rooted" "$folder"
rm -rf build/shots
node tests/browser/shots.mjs "$base" "$sign_ins" build/shots
