# The edits that an add.sh may make (README.md); sourced in a shell that stops at the first failure,
# at the root of the tree to be edited.  $example is its folder in tests/adding.
row() { node tests/adding/insert.mjs "$1" row "$2"; }
after() { node tests/adding/insert.mjs "$1" after "$2"; }
before() { node tests/adding/insert.mjs "$1" before "$2"; }
put() { mkdir -p "$(dirname "$2")" && cp "tests/adding/$example/$1" "$2"; }
