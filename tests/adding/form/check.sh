# Offered to a school; written, looked over and sent, it becomes a batch whose fact stands.
unit intake/test_school_form && [ "$(page senco /tell)" = 200 ] && has "/tell/new/internal" || return 1
told() { # told PATH FIELD=VALUE…: as the senco; prints where it leads
    local path=$1 token data=() field
    shift
    token=$(sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' "$W/page" | head -1)
    for field in "csrf=$token" "$@"; do data+=(--data-urlencode "$field"); done
    curl -s -b "$A/senco.jar" -H "Origin: $base" "${data[@]}" \
        -o "$W/page" -w '%{redirect_url}' "$base$path"
}
page senco /tell/new/internal && draft=$(told /tell/new/internal person=none) && draft=${draft#"$base"} &&
    [ "$(page senco "$draft")" = 200 ] && has "Why?" || return 1
version=$(sed -n 's/.*name="version" value="\([0-9]*\)".*/\1/p' "$W/page" | head -1)
check=$(told "$draft" version="$version" Surname=Shaw Forename=Amy DOB-day=1 DOB-month=3 DOB-year=2010 \
    UPN=M896400120001 StartDate-day=12 StartDate-month=5 StartDate-year=2025 EndDate-day=13 \
    EndDate-month=5 EndDate-year=2025 Reason=rest do=check)
[ "${check#"$base"}" = "$draft/check" ] && [ "$(page senco "$draft/check")" = 200 ] && has "rest" || return 1
version=$(sed -n 's/.*name="version" value="\([0-9]*\)".*/\1/p' "$W/page" | head -1)
sent=$(told "$draft/send" version="$version") && sent=${sent#"$base"} || return 1
until page senco "$sent" >"$W/out" && grep -qF "It is on the child" "$W/page"; do
    kill -0 "$server" && grep -qF "It is being read" "$W/page" || { cat "$W/page"; return 1; }
    read -r -t 0.05 <> <(:)
done
[ "$(sqlite3 "$ROOTED_HOME/rooted.db" "SELECT count(*) FROM register_entry WHERE register = 'INT'
    AND reason = 'rest' AND urn = 900001")" = 1 ]
