row src/risk/clocks.def CLOCK <<'ROW'
CLOCK(CLOCK_LIBRARY, "library-book", 10, 'S', "Books go back",
      "A book goes back to the school's library after ten school days", "an invented rule")
ROW
put test_library.c tests/unit/risk/test_library.c
