/* Each of the twelve types on a timeline made by hand: that it counts, and in which words. */
#include "people/entry.h"
#include "risk/sources.h"
#include "risk/type_words.h"
#include "support/small_timeline.h"
#include "support/support.h"

static int32_t
day(int32_t y, int32_t m, int32_t d)
{
    return date_from_ymd(y, m, d);
}

/* The words of that type for the first child in a year; the year must have met it. */
static const char *
words_of(struct job *j, struct small *s, enum measure m, int32_t year)
{
    struct child_year rows[RISK_YEARS];
    struct type_facts f = {0};
    struct years y;
    size_t n;

    assert_ok(j, years_of(j, small_done(s), NULL, &y));
    n = child_year_of(&y, 0, rows);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].year != year)
            continue;
        assert_true(rows[i].met & BIT(m));
        type_facts_add(j, &y, &rows[i], &f);
    }
    for (size_t i = 0; i < f.n; i++)
        if (f.v[i].measure == m && f.v[i].school_year == year)
            return f.v[i].words;
    fail_msg("no words for %s in %d", measure_rows[m].name, (int)year);
    return "";
}

static struct small *
child(struct job *j)
{
    struct small *s = small_new(j);

    small_child(s, 'F');
    return s;
}

static void
permanent_exclusion(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);
    struct timeline_event e = {.started = day(2022, 11, 4), .category = CATEGORY_PERMANENT,
                               .sessions = -1};

    small_event(s, &e);
    s->suspension[0].outcome = OUTCOME_UPHELD;
    assert_string_equal(words_of(j, s, M_PEX, 2022), "Permanently excluded on 4 November 2022; "
                                                     "upheld on review (school census)");
    s->suspension[0].outcome = OUTCOME_UNKNOWN;
    s->suspension[0].flags = SUSPENSION_NOTIFIED;
    assert_string_equal(words_of(j, s, M_PEX, 2022), "Permanently excluded on 4 November 2022; "
                                                     "no review is known (notification)");
}

static void
suspension(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);
    struct timeline_event e = {.started = day(2022, 10, 12), .sessions = 5};

    small_event(s, &e);
    assert_string_equal(words_of(j, s, M_SUSP, 2022),
                        "Suspended once, 2.5 days in all, on 12 October 2022 (school census)");
    e.started += 30;
    small_event(s, &e);
    s->suspension[1].flags |= SUSPENSION_NOTIFIED;
    s->event[1].suspension = 1;
    assert_string_equal(words_of(j, s, M_SUSP, 2022),
                        "Suspended twice, 5 days in all, first on 12 October 2022 (school census "
                        "and notification)");
}

static void
persistent_and_severe_absence(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);

    small_absence(s, 2022, 300, 48);
    assert_string_equal(words_of(j, s, M_PA, 2022),
                        "Missed 48 of 300 possible sessions, 16% (attendance totals)");
    s = child(j);
    small_absence(s, 2022, 300, 180);
    assert_string_equal(words_of(j, s, M_SA, 2022),
                        "Missed 180 of 300 possible sessions, 60% (attendance totals)");
}

static void
part_time_timetable(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);

    small_entry(s, ENTRY_PTT, day(2023, 3, 6), day(2023, 4, 15));
    s->entry[0].minutes_a_week = 750;
    assert_string_equal(words_of(j, s, M_PTT, 2022),
                        "On a part-time timetable of 12.5 hours a week from 6 March 2023 to 14 "
                        "April 2023 (register entry)");
    s = child(j);
    small_absence(s, 2022, 300, 0);
    s->absence[0].part_time = 34;
    assert_string_equal(words_of(j, s, M_PTT, 2022), "Away on a part-time timetable for 34 "
                                                     "sessions, code C2 (attendance totals)");
    s = child(j);
    small_traits(s, 'N', CENSUS_PART_TIME, 5);
    assert_string_equal(words_of(j, s, M_PTT, 2022),
                        "Marked part-time at the census of the autumn term (school census)");
}

static void
managed_move(void **state)
{
    static const struct {
        uint8_t certainty, outcome;
        uint32_t evidence;
        const char *words;
    } cases[] = {
        {MOVE_PROBABLE, TRIAL_FAILED, EVIDENCE_DUAL,
         "Probably a managed move: on roll of a second school from 6 February 2023; it failed "
         "(school census)"},
        {MOVE_POSSIBLE, TRIAL_NONE, EVIDENCE_SUSPENDED,
         "Possibly a managed move: changed school on 6 February 2023 after a suspension, at the "
         "same address (school census)"},
    };
    struct job *j = support_job(state);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct small *s = child(j);
        small_move(s, MOVE_MANAGED, 2022, day(2023, 2, 6));
        s->move[0].certainty = cases[i].certainty;
        s->move[0].outcome = cases[i].outcome;
        s->move[0].evidence = cases[i].evidence;
        assert_string_equal(words_of(j, s, M_MM, 2022), cases[i].words);
    }
    struct small *s = child(j);
    small_entry(s, ENTRY_MM, day(2023, 2, 6), day(2024, 12, 2));
    assert_string_equal(words_of(j, s, M_MM, 2022),
                        "Managed move agreed from 6 February 2023; how it ended is not known "
                        "(register entry)");
    s->entry[0].flags = ENTRY_SUCCEEDED;
    assert_string_equal(words_of(j, s, M_MM, 2022), "Managed move agreed from 6 February 2023; "
                                                    "it succeeded (register entry)");
}

static void
other_move(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);

    small_move(s, MOVE_UNEXPLAINED, 2022, day(2023, 2, 6));
    assert_string_equal(words_of(j, s, M_MOVE, 2022), "Changed school on 6 February 2023; the "
                                                      "records do not say why (school census)");
    s = child(j);
    small_move(s, MOVE_FAMILY, 2022, day(2023, 2, 6));
    s->move[0].evidence = EVIDENCE_ADDRESS;
    assert_string_equal(words_of(j, s, M_MOVE, 2022), "Changed school on 6 February 2023; the "
                                                      "home changed about then (school census)");
}

static void
early_exit(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);

    small_move(s, MOVE_EXIT, 2022, day(2023, 2, 6));
    assert_string_equal(words_of(j, s, M_EXIT, 2022),
                        "Left every state-funded school on 6 February 2023, and none is known "
                        "since (school census)");
}

static void
home_education(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);

    small_entry(s, ENTRY_EHE, day(2023, 3, 4), day(2023, 9, 1));
    s->entry[0].flags = ENTRY_OPEN;
    assert_string_equal(words_of(j, s, M_EHE, 2022), "On the register of children educated at "
                                                     "home from 4 March 2023 (register entry)");
    s->entry[0].flags = ENTRY_OPEN | ENTRY_PRESSED;
    assert_string_equal(words_of(j, s, M_EHE, 2022),
                        "On the register of children educated at home from 4 March 2023, at the "
                        "school’s suggestion or to avoid exclusion (register entry)");
    s = child(j);
    small_leaver(s, 'D', day(2023, 3, 4));
    assert_string_equal(words_of(j, s, M_EHE, 2022),
                        "Taken off the roll after 3 March 2023, ground d of 2006: the parent told "
                        "in writing of education otherwise than at school (leaver return)");
}

static void
missing_education(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);

    small_entry(s, ENTRY_CME, day(2023, 3, 6), day(2023, 4, 15));
    assert_string_equal(words_of(j, s, M_CME, 2022),
                        "On the register of children missing education from 6 March 2023 to 14 "
                        "April 2023 (register entry)");
    s = child(j);
    small_leaver(s, 'H', day(2023, 3, 4));
    assert_string_equal(words_of(j, s, M_CME, 2022),
                        "Taken off the roll after 3 March 2023, ground h of 2006: absent for 20 "
                        "school days and not found (leaver return)");
}

static void
alternative_provision(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);

    small_entry(s, ENTRY_OSD, day(2023, 3, 6), day(2023, 3, 7));
    assert_string_equal(words_of(j, s, M_AP, 2022),
                        "Directed off site on 6 March 2023 (register entry)");
    s = child(j);
    s->placement[s->t.n[TIMELINE_PLACEMENT]++] = (struct timeline_placement){
        .provider = TIMELINE_NONE, .start = day(2023, 3, 6), .end = day(2023, 5, 1)};
    assert_string_equal(words_of(j, s, M_AP, 2022), "Placed in alternative provision by the "
                                                    "school from 6 March 2023 (school census)");
}

static void
internal_exclusion(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);

    small_entry(s, ENTRY_INT, day(2023, 3, 6), day(2023, 3, 9));
    assert_string_equal(words_of(j, s, M_INT, 2022),
                        "Internally excluded from 6 March 2023 to 8 March 2023 (register entry)");
}

/* ---- what is known from what ------------------------------------------------------------- */

static struct child_year
row_in(struct job *j, struct small *s, int32_t year, struct years *y)
{
    struct child_year rows[RISK_YEARS];
    size_t n;

    assert_ok(j, years_of(j, small_done(s), NULL, y));
    n = child_year_of(y, 0, rows);
    for (size_t i = 0; i < n; i++)
        if (rows[i].year == year)
            return rows[i];
    return (struct child_year){.school = TIMELINE_NONE};
}

static void
a_type_without_its_sources_has_no_data(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);
    struct years y;

    row_in(j, s, 2022, &y);
    assert_int_equal(y.has[2022 - y.first] & (BIT(M_EHE) | BIT(M_CME) | BIT(M_INT)), 0);
    small_leaver(s, 'H', day(2023, 3, 4));
    row_in(j, s, 2022, &y);
    assert_int_equal(y.has[2022 - y.first] & (BIT(M_EHE) | BIT(M_CME) | BIT(M_INT)),
                     BIT(M_EHE) | BIT(M_CME));
    small_entry(s, ENTRY_INT, day(2023, 3, 6), day(2023, 3, 9));
    row_in(j, s, 2022, &y);
    assert_true(y.has[2022 - y.first] & BIT(M_INT));
    assert_true(source_has(y.t, SRC_REGISTER_INT, 2022));
    assert_false(source_has(y.t, SRC_REGISTER_EHE, 2022));
}

/* A short register without an entry for a year or two is not a register that is missing. */
static void
a_register_goes_on_for_two_quiet_years_while_others_do(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);
    struct years y;

    small_entry(s, ENTRY_MM, day(2021, 9, 6), day(2021, 10, 6));
    row_in(j, s, 2022, &y);
    assert_true(source_has(y.t, SRC_REGISTER_MM, 2021));
    assert_false(source_has(y.t, SRC_REGISTER_MM, 2022));
    small_entry(s, ENTRY_EHE, day(2022, 9, 6), day(2024, 10, 6));
    row_in(j, s, 2022, &y);
    assert_false(source_has(y.t, SRC_REGISTER_MM, 2020));
    assert_true(source_has(y.t, SRC_REGISTER_MM, 2023));
    assert_false(source_has(y.t, SRC_REGISTER_MM, 2024));
}

static void
every_type_names_its_sources_and_says_which_are_missing(void **state)
{
    static const enum measure types[] = {M_PEX, M_SUSP, M_PA, M_SA, M_PTT, M_MM, M_MOVE, M_EXIT,
                                         M_EHE, M_CME, M_AP, M_INT};
    struct job *j = support_job(state);
    struct sources_used used = {{false}};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        assert_true(strstr(sources_words(j, types[i], &used), "Not loaded: ") != NULL);
    used.of[SRC_REGISTER_EHE] = true;
    assert_string_equal(sources_words(j, M_EHE, &used),
                        "Uses register: Elective home education (who is on the register). Not "
                        "loaded: leaver and deletion returns (deletions on that ground).");
    assert_string_equal(sources_words(j, M_ANY, &used), "");
}

/* Gone from every roll the year before, and on a register all year. */
static void
a_child_at_no_school_counts_for_what_a_register_says_alone(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);
    struct child_year r;
    struct years y;

    s->enrolment[0].end = day(2022, 3, 4);
    s->t.n[TIMELINE_CENSUS] = 2;
    small_entry(s, ENTRY_EHE, day(2022, 3, 4), day(2024, 12, 2));
    r = row_in(j, s, 2022, &y);
    assert_true(r.used);
    assert_int_equal(r.school, TIMELINE_NONE);
    assert_int_equal(r.met, BIT(M_EHE) | BIT(M_ANY) | BIT(M_BEYOND));
    assert_int_equal(r.base & (BIT(M_SUSP) | BIT(M_PA) | BIT(M_EXIT)), 0);
    s->person[0].born = day(2005, 3, 3); /* sixteen: no longer of school age */
    assert_false(row_in(j, s, 2022, &y).used);
}

/* A permanent exclusion and a placement after it: the placement is not another type. */
static void
provision_after_a_permanent_exclusion_is_no_type_of_its_own(void **state)
{
    struct job *j = support_job(state);
    struct small *s = child(j);
    struct timeline_event e = {.started = day(2022, 11, 4), .category = CATEGORY_PERMANENT};
    struct years y;

    small_event(s, &e);
    small_entry(s, ENTRY_AP, day(2022, 11, 14), day(2023, 7, 20));
    assert_false(row_in(j, s, 2022, &y).met & BIT(M_AP));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(permanent_exclusion),
        SUPPORT_TEST(suspension),
        SUPPORT_TEST(persistent_and_severe_absence),
        SUPPORT_TEST(part_time_timetable),
        SUPPORT_TEST(managed_move),
        SUPPORT_TEST(other_move),
        SUPPORT_TEST(early_exit),
        SUPPORT_TEST(home_education),
        SUPPORT_TEST(missing_education),
        SUPPORT_TEST(alternative_provision),
        SUPPORT_TEST(internal_exclusion),
        SUPPORT_TEST(a_type_without_its_sources_has_no_data),
        SUPPORT_TEST(a_register_goes_on_for_two_quiet_years_while_others_do),
        SUPPORT_TEST(every_type_names_its_sources_and_says_which_are_missing),
        SUPPORT_TEST(a_child_at_no_school_counts_for_what_a_register_says_alone),
        SUPPORT_TEST(provision_after_a_permanent_exclusion_is_no_type_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
