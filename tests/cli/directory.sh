# Services in and out of the directory.  Sourced by all.sh.
export ROOTED_HOME=$W/directory
unset ROOTED_DB
feeds=tests/golden/directory

a_feed_comes_in_once() {
    exits 0 "$R" directory import $feeds/hsds.json --area 1 && says "3 new" &&
        exits 0 "$R" directory import $feeds/hsds.json && says "3 the same" &&
        exits 0 "$R" directory import $feeds/hsds.json $feeds/template.csv --json &&
        says '"added":2' && exits 0 "$R" directory runs && says "import 4" &&
        exits 0 "$R" directory import $feeds/dirty_oruk1.json && says "2 turned away" &&
        exits 0 "$R" directory run 5 && says "Formatting was taken out" &&
        exits 0 "$R" directory run 5 --outcome refused && says "Record 2 of this feed" &&
        exits 1 "$R" directory run 99
}
what_is_no_feed_is_refused_in_words() {
    echo '<html>sign in</html>' >"$W/page.json"
    exits 1 "$R" directory import "$W/page.json" && says "web page" &&
        exits 3 "$R" directory import "$W/nowhere.json" && exits 2 "$R" directory import &&
        exits 2 "$R" directory juggle && exits 1 "$R" directory import --gias && says "Load GIAS"
}
a_feed_that_shrinks_waits() {
    echo '[{"id":"6e1f0c52-7a7a-4c11-9d3b-2a6f0f7b1003","name":"Calm line"}]' >"$W/hsds.json"
    exits 1 "$R" directory import "$W/hsds.json" && says "a person decides" &&
        exits 0 "$R" directory import "$W/hsds.json" --shrunk && says "2 gone" &&
        exits 0 "$R" directory list Anchor && says "gone" &&
        exits 0 "$R" directory import $feeds/hsds.json && says "3 changed"
}
services_are_listed_shown_and_exported() {
    exits 0 "$R" directory list calm --json && says '"name":"Calm line"' &&
        exits 0 "$R" directory show 6e1f0c52-7a7a-4c11-9d3b-2a6f0f7b1003 && says "01632 960001" &&
        exits 1 "$R" directory show 6e1f0c52-0000-4c11-9d3b-2a6f0f7b1003 &&
        exits 2 "$R" directory export --format docx && says "There are: csv" || return 1
    local f
    for f in csv xlsx ndjson oruk; do
        exits 0 "$R" directory export --format $f --out "$W/services.$f" && test -s "$W/services.$f" ||
            return 1
    done
    node -e 'const p = JSON.parse(require("fs").readFileSync(process.argv[1]));
        process.exit(p.total_items === p.contents.length && p.total_items > 5 ? 0 : 1)' \
        "$W/services.oruk" && exits 0 "$R" directory import "$W/services.csv" --source copy
}
what_is_there_twice_is_found_and_decided() {
    exits 0 "$R" directory duplicates --json && says '"other"' || return 1
    set -- $(node -e 'const d = JSON.parse(require("fs").readFileSync(process.argv[1]));
        console.log(d[0].id, d[0].other)' "$W/out")
    exits 0 "$R" directory merge "$1" "$2" && exits 1 "$R" directory merge "$1" "$2" &&
        exits 0 "$R" directory undo "$1" "$2" && exits 0 "$R" directory differ "$1" "$2" &&
        exits 0 "$R" audit verify
}

for t in a_feed_comes_in_once what_is_no_feed_is_refused_in_words a_feed_that_shrinks_waits \
    services_are_listed_shown_and_exported what_is_there_twice_is_found_and_decided; do
    run $t $t
done
unset ROOTED_HOME
