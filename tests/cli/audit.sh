# The record of who saw what: verified in the database, and outside by the tool that knows nothing
# but entries, heads and a public key.  Sourced by all.sh.
V=$PWD/build/san/rooted-audit-verify
A5=$W/audited

audited() { env ROOTED_HOME="$A5" "$R" "$@"; }
outside() { exits "$1" "$V" "$A5/entries" "${2:-$A5/heads/audit.heads}" "${3:-$A5/public}"; }
bad_is() { outside 1 && says "ntry $1 " || { echo "after: $2"; return 1; }; }
# changed SED…: the exported entries, changed by sed
changed() { cp "$A5/whole" "$A5/entries" && sed -i "$@" "$A5/entries"; }

an_audit_is_verified_and_taken_out() {
    local i
    for i in 1 2 3 4 5; do exits 0 audited setup --council "Ashmere $i" || return 1; done
    exits 0 audited audit verify && says "5 entries, whole" && says "No head was signed here yet" &&
        exits 0 audited audit sign && says "1 head signed" || return 1
    exits 0 audited setup --council "Ashmere 6" && exits 0 audited setup --council "Ashmere 7" &&
        exits 0 audited audit sign && exits 0 audited audit verify && says "up to entry 7" &&
        exits 0 audited audit verify --json && says '"entries":7,"sure":7,"first_bad":0' &&
        exits 0 audited audit key && cp "$W/out" "$A5/public" && grep -qE '^[0-9a-f]{64}$' "$A5/public" &&
        exits 0 audited audit export "$A5/whole" --area 0 && says "7 entries of area 0" &&
        exits 1 audited audit export "$A5/whole" --area 0 && says "not there yet" &&
        exits 2 audited audit export "$A5/other" && exits 2 audited audit juggle && exits 2 audited audit &&
        exits 2 audited audit verify --key 12 --heads "$A5/heads/audit.heads" &&
        [ "$(stat -c %a "$A5/audit-key" "$A5/heads/audit.heads" "$A5/whole" | sort -u)" = 600 ]
}
an_outsider_finds_it_whole() {
    cp "$A5/whole" "$A5/entries"
    outside 0 && says "7 entries, whole; up to entry 7" &&
        exits 0 "$V" "$A5/entries" "$A5/heads/audit.heads" "$(cat "$A5/public")" &&
        exits 0 "$V" --help && says "rooted-audit-verify ENTRIES HEADS PUBLICKEY" &&
        exits 2 "$V" "$A5/entries" && exits 2 "$V" "$A5/entries" "$A5/heads/audit.heads" nonsense &&
        exits 3 "$V" "$A5/none" "$A5/heads/audit.heads" "$A5/public" &&
        exits 3 "$V" "$A5/entries" "$A5/none" "$A5/public"
}
an_outsider_names_the_first_bad_entry() {
    # line 1 is the heading, so entry 3 stands in line 4
    changed '4s/allowed/refused/' && bad_is 3 "a change" &&
        changed '4s/[0-9a-f]$/x/' && bad_is 3 "a broken hash" &&
        changed '4d' && bad_is 3 "a deletion" &&
        changed '4{h;d};5G' && bad_is 3 "another order" &&
        changed '4p' && bad_is 4 "an entry twice" &&
        changed '2d' && bad_is 1 "the first taken away" &&
        changed '7,$d' && outside 1 && says "Entries from 6 on" || return 1
    changed '1s/\t[0-9a-f]*\t/\t0123456789abcdef\t/' && outside 1 && says "begun anew, from entry 1 on" &&
        changed '1d' && outside 1 && says "does not begin" && changed '$s/$/\tmore/' && bad_is 7 "more at the end" &&
        head -c -1 "$A5/whole" >"$A5/entries" && bad_is 7 "half a line"
}
an_outsider_sees_forged_heads() {
    cp "$A5/whole" "$A5/entries" && sed '1s/ 5 / 6 /' "$A5/heads/audit.heads" >"$A5/forged" &&
        outside 1 "$A5/forged" && says "Line 1 of the heads" && says "is not signed by this key" &&
        outside 1 "$A5/heads/audit.heads" "$(printf '%064d' 7)" && says "not signed by this key" &&
        : >"$A5/forged" && outside 1 "$A5/forged" && says "nothing vouches"
}
a_database_that_was_tampered_with_is_found() {
    local q="sqlite3 $A5/rooted.db"
    cp "$A5/rooted.db" "$A5/kept.db"
    $q "UPDATE audit SET subject = 'phone' WHERE audit_id = 4" && exits 1 audited audit verify && says "Entry 4 " &&
        exits 0 audited audit verify --area 1 && cp "$A5/kept.db" "$A5/rooted.db" || return 1
    $q "DELETE FROM audit WHERE audit_id = 2" && exits 1 audited audit verify && says "Entry 2 " &&
        cp "$A5/kept.db" "$A5/rooted.db" && exits 0 audited audit verify
}
# An older copy of the database comes back, and goes on: the copy of the heads kept elsewhere knows.
a_database_set_back_is_found() {
    cp "$A5/heads/audit.heads" "$A5/elsewhere"
    cp "$A5/rooted.db" "$A5/kept.db"
    exits 0 audited setup --council "Ashmere 8" && exits 0 audited audit sign &&
        cp "$A5/heads/audit.heads" "$A5/elsewhere" && cp "$A5/kept.db" "$A5/rooted.db" &&
        exits 1 audited audit verify && says "Entries from 8 on" || return 1
    rm -r "$A5/heads" && exits 0 audited audit verify && exits 1 audited audit verify --heads "$A5/elsewhere" &&
        says "Entries from 8 on" && exits 0 audited setup --council "Ashmere 9" &&
        exits 1 audited audit verify --heads "$A5/elsewhere" && says "Entry 8 " &&
        exits 1 env ROOTED_HOME="$W/nokey" "$R" --db "sqlite:$A5/rooted.db" audit verify --heads "$A5/elsewhere" &&
        says "without their public key"
}
the_verifier_is_made_of_little() {
    ldd "$V" | grep -q sodium && ! ldd "$V" | grep -qE 'sqlite|libpq|expat|microhttpd|jansson'
}

for t in an_audit_is_verified_and_taken_out an_outsider_finds_it_whole \
    an_outsider_names_the_first_bad_entry an_outsider_sees_forged_heads \
    a_database_that_was_tampered_with_is_found a_database_set_back_is_found \
    the_verifier_is_made_of_little; do
    run "$t" "$t"
done
