row src/quality/cover.def COVER <<'ROW'
COVER(FAIR_ACCESS, "fair-access", "Register of fair access placements", YEAR, 0, 30,
      RETURN_REGISTER, ENTRY_FAP + 1, "Fair access placements",
      "An invented time")
ROW
