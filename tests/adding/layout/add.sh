after src/returns/own.def '^END\(' <<'ROWS'

TABLE(own_closure)
FIELD(OWN_CLOSURE_URN, "SchoolURN", "urn", INT, MARKS | REQUIRED, EVER, 0, "school")
FIELD(OWN_CLOSURE_DAY, "ClosedOn", NULL, DATE, MARKS | REQUIRED, EVER, 0, "the day")
FIELD(OWN_CLOSURE_WHY, "Why", "reason", TEXT, 0, EVER, 0, "in the school's words")
END(own_closure)
ROWS
row src/returns/layouts.def CSV <<'ROW'
CSV("closures", "closures", "Closures of schools", 1, NULL, own_closure)
ROW
row src/intake/families.def RECORDS <<'ROW'
RECORDS("closures", "Closures of schools", closure)
ROW
put closures.c src/intake/closures.c
after src/intake/README.md '^\| `' <<'LINE'
| `closures.c` | days on which a school was closed |
LINE
put accept/closures.0-0.csv tests/golden/returns/accept/closures.0-0.csv
put accept/closures.0-0.csv.txt tests/golden/returns/accept/closures.0-0.csv.txt
put refuse/closures-without-school.csv tests/golden/returns/refuse/closures-without-school.csv
put refuse/closures-without-school.csv.txt tests/golden/returns/refuse/closures-without-school.csv.txt
