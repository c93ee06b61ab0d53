row src/cli/verbs.def VERB <<'ROW'
VERB(greet)
ROW
put greet.c src/cli/greet.c
after src/cli/README.md '^\| `' <<'LINE'
| `greet.c` | `rooted greet` |
LINE
