# A council's way from files to a report, on both databases; and what goes wrong on it.
# Sourced by all.sh, which gives R, W, run, exits and says.
J=$W/journey
FILES=$J/files
mkdir -p "$J"
unset ROOTED_DB ROOTED_HOME

asks() { # asks FILE EXPRESSION: a question about JSON (l), answered by node
    node -e 'const l = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
        process.exit(eval(process.argv[2]) ? 0 : 1)' "$1" "$2" && return 0
    echo "not so: $2"
    head -c 2000 "$1"
    return 1
}
figures_of() { "$R" report who-is-at-risk --internal --csv "$1"; }
batches_of() { "$R" batch list --json >"$1"; }
published_batches() { grep -o '"state": *"published"' "$H/loaded.json" | wc -l; }
same_as_before() { # same_as_before NAME: figures and batches are as in $H/NAME.csv and .json
    figures_of "$H/now.csv" && cmp "$H/$1.csv" "$H/now.csv" &&
        batches_of "$H/now.json" && cmp "$H/$1.json" "$H/now.json"
}

synth_gives_the_same_bytes_twice() {
    exits 0 "$R" synth --quiet --size small --seed 7 "$FILES" &&
        exits 0 "$R" synth --quiet --size small --seed 7 "$J/again" &&
        diff -r "$FILES" "$J/again" && diff -r "$FILES.truth" "$J/again.truth" &&
        cmp "$FILES.directory/services.json" "$J/again.directory/services.json" &&
        [ "$(find "$FILES" -type f | wc -l)" -gt 100 ] && rm -rf "$J/again" "$J/again.truth" "$J/again.directory"
}

# ---- on each engine: ROOTED_HOME is $H, ROOTED_DB perhaps a database of PostgreSQL ----------

a_folder_of_files_loads() {
    exits 0 "$R" setup --demonstration --council "Ashmere Council" &&
        exits 0 "$R" load --quiet "$FILES" && says "0 refused, 0 files left aside" &&
        exits 0 "$R" user demo && says "analyst" &&
        figures_of "$H/loaded.csv" && batches_of "$H/loaded.json" &&
        asks "$H/loaded.json" 'l.length >= 37 && l.every(b => b.state === "published")'
}
loading_again_is_nothing_new_and_changes_nothing() {
    exits 0 "$R" load --quiet "$FILES" && says "nothing new" && says "0 published" && same_as_before loaded
}
read_is_loaded_plus_refused() {
    asks "$H/loaded.json" 'l.every(b => b.read === b.loaded + b.refused && b.read > 0)'
}
reports_come_in_four_forms() {
    exits 0 "$R" report who-is-at-risk && says "Who is at risk of exclusion" && says "Demonstration" &&
        exits 0 "$R" report who-is-at-risk --csv "$H/r.csv" --xlsx "$H/r.xlsx" --html "$H/r.html" &&
        [ "$(head -c 4 "$H/r.xlsx" | od -An -tx1 | tr -d ' ')" = 504b0304 ] &&
        grep -q "</html>" "$H/r.html" && ! grep -qE '<(script|link)|src="http' "$H/r.html" &&
        node tests/cli/sheet.mjs "$H/r.csv" && ! node tests/cli/sheet.mjs "$H/loaded.csv" &&
        exits 2 "$R" report who-is-at-risk --measure height && says "no measure" &&
        exits 2 "$R" report nonsense
}
what_was_known_is_not_lost_by_looking_back() {
    exits 0 "$R" figures --as-of 2023-07-31 && figures_of "$H/past.csv" && ! cmp -s "$H/past.csv" "$H/loaded.csv" &&
        ! grep -q "2024/25" "$H/past.csv" && exits 0 "$R" figures && same_as_before loaded &&
        exits 0 "$R" figures --known-on 2020-01-01 && says "known" && same_as_before loaded &&
        exits 0 "$R" figures --known-on "$(date -u +%F)" && same_as_before loaded &&
        exits 2 "$R" figures --known-on yesterday
}

# Damaged files, each in a folder of its own, and what the sentence about it holds.
damaged() {
    local c=$FILES/census/2025-autumn n=$FILES/suspensions/notifications-2025-autumn.csv d=$J/damaged
    [ -e "$d" ] && return
    mkdir -p "$d"/{cut,half,binary,codes,empty,header,long,year}
    head -c 90000 "$FILES/cin/cin-2024-25.xml" >"$d/cut/cin.xml"
    cp "$c"/*.csv "$d/half"
    head -c 100000 "$c/pupilonroll.csv" >"$d/half/pupilonroll.csv"
    head -c 5000 "$R" >"$d/binary/pupils.csv"
    sed 's/,SUSP,/,QQQQ,/' "$n" >"$d/codes/notifications.csv"
    : >"$d/empty/pupilonroll.csv"
    head -1 "$n" >"$d/header/notifications.csv"
    head -c 5000000 /dev/zero | tr '\0' x >"$d/long/pupilonroll.csv"
    sed '1!s/,20[0-9][0-9]-/,1820-/g' "$n" >"$d/year/notifications.csv"
}
a_damaged_file_is_refused_in_words() { # KIND WORDS
    damaged
    exits 1 "$R" load --quiet "$J/damaged/$1" && says "$2" && ! grep -qE "runtime error|Sanitizer" "$W/err" &&
        figures_of "$H/now.csv" && cmp "$H/loaded.csv" "$H/now.csv" &&
        batches_of "$H/now.json" && asks "$H/now.json" 'l.every(b => b.read === b.loaded + b.refused)
            && !l.some(b => b.state === "loading") && l.filter(b => b.state === "published").length === '"$(published_batches)"''
}

a_withdrawn_census_leaves_the_figures_and_stays_on_record() {
    local n
    batches_of "$H/now.json"
    n=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).find(b => /spring 2025/.test(b.title)).batch' "$H/now.json")
    exits 2 "$R" batch withdraw "$n" && exits 0 "$R" batch withdraw "$n" --why "sent by mistake" &&
        figures_of "$H/without.csv" && ! cmp -s "$H/without.csv" "$H/loaded.csv" &&
        exits 0 "$R" batch show "$n" && says "sent by mistake" && says "withdrawn" &&
        exits 0 "$R" batch show "$n" --json && asks "$W/out" 'JSON.stringify(l).includes("sent by mistake")' &&
        exits 1 "$R" batch withdraw "$n" --why again && exits 1 "$R" batch withdraw 999999 --why x &&
        exits 0 "$R" load --quiet "$FILES" && says "1 published" &&
        figures_of "$H/now.csv" && cmp "$H/loaded.csv" "$H/now.csv"
}

# serving COMMAND…: runs it while a server answers; $base is its address.
serving() {
    local pid rc=1
    "$R" serve --port 0 --json >"$H/address" 2>"$H/serve.log" &
    pid=$!
    base=
    until base=$(sed -n 's/.*"address":"\([^"]*\)".*/\1/p' "$H/address") && [ -n "$base" ]; do
        kill -0 $pid 2>/dev/null || break
        read -r -t 0.02 <> <(:)
    done
    [ -n "$base" ] && curl -fs --retry 20 --retry-connrefused -o "$H/health" "$base/health" && "$@" && rc=0
    kill $pid 2>/dev/null
    wait $pid || { echo "the server ended with $?"; rc=1; }
    if grep -E "runtime error|Sanitizer" "$H/serve.log"; then rc=1; fi
    return $rc
}
backed_up_and_restored() {
    exits 0 "$R" backup "$H/copy" && curl -fs -o "$H/health" "$base/health" &&
        exits 1 "$R" backup "$H/copy" && says "there already"
}
a_backup_while_serving_comes_back_whole() {
    serving backed_up_and_restored || return 1
    (
        mkdir -p "$H/restored" && cp "$ROOTED_HOME/key" "$H/restored/key" && chmod 600 "$H/restored/key"
        export ROOTED_HOME=$H/restored
        [ -z "${ROOTED_DB:-}" ] || new_database restored
        exits 0 "$R" backup --restore "$H/copy" && exits 0 "$R" check && says "sound" &&
            figures_of "$H/now.csv" && cmp "$H/loaded.csv" "$H/now.csv" && exits 0 "$R" figures &&
            figures_of "$H/now.csv" && cmp "$H/loaded.csv" "$H/now.csv"
    )
}
check_is_well_and_says_when_not() {
    exits 0 "$R" check && says "sound" || return 1
    chmod 644 "$ROOTED_HOME/key"
    exits 3 "$R" check && says "may be read by others" || return 1
    chmod 600 "$ROOTED_HOME/key"
    exits 0 "$R" check --json && asks "$W/out" 'l.every(x => x.ok)'
}

# killed_at SHARE: a load into a new database, killed as soon as so many per cent are told; "end":
# when all is loaded and figures are being made.
killed_at() {
    local pid told=$H/told-$1 line="Loading: $1 %"
    [ "$1" = end ] && line="Loading: .* in [0-9]"
    "$R" load "$FILES" >"$told" 2>"$told.err" &
    pid=$!
    until grep -q "$line" "$told.err"; do
        kill -0 $pid 2>/dev/null || break
        read -r -t 0.01 <> <(:)
    done
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ $? -eq 137 ] || { echo "the load was not killed at $1"; cat "$told" "$told.err"; return 1; }
}
a_load_killed_at_any_moment_completes_when_started_again() { # SHARE
    (
        export ROOTED_HOME=$H/killed-$1
        [ -z "${ROOTED_DB:-}" ] || new_database "killed_$1"
        exits 0 "$R" setup --demonstration && killed_at "$1" || exit 1
        "$R" batch list --json >"$H/killed.json" &&
            asks "$H/killed.json" 'l.every(b => b.state !== "published" || b.read === b.loaded + b.refused)' &&
            { [ "$1" = end ] || exits 3 "$R" check; } && exits 0 "$R" load --quiet "$FILES" && says "0 refused" &&
            exits 0 "$R" user demo && exits 0 "$R" check && says "loads not finished: 0" &&
            figures_of "$H/now.csv" && cmp "$H/loaded.csv" "$H/now.csv" && batches_of "$H/now.json" &&
            asks "$H/now.json" 'l.filter(b => b.state === "published").length === '"$(published_batches)"' && !l.some(b => b.state === "loading")'
    ) && rm -rf "$H/killed-$1"
}

on_an_engine() { # NAME
    local k
    export ROOTED_HOME=$H/home
    mkdir -p "$H"
    run "a folder of files loads, $1" a_folder_of_files_loads
    run "loading again is nothing new and changes nothing, $1" loading_again_is_nothing_new_and_changes_nothing
    run "records read are loaded or refused, $1" read_is_loaded_plus_refused
    run "reports come in four forms and hide small counts, $1" reports_come_in_four_forms
    run "what was known is not lost by looking back, $1" what_was_known_is_not_lost_by_looking_back
    while read -r kind words; do
        run "a damaged file ($kind) is refused in words, $1" a_damaged_file_is_refused_in_words "$kind" "$words"
    done <<'END'
cut breaks off
half breaks off
binary no text
codes records cannot be used
empty is empty
header no records
long longer than a record may be
year records cannot be used
END
    run "a withdrawn census leaves the figures and stays on record, $1" a_withdrawn_census_leaves_the_figures_and_stays_on_record
    run "a backup while serving comes back whole, $1" a_backup_while_serving_comes_back_whole
    run "check is well and says when not, $1" check_is_well_and_says_when_not
    for k in $KILLED; do
        run "a load killed at $k completes when started again, $1" a_load_killed_at_any_moment_completes_when_started_again "$k"
    done
}

# ---- the README's three commands -------------------------------------------------------------

own_page() {
    local jar=$H/jar token
    curl -fsS -c "$jar" -b "$jar" "$base/sign-in" -o "$H/page" &&
        curl -fsS -c "$jar" -b "$jar" -H "Origin: $base" --data-urlencode "login=you" \
            --data-urlencode "passphrase=three plain words" "$base/sign-in" -o "$H/page" -w '%{redirect_url}\n' &&
        curl -fsS -b "$jar" "$base/data" -o "$H/page" && grep -q "Suspension" "$H/page" &&
        grep -qi "trial: not for live use" "$H/page" &&
        curl -fsS -b "$jar" "$base/children?q=Example" -o "$H/page" && grep -q "Example" "$H/page"
}
three_commands_from_nothing_to_a_page() {
    H=$J/own
    mkdir -p "$H"
    export ROOTED_HOME=$H/home
    cat >"$H/suspensions.csv" <<'END'
URN,UPN,Surname,Forename,DOB,StartDate,EndDate,Sessions,Category,Reason1
100001,H801200001001,Example,Robin,2012-05-04,2025-09-15,2025-09-17,4,SUSP,DB
100001,X845212818005,Example,Sam,2011-02-03,2025-09-16,2025-09-16,2,SUSP,PA
END
    grep -qF "rooted load --area 896 suspensions.csv" README.md &&
        grep -qF 'rooted user add you --name "Your Name" --role analyst' README.md || return 1
    exits 0 "$R" load --area 896 "$H/suspensions.csv" && says "2 records" &&
        echo "three plain words" | exits 0 "$R" user add you --name "Your Name" --role analyst --password-stdin &&
        serving own_page
}

run synth_gives_the_same_bytes_twice synth_gives_the_same_bytes_twice

KILLED="10 50 90 end"
H=$J/sqlite
on_an_engine "SQLite"
"$R" report who-is-at-risk --internal --csv "$H/truth.csv"
if node tests/cli/truth.mjs "$ROOTED_HOME/rooted.db" "$FILES.truth" "$H/truth.csv" >"$H/truth" 2>&1; then
    grep -v "^\(not \)\?ok " "$H/truth"
    while read -r line; do
        case $line in "ok "*) pass ;; "not ok "*) fail "${line#not ok }" ;; esac
    done <"$H/truth"
else
    fail "what was planted is compared with what was found"
    tail -20 "$H/truth"
fi

if [ -z "${ROOTED_PG_URL:-}" ]; then
    ROOTED_PG_URL=$(tests/pg.sh start "$ROOTED_TEST_TMP/pg-cli") && own_pg=1
fi
new_database() { # a fresh one of that name in the cluster, as ROOTED_DB
    psql -q "$ROOTED_PG_URL" -c "DROP DATABASE IF EXISTS journey_$1" -c "CREATE DATABASE journey_$1" 2>/dev/null
    export ROOTED_DB=${ROOTED_PG_URL/@\/rooted/@\/journey_$1}
}
if [ -n "${ROOTED_PG_URL:-}" ]; then
    KILLED="50 end"
    H=$J/postgresql
    new_database main
    on_an_engine "PostgreSQL"
    run "both databases give the same figures" cmp "$J/sqlite/loaded.csv" "$J/postgresql/loaded.csv"
    unset ROOTED_DB
    [ -z "${own_pg:-}" ] || tests/pg.sh stop "$ROOTED_TEST_TMP/pg-cli" >/dev/null 2>&1
else
    fail "PostgreSQL did not start"
fi
run three_commands_from_nothing_to_a_page three_commands_from_nothing_to_a_page
unset ROOTED_HOME
