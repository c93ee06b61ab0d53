# docs/asvs.md and docs/security.md: each file that they name is there, and the sums are right.
# Sourced by all.sh.
files_that_documents_of_security_name_are_there() {
    local file bad=0 n=0
    for file in $(grep -ohE '`(tests|src|docs|tools|deploy|migrations)/[^` ]*`|`(Makefile|assets|package-lock\.json|[A-Z]+\.md)`' \
        docs/asvs.md docs/security.md docs/first-day.md docs/templates/*.md | tr -d '`' | sort -u); do
        [ -e "$file" ] || { echo "$file is not there"; bad=1; }
        n=$((n + 1))
    done
    [ "$n" -gt 60 ] && [ "$bad" = 0 ]
}
the_sums_of_asvs_are_those_of_its_rows() {
    local said rows
    said=$(sed -n 's/^Rows: \(.*\)\.$/\1/p' docs/asvs.md)
    rows=$(awk -F' [|] ' '/^[|] [0-9]/ { n[$3]++ } END { printf "%d met, %d not yet, %d n/a", n["met"], n["not yet"], n["n/a"] }' docs/asvs.md)
    [ "$said" = "$rows" ] || { echo "it says \"$said\", and has $rows"; return 1; }
}
every_row_that_is_met_names_what_shows_it() {
    ! awk -F' [|] ' '/^[|] [0-9]/ && $3 == "met" && $4 !~ /`/' docs/asvs.md | grep .
}

for t in files_that_documents_of_security_name_are_there the_sums_of_asvs_are_those_of_its_rows \
    every_row_that_is_met_names_what_shows_it; do
    run $t $t
done
