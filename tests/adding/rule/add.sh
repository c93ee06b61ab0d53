before src/quality/rules.def '^/\* census against registers' <<'ROW'
RULE(CHILD, "part-time-nearly-full", QUERY, "registers of the authority", FACTS, 0, 0,
     "an invented guide", "A part-time timetable has twenty hours a week or more.",
     quality_nearly_full)

ROW
put nearly_full.c src/quality/nearly_full.c
after src/quality/README.md '^\* `' <<'LINE'
* `nearly_full.c` - a rule about timetables that are hardly part-time
LINE
before tests/unit/quality/test_rules.c '^/\* ---- the table: an example that fails' <<'EXAMPLES'
static void
twenty_five_hours(struct example_of *x)
{
    seven_weeks(x);
    x->s->entry[x->s->t.n[TIMELINE_ENTRY] - 1].minutes_a_week = 25 * 60;
}

static void
twelve_hours(struct example_of *x)
{
    seven_weeks(x);
    x->s->entry[x->s->t.n[TIMELINE_ENTRY] - 1].minutes_a_week = 12 * 60;
}

EXAMPLES
after tests/unit/quality/test_rules.c '^    \{"ssda903-578"' <<'ROW'
    {"part-time-nearly-full", twenty_five_hours, twelve_hours},
ROW
