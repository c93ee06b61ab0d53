# Sourced: serve_demo PROGRAM FOLDER [DATABASE] makes a small demonstration in FOLDER, serves it on
# a free port, and sets base, sign_ins and server (the process to end).
serve_demo() {
    local program=$1 folder=$2
    export ROOTED_HOME=$folder/home
    if [ -n "${3:-}" ]; then export ROOTED_DB=$3; else unset ROOTED_DB; fi
    mkdir -p "$folder"
    [ -e "$folder/files" ] || "$program" synth --size small --seed 7 "$folder/files" >/dev/null
    "$program" setup --demonstration --council "Ashmere Council" --phone "01632 960140" >/dev/null &&
        "$program" load --quiet "$folder/files" >"$folder/load.log" || { cat "$folder/load.log"; return 1; }
    sign_ins=$folder/sign-ins.json
    "$program" user demo --json >"$sign_ins" || return 1
    "$program" serve --port 0 --json >"$folder/address" 2>"$folder/serve.log" &
    server=$!
    for _ in $(seq 400); do
        base=$(sed -n 's/.*"address":"\([^"]*\)".*/\1/p' "$folder/address")
        if [ -n "$base" ] && curl -fs -o /dev/null "$base/health"; then return 0; fi
        kill -0 "$server" 2>/dev/null || { cat "$folder/serve.log"; return 1; }
        read -r -t 0.05 <> <(:) || :
    done
    echo "the server did not answer"
    return 1
}
