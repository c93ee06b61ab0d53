# Accepted from its year on; before it read too, and told; in docs/formats.md, as the new set is.
exits 0 "$P" formats && says "an invented reason" && says "Weather" && cp "$W/out" docs/formats.md &&
    unit people/test_codes && unit returns/test_golden &&
    grep -q 'code-year.*"QZ".*2025/26' tests/golden/returns/accept/*2025-3.invented.csv.txt &&
    grep -q 'reason1="QZ"' tests/golden/returns/accept/*2026-3.invented.csv.txt &&
    ! grep -q ' ! ' tests/golden/returns/accept/*2026-3.invented.csv.txt
