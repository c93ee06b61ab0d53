#!/usr/bin/env bash
# demo.sh FRESH SIZE PORT: the demonstration: made once, kept, served.
set -eu
cd "$(dirname "$0")/.."
fresh=$1 size=$2 port=$3
home=$PWD/var/demo
export ROOTED_HOME=$home
unset ROOTED_DB
if [ "$fresh" = 1 ]; then rm -rf "$home" "$home.files" "$home.files.truth" "$home.files.directory"; fi

if [ ! -e "$home/ready" ]; then
    rm -rf "$home" "$home.files" "$home.files.truth" "$home.files.directory"
    mkdir -p "$home"
    chmod 700 "$home"
    echo "Making a synthetic authority ($size). Every child, school and place in it is invented."
    build/rooted synth --size "$size" --seed 20240607 "$home.files"
    build/rooted setup --demonstration --council "Ashmere Council" --phone "01632 960140" >/dev/null
    build/rooted load "$home.files"
    build/rooted directory import --source Ashmere "$home.files.directory/services.json"
    echo "$size" >"$home/ready"
elif [ "$(cat "$home/ready")" != "$size" ] && [ "$size" != town ]; then
    echo "A demonstration of size $(cat "$home/ready") is there already; --fresh makes another."
fi
build/rooted user demo
exec build/rooted serve --port "$port"
