#!/bin/sh
# tests/pg.sh start DIR | stop DIR - a PostgreSQL cluster of the tests' own in DIR.
#
# Prints its url.  Reached by a unix socket only; not durable (fsync off), and in memory where
# there is plenty.  PostgreSQL refuses to run as root: then it runs as "postgres", or as
# "rooted-test", made for it.
set -eu

usage() {
    echo "usage: tests/pg.sh start DIR | stop DIR" >&2
    exit 2
}
[ $# -eq 2 ] || usage
verb=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)

# Debian keeps initdb and pg_ctl off the path; the newest version wins.
bin=
for d in /usr/lib/postgresql/*/bin; do
    [ -x "$d/initdb" ] && bin=$d
done
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || echo /)")
[ -x "$bin/initdb" ] || { echo "PostgreSQL is not installed: apt-get install postgresql" >&2; exit 3; }

user=
if [ "$(id -u)" = 0 ]; then
    user=postgres
    if ! id "$user" >/dev/null 2>&1; then
        user=rooted-test
        id "$user" >/dev/null 2>&1 || useradd --system --home-dir /nonexistent "$user"
    fi
fi
as_user() {
    if [ -n "$user" ]; then
        (cd / && runuser -u "$user" -- "$@")
    else
        "$@"
    fi
}

# The kernel allows 107 bytes for a socket's path.
socket_folder() {
    if [ "${#dir}" -le 80 ]; then
        mkdir -p "$dir/sock"
        echo "$dir/sock"
    else
        mktemp -d /tmp/rooted-pg-XXXXXX
    fi
}

# In memory, databases are made three times as fast and more: a link stands in DIR.
place_data() {
    free=$(df --output=avail,fstype /dev/shm 2>/dev/null | sed -n 's/ *tmpfs *$//p')
    left=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo 2>/dev/null)
    [ "${free:-0}" -ge 2000000 ] && [ "${left:-0}" -ge 4000000 ] || return 0
    memory=$(mktemp -d /dev/shm/rooted-pg-XXXXXX) || return 0
    [ -z "$user" ] || chown "$user" "$memory"
    ln -s "$memory" "$dir/data"
}

# Of a link, what it leads to goes as well.
remove_data() {
    [ ! -L "$dir/data" ] || rm -rf "$(readlink "$dir/data")"
    rm -rf "$dir/data"
}

start() {
    [ ! -e "$dir/data/postmaster.pid" ] || { echo "a cluster runs in $dir already" >&2; exit 3; }
    remove_data
    sock=$(socket_folder)
    echo "$sock" >"$dir/socket"
    chmod 700 "$sock"
    if [ -n "$user" ]; then
        chown "$user" "$dir" "$sock"
        as_user test -w "$dir" || { echo "$user cannot reach $dir: choose a folder that all may enter" >&2; exit 3; }
    fi
    place_data
    as_user "$bin/initdb" -D "$dir/data" -U rooted -A trust -E UTF8 --locale=C.UTF-8 \
        --no-sync --no-instructions >/dev/null
    as_user "$bin/pg_ctl" -D "$dir/data" -w -s -l "$dir/log" -o "-c listen_addresses='' -k $sock \
        -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
        -c max_connections=100 -c shared_buffers=64MB -c max_wal_size=256MB" start </dev/null >/dev/null
    as_user "$bin/createdb" -h "$sock" -U rooted rooted
    echo "postgresql://rooted@/rooted?host=$sock"
}

stop() {
    [ ! -e "$dir/data/postmaster.pid" ] || as_user "$bin/pg_ctl" -D "$dir/data" -m immediate -s stop
    [ ! -e "$dir/socket" ] || rm -rf "$(cat "$dir/socket")"
    remove_data
    rm -rf "$dir/socket" "$dir/log"
}

case $verb in
start) start ;;
stop) stop ;;
*) usage ;;
esac
