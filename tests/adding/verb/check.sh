# Listed, with a manual; words, options and exit codes as every verb's.
exits 0 "$P" --help && says "  greet " && says "say good morning" &&
    exits 0 "$P" greet --help && says "Usage: rooted greet [--times N] NAME" && says "--times N" &&
    says "Exit status" && exits 0 "$P" greet Ada --times 2 && says "Good morning, Ada." &&
    [ "$(wc -l <"$W/out")" = 2 ] && exits 1 "$P" greet Ada --times 9 && says "nobody is greeted" &&
    exits 2 "$P" greet && exits 2 "$P" greet Ada --loud && exits 2 "$P" greet Ada --times x
