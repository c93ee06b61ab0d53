# Each page has its line, in order, and each line its page.
diff <(cd docs/decisions && ls | grep '^[0-9]') <(sed -n 's/^| \[[0-9]*\](\([^)]*\)).*/\1/p' docs/decisions/README.md) &&
    grep -q sundial docs/decisions/README.md
