#!/bin/sh
# tools/assets.sh OUT - makes the style sheet and the icon that the program carries.
#
# Installs the npm packages of package-lock.json when they are missing or older than it,
# compiles the chosen GOV.UK and MoJ components, puts them into a cascade layer below our
# own rules, and writes OUT/rooted-HASH.css and OUT/favicon-HASH.svg, each with a .gz
# beside it.  The hash is of the content, so a browser may keep a file for ever.
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/assets}
# in the order in which they must stand: later rules win
sheets="rooted.css forms.css components.css charts.css pages.css directory.css print.css"

if [ ! -f node_modules/.package-lock.json ] ||
   [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --ignore-scripts --omit=optional --loglevel=error
    touch node_modules/.package-lock.json
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sass() {
    node node_modules/sass/sass.js --no-error-css --no-source-map --no-charset --quiet-deps \
        --style=compressed --load-path=. --load-path=node_modules "$1" "$2"
}
sass assets/govuk.scss "$work/govuk.css"
for sheet in $sheets; do
    cat "assets/$sheet"
done >"$work/ours.scss"
sass "$work/ours.scss" "$work/ours.css"
{
    printf '@layer govuk{'
    tr -d '\n' <"$work/govuk.css"
    printf '}'
    cat "$work/ours.css"
} >"$work/rooted.css"

rm -rf "$out"
mkdir -p "$out"
put() { # put FILE STEM SUFFIX
    hash=$(sha256sum "$1" | cut -c1-12)
    cp "$1" "$out/$2-$hash.$3"
    gzip -9nc "$1" >"$out/$2-$hash.$3.gz"
}
put "$work/rooted.css" rooted css
put assets/favicon.svg favicon svg
