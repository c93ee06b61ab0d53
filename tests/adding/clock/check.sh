# In force with its amount, which "rooted setup --clocks" changes.
unit risk/test_library && unit risk/test_clocks && exits 0 "$P" setup --clocks "library-book=7" &&
    exits 0 "$P" setup && says "library-book=7"
