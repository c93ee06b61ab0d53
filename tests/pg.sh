#!/bin/sh
# tests/pg.sh start DIR | stop DIR - a PostgreSQL cluster of the tests' own in DIR.
#
# Prints its url.  Reached by a unix socket only; not durable (fsync off).  PostgreSQL
# refuses to run as root: then it runs as "postgres", or as "rooted-test", made for it.
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

start() {
    [ ! -e "$dir/data/postmaster.pid" ] || { echo "a cluster runs in $dir already" >&2; exit 3; }
    rm -rf "$dir/data"
    sock=$(socket_folder)
    echo "$sock" >"$dir/socket"
    chmod 700 "$sock"
    if [ -n "$user" ]; then
        chown "$user" "$dir" "$sock"
        as_user test -w "$dir" || { echo "$user cannot reach $dir: choose a folder that all may enter" >&2; exit 3; }
    fi
    as_user "$bin/initdb" -D "$dir/data" -U rooted -A trust -E UTF8 --locale=C.UTF-8 \
        --no-sync --no-instructions >/dev/null
    as_user "$bin/pg_ctl" -D "$dir/data" -w -s -l "$dir/log" -o "-c listen_addresses='' -k $sock \
        -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
        -c max_connections=100 -c shared_buffers=64MB" start </dev/null >/dev/null
    as_user "$bin/createdb" -h "$sock" -U rooted rooted
    echo "postgresql://rooted@/rooted?host=$sock"
}

stop() {
    [ ! -e "$dir/data/postmaster.pid" ] || as_user "$bin/pg_ctl" -D "$dir/data" -m immediate -s stop
    [ ! -e "$dir/socket" ] || rm -rf "$(cat "$dir/socket")"
    rm -rf "$dir/data" "$dir/socket" "$dir/log"
}

case $verb in
start) start ;;
stop) stop ;;
*) usage ;;
esac
