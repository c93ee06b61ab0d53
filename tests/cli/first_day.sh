# docs/first-day.md: blocks marked "run" are done here in order, the others are read: bash takes
# them, and what they copy is there.  Sourced by all.sh.
unset ROOTED_DB
D=$W/first-day
mkdir -p "$D"
export ROOTED_HOME=$D/home

# The blocks of one kind, as a script.
blocks() { awk -v want='```'"$1" '$0 == want { on = 1; next } /^```/ { on = 0 } on' docs/first-day.md; }

# Each command of the day, with what it stands for here: the folder of files, names of copies,
# a passphrase where one is typed.
do_the_day() {
    local line n=0
    while read -r line; do
        [ -n "$line" ] || continue
        line=${line#as-rooted }
        line=${line#rooted }
        line=${line/FILES/tests/golden/intake/council}
        line=${line//BACKUP/"$D/copy"}
        line=${line//RESTORED/"$D/restored.db"}
        case $line in "user add"*) line="$line --password-stdin" ;; esac
        echo "rooted $line"
        eval "echo 'three plain words' | '$R' $line" >"$W/out" 2>"$W/err" ||
            { echo "that failed:"; cat "$W/out" "$W/err"; return 1; }
        n=$((n + 1))
    done < <(blocks "sh run")
    [ "$n" -ge 25 ] || { echo "only $n commands were found"; return 1; }
}
the_first_day_can_be_done_as_it_is_written() { do_the_day; }
it_ends_with_a_live_database_that_is_well() {
    exits 0 "$R" setup && says "This database is live." && says "https://rooted.example.gov.uk" &&
        says "to be looked at again by 28 August 2028" || return 1
    # what is not well yet: the agreement that the officer writes on its page
    exits 3 "$R" check && says "agreement of 896" && says "none is in force" || return 1
    [ "$(grep -c '^problem' "$W/out")" = 1 ] || { cat "$W/out"; return 1; }
    exits 1 "$R" serve --port 0 && says "through its proxy only"
}
# As the unit and Apache do it: on a socket, under its own name, over TLS for people.
asks() { curl -s -o "$W/page" -D "$W/head" -w '%{http_code}' --unix-socket "$D/sock" "$@"; }
it_is_served_through_its_proxy_alone() {
    local server good=0 name="Host: rooted.example.gov.uk"
    "$R" serve --socket "$D/sock" --json >"$D/address" 2>"$D/serve.log" &
    server=$!
    until grep -q address "$D/address"; do
        kill -0 $server 2>/dev/null || { cat "$D/serve.log"; return 1; }
        read -r -t 0.02 <> <(:)
    done
    [ "$(asks -H "$name" -H "X-Forwarded-For: 192.0.2.7" http://x/sign-in)" = 200 ] &&
        grep -qi '^strict-transport-security:' "$W/head" && ! grep -qi "not for live use" "$W/page" &&
        [ "$(asks -H "$name" http://x/sign-in)" != 200 ] &&
        [ "$(asks -H "Host: localhost" -H "X-Forwarded-For: 192.0.2.7" http://x/sign-in)" != 200 ] &&
        good=1
    kill $server && wait $server
    [ $good = 1 ] || { cat "$W/head" "$D/serve.log"; return 1; }
}
a_copy_of_it_came_back() { exits 0 "$R" --db "sqlite:$D/restored.db" user list && says "gil"; }
nothing_of_it_is_open_to_others() {
    [ "$(stat -c %a "$ROOTED_HOME")" = 700 ] && [ "$(stat -c %a "$ROOTED_HOME/key")" = 600 ] &&
        ! find "$ROOTED_HOME" -type f -perm /077 | grep .
}
what_is_done_as_root_has_the_right_form() {
    local file
    blocks sh >"$D/root.sh"
    [ "$(grep -c . "$D/root.sh")" -ge 15 ] && bash -n "$D/root.sh" || return 1
    for file in $(grep -oE '\b(deploy|docs|build)/[a-z.-]*' "$D/root.sh" | grep -v '/\.$' | sort -u); do
        case $file in build/*) file=Makefile ;; esac
        [ -e "$file" ] || { echo "$file is not there"; return 1; }
    done
    # user, group, home and socket are those of the unit
    grep -q '^User=rooted$' deploy/rooted.service && grep -q '^Group=rooted-web$' deploy/rooted.service &&
        grep -q 'adduser www-data rooted-web' "$D/root.sh" &&
        grep -q '^Environment=ROOTED_HOME=/var/lib/rooted$' deploy/rooted.service &&
        grep -q 'unix:/run/rooted/rooted.sock|' deploy/apache.conf &&
        grep -q -- '--socket /run/rooted/rooted.sock' deploy/rooted.service
}
systemd_takes_the_unit() {
    command -v systemd-analyze >/dev/null || { echo "skipped: there is no systemd-analyze here"; return 0; }
    sed "s|/usr/local/bin/rooted|$R|" deploy/rooted.service >"$D/rooted.service"
    exits 0 systemd-analyze verify --man=no "$D/rooted.service" && ! grep -i "rooted.service:.*\(unknown\|failed\)" "$W/err"
}
apache_takes_its_site() {
    local apache mods=/usr/lib/apache2/modules m
    apache=$(command -v apache2 || echo /usr/sbin/apache2)
    [ -x "$apache" ] || { echo "skipped: Apache is not installed"; return 0; }
    mkdir -p "$D/apache"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=rooted.example.gov.uk \
        -keyout "$D/apache/privkey.pem" -out "$D/apache/fullchain.pem" 2>/dev/null || return 1
    for m in mpm_event authz_core socache_shmcb ssl proxy proxy_http headers alias log_config reqtimeout; do
        [ -e "$mods/mod_$m.so" ] && echo "LoadModule ${m}_module $mods/mod_$m.so"
    done >"$D/apache/all.conf"
    { echo "ServerRoot $D/apache"; echo "PidFile $D/apache/pid"; echo "ServerName localhost"
        echo "ErrorLog $D/apache/error.log"; echo "Define APACHE_LOG_DIR $D/apache"
        sed "s|/etc/ssl/rooted|$D/apache|" deploy/apache.conf; } >>"$D/apache/all.conf"
    exits 0 "$apache" -t -f "$D/apache/all.conf"
}

for t in the_first_day_can_be_done_as_it_is_written it_ends_with_a_live_database_that_is_well \
    it_is_served_through_its_proxy_alone a_copy_of_it_came_back nothing_of_it_is_open_to_others what_is_done_as_root_has_the_right_form \
    systemd_takes_the_unit apache_takes_its_site; do
    run $t $t
done
unset ROOTED_HOME
