# rooted load and rooted batch: from a council's files to figures.  Sourced by all.sh.
export ROOTED_HOME=$W/loads
COUNCIL=tests/golden/intake/council

json() { # json EXPRESSION: of the last output, as v
    node -e 'const v = JSON.parse(require("fs").readFileSync(process.argv[1]));
        process.exit(eval(process.argv[2]) ? 0 : 1)' "$W/out" "$1" || { echo "not so: $1"; cat "$W/out"; return 1; }
}
a_folder_is_loaded_and_nothing_is_new_the_second_time() {
    exits 0 "$R" --quiet load $COUNCIL && says "14 published, 0 nothing new, 0 refused" &&
        says "left aside   $COUNCIL/read me.txt" && says "School census, autumn 2024" &&
        exits 0 "$R" --quiet load $COUNCIL --json && json 'v.batches.every(b => b.outcome === "nothing new")' &&
        json 'v.batches.length === 14 && v.left.length === 1'
}
what_is_wrong_is_told_by_the_exit_status() {
    printf 'who,what\nme,this\n' >"$W/strange.csv"
    exits 1 "$R" load "$W/strange.csv" && says "strange.csv" &&
        exits 1 "$R" load "$W/nowhere" && says "there is no file or folder" &&
        exits 1 "$R" --quiet load $COUNCIL/people.csv "$W/strange.csv" && says "left aside" &&
        exits 2 env ROOTED_HOME="$W/loads2" "$R" --quiet load $COUNCIL/people.csv && says "--area 896" &&
        exits 0 env ROOTED_HOME="$W/loads2" "$R" --quiet load --area 896 --no-figures $COUNCIL/people.csv
}
a_refused_batch_is_shown_line_by_line() {
    local f=$W/bad/term-dates.csv id
    mkdir -p "$W/bad" && printf 'URN,StartDate,EndDate,Kind\n,not a day,,term\n' >"$f"
    exits 1 "$R" --quiet load "$f" --json && json 'v.batches[0].outcome === "refused"' || return 1
    id=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).batches[0].batch' "$W/out")
    exits 0 "$R" batch show "$id" && says "refused: Term dates: 1 of 1 records cannot be used" &&
        says "term-dates.csv line 2 StartDate" && says "is not a date" &&
        exits 0 "$R" batch show "$id" --json && json 'v.list[0].rule && v.files[0].refused === 1' &&
        exits 1 "$R" batch show 999999 && exits 2 "$R" batch && exits 2 "$R" batch show x
}
a_batch_is_withdrawn_and_the_figures_follow() {
    local id
    exits 0 "$R" batch list --json || return 1
    id=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).find(b => /summer|spring 2025$/.test(b.title)).batch' "$W/out")
    exits 2 "$R" batch withdraw "$id" && says "--why" &&
        exits 0 "$R" batch withdraw "$id" --why "a wrong file" && says "counts in no figure" &&
        exits 1 "$R" batch withdraw "$id" --why again && says "is withdrawn" &&
        exits 0 "$R" batch show "$id" && says "a wrong file" &&
        exits 0 "$R" batch list && says "withdrawn" &&
        exits 0 "$R" figures --json && json 'v.made === true'
}
a_dry_run_writes_nothing_and_tells_all() {
    exits 0 env ROOTED_HOME="$W/dry" "$R" --quiet load --dry-run $COUNCIL && says "would do     School census, autumn 2024" &&
        says "would be published, 0 nothing new, 0 refused" && says "A dry run: nothing was written." &&
        says "term-dates.csv line 4: It ends before it starts." && [ ! -e "$W/dry" ] &&
        exits 0 env ROOTED_HOME="$W/dry" "$R" --quiet load --dry-run --json $COUNCIL &&
        json 'v.batches.some(b => b.rules.some(r => r.rule === "end-before-start" && r.count === 1))'
}

run a_folder_is_loaded_and_nothing_is_new_the_second_time a_folder_is_loaded_and_nothing_is_new_the_second_time
run what_is_wrong_is_told_by_the_exit_status what_is_wrong_is_told_by_the_exit_status
run a_refused_batch_is_shown_line_by_line a_refused_batch_is_shown_line_by_line
run a_batch_is_withdrawn_and_the_figures_follow a_batch_is_withdrawn_and_the_figures_follow
run a_dry_run_writes_nothing_and_tells_all a_dry_run_writes_nothing_and_tells_all
# It was mapped when it lost its end: it alone is refused.
a_file_cut_short_while_it_is_read_is_named_as_such() {
    local pid line
    "$R" synth --size small --seed 3 "$W/short" >/dev/null 2>&1 && mkfifo "$W/progress" || return 1
    ROOTED_HOME=$W/cut "$R" load --no-figures "$W/short" >"$W/out" 2>"$W/progress" &
    pid=$!
    exec 7<"$W/progress"
    read -r line <&7
    truncate -s 90000 "$W/short/cin/cin-2024-25.xml"
    cat <&7 >"$W/err"
    wait $pid
    [ $? = 1 ] && says "cin-2024-25.xml is still being written: load it again" &&
        says "90 published, 0 nothing new, 1 refused" && exec 7<&-
}
run a_file_cut_short_while_it_is_read_is_named_as_such a_file_cut_short_while_it_is_read_is_named_as_such
one_format_is_printed_by_its_name() {
    exits 0 "$R" formats suspensions && says "# Suspension and exclusion notifications" &&
        says "| **SchoolURN** |" && exits 1 "$R" formats nonsense && says 'no layout "nonsense"'
}
run one_format_is_printed_by_its_name one_format_is_printed_by_its_name
one_line_of_a_gigabyte_is_refused() {
    local free rc
    free=$(df --output=avail -k "$W" | tail -1)
    [ "$free" -gt 2000000 ] || { echo "skipped: there is no room here for a file of 1 GB"; return 0; }
    { printf 'URN,StartDate,EndDate,Kind,Note\n900001,2025-09-03,2025-10-24,term,'
        head -c 1G /dev/zero | tr '\0' a; } >"$W/endless.csv"
    exits 1 env ROOTED_HOME="$W/endless" "$R" --quiet load --area 1 "$W/endless.csv" &&
        says "endless.csv: line 2, column 5: the record is longer than a record may be" &&
        says "0 published"
    rc=$?
    rm "$W/endless.csv"
    return $rc
}
run one_line_of_a_gigabyte_is_refused one_line_of_a_gigabyte_is_refused
