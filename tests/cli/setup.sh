# What is decided before real data: asked for, shown, checked.  Sourced by all.sh.
export ROOTED_HOME=$W/decided
unset ROOTED_DB

a_record_has_a_day_on_which_it_is_looked_at_again() {
    local record="$R setup --record impact-assessment --reference DPIA-1 --who Jo"
    exits 0 $record --date 2020-02-29 && says "OVERDUE" && says "1 March 2021" &&
        exits 1 $record --date 2020-02-29 --review 2020-02-28 && says "before the day it was decided" &&
        exits 1 $record --date 2020-02-29 --review soon && says "is not a date" &&
        exits 0 $record --date 2020-02-29 --review 2222-01-31 && says "31 January 2222" &&
        exits 0 "$R" setup --json && says '"review":"2222-01-31"'
}
setup_asks_for_what_is_missing_and_nothing_else() {
    exits 1 "$R" setup --ask </dev/null && says "no more answers" || return 1
    printf 'Ashmere Council\n\nRegister 12\n2026-09-01\nJo Smith, Head of Inclusion\n\n\n\n\n' |
        exits 0 "$R" setup --ask && says "Register 12" && says "to be looked at again by 1 September 2027" &&
        says "This database is a trial." || return 1
    grep -qF "impact-assessment:" "$W/err" && { echo "asks for what is there"; return 1; }
    printf '\nISA 4\nnever\nnot then\nnor then\n' | exits 1 "$R" setup --ask && says "no day was given" || return 1
    printf '\nISA 4\n2026-09-01\n\n' | exits 1 "$R" setup --ask && says "who decided" || return 1
    exits 0 "$R" setup && ! grep -qF "ISA 4" "$W/out"
}
the_last_answer_makes_it_live() {
    printf 'https://rooted.ashmere.gov.uk\nISA 4\n2026-09-01\nJo\n\nPN 2\n2026-09-01\nJo\n\nRR 1\n2026-09-01\nJo\n2222-01-31\nno\n' |
        exits 0 "$R" setup --ask && says "This database is a trial." || return 1
    exits 0 "$R" setup --live && says "This database is live." && says "What was decided:"
}
check_tells_what_is_overdue_and_what_has_no_agreement() {
    printf 'three plain words\n' | exits 0 "$R" user add boss --admin --name Boss --password-stdin &&
        exits 0 "$R" setup --record owner --reference R --who Jo --date 2020-01-01 &&
        exits 3 "$R" check && says "owner" && says "was to be looked at again by 1 January 2021" &&
        says "DPIA-1, to be looked at again by 31 January 2222"
}

for t in a_record_has_a_day_on_which_it_is_looked_at_again \
    setup_asks_for_what_is_missing_and_nothing_else the_last_answer_makes_it_live \
    check_tells_what_is_overdue_and_what_has_no_agreement; do
    run $t $t
done
unset ROOTED_HOME
