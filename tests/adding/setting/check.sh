# Listed, with what holds while nothing is set; set, shown and kept; refused when it is empty.
exits 0 "$P" setup --help && says "--hall TEXT" && says "where people can call in person" &&
    exits 0 "$P" setup && says "Town Hall (standard)" && exits 0 "$P" setup --hall "The Old Mill" &&
    exits 0 "$P" setup && says "The Old Mill" && exits 1 "$P" setup --hall " " &&
    says "the hall wants a text" && exits 0 "$P" setup --json && says '"hall":"The Old Mill"' &&
    unit access/test_setting
