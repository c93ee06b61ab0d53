# The verbs that keep house: setup, user, check, backup, serve.  Sourced by all.sh.
export ROOTED_HOME=$W/home
unset ROOTED_DB

setup_shows_and_keeps() {
    exits 0 "$R" setup && says "This database is a trial." && says "not recorded" &&
        exits 0 "$R" setup --council "Ashmere Council" --phone "01632 960123" &&
        exits 0 "$R" setup && says "Ashmere Council" && says "01632 960123" &&
        exits 1 "$R" setup --address http://rooted.example && says "https://" &&
        exits 1 "$R" setup --address https://rooted.example/x && exits 1 "$R" setup --council "" &&
        exits 0 "$R" setup --due-days "registers=14, census=30" && says "registers=14, census=30" &&
        exits 1 "$R" setup --due-days "cencus=30" && says "missing-education" &&
        exits 1 "$R" setup --area 896 --due-days "registers=21" && says "holds no authority" &&
        exits 2 "$R" setup --area 896 && says "goes with --due-days or --element-names" &&
        exits 1 "$R" setup --element-names "Learners=Nonsense" && says "no file that is read has" &&
        exits 1 "$R" setup --element-names "Learners" && says "Learners/Learner=Student" &&
        exits 1 "$R" setup --clocks "sixth-day" && says "review-panel=15" &&
        exits 0 "$R" setup && says "registers=14, census=30" &&
        exits 2 "$R" setup --record colour --reference x --date 2026-09-01 --who x &&
        exits 2 "$R" setup --record owner && exits 2 "$R" setup word &&
        exits 1 "$R" setup --record owner --reference x --date yesterday --who x
}
live_needs_everything_and_says_what_is_missing() {
    local r
    exits 1 "$R" setup --live && says "owner" && says "retention-rule" && says "address" || return 1
    exits 0 "$R" setup --address https://rooted.ashmere.gov.uk || return 1
    for r in owner impact-assessment sharing-agreement privacy-notice retention-rule; do
        exits 1 "$R" setup --live && says "$r" || return 1
        exits 0 "$R" setup --record $r --reference "REF 1" --date 2026-09-01 --who "Jo Smith" || return 1
    done
    exits 0 "$R" setup --live && says "This database is live." || return 1
    exits 1 "$R" serve --port 0 && says "through its proxy only" &&
        exits 1 "$R" user demo
}
a_demonstration_is_made_of_nothing_only() {
    exits 1 "$R" setup --demonstration && says "holds something already" &&
        exits 0 "$R" --db "sqlite:$W/demo.db" setup --demonstration &&
        exits 1 "$R" --db "sqlite:$W/demo.db" setup --live && says "demonstration" &&
        exits 1 "$R" --db "sqlite:$W/demo.db" user demo && says "no school yet"
}
accounts_are_made_and_closed() {
    local add="$R user add --password-stdin --name Ann"
    echo "three plain words" | exits 0 $add Ann --role analyst --area 1 &&
        echo "three plain words" | exits 1 $add ann --role analyst --area 1 && says "already" &&
        echo "short" | exits 1 $add ben --role analyst --area 1 && says "shorter than 12" &&
        echo "three plain words" | exits 1 $add ben --role senco --area 1 && says "URN" &&
        echo "three plain words" | exits 1 $add ben --role analyst --area 1 --agency Nowhere &&
        says "no agency" &&
        echo "three plain words" | exits 2 $add ben --role king && says "inclusion-lead" &&
        echo "three plain words" | exits 0 $add boss --admin &&
        exits 1 $add ben --admin </dev/null && says "standard input" &&
        exits 0 "$R" user list && says "ann " && says "administrator" &&
        exits 0 "$R" user disable ann && exits 0 "$R" user list && says "(disabled)" &&
        exits 0 "$R" user enable ANN && exits 1 "$R" user disable carl &&
        echo "another plain one" | exits 0 "$R" user password ann --password-stdin &&
        exits 2 "$R" user juggle && exits 2 "$R" user && exits 2 "$R" user add &&
        exits 0 "$R" user list --json &&
        node -e 'const l = JSON.parse(require("fs").readFileSync(process.argv[1]));
            process.exit(l.length === 2 && l[0].login === "ann" && l[1].area === null &&
                l[0].agency === "Inclusion team" && l[1].agency === null ? 0 : 1)' "$W/out"
}
a_lost_second_factor_is_reset_with_a_reason() {
    exits 2 "$R" user reset-second-factor ann && says "wants --why" &&
        exits 1 "$R" user reset-second-factor ann --why " " && says "why the second factor" &&
        exits 1 "$R" user reset-second-factor carl --why "phone lost" &&
        exits 0 "$R" user reset-second-factor ann --why "phone lost; she stands before me" &&
        says "not by e-mail" && grep -Eq '^([0-9a-z]{4}-){3}[0-9a-z]{4}$' "$W/out" &&
        exits 1 "$R" code ann && says "no demonstration" && exits 2 "$R" code &&
        exits 0 "$R" setup --second-factor yes && exits 1 "$R" setup --second-factor maybe &&
        exits 0 "$R" setup --second-factor no
}
a_passphrase_is_nowhere_in_the_clear() {
    ! grep -rqaF "three plain words" "$ROOTED_HOME"
}
permissions_are_those_of_the_document() {
    "$R" user roles | diff - docs/permissions.md
}
check_tells_what_to_do() {
    exits 3 env ROOTED_HOME="$W/nowhere" "$R" check && says "there is no database" || return 1
    [ ! -e "$W/nowhere" ] || return 1
    exits 0 env ROOTED_HOME="$W/checked" "$R" setup || return 1
    exits 3 env ROOTED_HOME="$W/checked" "$R" check && says "Make the first account" || return 1
    echo "three plain words" | exits 0 env ROOTED_HOME="$W/checked" "$R" user add boss --admin \
        --name Boss --password-stdin || return 1
    exits 0 env ROOTED_HOME="$W/checked" "$R" check || return 1
    chmod 644 "$W/checked/key"
    exits 3 env ROOTED_HOME="$W/checked" "$R" check && says "may be read by others" || return 1
    chmod 600 "$W/checked/key"
    exits 3 env ROOTED_HOME="$W/checked" "$R" check --db "sqlite:/proc/version" || return 1
    exits 0 env ROOTED_HOME="$W/checked" "$R" check --json &&
        node -e 'const l = JSON.parse(require("fs").readFileSync(process.argv[1]));
            process.exit(l.length > 8 && l.every(x => x.ok && x.says) ? 0 : 1)' "$W/out"
}
a_backup_comes_back() {
    exits 0 "$R" backup "$W/copy" && exits 1 "$R" backup "$W/copy" && says "there already" &&
        exits 0 env ROOTED_HOME="$W/second" "$R" backup --restore "$W/copy" &&
        exits 0 env ROOTED_HOME="$W/second" "$R" user list && says "boss" &&
        exits 1 env ROOTED_HOME="$W/second" "$R" backup --restore "$W/copy" &&
        exits 1 env ROOTED_HOME="$W/third" "$R" backup --restore /etc/hostname &&
        exits 2 "$R" backup && exits 3 env ROOTED_HOME="$W/nowhere" "$R" backup "$W/none"
}
a_key_is_rotated_and_forgotten() {
    local k="$W/keys"
    exits 0 env ROOTED_HOME="$k" "$R" key && says "version 1 seals" &&
        exits 0 env ROOTED_HOME="$k" "$R" key rotate && says "version 2" &&
        exits 0 env ROOTED_HOME="$k" "$R" key show --json && says '"oldest":1,"newest":2,"ours":true' &&
        exits 0 env ROOTED_HOME="$k" "$R" key forget && says "before 2" &&
        exits 0 env ROOTED_HOME="$k" "$R" key --json && says '"oldest":2' &&
        [ "$(stat -c %a "$k/key")" = 600 ] && [ "$(ls "$k"/key*)" = "$k/key" ] &&
        exits 2 env ROOTED_HOME="$k" "$R" key juggle && exits 2 env ROOTED_HOME="$k" "$R" key lost &&
        exits 1 env ROOTED_HOME="$k" "$R" key lost --yes && says "not lost"
}
a_database_without_its_key_is_not_served() {
    local k="$W/keyless"
    exits 0 "$R" --db "sqlite:$k.db" key rotate && exits 3 "$R" --db "sqlite:$k.db" check &&
        says "belong together" || return 1
    exits 3 env ROOTED_HOME="$k" "$R" --db "sqlite:$k.db" check && says "is not here" &&
        exits 3 env ROOTED_HOME="$k" "$R" --db "sqlite:$k.db" serve --port 0 &&
        says "does not belong to this database" &&
        exits 3 env ROOTED_HOME="$k" "$R" --db "sqlite:$k.db" key rotate &&
        exits 0 env ROOTED_HOME="$k" "$R" --db "sqlite:$k.db" key lost --yes &&
        exits 0 env ROOTED_HOME="$k" "$R" --db "sqlite:$k.db" key --json && says '"ours":true'
}
serve_is_told_where() {
    exits 2 "$R" serve --port x && exits 2 "$R" serve --port 70000 && exits 2 "$R" serve word
}

for t in accounts_are_made_and_closed a_lost_second_factor_is_reset_with_a_reason \
    a_passphrase_is_nowhere_in_the_clear \
    permissions_are_those_of_the_document check_tells_what_to_do a_backup_comes_back \
    a_key_is_rotated_and_forgotten a_database_without_its_key_is_not_served \
    serve_is_told_where setup_shows_and_keeps live_needs_everything_and_says_what_is_missing \
    a_demonstration_is_made_of_nothing_only; do
    run $t $t
done
unset ROOTED_HOME
