# The sandboxes: of systemd, and of the program itself.  Sourced by all.sh.
unset ROOTED_DB
tries=$PWD/build/sandbox-try

# A build of its own: sanitizers need some of what is given up.
sandbox_is_tried_without_sanitizers() { make -s build/sandbox-try; }
forbidden_calls_are_refused() {
    local what
    for what in fork packet vsock written-code later-code kill clock device; do
        (cd "$W" && exits 0 "$tries" $what) && says "refused" || { echo "$what"; return 1; }
    done
}
calls_of_intruders_end_the_process() {
    local what
    for what in execve ptrace; do
        (cd "$W" && ulimit -c 0 && exits 159 "$tries" $what) || { echo "$what"; return 1; }
    done
}
what_the_program_needs_is_allowed() {
    (cd "$W" && exits 0 "$tries" work) && says "allowed" &&
        (cd "$W" && exits 0 "$tries" mail) && says "allowed"
}

# The optimised program, in its sandbox from the first page on, signs in, shows children, loads.
the_program_serves_in_its_sandbox() {
    local folder=$W/sandboxed program=$PWD/build/rooted
    make -s -j"$(nproc)" B=build build/rooted || return 1
    . tests/browser/serve.sh
    serve_demo "$program" "$folder" || return 1
    grep -q '^Seccomp:[[:space:]]*2' "/proc/$server/status" || { echo "no filter"; kill "$server"; return 1; }
    timeout 600 node tests/browser/files.mjs "$base" "$sign_ins" >"$folder/out" 2>&1
    kill "$server" && wait "$server" || { echo "it did not end well"; return 1; }
    grep -q '^ok' "$folder/out" && ! grep '^not ok' "$folder/out"
}

# What systemd makes of the unit: 10 is nothing done, below 1 "safe".
the_unit_is_tight() {
    local score
    command -v systemd-analyze >/dev/null || { echo "skipped: there is no systemd-analyze here"; return 0; }
    score=$(systemd-analyze security --offline=true deploy/rooted.service 2>/dev/null |
        sed -n 's/.*Overall exposure level for rooted.service: \([0-9.]*\).*/\1/p')
    echo "exposure of deploy/rooted.service: $score"
    awk -v s="$score" 'BEGIN { exit !(s != "" && s <= 0.5) }'
}

for t in sandbox_is_tried_without_sanitizers forbidden_calls_are_refused \
    calls_of_intruders_end_the_process what_the_program_needs_is_allowed \
    the_program_serves_in_its_sandbox the_unit_is_tight; do
    run $t $t
done
unset ROOTED_HOME
