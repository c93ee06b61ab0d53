row src/people/codes.def 'CODE(EXCLUSION_REASON' <<'ROW'
CODE(EXCLUSION_REASON, "QZ", 2026, 0, NULL, "an invented reason")
ROW
row src/people/code_sets.def CODE_SET <<'ROW'
CODE_SET(WEATHER, "weather")
ROW
row src/people/codes.def CODE <<'ROWS'

CODE(WEATHER, "S", 0, 0, NULL, "sun")
CODE(WEATHER, "R", 0, 0, NULL, "rain")
ROWS
for y in 2025 2026; do
    put accept/census-termlyexclusionsonroll.$y-3.invented.csv \
        tests/golden/returns/accept/census-termlyexclusionsonroll.$y-3.invented.csv
    put accept/census-termlyexclusionsonroll.$y-3.invented.csv.txt \
        tests/golden/returns/accept/census-termlyexclusionsonroll.$y-3.invented.csv.txt
done
