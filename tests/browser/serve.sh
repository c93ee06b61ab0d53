# Sourced: serve_demo PROGRAM FOLDER [DATABASE] makes a small demonstration in FOLDER, serves it on
# a free port, and sets base, sign_ins and server (the process to end).
serve_demo() {
    local program=$1 folder=$2 address
    export ROOTED_HOME=$folder/home
    if [ -n "${3:-}" ]; then export ROOTED_DB=$3; else unset ROOTED_DB; fi
    mkdir -p "$folder"
    [ -e "$folder/files" ] || "$program" synth --size small --seed 7 "$folder/files" >/dev/null
    "$program" setup --demonstration --council "Ashmere Council" --phone "01632 960140" >/dev/null &&
        "$program" load --quiet "$folder/files" >"$folder/load.log" &&
        "$program" directory import --source Ashmere "$folder/files.directory/services.json" \
            >>"$folder/load.log" 2>&1 || { cat "$folder/load.log"; return 1; }
    sign_ins=$folder/sign-ins.json
    "$program" user demo --json >"$sign_ins" || return 1
    [ -p "$folder/address" ] || mkfifo "$folder/address"
    "$program" serve --port 0 --json >"$folder/address" 2>"$folder/serve.log" &
    server=$!
    # it says where it is once it listens; its end closes the pipe
    exec {address}<"$folder/address"
    read -r base <&"$address" || :
    base=$(sed -n 's/.*"address":"\([^"]*\)".*/\1/p' <<<"$base")
    if [ -n "$base" ] && curl -fs -o /dev/null "$base/health"; then return 0; fi
    cat "$folder/serve.log"
    return 1
}
