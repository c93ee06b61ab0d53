last=$(cd docs/decisions && ls | sed -n 's/^\([0-9]*\)-.*/\1/p' | tail -1)
next=$(printf %04d $((10#$last + 1)))
put sundial.md "docs/decisions/$next-sundial.md"
after docs/decisions/README.md '^\| \[' <<LINE
| [$next]($next-sundial.md) | a sundial on the roof |
LINE
