row src/web/pages.def PAGE <<'ROW'
PAGE(GET, "/phases", ACT_SCHOOLS, 0, page_phases, "Phases")
ROW
row src/web/menu.def MENU <<'ROW'
MENU("/phases", "Phases", "Phases")
ROW
put phases.h src/web/phases/phases.h
put phases.c src/web/phases/phases.c
put phases.html src/web/phases/phases.html
after src/web/README.md '^\| `' <<'LINE'
| `phases/` | schools and pupils by phase |
LINE
