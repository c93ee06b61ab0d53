# A database of the program before it is brought up to date, a copy kept; the catalogues of both
# engines are in order.
n=$(ls migrations/*_example_carer.sql | sed 's/.*\/0*\([0-9]*\)_.*/\1/')
exits 0 "$P" version --json && says "\"schema\":$n}" || return 1
(
    export ROOTED_HOME=$W/older
    exits 0 "$OLD" setup --demonstration && exits 3 "$P" check && says "version $((n - 1))" &&
        exits 0 "$P" setup --council "Ashmere Council" && exits 3 "$P" check && says "version $n" &&
        ls "$ROOTED_HOME"/rooted.db.before-* && exits 3 "$OLD" setup && says "newer rooted" &&
        sqlite3 "$ROOTED_HOME/rooted.db" "SELECT count(*) FROM example_carer"
) && unit store/test_catalogue && { [ -z "${ROOTED_PG_URL:-}" ] || ROOTED_TEST_DB=$ROOTED_PG_URL unit store/test_catalogue; }
