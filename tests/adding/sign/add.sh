row src/risk/signs.def SIGN <<'ROW'
SIGN(SIGN_NEWCOMER, "newcomer", newcomer, SOURCE_NONE, SCHOOL_TOO, "days", "")
ROW
put sign_newcomer.c src/risk/sign_newcomer.c
after src/risk/README.md '^\| `' <<'LINE'
| `sign_newcomer.c` | a sign about a new start |
LINE
put test_newcomer.c tests/unit/risk/test_newcomer.c
