# In the report, on the page of definitions, downloaded, and its list as long as the figure.
head="URN,UPN,Surname,Forename,DOB,StartDate,EndDate,Sessions,Category,Reason1"
printf '%s\n900001,M896400120001,Shaw,Amy,2010-03-01,2025-%s,2025-%s,2,SUSP,DB\n' "$head" 01-20 01-20 >"$W/more.csv"
printf '900001,M896400120001,Shaw,Amy,2010-03-01,2025-%s,2025-%s,2,SUSP,DB\n' 02-03 02-03 05-06 05-06 >>"$W/more.csv"
exits 0 "$P" load --quiet "$W/more.csv" &&
    exits 0 "$P" report who-is-at-risk --measure susp3 --internal --year 2024 &&
    says "Suspended three times or more" &&
    exits 0 "$P" report who-is-at-risk --internal --csv - || return 1
n=$(figure susp3 2024/25)
echo "figure: $n"
[ "$n" -ge 1 ] && [ "$(page analyst '/children.csv?measure=susp3&year=2024')" = 200 ] &&
    [ "$(grep -c 'Shaw' "$W/page")" = 1 ] && [ "$(rows_of "$W/page")" = "$n" ] &&
    [ "$(page analyst /definitions)" = 200 ] && has "Suspended three times or more" &&
    unit risk/test_figures && unit risk/test_child_year
