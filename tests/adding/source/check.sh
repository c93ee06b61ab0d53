# Told as never loaded; once a year of it is in, the years after it are late, and a sentence says
# what figures leave out.
unit quality/test_cover && [ "$(page analyst /data/coverage)" = 200 ] &&
    has "Register of fair access placements" && has_not "Fair access placements leave out" || return 1
head="Register,UPN,Surname,Forename,DOB,StartDate,EndDate,SchoolURN"
printf '%s\nFAP,M896400120001,Shaw,Amy,2010-03-01,2022-10-03,2023-07-21,900001\n' "$head" >"$W/fair.csv"
exits 0 "$P" load --quiet "$W/fair.csv" && [ "$(page analyst /data/coverage)" = 200 ] &&
    has "Fair access placements leave out 2023/24 to 2024/25" &&
    [ "$(page analyst /data/coverage/gaps.csv)" = 200 ] && has "fair-access,"
