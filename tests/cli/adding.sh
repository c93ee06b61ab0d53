# Each recipe of docs/adding.md, followed in a copy of the tree: one build of all, then each added
# thing by itself (tests/adding/README.md).  Sourced by all.sh, which gives R, W, run, exits, says.
A=$W/adding
C=$A/tree
TOP=$PWD

every_recipe_has_an_example_and_each_example_a_recipe() {
    diff <(sed -n 's/^Example: `tests\/adding\/\(.*\)\/`\.$/\1/p' docs/adding.md | sort) \
        <(cd tests/adding && ls -d */ | tr -d /) &&
        [ "$(grep -c '^## ' docs/adding.md)" = "$(grep -c '^Example: ' docs/adding.md)" ]
}
examples() { sed -n 's/^Example: `tests\/adding\/\(.*\)\/`\.$/\1/p' docs/adding.md; }

copy_of_the_tree() {
    mkdir -p "$C/build" &&
        git ls-files -z -co --exclude-standard |
        while IFS= read -r -d '' f; do [ -e "$f" ] && printf '%s\0' "$f"; done |
            tar -c --null -T - | tar -x -C "$C" &&
        cp -rp build/assets build/assets.stamp "$C/build/" &&
        git -C "$C" init -q && echo /node_modules >>"$C/.git/info/exclude" &&
        ln -s "$TOP/node_modules" "$C/node_modules"
}
added() { # added EXAMPLE: its edits are made in the copy
    (cd "$C" && bash -eu -c 'example=$1; . tests/adding/edits.sh; . "tests/adding/$1/add.sh"' add "$1")
}
P=$C/build/adding/rooted
server= base=http://127.0.0.1:9 # until it serves
one_build_of_all() {
    local units
    units=$(cat tests/adding/*/check.sh | grep -oE 'unit [a-z]+/test_[a-z_]+' | sort -u | sed 's|unit |build/adding/tests/|')
    time make -s -C "$C" -j"$(nproc)" B=build/adding OPT=-O0 all $units
}
the_house_is_as_much_in_order_as_before() { diff <(node tools/lint.mjs) <(cd "$C" && node tools/lint.mjs); }

# What the checks use besides.
unit() { ROOTED_TEST_DB=${ROOTED_TEST_DB:-} timeout 900 "build/adding/tests/$1"; }
page() { # page ROLE PATH: into $W/page; the status is printed
    local cookies=()
    [ "$1" = nobody ] || cookies=(-b "$A/$1.jar")
    curl -s "${cookies[@]}" -o "$W/page" -w '%{http_code}' "$base$2"
}
has() { grep -qF -- "$1" "$W/page" || { echo "the page does not have \"$1\""; head -c 3000 "$W/page"; return 1; }; }
has_not() { ! grep -qF -- "$1" "$W/page" || { echo "the page has \"$1\""; return 1; }; }
rows_of() { grep -c '[^[:space:]]' "$1" | awk '{ print $1 - 1 }'; }
figure() { # figure MEASURE YEAR: of all pupils, from the last report as CSV
    awk -F, -v m="$1" -v y="$2" '$1 == m && $2 == y && $3 == "All pupils" { print $6 }' "$W/out"
}
sign_in() { # sign_in ROLE: somebody with that role, whose cookie page uses
    local where="--area 896"
    case $1 in senco) where="--area 896 --urn 900001" ;; administrator) where= ;; esac
    echo "three plain words" | exits 0 "$P" user add "$1" --name "Robin Example" --role "$1" $where \
        --password-stdin &&
        curl -fsS -c "$A/$1.jar" "$base/sign-in" -o "$W/page" &&
        curl -fsS -c "$A/$1.jar" -b "$A/$1.jar" -H "Origin: $base" --data-urlencode "login=$1" \
            --data-urlencode "passphrase=three plain words" "$base/sign-in" -o "$W/page"
}
a_small_council_of_the_program_before_is_taken_over_and_served() {
    exits 0 "$R" load --quiet "$COUNCIL" && exits 0 "$P" setup --council "Ashmere Council" &&
        exits 0 "$P" figures || return 1
    "$P" serve --port 0 --json >"$A/address" 2>"$A/serve.log" &
    server=$!
    until base=$(sed -n 's/.*"address":"\([^"]*\)".*/\1/p' "$A/address") && [ -n "$base" ]; do
        kill -0 $server 2>/dev/null || { cat "$A/serve.log"; return 1; }
        read -r -t 0.02 <> <(:)
    done
    curl -fs --retry 20 --retry-connrefused -o "$W/page" "$base/health" &&
        sign_in analyst && sign_in inclusion-lead && sign_in senco && sign_in administrator
}
shown() { (cd "$C" && . "tests/adding/$1/check.sh"); }

adding() {
    local x
    OLD=$R
    for x in $(examples); do run "adding a $x: its edits" added "$x"; done
    run "adding things: one build of all" one_build_of_all
    [ -x "$P" ] || return
    run "adding things: a small council is taken over and served" a_small_council_of_the_program_before_is_taken_over_and_served
    for x in $(examples); do run "adding a $x: it works" shown "$x"; done
    run "adding things: the house is as much in order as before" the_house_is_as_much_in_order_as_before
    if [ -n "$server" ]; then kill "$server" && wait "$server" || fail "adding things: the server ended with $?"; fi
}

COUNCIL=$TOP/tests/golden/intake/council
export ROOTED_HOME=$A/home
unset ROOTED_DB
run every_recipe_has_an_example_and_each_example_a_recipe every_recipe_has_an_example_and_each_example_a_recipe
run "adding things: a copy of the tree" copy_of_the_tree
adding
rm -rf "$A"
unset ROOTED_HOME
