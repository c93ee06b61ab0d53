# It finds its wrong example and leaves the right one alone; its page, its list and the file for the
# school have what it found in the small council (Adam is part-time with 25 hours).
unit quality/test_rules && [ "$(page analyst /data/quality)" = 200 ] &&
    has "A part-time timetable has twenty hours a week or more." &&
    [ "$(page analyst '/data/quality/list?rule=part-time-nearly-full')" = 200 ] &&
    has "Part-time since 3 March 2025 with 25 hours a week" &&
    [ "$(page analyst '/data/quality/list.csv?school=900002')" = 200 ] &&
    has "part-time-nearly-full"
